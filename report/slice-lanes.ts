/**
 * Puts the slices of a track in order and deals those that overlap without nesting onto lanes. Viewers draw a thread as a
 * stack of calls and misplace a slice that outlives the one it started in.
 *
 *   lane 1   [ a           ]  [ d  ]
 *              [ b ]
 *   lane 2          [ c       ]
 */

import type {TrackSlices} from '../schemas/timeline.ts';

export interface DealtSlices {
	/** By start, the longer of two first: whoever holds stands before whom it holds. */
	readonly order: Uint32Array;
	/** Lane of each slice, 0 the first, in that order. */
	readonly lanes: Uint32Array;
	/** At least one. */
	readonly laneCount: number;
}

type Times = Pick<TrackSlices, 'startNs' | 'durationNs'>;

const ascends = (starts: Float64Array): boolean => {
	for (let slice = 1; slice < starts.length; slice++) {
		if (Number(starts[slice - 1]) > Number(starts[slice])) {
			return false;
		}
	}

	return true;
};

/** Sorting all takes seconds for a million; mostly, only the few that start together are out of order. */
const orderSlices = ({startNs, durationNs}: Times): Uint32Array => {
	const order = Uint32Array.from(startNs.keys());
	const compare = (a: number, b: number): number =>
		Number(startNs[a]) - Number(startNs[b]) ||
		Number(durationNs[b]) - Number(durationNs[a]) ||
		a - b;
	if (!ascends(startNs)) {
		return order.sort(compare);
	}

	for (let from = 0; from < order.length;) {
		let to = from + 1;
		while (to < order.length && startNs[to] === startNs[from]) {
			to++;
		}

		if (to - from > 1) {
			order.subarray(from, to).sort(compare);
		}

		from = to;
	}

	return order;
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

export const dealSlices = (times: Times): DealtSlices => {
	const order = orderSlices(times);
	const dealt = new Uint32Array(order.length);
	const lanes: number[][] = [[]];
	for (let place = 0; place < order.length; place++) {
		const slice = Number(order[place]);
		const start = Number(times.startNs[slice]);
		dealt[place] = findLane(lanes, start, start + Number(times.durationNs[slice]));
	}

	return {order, lanes: dealt, laneCount: lanes.length};
};
