/** Reports of a few rows, written in one of the formats. */

import {formatRows, type RowFormat} from '../../report/row-formats.ts';
import type {Cell, ReportColumn, ReportRows} from '../../schemas/report-rows.ts';

export const columns: readonly ReportColumn[] = [
	{title: 'Name', short: 'range', kind: 'text'},
	{title: 'Start (ns)', kind: 'time'},
	{title: 'Duration (ns)', short: 'GPU ms', kind: 'duration'},
	{title: 'Calls', short: 'n', kind: 'count'},
	{title: 'Share', short: '%', kind: 'share'},
];

/** One array for all rows, as readers are free to have it. */
export function* refill(rows: readonly (readonly Cell[])[]): Generator<readonly Cell[]> {
	const row: Cell[] = [];
	for (const cells of rows) {
		row.splice(0, row.length, ...cells);
		yield row;
	}
}

export const reportOf = (...rows: readonly (readonly Cell[])[]): ReportRows => ({
	columns,
	rows: refill(rows),
});

export const write = (report: ReportRows, format: RowFormat, limit?: number): string =>
	[...formatRows(report, format, limit)].join('');

export const namesOnly = (...names: readonly string[]): ReportRows => ({
	columns: [
		{title: 'Name', short: 'range', kind: 'text'},
		{title: 'Id', short: 'id', kind: 'count'},
	],
	rows: refill(names.map((name, index) => [name, index])),
});

export const plainRows: readonly (readonly Cell[])[] = [
	['pipeline', 1_800_000_000_000_000_001n, 1234.5, 12_345, 0.5],
	['void k<1, 2>(int)', 7, 0, null, null],
];
