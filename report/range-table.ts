/** The table that ends a run: one row per range, medians, aligned for a terminal. */

import type {MeanResult, Throughput} from '../schemas/benchmark-result.ts';
import {formatText} from './cell-text.ts';
import {formatColumns, type Align} from './columns-table.ts';
import {formatMilliseconds, formatRate, formatShare, shorten} from './format.ts';
import {listRangeRows, type RangeRow} from './range-rows.ts';
import {selectRows} from './row-selection.ts';

interface Column {
	readonly title: string;
	readonly cell: (row: RangeRow) => string;
	readonly align: Align;
}

const optional = (value: number | undefined, format: (value: number) => string): string =>
	value === undefined ? '' : format(value);

const right = (title: string, cell: (row: RangeRow) => string): Column => ({
	title,
	cell,
	align: 'right',
});

/** More would push the numbers off the screen. */
const longestName = 60;

const nameCell = ({depth, name}: RangeRow): string =>
	shorten(`${'  '.repeat(depth)}${formatText(name)}`, longestName);

const rangeColumns: readonly Column[] = [
	{title: 'range', cell: nameCell, align: 'left'},
	right('n', (row) => String(row.samples)),
];

const cpuColumns: readonly Column[] = [
	right('CPU ms', (row) => formatMilliseconds(row.cpuTime)),
	right('spread', (row) => optional(row.cpuSpread, formatShare)),
	right('CPU %', (row) => optional(row.cpuShare, formatShare)),
	right('CPU ms/item', (row) => optional(row.cpuTimePerItem, formatMilliseconds)),
];

const gpuColumns: readonly Column[] = [
	right('GPU ms', (row) => formatMilliseconds(row.gpuTime)),
	right('busy ms', (row) => formatMilliseconds(row.gpuBusyTime)),
	right('GPU %', (row) => optional(row.gpuShare, formatShare)),
	right('GPU ms/item', (row) => optional(row.gpuTimePerItem, formatMilliseconds)),
];

/** Below this share of common time the processes did not run side by side: their sum is only a hint. */
const goodOverlap = 0.9;

/** "~26.72": with a sign before it where it is only a hint. */
export const formatThroughput = ({
	items_per_second: rate,
	processes,
	overlap,
}: Throughput): string =>
	`${processes > 1 && (overlap ?? 0) < goodOverlap ? '~' : ''}${formatRate(rate)}`;

const throughputColumn = right('items/s', (row) =>
	row.throughput === undefined ? '' : formatThroughput(row.throughput),
);

const chooseColumns = (rows: readonly RangeRow[], gpuTraced: boolean): readonly Column[] =>
	[...rangeColumns, ...cpuColumns, ...(gpuTraced ? gpuColumns : []), throughputColumn].filter(
		(column) => column.align === 'left' || rows.some((row) => column.cell(row) !== ''),
	);

export interface RangeTable {
	/** The header line and a line per range; "" when the run has no ranges. */
	readonly text: string;
	/** Ranges that did not fit. */
	readonly hidden: number;
}

/**
 * @param limit rows at most
 * GPU columns appear only where GPU work was traced: a column of zeros that mean "not seen" would lie.
 */
export const formatRangeTable = (mean: MeanResult, limit: number): RangeTable => {
	const {shown, hidden} = selectRows(listRangeRows(mean.stats), limit);
	if (shown.length === 0) {
		return {text: '', hidden};
	}

	const columns = chooseColumns(shown, mean.meta.gpu_traced);
	const text = formatColumns(
		columns.map((column) => column.title),
		columns.map((column) => column.align),
		shown.map((row) => columns.map((column) => column.cell(row))),
	);
	return {text, hidden};
};
