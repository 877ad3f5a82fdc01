/** Reads what `ab` left for its page: the comparison, and both sides' runs. */

import path from 'node:path';
import {UserError} from '../base/errors.ts';
import {writeComparisonPage, type ComparedRun} from '../report/html/comparison-page.ts';
import type {PageNote} from '../report/html/notes.ts';
import type {RunPage} from '../report/html/run-sections.ts';
import {ComparisonReport} from '../schemas/comparison-report.ts';
import {readJsonFile} from '../schemas/json-file.ts';
import {abFiles, runFiles} from '../schemas/run-files.ts';
import {linkFrom, readRunPage} from './page-run.ts';

const sides = [
	{role: 'baseline', name: abFiles.a},
	{role: 'candidate', name: abFiles.b},
] as const;

interface ReadSide {
	readonly side: ComparedRun;
	readonly notes: readonly PageNote[];
}

const readSide = (
	{role, name, label}: {readonly role: string; readonly name: string; readonly label: string},
	folder: string,
	page: string,
): ReadSide => {
	const links = linkFrom(page, folder);
	const below = linkFrom(page, path.join(folder, name), `${name}/`);
	const found = links.find(name, 'the run of this side');
	const side = {role, label, folder: found ?? null};
	let run: RunPage | null = null;
	const notes: PageNote[] = [];
	try {
		const hasRun = below.find(runFiles.manifest, '') !== undefined;
		run = hasRun ? readRunPage(path.join(folder, name), below) : null;
	} catch (error) {
		if (!(error instanceof UserError)) {
			throw error;
		}

		notes.push({kind: 'warning', message: error.message});
	}

	return {side: {...side, run}, notes};
};

/** @throws UserError where the comparison is not what it should be */
export const buildComparisonPage = (
	folder: string,
	page: string,
	head: {readonly title: string; readonly version: string},
): string => {
	const report = readJsonFile(ComparisonReport, path.join(folder, abFiles.comparison));
	const labels = [report.baseline.label, report.candidates[0]?.input.label ?? ''];
	const read = sides.map((side, place) =>
		readSide({...side, label: labels[place] ?? ''}, folder, page),
	);
	const comparison = linkFrom(page, folder).find(
		abFiles.comparison,
		'the comparison: every row with its interval, p and reasons',
	);
	return writeComparisonPage(
		{
			report,
			sides: read.map(({side}) => side).filter(({folder: found}) => found !== null),
			files: comparison === undefined ? [] : [comparison],
			notes: read.flatMap(({notes}) => notes),
		},
		head,
	);
};
