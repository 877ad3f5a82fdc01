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

import {pickRows} from './fill-column.ts';
import {dealTracks, nestOverlapping} from './overlapping-ranges.ts';
import {orderRanges} from './range-order.ts';
import type {RangePoints} from './range-order.ts';
import type {SpareColumns} from './spare-columns.ts';

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
	spare: SpareColumns | undefined,
): Parents => {
	const parent = spare?.integers(open.length) ?? new Int32Array(open.length);
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

/** @param spare gets the given columns as soon as they are in order; they stay the giver's where there is none */
export const nestRanges = (ranges: RangePoints, spare?: SpareColumns): Nesting => {
	const {order, starts, threads, threadPlace} = orderRanges(ranges, spare);
	const isInOrder = isIdentity(order);
	const putInOrder = (column: Float64Array): Float64Array => {
		if (isInOrder) {
			return column;
		}

		const ordered = pickRows(column, order, spare?.doubles(order.length));
		spare?.give(column);
		return ordered;
	};

	spare?.give(ranges.thread);
	const open = putInOrder(ranges.open);
	const close = putInOrder(ranges.close);
	const {identical, ...found} = findParents(open, close, starts, spare);
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
