/**
 * Work launched by a thread that has no range open, given to the range that the process's main annotated thread was in:
 * PyTorch's autograd launches the backward pass from a thread of its own, while the ranges stand on the program's.
 *
 *     main    |------ backward ------|
 *     other        call                     its operations belong to "backward", and to all that it lies in
 *
 * Main is, in each process, the thread whose ranges cover the most time; of equals, the one whose ranges begin first.
 * NVIDIA's reports know nothing of it, so it is done on request only.
 */

import {listOf, noRange} from './ranges-of-launches.ts';
import {findLaunchingRanges} from './launching-ranges.ts';
import type {LaunchingRanges} from './ranges-of-launches.ts';
import type {LaunchCalls} from './launching-ranges.ts';
import {DoubleList, IndexList} from './lists.ts';
import type {NestedRanges} from './range-nesting.ts';

/** How long a thread's ranges, the places from..to, cover: the length of their union, ns. They come by opening. */
const measureCover = (
	{open, close}: NestedRanges,
	[from, to]: readonly [number, number],
): number => {
	let cover = 0;
	let covered = -Infinity;
	for (let range = from; range < to; range++) {
		const end = Number(close[range]);
		if (end > covered) {
			cover += end - Math.max(Number(open[range]), covered);
			covered = end;
		}
	}

	return cover;
};

/** By process: the number of its main thread. */
const findMainThreads = (
	ranges: NestedRanges,
	processes: Float64Array,
): ReadonlyMap<number, number> => {
	const main = new Map<number, {readonly thread: number; readonly cover: number}>();
	const {threadStarts, threads} = ranges;
	// Threads come in order of their first range, so the first of equals stays.
	for (const [place, number] of threads.entries()) {
		const process = Number(processes[number]);
		const bounds = [Number(threadStarts[place]), Number(threadStarts[place + 1])] as const;
		const cover = measureCover(ranges, bounds);
		if (cover > (main.get(process)?.cover ?? -1)) {
			main.set(process, {thread: number, cover});
		}
	}

	return new Map([...main].map(([process, {thread: number}]) => [process, number]));
};

/** Of two calls of a launch, the one that began first; where both did, any rule does that no order of rows decides. */
const isEarlier = ({startNs, thread}: LaunchCalls, call: number, other: number): boolean => {
	const apart = Number(startNs[call]) - Number(startNs[other]);
	return apart < 0 || (apart === 0 && Number(thread[call]) < Number(thread[other]));
};

/** By launch: its first call, where it belongs to no range; else -1. */
const findStrayCalls = ({first}: LaunchingRanges, calls: LaunchCalls): Int32Array => {
	const stray = new Int32Array(first.length).fill(-1);
	for (let call = 0; call < calls.length; call++) {
		const launch = Number(calls.launch[call]);
		const known = Number(stray[launch]);
		if (first[launch] === noRange && (known < 0 || isEarlier(calls, call, known))) {
			stray[launch] = call;
		}
	}

	return stray;
};

/** Calls as points of time, on the threads that they are given: a range that contains one was open when it began. */
const pickCalls = (
	stray: Int32Array,
	{startNs, thread}: LaunchCalls,
	threadOf: (thread: number) => number,
): LaunchCalls => {
	const at = new DoubleList();
	const threads = new IndexList();
	const launches = new IndexList();
	for (let launch = 0; launch < stray.length; launch++) {
		const call = Number(stray[launch]);
		if (call >= 0) {
			at.push(Number(startNs[call]));
			threads.push(threadOf(Number(thread[call])));
			launches.push(launch);
		}
	}

	return {
		length: launches.length,
		startNs: at.view(),
		endNs: at.view(),
		thread: threads.view(),
		launch: launches.view(),
	};
};

/** Launches that have ranges in both keep those of the first. */
const joinEntries = (one: LaunchingRanges, other: LaunchingRanges): LaunchingRanges => {
	const shift = one.next.length;
	const next = new Int32Array(shift + other.next.length);
	next.set(one.next);
	next.set(
		other.next.map((entry) => (entry < 0 ? entry : entry + shift)),
		shift,
	);
	const range = new Int32Array(next.length);
	range.set(one.range);
	range.set(other.range, shift);
	return {
		first: one.first.map((own, launch) => {
			const given = Number(other.first[launch]);
			return own !== noRange ? own : given < noRange ? listOf(listOf(given) + shift) : given;
		}),
		next,
		range,
	};
};

/**
 * Gives ranges to launches that have none. One whose own thread has a range open that ends before the call does stays
 * without: that thread has its say, and it says no.
 * @param calls their threads are the ranges'; -1 for those that have none
 * @param processes by thread: its process
 */
export const attributeThreads = (
	ranges: NestedRanges,
	launching: LaunchingRanges,
	calls: LaunchCalls,
	processes: Float64Array,
): LaunchingRanges => {
	const launches = launching.first.length;
	const stray = findStrayCalls(launching, calls);
	const own = pickCalls(stray, calls, (thread) => thread);
	const onOwn = findLaunchingRanges(ranges, own, launches).first;
	const main = findMainThreads(ranges, processes);
	const moved = pickCalls(
		stray.map((call, launch) => (onOwn[launch] === noRange ? call : -1)),
		calls,
		(thread) => main.get(Number(processes[thread])) ?? -1,
	);
	return joinEntries(launching, findLaunchingRanges(ranges, moved, launches));
};
