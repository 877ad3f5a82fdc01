/** Items per second of each holder, and how far the processes ran side by side. */

import type {MeanResult, Throughput} from '../../schemas/benchmark-result.ts';
import {formatText} from '../cell-text.ts';
import {formatMilliseconds, formatRate, formatShare} from '../format.ts';
import {formatThroughput} from '../range-table.ts';
import {markup, Markup, nothing} from './markup.ts';
import {emptyCell, numberCell, textCell, writeTable} from './table.ts';

export interface HolderThroughput extends Throughput {
	readonly path: string;
}

export const listThroughputs = ({stats}: MeanResult): readonly HolderThroughput[] =>
	Object.entries(stats).flatMap(([path, {throughput}]) =>
		throughput === undefined ? [] : [{path, ...throughput}],
	);

const longestName = 80;
/** By their rate. */
const mostRows = 60;

export const writeThroughputs = (throughputs: readonly HolderThroughput[]): Markup => {
	const rows = throughputs
		.toSorted((a, b) => b.items_per_second - a.items_per_second)
		.slice(0, mostRows);
	const right = {align: 'right'} as const;
	return rows.length === 0
		? nothing
		: markup`${writeTable({
				caption: 'Throughput of all processes together.',
				rows,
				look: 'sortable',
				columns: [
					{
						title: 'holder of batches',
						align: 'left',
						cell: ({path}) => textCell(formatText(path, longestName)),
					},
					{
						title: 'items/s',
						...right,
						cell: (row) => ({content: formatThroughput(row), value: row.items_per_second}),
					},
					{title: 'processes', ...right, cell: ({processes}) => numberCell(processes, String)},
					{title: 'overlap', ...right, cell: ({overlap}) => numberCell(overlap, formatShare)},
					{
						title: 'common time ms',
						...right,
						cell: ({common_time: time}) => numberCell(time, formatMilliseconds),
					},
					{
						title: 'sum of rates',
						...right,
						cell: ({sum_of_rates: sum}) =>
							sum === undefined ? emptyCell : numberCell(sum, formatRate),
					},
				],
			})}
				<p class="legend">
					items/s: within the time in which all processes were measuring (common time), where it is
					known. overlap: that time as a share of the time in which any was. ~: below 90 %, only a
					hint. sum of rates: what each reached on its own, added up.
				</p>
`;
};
