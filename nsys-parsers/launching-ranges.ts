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

/** No range, as a launch's. */
export const noRange = -1;

/**
 * By launch: the innermost range that contains its call; all above it contain the call too. Of several calls in several
 * ranges, and of tracks, there is one each: a list of entries.
 */
export interface LaunchingRanges {
	/** By launch: its only range, or `noRange`, or a list as `listOf` its first entry. */
	readonly first: Int32Array;
	/** By entry: the next one of its list, -1 at the end. */
	readonly next: Int32Array;
	/** By entry. */
	readonly range: Int32Array;
}

/** The ranges of launches, and the calls of which it is not known that they lie in one. */
export interface StrayLaunches extends LaunchingRanges {
	readonly stray: Int32Array;
}

/** A list in place of a range, and the first entry of a list: each undoes the other. */
export const listOf = (entry: number): number => -2 - entry;

/** The ranges of launches while they are collected. Nearly all launches have one: that takes no entry. */
class Collected {
	readonly first: Int32Array;
	private readonly next = new IndexList();
	private readonly range = new IndexList();
	/** Calls in no range; those of threads whose ranges overlap, whether they are in one or not. */
	private readonly stray = new IndexList();

	constructor(launches: number) {
		this.first = new Int32Array(launches).fill(noRange);
	}

	/** Two calls of a launch in one range (of the runtime and of the driver) count once. */
	add(launch: number, range: number): void {
		const known = Number(this.first[launch]);
		if (known === noRange) {
			this.first[launch] = range;
		} else if (known !== range) {
			this.addToList(launch, known, range);
		}
	}

	addStray(call: number): void {
		this.stray.push(call);
	}

	finish(): StrayLaunches {
		const {first, next, range, stray} = this;
		return {first, next: next.view(), range: range.view(), stray: stray.view()};
	}

	private addToList(launch: number, known: number, range: number): void {
		const head = known >= 0 ? this.addEntry(known, -1) : listOf(known);
		if (this.range.at(head) !== range) {
			this.first[launch] = listOf(this.addEntry(range, head));
		}
	}

	private addEntry(range: number, next: number): number {
		this.range.push(range);
		this.next.push(next);
		return this.next.length - 1;
	}
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
	collected: Collected,
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
	collected: Collected,
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
	collected: Collected,
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
	const collected = new Collected(launches);
	const cursors = makeCursors(ranges);
	findInOverlapping(ranges, cursors, calls, collected);
	findInStacks(ranges, cursors, calls, collected);
	return collected.finish();
};
