/** Ranges that lie across each other in any way, and what their threads launched: what their projections start from. */

import {ascendingOrder, ascends} from './ascending-order.ts';
import {groupRows, pickIndices, pickRows} from './fill-column.ts';
import type {Groups} from './fill-column.ts';
import type {GpuOperations} from './gpu-operations.ts';
import type {TimedOperations} from './timed-operations.ts';
import type {LaunchCalls} from './launching-ranges.ts';

/** Ranges in any order. */
export interface LooseRanges {
	readonly length: number;
	/** Numbered as the calls' threads; -1 for a range that is to have no projection. */
	readonly thread: Int32Array;
	readonly startNs: Float64Array;
	/** Never before the start. */
	readonly endNs: Float64Array;
}

export interface LooseWork {
	readonly ranges: LooseRanges;
	readonly calls: LaunchCalls;
	/** How many launches there are. */
	readonly launches: number;
	readonly operations: GpuOperations;
	/** Operations with times, by start. */
	readonly order: Uint32Array;
	/** By thread that has ranges: its calls that have times, by start. */
	readonly callsOf: Groups;
	/** By launch: the places of its operations in `order`. */
	readonly placesOf: Groups;
}

const listAskedThreads = ({thread}: LooseRanges): Uint8Array => {
	let threads = 0;
	for (let range = 0; range < thread.length; range++) {
		threads = Number(thread[range]) >= threads ? Number(thread[range]) + 1 : threads;
	}

	const isAsked = new Uint8Array(threads);
	for (let range = 0; range < thread.length; range++) {
		const number = Number(thread[range]);
		if (number >= 0) {
			isAsked[number] = 1;
		}
	}

	return isAsked;
};

const orderCalls = (ranges: LooseRanges, calls: LaunchCalls): Groups => {
	const {length, thread, startNs, endNs} = calls;
	const isAsked = listAskedThreads(ranges);
	const group = new Int32Array(length);
	for (let call = 0; call < length; call++) {
		const number = Number(thread[call]);
		// What began or ended at no time that is known lies in no range.
		const isTimed = Number.isFinite(startNs[call]) && Number.isFinite(endNs[call]);
		group[call] = isTimed && number >= 0 && isAsked[number] === 1 ? number : -1;
	}

	const {from, rows} = groupRows(group, isAsked.length);
	for (let number = 0; number < isAsked.length; number++) {
		const own = rows.subarray(from[number], from[number + 1]);
		if (ascends(startNs, own) === 'no') {
			own.set(pickIndices(own, ascendingOrder(pickRows(startNs, own))));
		}
	}

	return {from, rows};
};

const groupOperations = (
	launches: number,
	{launch}: GpuOperations,
	{order}: TimedOperations,
): Groups => {
	const group = new Int32Array(order.length);
	for (let place = 0; place < group.length; place++) {
		group[place] = Number(launch[Number(order[place])]);
	}

	return groupRows(group, launches);
};

/** @param launches how many there are; the calls' and operations' are below */
export const gatherLooseWork = (
	ranges: LooseRanges,
	calls: LaunchCalls,
	launches: number,
	operations: GpuOperations,
	timed: TimedOperations,
): LooseWork => ({
	ranges,
	calls,
	launches,
	operations,
	order: timed.order,
	callsOf: orderCalls(ranges, calls),
	placesOf: groupOperations(launches, operations, timed),
});

/** Of ascending keys: the first of the places low..high with a key of `at` or more; high where there is none. */
export const findFirst = (
	keyAt: (place: number) => number,
	low: number,
	high: number,
	at: number,
): number => {
	let from = low;
	let to = high;
	while (from < to) {
		const middle = (from + to) >> 1;
		if (keyAt(middle) < at) {
			from = middle + 1;
		} else {
			to = middle;
		}
	}

	return from;
};
