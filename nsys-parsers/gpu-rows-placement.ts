/** Puts the rows of the GPU side beside the ranges: the same origin of times, the same numbers of threads. */

import type {TraceThread} from '../schemas/trace.ts';
import {shiftTimes} from './export-ranges.ts';
import type {RangeFacts} from './export-ranges.ts';
import {pickIndices} from './fill-column.ts';
import type {GpuOperations} from './gpu-operations.ts';
import type {GpuRows} from './gpu-rows.ts';
import type {LaunchCalls} from './launching-ranges.ts';
import {pidOf} from './nvtx-rows.ts';
import {invert, orderThreads} from './range-table.ts';
import type {RangeTable} from './range-table.ts';
import type {OrderedOperations} from './timed-operations.ts';

export interface PlacedGpuRows {
	/** Times since the origin. */
	readonly operations: GpuOperations;
	readonly timed: OrderedOperations;
	readonly launches: number;
	/** Their threads are ranks. */
	readonly calls: LaunchCalls;
	/** By number of a thread, those that only made calls too. */
	readonly rank: Uint32Array;
	/** By rank: the thread's process. */
	readonly processes: Float64Array;
	/** By rank. */
	readonly threads: readonly TraceThread[];
}

/** Numbers threads by their new ranks, in place. */
const renumber = (threads: number[] | Int32Array, rank: Uint32Array): void => {
	for (let at = 0; at < threads.length; at++) {
		threads[at] = Number(rank[Number(threads[at])]);
	}
};

/**
 * Changes the columns of the rows, and the ranges' thread numbers, in place.
 * @param rows their times are counted from the base that the ranges were read with
 */
export const placeGpuRows = (
	{operations, timed, calls, threads: own, launches}: GpuRows,
	{threads, originNs}: RangeFacts,
	{nested, rank: before}: RangeTable,
): PlacedGpuRows => {
	for (const times of [operations.startNs, operations.endNs, calls.startNs, calls.endNs]) {
		shiftTimes(times, originNs);
	}

	const numbers = own.map(({process, tid}) => threads.intern(process, tid));
	const all = threads.list(pidOf);
	const byRank = orderThreads(all);
	const rank = invert(byRank);
	if (rank.length > before.length) {
		renumber(nested.threads, pickIndices(rank, invert(before)));
	}

	renumber(calls.thread, pickIndices(rank, Uint32Array.from(numbers)));
	return {
		operations,
		timed,
		launches,
		calls,
		rank,
		processes: Float64Array.from(byRank, (thread) => threads.processOf(thread)),
		threads: [...byRank].flatMap((thread) => all.slice(thread, thread + 1)),
	};
};
