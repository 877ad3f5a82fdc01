/**
 * The last step that nsys exports and built-in recordings share: rows in the order of recording become the columns of a
 * Trace, in its order.
 */

import type {RangeColumns, TraceThread} from '../schemas/trace.ts';
import {countRows, fill, pickRows} from './fill-column.ts';
import {nestRanges} from './range-nesting.ts';
import type {RangePoints} from './range-nesting.ts';

/** Columns of equal length, one element per range, in the order of recording. */
export interface RangeRows {
	readonly length: number;
	/** Index into `threads`. */
	readonly thread: Uint32Array;
	readonly threads: readonly TraceThread[];
	/** Index into `names`. */
	readonly name: Uint32Array;
	readonly names: readonly string[];
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
	/** By range: its row in the order of recording. */
	readonly row: Uint32Array;
	/** What nesting went by. */
	readonly points: RangePoints;
	/** By thread of the given rows: its index into `threads`; -1 where it has no ranges. */
	readonly threadOfGiven: Int32Array;
	/** Ranges that are identical with their parent. */
	readonly identical: number;
}

/** Numbers afresh by first appearance, so that no number depends on the order of rows in a file. */
const renumber = (
	column: Uint32Array,
	order: Uint32Array,
	values: number,
): {readonly column: Uint32Array; readonly old: readonly number[]; readonly fresh: Int32Array} => {
	const fresh = new Int32Array(values).fill(-1);
	const old: number[] = [];
	const renumbered = fill(new Uint32Array(order.length), (place) => {
		const value = Number(column[Number(order[place])]);
		if (fresh[value] === -1) {
			fresh[value] = old.push(value) - 1;
		}

		return Number(fresh[value]);
	});
	return {column: renumbered, old, fresh};
};

const pick = <Value>(values: readonly Value[], indices: readonly number[]): Value[] =>
	indices.flatMap((index) => values.slice(index, index + 1));

/** Threads by process and thread id. @returns by thread as given: its rank */
const rankThreads = (threads: readonly TraceThread[]): Uint32Array => {
	const ranks = new Uint32Array(threads.length);
	[...threads.entries()]
		.toSorted(([, a], [, b]) => a.pid - b.pid || a.tid - b.tid)
		.forEach(([given], rank) => {
			ranks[given] = rank;
		});
	return ranks;
};

export const arrangeRanges = (rows: RangeRows): RangeTable => {
	const {open, close} = rows.nestBy ?? {open: rows.startNs, close: rows.endNs};
	const ranks = rankThreads(rows.threads);
	const ranked = fill(new Uint32Array(rows.length), (row) =>
		Number(ranks[Number(rows.thread[row])]),
	);
	const {order, parent, identical} = nestRanges({
		length: rows.length,
		thread: ranked,
		open,
		close,
	});
	const thread = renumber(ranked, order, rows.threads.length);
	const name = renumber(rows.name, order, rows.names.length);
	return {
		threads: thread.old.flatMap((rank) => pick(rows.threads, [ranks.indexOf(rank)])),
		names: pick(rows.names, name.old),
		columns: {
			length: rows.length,
			thread: thread.column,
			name: name.column,
			parent,
			startNs: pickRows(rows.startNs, order),
			endNs: pickRows(rows.endNs, order),
			unfinished: fill(new Uint8Array(rows.length), (place) =>
				Number(rows.unfinished[Number(order[place])]),
			),
		},
		row: order,
		points: {
			length: rows.length,
			thread: thread.column,
			open: pickRows(open, order),
			close: pickRows(close, order),
		},
		threadOfGiven: Int32Array.from(ranks, (rank) => thread.fresh[rank] ?? -1),
		identical,
	};
};

/** How many ranges there are, and how many of them are unfinished. */
export const countRanges = ({length, unfinished}: CpuColumns) => ({
	ranges: length,
	unfinished: countRows(length, (range) => unfinished[range] === 1),
});

/** Threads by process and thread id, each with a number. `pidOf` tells the process id of a process. */
export const internThreads = (pidOf: (process: number) => number) => {
	const threads: TraceThread[] = [];
	const numbers = new Map<number, Map<number, number>>();
	return {
		threads,
		/** -1 where it is not known. */
		find: (process: number, tid: number): number => numbers.get(process)?.get(tid) ?? -1,
		intern(process: number, tid: number): number {
			const ofProcess = numbers.get(process) ?? new Map<number, number>();
			const known = ofProcess.get(tid);
			if (known !== undefined) {
				return known;
			}

			numbers.set(process, ofProcess.set(tid, threads.length));
			return threads.push({pid: pidOf(process), tid}) - 1;
		},
	};
};
