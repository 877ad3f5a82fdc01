/** Puts the rows of the GPU side beside the ranges: the same origin of times, the same numbers of threads. */

import type {TraceThread} from '../schemas/trace.ts';
import {shiftTimes} from './export-ranges.ts';
import type {RangeFacts} from './export-ranges.ts';
import {pickIndices} from './fill-column.ts';
import type {GpuCalls, GpuWorkRows} from './gpu-rows.ts';
import type {LaunchCalls} from './launching-ranges.ts';
import {pidOf} from './nvtx-rows.ts';
import {invert, orderThreads} from './range-table.ts';
import type {RangeTable} from './range-table.ts';

export interface PlacedCalls {
	readonly launches: number;
	/** Their threads are ranks, their times since the origin. */
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
 * @param calls their times are counted from the base that the ranges were read with
 */
export const placeCalls = (
	{calls, threads: own, launches}: GpuCalls,
	{threads, originNs}: RangeFacts,
	{nested, rank: before}: RangeTable,
): PlacedCalls => {
	shiftTimes(calls.startNs, originNs);
	shiftTimes(calls.endNs, originNs);

	const numbers = own.map(({process, tid}) => threads.intern(process, tid));
	const all = threads.list(pidOf);
	const byRank = orderThreads(all);
	const rank = invert(byRank);
	if (rank.length > before.length) {
		renumber(nested.threads, pickIndices(rank, invert(before)));
	}

	renumber(calls.thread, pickIndices(rank, Uint32Array.from(numbers)));
	return {
		launches,
		calls,
		rank,
		processes: Float64Array.from(byRank, (thread) => threads.processOf(thread)),
		threads: [...byRank].flatMap((thread) => all.slice(thread, thread + 1)),
	};
};

/** Changes the times of the operations in place. @param work as with the calls */
export const placeWork = (
	{operations, timed}: GpuWorkRows,
	{originNs}: RangeFacts,
): GpuWorkRows => {
	shiftTimes(operations.startNs, originNs);
	shiftTimes(operations.endNs, originNs);
	return {operations, timed};
};
