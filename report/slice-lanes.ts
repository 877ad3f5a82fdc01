/**
 * Puts the slices of each track in order and deals those that overlap without nesting onto lanes. Viewers draw a thread as
 * a stack of calls and misplace a slice that outlives the one it started in.
 *
 *   lane 1   [ a           ]  [ d  ]
 *              [ b ]
 *   lane 2          [ c       ]
 */

import type {SliceColumns} from './slice-columns.ts';

export interface DealtSlices {
	/** All slices, by track, then by start, the longer of two first: whoever holds stands before whom it holds. */
	readonly order: Uint32Array;
	/** Lane of each slice, 0 the first, in that order. */
	readonly lanes: Uint32Array;
	/** Lanes of each track; at least one. */
	readonly laneCounts: readonly number[];
}

/** Slices by track, in the order that they came in, and where each track's begin; one more entry ends the last. */
const groupByTrack = ({count, tracks}: SliceColumns, trackCount: number) => {
	const starts = new Uint32Array(trackCount + 1);
	for (let slice = 0; slice < count; slice++) {
		const next = (tracks[slice] ?? 0) + 1;
		starts[next] = (starts[next] ?? 0) + 1;
	}

	for (let track = 1; track <= trackCount; track++) {
		starts[track] = (starts[track] ?? 0) + (starts[track - 1] ?? 0);
	}

	const order = new Uint32Array(count);
	const ends = starts.slice();
	for (let slice = 0; slice < count; slice++) {
		const track = tracks[slice] ?? 0;
		const place = ends[track] ?? 0;
		order[place] = slice;
		ends[track] = place + 1;
	}

	return {order, starts};
};

const sortTrack = (slices: Uint32Array, {starts, durations}: SliceColumns): void => {
	const compare = (a: number, b: number): number =>
		(starts[a] ?? 0) - (starts[b] ?? 0) || (durations[b] ?? 0) - (durations[a] ?? 0) || a - b;
	for (let place = 1; place < slices.length; place++) {
		if (compare(slices[place - 1] ?? 0, slices[place] ?? 0) > 0) {
			slices.sort(compare);
			return;
		}
	}
};

/** The first lane where all slices so far end before this one starts, or after it ends. */
const findLane = (lanes: number[][], start: number, end: number): number => {
	let lane = 0;
	for (const open of lanes) {
		let innermost = open.at(-1);
		while (innermost !== undefined && innermost <= start) {
			open.pop();
			innermost = open.at(-1);
		}

		if (innermost === undefined || innermost >= end) {
			open.push(end);
			return lane;
		}

		lane++;
	}

	lanes.push([end]);
	return lane;
};

export const dealSlices = (slices: SliceColumns, trackCount: number): DealtSlices => {
	const {order, starts} = groupByTrack(slices, trackCount);
	const dealt = new Uint32Array(slices.count);
	const laneCounts: number[] = [];
	for (let track = 0; track < trackCount; track++) {
		const [from, to] = [starts[track] ?? 0, starts[track + 1] ?? 0];
		sortTrack(order.subarray(from, to), slices);
		const lanes: number[][] = [[]];
		for (let place = from; place < to; place++) {
			const slice = order[place] ?? 0;
			const start = slices.starts[slice] ?? 0;
			dealt[place] = findLane(lanes, start, start + (slices.durations[slice] ?? 0));
		}

		laneCounts.push(lanes.length);
	}

	return {order, lanes: dealt, laneCounts};
};
