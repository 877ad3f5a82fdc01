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
import type {Launches} from './correlations.ts';
import {numberLaunches} from './correlations.ts';
import {countRows, fill, pickIndices, pickRows} from './fill-column.ts';
import type {GpuOperations} from './gpu-operations.ts';
import {findLaunchingRanges} from './launching-ranges.ts';
import type {ApiCalls} from './launching-ranges.ts';
import type {RangePoints} from './range-nesting.ts';
import {dealTracks} from './range-tracks.ts';

/** By range. All 0 where nothing was launched. */
export interface RangeGpuColumns {
	/** Start of the first operation, ns since the base. */
	readonly firstStartNs: Float64Array;
	/** First start to last end, ns. */
	readonly spanNs: Float64Array;
	/** Length of the operations' union, ns. */
	readonly busyNs: Float64Array;
	/** Distinct correlation ids. */
	readonly operations: Uint32Array;
}

/** The trace's GPU work as a whole. Times are sums over operations, ns. */
export interface GpuWork {
	readonly operations: number;
	readonly timeNs: number;
	/** In no range: launched outside of all, or by a thread that had none open. */
	readonly unattributed: {readonly operations: number; readonly timeNs: number};
	/** Part of the unattributed: their call was not recorded, so nobody can tell where they belong. */
	readonly withoutCall: number;
	/** Counted, but their times make no sense (end before start, or none): in no span and no busy time. */
	readonly withoutTimes: number;
}

export interface GpuProjection {
	readonly ranges: RangeGpuColumns;
	readonly work: GpuWork;
}

/** Rows with times that a clock can have shown. CUPTI writes zeros where it has none: `zeroNs` is that zero here. */
const findTimed = ({length, startNs, endNs}: GpuOperations, zeroNs: number): Uint32Array => {
	const timed = new Uint32Array(length);
	let count = 0;
	for (let row = 0; row < length; row++) {
		const start = Number(startNs[row]);
		const end = Number(endNs[row]);
		if (end >= start && !(start === zeroNs && end === zeroNs)) {
			timed[count++] = row;
		}
	}

	return timed.subarray(0, count);
};

/** Timed operations by start. */
const orderByStart = (operations: GpuOperations, timed: Uint32Array): Uint32Array =>
	pickIndices(timed, ascendingOrder(pickRows(operations.startNs, timed)));

/** Visits each range of a launch once, though several of its calls can lie in the same range. */
const rangeVisitor = (
	above: Int32Array,
	launching: {readonly from: Uint32Array; readonly range: Int32Array},
) => {
	const visitedBy = new Int32Array(above.length).fill(-1);
	return (launch: number, visit: number, act: (range: number) => void): void => {
		const to = Number(launching.from[launch + 1]);
		for (let entry = Number(launching.from[launch]); entry < to; entry++) {
			let range = Number(launching.range[entry]);
			// A range that was visited has had all above it visited too.
			while (range >= 0 && visitedBy[range] !== visit) {
				visitedBy[range] = visit;
				act(range);
				range = Number(above[range]);
			}
		}
	};
};

type VisitRanges = ReturnType<typeof rangeVisitor>;

const countOperations = (
	launches: number,
	ranges: number,
	visitRanges: VisitRanges,
): Uint32Array => {
	const counts = new Uint32Array(ranges);
	for (let launch = 0; launch < launches; launch++) {
		visitRanges(launch, launch, (range) => {
			counts[range] = Number(counts[range]) + 1;
		});
	}

	return counts;
};

/** Spans and unions, by feeding each range its operations in order of their starts. */
const measureRanges = (
	operations: GpuOperations,
	order: Uint32Array,
	{ofOperation, count}: Launches,
	[ranges, visitRanges]: readonly [number, VisitRanges],
): Omit<RangeGpuColumns, 'operations'> => {
	const firstStartNs = new Float64Array(ranges).fill(NaN);
	const lastEndNs = new Float64Array(ranges);
	const busyNs = new Float64Array(ranges);
	for (let step = 0; step < order.length; step++) {
		const row = Number(order[step]);
		const launch = Number(ofOperation[row]);
		if (launch < 0) {
			continue;
		}

		const start = Number(operations.startNs[row]);
		const end = Number(operations.endNs[row]);
		visitRanges(launch, count + step, (range) => {
			if (Number.isNaN(firstStartNs[range])) {
				firstStartNs[range] = lastEndNs[range] = start;
			}

			const covered = Number(lastEndNs[range]);
			if (end > covered) {
				busyNs[range] = Number(busyNs[range]) + end - Math.max(start, covered);
				lastEndNs[range] = end;
			}
		});
	}

	const orZero = (range: number, ns: number): number =>
		Number.isNaN(firstStartNs[range]) ? 0 : ns;
	return {
		spanNs: fill(lastEndNs, (range) =>
			orZero(range, Number(lastEndNs[range]) - Number(firstStartNs[range])),
		),
		firstStartNs: firstStartNs.map((start, range) => orZero(range, start)),
		busyNs,
	};
};

const summarize = (
	operations: GpuOperations,
	timed: Uint32Array,
	{ofOperation}: Launches,
	launching: {readonly from: Uint32Array; readonly called: Uint8Array},
): GpuWork => {
	const isAttributed = (row: number): boolean => {
		const launch = Number(ofOperation[row]);
		return launch >= 0 && Number(launching.from[launch + 1]) > Number(launching.from[launch]);
	};

	let timeNs = 0;
	let unattributedNs = 0;
	for (const row of timed) {
		const takes = Number(operations.endNs[row]) - Number(operations.startNs[row]);
		timeNs += takes;
		unattributedNs += isAttributed(row) ? 0 : takes;
	}

	return {
		operations: operations.length,
		timeNs,
		unattributed: {
			operations: countRows(operations.length, (row) => !isAttributed(row)),
			timeNs: unattributedNs,
		},
		withoutCall: countRows(
			operations.length,
			(row) => launching.called[Number(ofOperation[row])] !== 1,
		),
		withoutTimes: operations.length - timed.length,
	};
};

/**
 * @param ranges as nestRanges put them in order
 * @param calls their `thread` is the ranges', -1 for a thread that has none
 * @param zeroNs the session's time 0, in ns since the base
 */
export const projectOntoGpu = (
	ranges: RangePoints,
	calls: ApiCalls,
	operations: GpuOperations,
	zeroNs: number,
): GpuProjection => {
	const launches = numberLaunches(operations.process, operations.correlation);
	const tracks = dealTracks(ranges);
	const launching = findLaunchingRanges(ranges, tracks, calls, launches);
	const visitRanges = rangeVisitor(tracks.above, launching);
	const timed = findTimed(operations, zeroNs);
	return {
		ranges: {
			operations: countOperations(launches.count, ranges.length, visitRanges),
			...measureRanges(operations, orderByStart(operations, timed), launches, [
				ranges.length,
				visitRanges,
			]),
		},
		work: summarize(operations, timed, launches, launching),
	};
};
