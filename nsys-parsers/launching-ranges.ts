/** From launches to the ranges that their calls were made in. */

import {ascendingOrder, ascends} from './ascending-order.ts';
import {groupRows, pickIndices, pickRows} from './fill-column.ts';
import {IndexList} from './lists.ts';
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

/** A launch's ranges are a list of entries: the first one, the next of each; -1 at the end. */
export interface LaunchingRanges {
	/** By launch. */
	readonly first: Int32Array;
	/** By entry. */
	readonly next: Int32Array;
	/** By entry: the innermost range of a track that contains one of the launch's calls. All above contain it too. */
	readonly range: Int32Array;
}

/** Entries while they are collected. */
class Entries {
	readonly first: Int32Array;
	readonly next: IndexList;
	readonly range: IndexList;

	constructor(launches: number, expected: number) {
		this.first = new Int32Array(launches).fill(-1);
		this.next = new IndexList(expected);
		this.range = new IndexList(expected);
	}

	/** Two calls of a launch in one range (of the runtime and of the driver) make one entry. */
	add(launch: number, range: number): void {
		const head = Number(this.first[launch]);
		if (head >= 0 && this.range.view()[head] === range) {
			return;
		}

		this.first[launch] = this.next.length;
		this.next.push(head);
		this.range.push(range);
	}

	finish(): LaunchingRanges {
		return {first: this.first, next: this.next.view(), range: this.range.view()};
	}
}

/** Walks the calls of a thread and its ranges, a stack, side by side. */
const findInStack = (
	{open, close, parent}: NestedRanges,
	[from, to]: readonly [number, number],
	calls: LaunchCalls,
	rows: Uint32Array,
	entries: Entries,
): void => {
	const {startNs, endNs, launch} = calls;
	let next = from;
	let top = -1;
	for (const row of rows) {
		const start = Number(startNs[row]);
		const end = Number(endNs[row]);
		// Each range that opened stands behind its parent: the last one's ancestors are all that can be open.
		while (next < to && Number(open[next]) <= start) {
			top = next++;
		}

		while (top >= 0 && Number(close[top]) < start) {
			top = Number(parent[top]);
		}

		let range = top;
		while (range >= 0 && Number(close[range]) < end) {
			range = Number(parent[range]);
		}

		if (range >= 0) {
			entries.add(Number(launch[row]), range);
		}
	}
};

/** The same for a thread whose ranges overlap: a stack for each track. */
const findInTracks = (
	{open, close, above, track}: NestedRanges,
	[from, to]: readonly [number, number],
	calls: LaunchCalls,
	rows: Uint32Array,
	entries: Entries,
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
				entries.add(Number(calls.launch[row]), range);
			}
		}
	}
};

const overlaps = (track: Uint32Array, [from, to]: readonly [number, number]): boolean =>
	track.subarray(from, to).some((number) => number > 0);

/** @param calls their threads are the ranges'; -1 and threads without ranges have no entry */
export const findLaunchingRanges = (
	ranges: NestedRanges,
	calls: LaunchCalls,
	launches: number,
): LaunchingRanges => {
	const entries = new Entries(launches, calls.length);
	const {threadStarts, thread, track} = ranges;
	const threads = threadStarts
		.slice(0, -1)
		.reduce((most, start) => Math.max(most, Number(thread[start]) + 1), 0);
	const inThreads = calls.thread.map((number) => (number < threads ? number : -1));
	const {from, rows} = groupRows(inThreads, threads);
	for (let at = 0; at + 1 < threadStarts.length; at++) {
		const bounds = [Number(threadStarts[at]), Number(threadStarts[at + 1])] as const;
		const number = Number(thread[bounds[0]]);
		const unordered = rows.subarray(from[number], from[number + 1]);
		const own = ascends(calls.startNs, unordered)
			? unordered
			: pickIndices(unordered, ascendingOrder(pickRows(calls.startNs, unordered)));
		const find = track !== undefined && overlaps(track, bounds) ? findInTracks : findInStack;
		find(ranges, bounds, calls, own, entries);
	}

	return entries.finish();
};
