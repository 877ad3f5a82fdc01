/** Slices of a timeline's track out of columns of times, in order of their starts. */

import type {SliceText, TrackSlices} from '../schemas/timeline.ts';
import {ascendingOrder} from './ascending-order.ts';
import {pickRows} from './fill-column.ts';

/** Columns of starts and ends, ns since the trace's origin, and which of their rows a track shows. */
export interface TimedRows {
	readonly startNs: Float64Array;
	readonly endNs: Float64Array;
	readonly rows: Uint32Array;
}

/**
 * What a double can hold with every slice's times counted from the first one. Rows outside (52 days before the first
 * range, say, as damaged files have them) are not shown, nor are those that end before they start.
 */
export class TimelineWindow {
	/** Added to every time: a timeline has none below 0, but work can begin before the first range. */
	readonly shift: number;

	/** @param columns all that the timeline can show */
	constructor(columns: readonly TimedRows[]) {
		let first = 0;
		for (const {startNs, endNs, rows} of columns) {
			for (const row of rows) {
				const start = Number(startNs[row]);
				if (start < first && start >= -(2 ** 52) && Number(endNs[row]) >= start) {
					first = start;
				}
			}
		}

		this.shift = -first;
	}

	shows(startNs: number, endNs: number): boolean {
		const {shift} = this;
		return startNs >= -shift && endNs >= startNs && endNs + shift <= Number.MAX_SAFE_INTEGER;
	}

	/** Of the rows of a column, those that are shown. */
	choose({startNs, endNs, rows}: TimedRows): Uint32Array {
		const chosen = new Uint32Array(rows.length);
		let count = 0;
		for (const row of rows) {
			if (this.shows(Number(startNs[row]), Number(endNs[row]))) {
				chosen[count++] = row;
			}
		}

		return chosen.subarray(0, count);
	}
}

/** @param describe gets a row */
export const makeSlices = (
	window: TimelineWindow,
	column: TimedRows,
	describe: (row: number) => SliceText,
): TrackSlices => {
	const rows = window.choose(column);
	const startNs = new Float64Array(rows.length);
	const durationNs = new Float64Array(rows.length);
	for (let slice = 0; slice < rows.length; slice++) {
		const row = Number(rows[slice]);
		startNs[slice] = Number(column.startNs[row]) + window.shift;
		durationNs[slice] = Number(column.endNs[row]) - Number(column.startNs[row]);
	}

	return {startNs, durationNs, describe: (slice) => describe(Number(rows[slice]))};
};

const joinColumns = (first: Float64Array, second: Float64Array): Float64Array => {
	const joined = new Float64Array(first.length + second.length);
	joined.set(first);
	joined.set(second, first.length);
	return joined;
};

/** Both on one track; of slices with the same times, those of the first hold those of the second. */
export const mergeSlices = (first: TrackSlices, second: TrackSlices): TrackSlices => {
	const startNs = joinColumns(first.startNs, second.startNs);
	const order = ascendingOrder(startNs);
	const count = first.startNs.length;
	return {
		startNs: pickRows(startNs, order),
		durationNs: pickRows(joinColumns(first.durationNs, second.durationNs), order),
		describe: (slice) => {
			const place = Number(order[slice]);
			return place < count ? first.describe(place) : second.describe(place - count);
		},
	};
};
