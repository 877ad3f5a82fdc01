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

import type {GpuOperations} from './gpu-operations.ts';
import {listOf, noRange} from './ranges-of-launches.ts';
import type {LaunchingRanges} from './ranges-of-launches.ts';
import type {NestedRanges} from './range-nesting.ts';
import {SpareColumns} from './spare-columns.ts';
import type {TimedOperations} from './timed-operations.ts';

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

/** Visits each range of a launch once, though several of its calls can lie in the same range. */
export class RangeVisitor {
	private readonly above: Int32Array;
	private readonly launching: LaunchingRanges;
	/** Made when it is needed: in most traces a launch has one innermost range. */
	private visitedBy = new Int32Array(0);
	private readonly found: number[] = [];

	constructor({above}: NestedRanges, launching: LaunchingRanges) {
		this.above = above;
		this.launching = launching;
	}

	/**
	 * The ranges of a launch. One with a single innermost range is the common case: go up from it.
	 * @param visit a number above 0, never given before
	 */
	list(launch: number, visit: number): readonly number[] {
		if (this.visitedBy.length === 0) {
			this.visitedBy = new Int32Array(this.above.length);
		}

		this.found.length = 0;
		const {first, next, range} = this.launching;
		const known = Number(first[launch]);
		if (known >= 0) {
			this.visit(known, visit);
		} else if (known !== noRange) {
			for (let entry = listOf(known); entry >= 0; entry = Number(next[entry])) {
				this.visit(Number(range[entry]), visit);
			}
		}

		return this.found;
	}

	/** A range that was visited has had all above it visited too. */
	private visit(innermost: number, visit: number): void {
		for (let range = innermost; range >= 0; range = Number(this.above[range])) {
			if (this.visitedBy[range] === visit) {
				return;
			}

			this.visitedBy[range] = visit;
			this.found.push(range);
		}
	}
}

/** What ranges know of their operations so far. */
class Projection {
	readonly firstStartNs: Float64Array;
	readonly lastEndNs: Float64Array;
	readonly busyNs: Float64Array;
	readonly launches: Uint32Array;

	constructor(ranges: number, spare: SpareColumns) {
		this.launches = spare.indices(ranges);
		this.firstStartNs = spare.doubles(ranges);
		this.lastEndNs = spare.doubles(ranges);
		this.busyNs = spare.doubles(ranges);
	}

	/**
	 * Operations come in order of their starts. The first one of a range is the first one of its launch.
	 * @param launches 1 for the first operation of a launch, else 0
	 */
	add(range: number, start: number, end: number, launches: number): void {
		const before = Number(this.launches[range]);
		this.launches[range] = before + launches;
		if (before === 0) {
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

	/** A launch whose operations have no times. Only when all others were added. */
	addUntimed(range: number): void {
		this.launches[range] = Number(this.launches[range]) + 1;
	}

	/** The spans take the place of the last ends. */
	finish(): RangeGpuColumns {
		const spanNs = this.lastEndNs;
		for (let range = 0; range < spanNs.length; range++) {
			spanNs[range] = Number(spanNs[range]) - Number(this.firstStartNs[range]);
		}

		const {firstStartNs, busyNs, launches} = this;
		return {firstStartNs, spanNs, busyNs, launches};
	}
}

/** @param seen by launch; 1 is set for those that have an operation with times */
const addOperations = (
	ranges: NestedRanges,
	launching: LaunchingRanges,
	{startNs, endNs, launch}: GpuOperations,
	order: Uint32Array,
	[projection, seen]: readonly [Projection, Uint8Array],
): void => {
	const {above} = ranges;
	const {first} = launching;
	const visitor = new RangeVisitor(ranges, launching);
	for (let step = 0; step < order.length; step++) {
		const row = Number(order[step]);
		const number = Number(launch[row]);
		const innermost = number < 0 ? noRange : Number(first[number]);
		if (innermost === noRange) {
			continue;
		}

		const start = Number(startNs[row]);
		const end = Number(endNs[row]);
		const launches = 1 - Number(seen[number]);
		seen[number] = 1;
		if (innermost >= 0) {
			for (let range = innermost; range >= 0; range = Number(above[range])) {
				projection.add(range, start, end, launches);
			}
		} else {
			for (const range of visitor.list(number, step + 1)) {
				projection.add(range, start, end, launches);
			}
		}
	}
};

/** Launches none of whose operations has times count all the same. */
const addUntimedLaunches = (
	ranges: NestedRanges,
	launching: LaunchingRanges,
	[projection, seen]: readonly [Projection, Uint8Array],
): void => {
	const visitor = new RangeVisitor(ranges, launching);
	for (let launch = 0; launch < seen.length; launch++) {
		if (seen[launch] === 0 && launching.first[launch] !== noRange) {
			for (const range of visitor.list(launch, launch + 1)) {
				projection.addUntimed(range);
			}
		}
	}
};

export const projectOntoGpu = (
	ranges: NestedRanges,
	launching: LaunchingRanges,
	operations: GpuOperations,
	{order}: TimedOperations,
	spare = new SpareColumns(),
): RangeGpuColumns => {
	const counts = [
		new Projection(ranges.length, spare),
		new Uint8Array(launching.first.length),
	] as const;
	addOperations(ranges, launching, operations, order, counts);
	addUntimedLaunches(ranges, launching, counts);
	return counts[0].finish();
};
