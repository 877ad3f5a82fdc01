/** From launches to the ranges that their calls were made in. */

import {ascendingOrder, ascends} from './ascending-order.ts';
import {groupRows, pickIndices, pickRows} from './fill-column.ts';
import {CollectedRanges} from './ranges-of-launches.ts';
import type {StrayLaunches} from './ranges-of-launches.ts';
import {OpenTracks} from './overlapping-ranges.ts';
import type {NestedRanges} from './range-nesting.ts';

/** Calls of the CUDA runtime and driver that started GPU work. Times are ns since the base. */
export interface LaunchCalls {
	readonly length: number;
	readonly startNs: Float64Array;
	readonly endNs: Float64Array;
	/** Number of the thread. */
	readonly thread: Int32Array;
	readonly launch: Int32Array;
}

/** Where the walk along a thread's ranges has come to. */
interface Cursors {
	/** By thread: the first range that opens behind the last call. */
	readonly next: Int32Array;
	/** The last one before it. All that can be open are it and its ancestors, since each range stands behind its parent. */
	readonly top: Int32Array;
	/** By thread: the start of the last call. */
	readonly start: Float64Array;
	/** By thread: where its ranges begin and end; both 0 for one without. */
	readonly from: Int32Array;
	readonly to: Int32Array;
}

const makeCursors = ({threads, threadStarts}: NestedRanges): Cursors => {
	const count = threads.reduce((most, thread) => Math.max(most, thread + 1), 0);
	const from = new Int32Array(count);
	const to = new Int32Array(count);
	for (const [place, thread] of threads.entries()) {
		from[thread] = Number(threadStarts[place]);
		to[thread] = Number(threadStarts[place + 1]);
	}

	return {
		next: from.slice(),
		top: new Int32Array(count).fill(-1),
		start: new Float64Array(count).fill(-Infinity),
		from,
		to,
	};
};

/** The first of the ranges from..to that opens behind a time. */
const findBehind = (open: Float64Array, from: number, to: number, time: number): number => {
	let low = from;
	let high = to;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (Number(open[middle]) <= time) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}

	return low;
};

/**
 * Walks the calls and the ranges of their threads side by side, for threads whose ranges are a stack. Calls are mostly in
 * order; one that started before the last one of its thread is looked up.
 */
const findInStacks = (
	{open, close, parent}: NestedRanges,
	cursors: Cursors,
	{length, startNs, endNs, thread, launch}: LaunchCalls,
	collected: CollectedRanges,
): void => {
	const {next, top, from, to} = cursors;
	for (let call = 0; call < length; call++) {
		const number = Number(thread[call]);
		const last = number >= 0 && number < to.length ? Number(to[number]) : 0;
		if (last === 0) {
			collected.addStray(call);
			continue;
		}

		const start = Number(startNs[call]);
		const end = Number(endNs[call]);
		let behind = Number(next[number]);
		let range = Number(top[number]);
		if (start < Number(cursors.start[number])) {
			behind = findBehind(open, Number(from[number]), behind, start);
			range = behind > Number(from[number]) ? behind - 1 : -1;
		}

		while (behind < last && Number(open[behind]) <= start) {
			range = behind++;
		}

		while (range >= 0 && Number(close[range]) < start) {
			range = Number(parent[range]);
		}

		cursors.start[number] = start;
		next[number] = behind;
		top[number] = range;
		while (range >= 0 && Number(close[range]) < end) {
			range = Number(parent[range]);
		}

		if (range >= 0) {
			collected.add(Number(launch[call]), range);
		} else {
			collected.addStray(call);
		}
	}
};

/** The same for a thread whose ranges overlap: a stack for each track. */
const findInTracks = (
	{open, close, above, track}: NestedRanges,
	[from, to]: readonly [number, number],
	calls: LaunchCalls,
	rows: Uint32Array,
	collected: CollectedRanges,
): void => {
	const tracks = new OpenTracks(open, close);
	let next = from;
	for (const row of rows) {
		const start = Number(calls.startNs[row]);
		for (; next < to && Number(open[next]) <= start; next++) {
			tracks.push(next, Number(track?.[next]));
		}

		tracks.moveTo(start);
		for (const stack of tracks.stacks) {
			let range = stack.at(-1) ?? -1;
			while (range >= 0 && Number(close[range]) < Number(calls.endNs[row])) {
				range = Number(above[range]);
			}

			if (range >= 0) {
				collected.add(Number(calls.launch[row]), range);
			}
		}
	}
};

const overlaps = ({track}: NestedRanges, [from, to]: readonly [number, number]): boolean =>
	track?.subarray(from, to).some((number) => number > 0) ?? false;

/** For the threads whose ranges overlap, which are left out of the cursors from then on. */
const findInOverlapping = (
	ranges: NestedRanges,
	cursors: Cursors,
	calls: LaunchCalls,
	collected: CollectedRanges,
): void => {
	const {from, to} = cursors;
	const boundsOf = (number: number) => [Number(from[number]), Number(to[number])] as const;
	const overlapping = Uint8Array.from(to, (_, number) =>
		overlaps(ranges, boundsOf(number)) ? 1 : 0,
	);
	if (!overlapping.includes(1)) {
		return;
	}

	const groups = groupRows(
		calls.thread.map((number) => (overlapping[number] === 1 ? number : -1)),
		to.length,
	);
	for (let number = 0; number < to.length; number++) {
		const unordered = groups.rows.subarray(groups.from[number], groups.from[number + 1]);
		if (overlapping[number] === 1) {
			const own =
				ascends(calls.startNs, unordered) === 'no'
					? pickIndices(unordered, ascendingOrder(pickRows(calls.startNs, unordered)))
					: unordered;
			findInTracks(ranges, boundsOf(number), calls, own, collected);
			to[number] = 0;
		}
	}
};

/** @param calls their threads are the ranges'; -1 and threads without ranges launch from none */
export const findLaunchingRanges = (
	ranges: NestedRanges,
	calls: LaunchCalls,
	launches: number,
): StrayLaunches => {
	const collected = new CollectedRanges(launches);
	const cursors = makeCursors(ranges);
	findInOverlapping(ranges, cursors, calls, collected);
	findInStacks(ranges, cursors, calls, collected);
	return collected.finish();
};
