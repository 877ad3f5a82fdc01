/** The trace's GPU work as a whole, and why some of it belongs to no range. */

import type {GpuOperations} from './gpu-operations.ts';
import {operationKinds} from './gpu-operations.ts';
import type {TimedOperations} from './gpu-projection.ts';
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

/** By launch. */
const findFates = (
	ranges: NestedRanges,
	launching: LaunchingRanges,
	calls: LaunchCalls,
	processOf: (thread: number) => number,
): Uint8Array => {
	const fate = new Uint8Array(launching.first.length);
	let openTimes: ReadonlyMap<number, OpenTimes> | undefined;
	for (let call = 0; call < calls.length; call++) {
		const launch = Number(calls.launch[call]);
		if (Number(launching.first[launch]) >= 0) {
			fate[launch] = fates.attributed;
		} else if (fate[launch] !== fates.otherThread) {
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

class Sum implements WorkShare {
	operations = 0;
	timeNs = 0;

	add(ns: number): void {
		this.operations++;
		this.timeNs += ns;
	}
}

/** @param processOf the process of a thread, by any number that tells processes apart */
export const summarizeGpuWork = (
	ranges: NestedRanges,
	launching: LaunchingRanges,
	calls: LaunchCalls,
	operations: GpuOperations,
	{withoutTimes, order}: TimedOperations,
	processOf: (thread: number) => number,
): GpuWork => {
	const fate = findFates(ranges, launching, calls, processOf);
	const isTimed = new Uint8Array(operations.length);
	for (let step = 0; step < order.length; step++) {
		isTimed[Number(order[step])] = 1;
	}

	const all = new Sum();
	const graphs = new Sum();
	const byFate = [new Sum(), new Sum(), new Sum(), new Sum()];
	const graph = operationKinds.indexOf('graph');
	for (let row = 0; row < operations.length; row++) {
		const takes =
			isTimed[row] === 1 ? Number(operations.endNs[row]) - Number(operations.startNs[row]) : 0;
		const launch = Number(operations.launch[row]);
		all.add(takes);
		byFate[launch < 0 ? fates.withoutCall : Number(fate[launch])]?.add(takes);
		if (operations.kind[row] === graph) {
			graphs.add(takes);
		}
	}

	const share = (number: number): WorkShare => byFate[number] ?? new Sum();
	const unattributed = [fates.withoutCall, fates.outsideRanges, fates.otherThread].map(share);
	return {
		operations: all.operations,
		timeNs: all.timeNs,
		unattributed: {
			operations: unattributed.reduce((sum, {operations: count}) => sum + count, 0),
			timeNs: unattributed.reduce((sum, {timeNs}) => sum + timeNs, 0),
		},
		withoutCall: share(fates.withoutCall),
		outsideRanges: share(fates.outsideRanges),
		otherThread: share(fates.otherThread),
		graphs,
		withoutTimes,
	};
};
