/** The trace's GPU work as a whole, and why some of it belongs to no range. */

import type {GpuOperations} from './gpu-operations.ts';
import type {OrderedOperations, TimedOperations} from './timed-operations.ts';
import {noRange} from './ranges-of-launches.ts';
import type {LaunchingRanges, StrayLaunches} from './ranges-of-launches.ts';
import type {LaunchCalls} from './launching-ranges.ts';
import type {NestedRanges} from './range-nesting.ts';

/** Times are sums over operations, ns. */
export interface WorkShare {
	readonly operations: number;
	readonly timeNs: number;
}

export interface GpuWork extends WorkShare {
	/** In no range, for whatever reason; the sum of the three. */
	readonly unattributed: WorkShare;
	/** Their call was not recorded, so nobody can tell where they belong. */
	readonly withoutCall: WorkShare;
	/** Launched while no range was open on any thread of the process. */
	readonly outsideRanges: WorkShare;
	/** Launched by a thread that had none open, while another thread of the process had. */
	readonly otherThread: WorkShare;
	/** CUDA graphs that were traced as a whole. */
	readonly graphs: WorkShare;
	/** Counted, but their times make no sense (end before start, or none): in no span and no busy time. */
	readonly withoutTimes: number;
}

/** Stretches of time in which a process had a range open on some thread: starts and ends, ascending, disjoint. */
interface OpenTimes {
	readonly startNs: number[];
	readonly endNs: number[];
}

/** Those of a thread, given by its place. */
const addOutermost = (
	{threadStarts, parent}: NestedRanges,
	place: number,
	outermost: number[],
): void => {
	const to = Number(threadStarts[place + 1]);
	for (let range = Number(threadStarts[place]); range < to; range++) {
		if (parent[range] === -1) {
			outermost.push(range);
		}
	}
};

/** By process. Of each thread, only the ranges that no other contains matter. */
const listOpenTimes = (
	ranges: NestedRanges,
	processOf: (thread: number) => number,
): ReadonlyMap<number, OpenTimes> => {
	const outermost = new Map<number, number[]>();
	for (const [place, thread] of ranges.threads.entries()) {
		const own = outermost.get(processOf(thread)) ?? [];
		outermost.set(processOf(thread), own);
		addOutermost(ranges, place, own);
	}

	return new Map(
		[...outermost].map(([process, own]) => {
			const times: OpenTimes = {startNs: [], endNs: []};
			for (const range of own.sort((a, b) => Number(ranges.open[a]) - Number(ranges.open[b]))) {
				const open = Number(ranges.open[range]);
				const close = Number(ranges.close[range]);
				const last = times.endNs.length - 1;
				if (last >= 0 && open <= Number(times.endNs[last])) {
					times.endNs[last] = Math.max(Number(times.endNs[last]), close);
				} else {
					times.startNs.push(open);
					times.endNs.push(close);
				}
			}

			return [process, times] as const;
		}),
	);
};

const isOpen = ({startNs, endNs}: OpenTimes, at: number): boolean => {
	let low = 0;
	let high = startNs.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (Number(startNs[middle]) <= at) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}

	return low > 0 && at <= Number(endNs[low - 1]);
};

/** Why a launch belongs to no range. */
const fates = {withoutCall: 0, outsideRanges: 1, otherThread: 2} as const;

/** By launch, of those that belong to no range. */
const findFates = (
	ranges: NestedRanges,
	{first, stray}: StrayLaunches,
	calls: LaunchCalls,
	processOf: (thread: number) => number,
): Uint8Array => {
	const fate = new Uint8Array(first.length);
	let openTimes: ReadonlyMap<number, OpenTimes> | undefined;
	for (let at = 0; at < stray.length; at++) {
		const call = Number(stray[at]);
		const launch = Number(calls.launch[call]);
		if (first[launch] === noRange && fate[launch] !== fates.otherThread) {
			openTimes ??= listOpenTimes(ranges, processOf);
			const times = openTimes.get(processOf(Number(calls.thread[call])));
			fate[launch] =
				times !== undefined && isOpen(times, Number(calls.startNs[call]))
					? fates.otherThread
					: fates.outsideRanges;
		}
	}

	return fate;
};

/** Sums of operations and their times. */
class WorkSum implements WorkShare {
	operations = 0;
	timeNs = 0;

	add(timeNs: number): void {
		this.operations++;
		this.timeNs += timeNs;
	}
}

const addShares = (shares: readonly WorkShare[]): WorkShare => ({
	operations: shares.reduce((sum, {operations}) => sum + operations, 0),
	timeNs: shares.reduce((sum, {timeNs}) => sum + timeNs, 0),
});

/** How long an operation took: 0 without times that make sense. */
const durationOf = (
	{length, startNs, endNs}: GpuOperations,
	{withoutTimes, order}: TimedOperations,
): ((row: number) => number) => {
	const takes = (row: number): number => Number(endNs[row]) - Number(startNs[row]);
	if (withoutTimes === 0) {
		return takes;
	}

	const isTimed = new Uint8Array(length);
	for (let step = 0; step < order.length; step++) {
		isTimed[Number(order[step])] = 1;
	}

	return (row) => (isTimed[row] === 1 ? takes(row) : 0);
};

/** @returns by fate */
const addUpUnattributed = (
	{length, launch}: GpuOperations,
	{first}: LaunchingRanges,
	fate: Uint8Array,
	durationOf: (row: number) => number,
): readonly WorkSum[] => {
	const sums = Object.values(fates).map(() => new WorkSum());
	for (let row = 0; row < length; row++) {
		const number = Number(launch[row]);
		if (number < 0 || first[number] === noRange) {
			sums[number < 0 ? fates.withoutCall : Number(fate[number])]?.add(durationOf(row));
		}
	}

	return sums;
};

const addUpGraphs = (
	{length, wholeGraphs}: GpuOperations,
	durationOf: (row: number) => number,
): WorkShare => {
	const sum = new WorkSum();
	for (let row = length - wholeGraphs; row < length; row++) {
		sum.add(durationOf(row));
	}

	return sum;
};

/** @param processOf the process of a thread, by any number that tells processes apart */
export const summarizeGpuWork = (
	ranges: NestedRanges,
	launching: StrayLaunches,
	calls: LaunchCalls,
	operations: GpuOperations,
	timed: OrderedOperations,
	processOf: (thread: number) => number,
): GpuWork => {
	const durations = durationOf(operations, timed);
	const fate = findFates(ranges, launching, calls, processOf);
	const sums = addUpUnattributed(operations, launching, fate, durations);
	const share = (...of: readonly number[]): WorkShare =>
		addShares(of.flatMap((number) => sums[number] ?? []));
	const {withoutCall, outsideRanges, otherThread} = fates;
	return {
		operations: operations.length,
		timeNs: timed.timeNs,
		unattributed: share(withoutCall, outsideRanges, otherThread),
		withoutCall: share(withoutCall),
		outsideRanges: share(outsideRanges),
		otherThread: share(otherThread),
		graphs: addUpGraphs(operations, durations),
		withoutTimes: timed.withoutTimes,
	};
};
