/**
 * Which range stands in which, by NVIDIA's rule: the parent is the shortest range of the same thread that contains the
 * range, both ends included. Domains play no part, so ranges can overlap without nesting:
 *
 *     a  |---------|             d's parent is b (shorter than a), e's is a (b ended too early)
 *     b     |-------|            c's is a: b is as long as a, and a began first
 *     c      |-|
 *
 * Where two ranges are identical, NVIDIA's report makes each the other's parent and loses both. Here the one that was
 * recorded first (the lower row) stands outside.
 *
 * Nearly all threads nest properly: there the open ranges are a stack, and the parent is its top. A thread with a partial
 * overlap is gone through again by the rule itself (overlapping-ranges.ts).
 */

import {ascendingOrder, ascends} from './ascending-order.ts';
import {groupRows, pickIndices, pickRows} from './fill-column.ts';
import {dealTracks, nestOverlapping} from './overlapping-ranges.ts';

/** Ranges in the order in which they were recorded. Any points will do that rise with time: times, line numbers. */
export interface RangePoints {
	readonly length: number;
	readonly thread: Uint32Array;
	/** By thread: the number that it gets; its own unless given. */
	readonly rank?: Uint32Array;
	readonly open: Float64Array;
	/** Never before `open`. */
	readonly close: Float64Array;
}

/** Ranges thread by thread. In a thread by opening, the longer one first, so that each stands behind all that contain it. */
export interface NestedRanges {
	readonly length: number;
	/** The numbers of threads with ranges, in order of their first range. */
	readonly threads: number[];
	/** By range: the place of its thread among those. */
	readonly threadPlace: Uint32Array;
	/** By place of a thread: where its ranges begin; then the length. */
	readonly threadStarts: readonly number[];
	readonly open: Float64Array;
	readonly close: Float64Array;
	/** The place of the parent, -1 at the top. */
	readonly parent: Int32Array;
	/** The innermost range around it in the same track; the parent where the thread nests properly. -1 where there is none. */
	readonly above: Int32Array;
	/** By place: its track within its thread, where one of the threads has several; else undefined. */
	readonly track: Uint32Array | undefined;
}

/** The number of a range's thread. */
export const threadOf = (
	{threads, threadPlace}: Pick<NestedRanges, 'threads' | 'threadPlace'>,
	range: number,
): number => Number(threads[Number(threadPlace[range])]);

export interface Nesting {
	/** The given rows in order; undefined where they were in order. */
	readonly order: Uint32Array | undefined;
	readonly nested: NestedRanges;
	/** Ranges that are identical with their parent. */
	readonly identical: number;
}

/** Where ranges open at the same point, the one that closes last goes first, then the one that was recorded first. */
const putLongerFirst = (order: Uint32Array, {open, close}: RangePoints): void => {
	for (let from = 0; from < order.length;) {
		const start = open[Number(order[from])];
		let to = from + 1;
		while (to < order.length && open[Number(order[to])] === start) {
			to++;
		}

		if (to - from > 1) {
			order.subarray(from, to).sort((a, b) => Number(close[b]) - Number(close[a]) || a - b);
		}

		from = to;
	}
};

/** Rows of one thread by opening. */
const orderThread = (rows: Uint32Array, ranges: RangePoints): Uint32Array => {
	const ascending = ascends(ranges.open, rows);
	if (ascending === 'strictly') {
		return rows;
	}

	const ordered =
		ascending === 'yes' ? rows : pickIndices(rows, ascendingOrder(pickRows(ranges.open, rows)));
	putLongerFirst(ordered, ranges);
	return ordered;
};

const highest = (numbers: Uint32Array): number => {
	let most = 0;
	for (let row = 0; row < numbers.length; row++) {
		most = Number(numbers[row]) > most ? Number(numbers[row]) : most;
	}

	return most;
};

interface Order {
	readonly order: Uint32Array;
	readonly starts: readonly number[];
	readonly threads: number[];
	/** By place in the order: that of its thread. */
	readonly threadPlace: Uint32Array;
}

