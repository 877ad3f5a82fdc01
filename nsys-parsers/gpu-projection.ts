/**
 * Projects ranges onto the GPU: what ran there because of calls made inside a range.
 *
 *     thread   |------- range -------|
 *                 call 1     call 2
 *     GPU               |-op 1-|       |-op 2-|
 *                       |<------- span ------>|     busy = op 1 + op 2, without the gap
 *
 * A call belongs to every range of its thread that contains it, both ends included. An operation belongs to the calls
 * of its process that bear its correlation id. Operations are counted by distinct id: a graph of 100 kernels is one.
 */

import {ascendingOrder} from './ascending-order.ts';
import {pickIndices, pickRows} from './fill-column.ts';
import type {GpuOperations} from './gpu-operations.ts';
import type {LaunchingRanges} from './launching-ranges.ts';
import type {NestedRanges} from './range-nesting.ts';

/** By range. All 0 where nothing was launched. */
export interface RangeGpuColumns {
	/** Start of the first operation, ns since the base. */
	readonly firstStartNs: Float64Array;
	/** First start to last end, ns. */
	readonly spanNs: Float64Array;
	/** Length of the operations' union, ns. */
	readonly busyNs: Float64Array;
	/** Distinct correlation ids. */
	readonly launches: Uint32Array;
}

/** Operations with times that a clock can have shown, by start. CUPTI writes zeros where it has none. */
export interface TimedOperations {
	readonly order: Uint32Array;
	/** How many have none. */
	readonly withoutTimes: number;
}

/** @param zeroNs the session's time 0, in ns since the base */
export const orderOperations = (
	{length, startNs, endNs}: GpuOperations,
	zeroNs: number,
): TimedOperations => {
	const timed = new Uint32Array(length);
	let count = 0;
	for (let row = 0; row < length; row++) {
		const start = Number(startNs[row]);
		const end = Number(endNs[row]);
		if (end >= start && end - start < Infinity && !(start === zeroNs && end === zeroNs)) {
			timed[count++] = row;
		}
	}

	const rows = timed.subarray(0, count);
	return {
		order:
			count === length
				? ascendingOrder(startNs)
				: pickIndices(rows, ascendingOrder(pickRows(startNs, rows))),
		withoutTimes: length - count,
	};
};

/** Visits each range of a launch once, though several of its calls can lie in the same range. */
export class RangeVisitor {
	private readonly above: Int32Array;
	private readonly launching: LaunchingRanges;
	private readonly visitedBy: Int32Array;
	private readonly found: number[] = [];

	constructor({above}: NestedRanges, launching: LaunchingRanges) {
		this.above = above;
		this.launching = launching;
		this.visitedBy = new Int32Array(above.length);
	}

	/**
	 * The ranges of a launch with several entries. One with a single entry is the common case: go up from it.
	 * @param visit a number above 0, never given before
	 */
	list(launch: number, visit: number): readonly number[] {
		const {above, visitedBy, found} = this;
		found.length = 0;
		const {first, next, range: innermost} = this.launching;
		for (let entry = Number(first[launch]); entry >= 0; entry = Number(next[entry])) {
			let range = Number(innermost[entry]);
			// A range that was visited has had all above it visited too.
			while (range >= 0 && visitedBy[range] !== visit) {
				visitedBy[range] = visit;
				found.push(range);
				range = Number(above[range]);
			}
		}

		return found;
	}
}

class Projection {
	readonly firstStartNs: Float64Array;
	readonly lastEndNs: Float64Array;
	readonly busyNs: Float64Array;
	/** 1 where an operation was added. */
	readonly has: Uint8Array;

	constructor(ranges: number) {
		this.firstStartNs = new Float64Array(ranges);
		this.lastEndNs = new Float64Array(ranges);
		this.busyNs = new Float64Array(ranges);
		this.has = new Uint8Array(ranges);
	}

	/** Operations come in order of their starts. */
	add(range: number, start: number, end: number): void {
		if (this.has[range] === 0) {
			this.has[range] = 1;
			this.firstStartNs[range] = start;
			this.lastEndNs[range] = end;
			this.busyNs[range] = end - start;
			return;
		}

		const covered = Number(this.lastEndNs[range]);
		if (end > covered) {
			this.busyNs[range] = Number(this.busyNs[range]) + end - (start > covered ? start : covered);
			this.lastEndNs[range] = end;
		}
	}

	/** The spans take the place of the last ends. */
	finish(): Omit<RangeGpuColumns, 'launches'> {
		const spanNs = this.lastEndNs;
		for (let range = 0; range < spanNs.length; range++) {
			if (this.has[range] !== 0) {
				spanNs[range] = Number(spanNs[range]) - Number(this.firstStartNs[range]);
			}
		}

		return {firstStartNs: this.firstStartNs, spanNs, busyNs: this.busyNs};
	}
}

const measureRanges = (
	ranges: NestedRanges,
	launching: LaunchingRanges,
	{startNs, endNs, launch}: GpuOperations,
	order: Uint32Array,
): Omit<RangeGpuColumns, 'launches'> => {
	const {above} = ranges;
	const {first, next, range: innermost} = launching;
	const projection = new Projection(ranges.length);
	const visitor = new RangeVisitor(ranges, launching);
	for (let step = 0; step < order.length; step++) {
		const row = Number(order[step]);
		const number = Number(launch[row]);
		const entry = number < 0 ? -1 : Number(first[number]);
		if (entry < 0) {
			continue;
		}

		const start = Number(startNs[row]);
		const end = Number(endNs[row]);
		if (Number(next[entry]) < 0) {
			for (let range = Number(innermost[entry]); range >= 0; range = Number(above[range])) {
				projection.add(range, start, end);
			}
		} else {
			for (const range of visitor.list(number, step + 1)) {
				projection.add(range, start, end);
			}
		}
	}

	return projection.finish();
};

const countLaunches = (ranges: NestedRanges, launching: LaunchingRanges): Uint32Array => {
	const {above} = ranges;
	const {first, next, range: innermost} = launching;
	const counts = new Uint32Array(ranges.length);
	const visitor = new RangeVisitor(ranges, launching);
	for (let launch = 0; launch < first.length; launch++) {
		const entry = Number(first[launch]);
		if (entry < 0) {
			continue;
		}

		if (Number(next[entry]) < 0) {
			for (let range = Number(innermost[entry]); range >= 0; range = Number(above[range])) {
				counts[range] = Number(counts[range]) + 1;
			}
		} else {
			for (const range of visitor.list(launch, launch + 1)) {
				counts[range] = Number(counts[range]) + 1;
			}
		}
	}

	return counts;
};

export const projectOntoGpu = (
	ranges: NestedRanges,
	launching: LaunchingRanges,
	operations: GpuOperations,
	{order}: TimedOperations,
): RangeGpuColumns => ({
	...measureRanges(ranges, launching, operations, order),
	launches: countLaunches(ranges, launching),
});
