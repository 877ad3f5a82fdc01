/** Rows of one table as plain values, read from the file's pages or through SQLite: what the two readers are compared by. */

import Database from 'better-sqlite3';
import {readTables} from '../../nsys-parsers/export-tables.ts';
import type {ExportFile} from '../../nsys-parsers/export-tables.ts';
import {makeContext} from '../../nsys-parsers/row-block.ts';
import type {Lane, RowContext, TableScan} from '../../nsys-parsers/row-block.ts';
import {openRows} from '../../nsys-parsers/row-source.ts';
import type {RowSource} from '../../nsys-parsers/row-source.ts';

/** Any SQLite file: openExport asks for nsys's tables. */
export const openTables = (file: string): ExportFile => {
	const database = new Database(file, {readonly: true});
	return {
		file,
		database,
		tables: readTables(database),
		[Symbol.dispose]: () => void database.close(),
	};
};

/** A cell as a person would compare it: texts as strings, ids exactly, NULL as null, a thread as its two parts. */
const cellOf = (lane: Lane, row: number, {texts, largeIds}: RowContext): unknown => {
	const value = Number(lane.values[row]);
	if (lane.kind === 'thread') {
		return Number.isNaN(value) ? null : [value, lane.low[row]];
	}

	if (Number.isNaN(value) || lane.kind === 'time') {
		return Number.isNaN(value) ? null : value;
	}

	return lane.kind === 'text' ? texts.textAt(value) : largeIds.exact(value);
};

/** By row: its rowid, then a cell for each asked column. */
export const collectRows = (source: RowSource, scan: TableScan, baseNs = 0n): unknown[][] => {
	const context = makeContext(baseNs);
	const rows: unknown[][] = [];
	for (const block of source.scan(scan, context)) {
		for (let row = 0; row < block.length; row++) {
			const cells = Object.values(block.lanes).map((lane) => cellOf(lane, row, context));
			rows.push([block.rowId[row], ...cells]);
		}
	}

	return rows;
};

/** @throws PageRefusal where pages are asked for and refused */
export const scanRows = (
	from: ExportFile,
	how: 'pages' | 'sql',
	scan: TableScan,
	baseNs = 0n,
): unknown[][] => {
	using source = openRows(from, how);
	return collectRows(source, scan, baseNs);
};
