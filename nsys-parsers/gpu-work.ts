/** The trace's GPU work as a whole, and why some of it belongs to no range. */

import type {GpuOperations} from './gpu-operations.ts';
import {operationKinds} from './gpu-operations.ts';
import type {TimedOperations} from './timed-operations.ts';
import {noRange} from './launching-ranges.ts';
import type {LaunchCalls, LaunchingRanges} from './launching-ranges.ts';
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

/** By process. Of each thread, only the ranges that no other contains matter. */
const listOpenTimes = (
	ranges: NestedRanges,
	processOf: (thread: number) => number,
): ReadonlyMap<number, OpenTimes> => {
	const outermost = new Map<number, number[]>();
	for (let range = 0; range < ranges.length; range++) {
		if (ranges.parent[range] === -1) {
			const process = processOf(Number(ranges.thread[range]));
			const own = outermost.get(process) ?? [];
			own.push(range);
			outermost.set(process, own);
		}
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

/** Why a launch belongs to no range, or that it does. */
const fates = {withoutCall: 0, attributed: 1, outsideRanges: 2, otherThread: 3} as const;

/** By launch; those of attributed ones tell nothing. */
const findFates = (
	ranges: NestedRanges,
	{first}: LaunchingRanges,
	calls: LaunchCalls,
	processOf: (thread: number) => number,
): Uint8Array => {
	const fate = new Uint8Array(first.length);
	let openTimes: ReadonlyMap<number, OpenTimes> | undefined;
	for (let call = 0; call < calls.length; call++) {
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

/** Sums of operations and their times, by fate and for graphs. */
interface WorkSums {
	readonly operations: Float64Array;
	readonly timeNs: Float64Array;
}

/** Of graphs, which have a fate besides. */
const graphSum = 4;

const addUpWork = (
	{length, startNs, endNs, launch, kind}: GpuOperations,
	{withoutTimes, order}: TimedOperations,
	{first}: LaunchingRanges,
	fate: Uint8Array,
): WorkSums => {
	const operations = new Float64Array(graphSum + 1);
	const timeNs = new Float64Array(graphSum + 1);
	const graph = operationKinds.indexOf('graph');
	const isTimed = withoutTimes === 0 ? undefined : new Uint8Array(length);
	for (let step = 0; isTimed !== undefined && step < order.length; step++) {
		isTimed[Number(order[step])] = 1;
	}

	for (let row = 0; row < length; row++) {
		const takes = isTimed?.[row] === 0 ? 0 : Number(endNs[row]) - Number(startNs[row]);
		const number = Number(launch[row]);
		const own =
			number < 0
				? fates.withoutCall
				: first[number] !== noRange
					? fates.attributed
					: Number(fate[number]);
		operations[own] = Number(operations[own]) + 1;
		timeNs[own] = Number(timeNs[own]) + takes;
		if (kind[row] === graph) {
			operations[graphSum] = Number(operations[graphSum]) + 1;
			timeNs[graphSum] = Number(timeNs[graphSum]) + takes;
		}
	}

	return {operations, timeNs};
};

/** @param processOf the process of a thread, by any number that tells processes apart */
export const summarizeGpuWork = (
	ranges: NestedRanges,
	launching: LaunchingRanges,
	calls: LaunchCalls,
	operations: GpuOperations,
	timed: TimedOperations,
	processOf: (thread: number) => number,
): GpuWork => {
	const fate = findFates(ranges, launching, calls, processOf);
	const sums = addUpWork(operations, timed, launching, fate);
	const share = (...parts: readonly number[]): WorkShare => ({
		operations: parts.reduce((sum, part) => sum + Number(sums.operations[part]), 0),
		timeNs: parts.reduce((sum, part) => sum + Number(sums.timeNs[part]), 0),
	});
	const {withoutCall, attributed, outsideRanges, otherThread} = fates;
	return {
		...share(withoutCall, attributed, outsideRanges, otherThread),
		unattributed: share(withoutCall, outsideRanges, otherThread),
		withoutCall: share(withoutCall),
		outsideRanges: share(outsideRanges),
		otherThread: share(otherThread),
		graphs: share(graphSum),
		withoutTimes: timed.withoutTimes,
	};
};