const orderRanges = (ranges: RangePoints): Order => {
	const {rank} = ranges;
	const threads = rank?.length ?? highest(ranges.thread) + 1;
	const {from, rows} = groupRows(ranges.thread, threads);
	const parts = Array.from({length: threads}, (_, number) => ({
		part: orderThread(rows.subarray(from[number], from[number + 1]), ranges),
		number: rank?.[number] ?? number,
	}))
		.filter(({part}) => part.length > 0)
		.map((one) => ({...one, opens: Number(ranges.open[Number(one.part[0])])}))
		.toSorted((a, b) => a.opens - b.opens || a.number - b.number);
	const order = new Uint32Array(ranges.length);
	const threadPlace = new Uint32Array(ranges.length);
	const starts: number[] = [];
	let at = 0;
	for (const [place, {part}] of parts.entries()) {
		starts.push(at);
		order.set(part, at);
		threadPlace.fill(place, at, at + part.length);
		at += part.length;
	}

	return {order, starts: [...starts, at], threads: parts.map(({number}) => number), threadPlace};
};

const isIdentity = (order: Uint32Array): boolean => {
	for (let place = 0; place < order.length; place++) {
		if (order[place] !== place) {
			return false;
		}
	}

	return true;
};

/** @returns how many ranges are identical with their parent; -1 where the thread does not nest: its parents are worthless */
const nestThread = (
	open: Float64Array,
	close: Float64Array,
	[from, to]: readonly [number, number],
	parent: Int32Array,
): number => {
	let top = -1;
	let identical = 0;
	for (let place = from; place < to; place++) {
		const opens = Number(open[place]);
		const closes = Number(close[place]);
		while (top >= 0 && Number(close[top]) < opens) {
			top = Number(parent[top]);
		}

		if (top >= 0) {
			// A range that closes where this one opens contains what has no length there: no stack tells that.
			if (Number(close[top]) < closes) {
				return -1;
			}

			identical += close[top] === closes && open[top] === opens ? 1 : 0;
		}

		parent[place] = top;
		top = place;
	}

	return identical;
};

const countIdentical = (
	open: Float64Array,
	close: Float64Array,
	[from, to]: readonly [number, number],
	parent: Int32Array,
): number => {
	let count = 0;
	for (let place = from; place < to; place++) {
		const above = Number(parent[place]);
		count += above >= 0 && open[above] === open[place] && close[above] === close[place] ? 1 : 0;
	}

	return count;
};

interface Parents extends Pick<NestedRanges, 'parent' | 'above' | 'track'> {
	readonly identical: number;
}

/** Parents, and the tracks of threads that do not nest. */
const findParents = (
	open: Float64Array,
	close: Float64Array,
	starts: readonly number[],
): Parents => {
	const parent = new Int32Array(open.length);
	const overlapping: (readonly [number, number])[] = [];
	let identical = 0;
	for (let thread = 0; thread + 1 < starts.length; thread++) {
		const bounds = [Number(starts[thread]), Number(starts[thread + 1])] as const;
		const found = nestThread(open, close, bounds, parent);
		if (found < 0) {
			overlapping.push(bounds);
		} else {
			identical += found;
		}
	}

	if (overlapping.length === 0) {
		return {parent, above: parent, track: undefined, identical};
	}

	const above = parent.slice();
	const track = new Uint32Array(open.length);
	for (const bounds of overlapping) {
		nestOverlapping(open, close, bounds, parent);
		dealTracks(open, close, bounds, {above, track});
		identical += countIdentical(open, close, bounds, parent);
	}

	return {parent, above, track, identical};
};

export const nestRanges = (ranges: RangePoints): Nesting => {
	const {order, starts, threads, threadPlace} = orderRanges(ranges);
	const isInOrder = isIdentity(order);
	const open = isInOrder ? ranges.open : pickRows(ranges.open, order);
	const close = isInOrder ? ranges.close : pickRows(ranges.close, order);
	const {identical, ...found} = findParents(open, close, starts);
	return {
		order: isInOrder ? undefined : order,
		nested: {
			length: ranges.length,
			threads,
			threadPlace,
			threadStarts: starts,
			open,
			close,
			...found,
		},
		identical,
	};
};
