/**
 * The last step that nsys exports and built-in recordings share: rows in the order of recording become the columns of a
 * Trace, in its order.
 */

import type {RangeColumns, TraceThread} from '../schemas/trace.ts';
import {countValue, pickRows} from './fill-column.ts';
import {nestRanges} from './range-nesting.ts';
import type {NestedRanges} from './range-nesting.ts';
import type {SpareColumns} from './spare-columns.ts';

/** Columns of equal length, one element per range, in the order of recording. */
export interface RangeRows {
	readonly length: number;
	/** Index into `threads`. */
	readonly thread: Uint32Array;
	/** Some may have no range. */
	readonly threads: readonly TraceThread[];
	/** Below `names`. */
	readonly name: Uint32Array;
	/** How many names there can be. */
	readonly names: number;
	/** What a name is; different ones have different numbers. */
	readonly nameAt: (name: number) => string;
	/** Since the trace's origin. */
	readonly startNs: Float64Array;
	/** Since the trace's origin; never before the start. */
	readonly endNs: Float64Array;
	readonly unfinished: Uint8Array;
	/** What nesting goes by, where that is finer than the times: a recording's line numbers. */
	readonly nestBy?: {readonly open: Float64Array; readonly close: Float64Array};
}

/** What the CPU side tells of ranges; the GPU columns come from elsewhere. */
export type CpuColumns = Omit<RangeColumns, 'gpuSpanNs' | 'gpuBusyNs' | 'gpuOperations'>;

export interface RangeTable {
	readonly threads: readonly TraceThread[];
	readonly names: readonly string[];
	/** In the order of a Trace. */
	readonly columns: CpuColumns;
	/** By range: its row in the order of recording; undefined where that is the order of a Trace. */
	readonly row: Uint32Array | undefined;
	/** What nesting went by. Its threads are numbered by rank. */
	readonly nested: NestedRanges;
	/** By thread of the given rows: its rank by process and thread id. */
	readonly rank: Uint32Array;
	/** Ranges that are identical with their parent. */
	readonly identical: number;
}

interface Renumbered {
	readonly column: Uint32Array;
	/** By new number: the old one. */
	readonly old: readonly number[];
}

/**
 * Numbers afresh by first appearance, so that no number depends on the order of rows in a file.
 * @param order of the rows; as they are unless given
 */
const renumber = (
	column: Uint32Array,
	values: number,
	order: Uint32Array | undefined,
	spare: SpareColumns | undefined,
): Renumbered => {
	const fresh = new Int32Array(values).fill(-1);
	const old: number[] = [];
	const renumbered = spare?.indices(column.length) ?? new Uint32Array(column.length);
	for (let place = 0; place < column.length; place++) {
		const value = Number(column[order === undefined ? place : Number(order[place])]);
		let number = Number(fresh[value]);
		if (number < 0) {
			number = old.push(value) - 1;
			fresh[value] = number;
		}

		renumbered[place] = number;
	}

	return {column: renumbered, old};
};

const pick = <Value>(values: readonly Value[], indices: readonly number[]): Value[] =>
	indices.flatMap((index) => values.slice(index, index + 1));

/** Threads by process and thread id. @returns by rank: the thread as given */
export const orderThreads = (threads: readonly TraceThread[]): Uint32Array =>
	Uint32Array.from(
		[...threads.entries()]
			.toSorted(([, a], [, b]) => a.pid - b.pid || a.tid - b.tid)
			.map(([given]) => given),
	);

/** By item of an order of all items: its place. */
export const invert = (order: Uint32Array): Uint32Array => {
	const inverse = new Uint32Array(order.length);
	for (const [place, item] of order.entries()) {
		inverse[item] = place;
	}

	return inverse;
};

const pickFlags = (flags: Uint8Array, rows: Uint32Array): Uint8Array => {
	const picked = new Uint8Array(rows.length);
	for (let place = 0; place < picked.length; place++) {
		picked[place] = Number(flags[Number(rows[place])]);
	}

	return picked;
};

/** @param spare gets the given columns when they are not needed any more; they stay the giver's where there is none */
export const arrangeRanges = (rows: RangeRows, spare?: SpareColumns): RangeTable => {
	const byRank = orderThreads(rows.threads);
	const rank = invert(byRank);
	const points = rows.nestBy ?? {open: rows.startNs, close: rows.endNs};
	const {length, thread} = rows;
	const {order, nested, identical} = nestRanges({length, thread, rank, ...points}, spare);
	const name = renumber(rows.name, rows.names, order, spare);
	spare?.give(rows.name);
	const inOrder = (column: Float64Array): Float64Array =>
		order === undefined ? column : pickRows(column, order);
	const goesByTimes = rows.nestBy === undefined;
	return {
		threads: pick(
			rows.threads,
			nested.threads.map((number) => Number(byRank[number])),
		),
		names: name.old.map(rows.nameAt),
		columns: {
			length: rows.length,
			thread: nested.threadPlace,
			name: name.column,
			parent: nested.parent,
			startNs: goesByTimes ? nested.open : inOrder(rows.startNs),
			endNs: goesByTimes ? nested.close : inOrder(rows.endNs),
			unfinished: order === undefined ? rows.unfinished : pickFlags(rows.unfinished, order),
		},
		row: order,
		nested,
		rank,
		identical,
	};
};

/** How many ranges there are, and how many of them are unfinished. */
export const countRanges = ({length, unfinished}: CpuColumns) => ({
	ranges: length,
	unfinished: countValue(unfinished, 1),
});
