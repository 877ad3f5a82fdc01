/** GPU operations whose times make sense, in order. */

import {ascendingOrder} from './ascending-order.ts';
import {pickIndices, pickRows} from './fill-column.ts';
import type {GpuOperations} from './gpu-operations.ts';

/** Operations with times that a clock can have shown, by start. CUPTI writes zeros where it has none. */
export interface TimedOperations {
	readonly order: Uint32Array;
	/** How many have none. */
	readonly withoutTimes: number;
}

export interface OrderedOperations extends TimedOperations {
	/** The sum of their lengths, ns. */
	readonly timeNs: number;
}

/** @param zeroNs the session's time 0, in ns since the base */
export const orderOperations = (
	{length, startNs, endNs}: GpuOperations,
	zeroNs: number,
): OrderedOperations => {
	const isTimed = (row: number): boolean => {
		const start = Number(startNs[row]);
		const end = Number(endNs[row]);
		return end >= start && end - start < Infinity && !(start === zeroNs && end === zeroNs);
	};

	let count = 0;
	let timeNs = 0;
	for (let row = 0; row < length; row++) {
		if (isTimed(row)) {
			count++;
			timeNs += Number(endNs[row]) - Number(startNs[row]);
		}
	}

	if (count === length) {
		return {order: ascendingOrder(startNs), withoutTimes: 0, timeNs};
	}

	const rows = new Uint32Array(count);
	let place = 0;
	for (let row = 0; row < length; row++) {
		if (isTimed(row)) {
			rows[place++] = row;
		}
	}

	return {
		order: pickIndices(rows, ascendingOrder(pickRows(startNs, rows))),
		withoutTimes: length - count,
		timeNs,
	};
};
