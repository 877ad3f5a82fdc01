/** The CSVs of all points as the one that a single call of perf_analyzer would have written, in the order of the points. */

import {existsSync, readFileSync} from 'node:fs';
import {writeWholeFile} from '../base/whole-file.ts';
import {isCsv} from './csv.ts';

const readLines = (file: string): readonly string[] => {
	const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
	return isCsv(text) ? text.split(/\r?\n/).filter((line) => line !== '') : [];
};

/** Points can differ in their columns, as where a cache comes and goes: cells go by their titles. */
const arrange = (titles: readonly string[], header: string, row: string): string => {
	const cells = new Map(
		header.split(',').map((title, place) => [title, row.split(',')[place] ?? ''] as const),
	);
	return titles.map((title) => cells.get(title) ?? '').join(',');
};

/** @param files the points' CSVs; those that are not there have no row. @returns how many rows it has */
export const writeSweepCsv = (target: string, files: readonly string[]): number => {
	const tables = files.map(readLines).filter((lines) => lines.length > 1);
	const titles = [...new Set(tables.flatMap(([header = '']) => header.split(',')))];
	const rows = tables.flatMap(([header = '', ...lines]) =>
		lines.map((line) => arrange(titles, header, line)),
	);
	const text = [titles.join(','), ...rows, ''].join('\n');
	writeWholeFile(target, text, 'Make room on that disk or name another file with -f.');
	return rows.length;
};
