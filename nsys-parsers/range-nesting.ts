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
 */

import {assert} from '../base/assert.ts';
import {ascendingOrder} from './ascending-order.ts';
import {countRows, fill, pickIndices, pickRows} from './fill-column.ts';

/** Ranges in the order in which they were recorded. Any points will do that rise with time: times, line numbers. */
export interface RangePoints {
	readonly length: number;
	readonly thread: Uint32Array;
	readonly open: Float64Array;
	/** Never before `open`. */
	readonly close: Float64Array;
}

export interface Nesting {
	/**
	 * The given rows, thread by thread in order of their first range; in a thread by opening, the longer range first.
	 * A range stands behind all that contain it.
	 */
	readonly order: Uint32Array;
	/** By place in `order`: the place of the parent, -1 at the top. */
	readonly parent: Int32Array;
	/** Ranges that are identical with their parent. */
	readonly identical: number;
}

/** Where ranges open at the same point, the one that closes last goes first. */
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

/** Rows by thread, keeping their order; threads in order of their first opening, then of their number. */
const groupByThread = (rows: Uint32Array, {thread, open}: RangePoints): Uint32Array => {
	const firstOpening = new Map<number, number>();
	for (const row of rows) {
		const value = Number(thread[row]);
		if (!firstOpening.has(value)) {
			firstOpening.set(value, Number(open[row]));
		}
	}

	const inOrder = [...firstOpening].toSorted((a, b) => a[1] - b[1] || a[0] - b[0]);
	const rank = new Map(inOrder.map(([value], index) => [value, index]));
	const ranks = fill(
		new Float64Array(rows.length),
		(place) => rank.get(Number(thread[Number(rows[place])])) ?? 0,
	);
	return pickIndices(rows, ascendingOrder(ranks));
};

/** How many ranges of the stack, counted from its bottom, end at `end` or later. */
const countContaining = (stack: readonly number[], close: Float64Array, end: number): number => {
	let low = 0;
	let high = stack.length;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if (Number(close[Number(stack[middle - 1])]) >= end) {
			low = middle;
		} else {
			high = middle - 1;
		}
	}

	return low;
};

/**
 * Parents within one thread: the places from..to of the sorted columns.
 *
 * The stack holds the open ranges that can still be somebody's parent. From bottom to top their ends fall and their
 * lengths do not grow: a range that ends no later than another and is longer will never be chosen over it, so it goes.
 * The ranges that contain the next one are then the lower part of the stack, and the shortest of them is its upmost.
 */
const nestThread = (
	open: Float64Array,
	close: Float64Array,
	[from, to]: readonly [number, number],
	parent: Int32Array,
): void => {
	const stack: number[] = [];
	const lengthOf = (place: number): number => Number(close[place]) - Number(open[place]);
	for (let place = from; place < to; place++) {
		while (stack.length > 0 && Number(close[Number(stack.at(-1))]) < Number(open[place])) {
			stack.pop();
		}

		const containing = countContaining(stack, close, Number(close[place]));
		parent[place] = stack[containing - 1] ?? -1;
		if (containing === stack.length) {
			stack.push(place);
			continue;
		}

		let useless = containing;
		while (useless < stack.length && lengthOf(Number(stack[useless])) > lengthOf(place)) {
			useless++;
		}

		stack.splice(containing, useless - containing, place);
	}
};

/** Calls `visit` with the bounds of each thread's ranges, in columns that are grouped by thread. */
export const forEachThread = (
	thread: Uint32Array,
	visit: (bounds: readonly [number, number]) => void,
): void => {
	for (let from = 0; from < thread.length;) {
		let to = from + 1;
		while (to < thread.length && thread[to] === thread[from]) {
			to++;
		}

		visit([from, to]);
		from = to;
	}
};

const countIdentical = (open: Float64Array, close: Float64Array, parent: Int32Array): number =>
	countRows(parent.length, (place) => {
		const above = Number(parent[place]);
		return above >= 0 && open[above] === open[place] && close[above] === close[place];
	});

export const nestRanges = (ranges: RangePoints): Nesting => {
	const byOpening = ascendingOrder(ranges.open);
	putLongerFirst(byOpening, ranges);
	const order = groupByThread(byOpening, ranges);
	const open = pickRows(ranges.open, order);
	const close = pickRows(ranges.close, order);
	const thread = pickIndices(ranges.thread, order);
	const parent = new Int32Array(order.length);
	forEachThread(thread, (bounds) => nestThread(open, close, bounds, parent));
	assert(order.length === ranges.length, 'every range has its place');
	return {order, parent, identical: countIdentical(open, close, parent)};
};
