/**
 * Projects ranges onto the GPU that lie across each other in any way, one by one:
 *
 *     range     |---------------|
 *     calls   a   b  c       d    e     by start: b, c and d are a stretch of the thread's calls
 *     GPU         |b|    |d| |c|        their operations, put in order, give the span and the union
 *
 * What a range takes grows with the calls inside of it, however many ranges are open at once. For ranges that nest,
 * gpu-projection.ts gives the same and looks for the range of each call once.
 */

import {ascendingOrder, ascends} from './ascending-order.ts';
import {groupRows, pickIndices, pickRows} from './fill-column.ts';
import type {Groups} from './fill-column.ts';
import type {GpuOperations} from './gpu-operations.ts';
import type {RangeGpuColumns, TimedOperations} from './gpu-projection.ts';
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

/** Calls of each thread that has ranges, by start. */
const orderCalls = (ranges: LooseRanges, {length, thread, startNs}: LaunchCalls): Groups => {
	let threads = 0;
	for (const number of ranges.thread) {
		threads = number >= threads ? number + 1 : threads;
	}

	const isAsked = new Uint8Array(threads);
	for (const number of ranges.thread) {
		if (number >= 0) {
			isAsked[number] = 1;
		}
	}

	const group = new Int32Array(length);
	for (let call = 0; call < length; call++) {
		const number = Number(thread[call]);
		group[call] = number >= 0 && isAsked[number] === 1 ? number : -1;
	}

	const {from, rows} = groupRows(group, threads);
	for (let number = 0; number < threads; number++) {
		const own = rows.subarray(from[number], from[number + 1]);
		if (!ascends(startNs, own)) {
			own.set(pickIndices(own, ascendingOrder(pickRows(startNs, own))));
		}
	}

	return {from, rows};
};

/** By launch: the places of its operations in the order of starts. */
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

/** The first of the places low..high whose call starts at `at` or later. */
const findFirstCall = (
	{startNs}: LaunchCalls,
	rows: Uint32Array,
	[low, high]: readonly [number, number],
	at: number,
): number => {
	let from = low;
	let to = high;
	while (from < to) {
		const middle = (from + to) >> 1;
		if (Number(startNs[Number(rows[middle])]) < at) {
			from = middle + 1;
		} else {
			to = middle;
		}
	}

	return from;
};

/** Looks for the launches of one range after another. */
class LaunchFinder {
	private readonly calls: LaunchCalls;
	private readonly byThread: Groups;
	private readonly ranges: LooseRanges;
	/** By launch: the last range that it was found for. */
	private readonly foundFor: Int32Array;
	/** Room for all. */
	private readonly found: Int32Array;

	constructor(ranges: LooseRanges, calls: LaunchCalls, launches: number) {
		this.calls = calls;
		this.ranges = ranges;
		this.byThread = orderCalls(ranges, calls);
		this.foundFor = new Int32Array(launches).fill(-1);
		this.found = new Int32Array(launches);
	}

	/** Launches with a call inside of a range, each once. The array is good until the next call. */
	list(range: number): Int32Array {
		const {calls, byThread, foundFor, found} = this;
		let count = 0;
		const thread = Number(this.ranges.thread[range]);
		const closes = Number(this.ranges.endNs[range]);
		const to = Number(byThread.from[thread + 1]);
		const bounds = [Number(byThread.from[thread]), to] as const;
		const opens = Number(this.ranges.startNs[range]);
		for (let at = findFirstCall(calls, byThread.rows, bounds, opens); at < to; at++) {
			const call = Number(byThread.rows[at]);
			if (Number(calls.startNs[call]) > closes) {
				break;
			}

			const launch = Number(calls.launch[call]);
			if (Number(calls.endNs[call]) <= closes && foundFor[launch] !== range) {
				foundFor[launch] = range;
				found[count++] = launch;
			}
		}

		return found.subarray(0, count);
	}
}

/** Measures what some launches started on the GPU. */
class WorkMeter {
	firstStartNs = 0;
	spanNs = 0;
	busyNs = 0;
	private readonly operations: GpuOperations;
	private readonly order: Uint32Array;
	private readonly byLaunch: Groups;
	/** Room for all. */
	private readonly places: Int32Array;

	constructor(launches: number, operations: GpuOperations, timed: TimedOperations) {
		this.operations = operations;
		this.order = timed.order;
		this.byLaunch = groupOperations(launches, operations, timed);
		this.places = new Int32Array(timed.order.length);
	}

	measure(launches: Int32Array): void {
		const {operations, order} = this;
		let lastEnd = 0;
		this.firstStartNs = 0;
		this.busyNs = 0;
		const places = this.listPlaces(launches);
		for (let at = 0; at < places.length; at++) {
			const row = Number(order[Number(places[at])]);
			const start = Number(operations.startNs[row]);
			const end = Number(operations.endNs[row]);
			if (at === 0) {
				this.firstStartNs = start;
				this.busyNs = end - start;
				lastEnd = end;
			} else if (end > lastEnd) {
				this.busyNs += end - (start > lastEnd ? start : lastEnd);
				lastEnd = end;
			}
		}

		this.spanNs = lastEnd - this.firstStartNs;
	}

	private listPlaces(launches: Int32Array): Int32Array {
		const {places} = this;
		const {from, rows} = this.byLaunch;
		let count = 0;
		let last = -1;
		let isInOrder = true;
		for (const launch of launches) {
			const to = Number(from[launch + 1]);
			for (let at = Number(from[launch]); at < to; at++) {
				const place = Number(rows[at]);
				isInOrder &&= place > last;
				last = place;
				places[count++] = place;
			}
		}

		const own = places.subarray(0, count);
		return isInOrder ? own : own.sort();
	}
}

/** @param launches how many there are; the calls' and operations' are below */
export const projectLooseRanges = (
	ranges: LooseRanges,
	calls: LaunchCalls,
	launches: number,
	operations: GpuOperations,
	timed: TimedOperations,
): RangeGpuColumns => {
	const finder = new LaunchFinder(ranges, calls, launches);
	const meter = new WorkMeter(launches, operations, timed);
	const columns = {
		firstStartNs: new Float64Array(ranges.length),
		spanNs: new Float64Array(ranges.length),
		busyNs: new Float64Array(ranges.length),
		launches: new Uint32Array(ranges.length),
	};
	for (let range = 0; range < ranges.length; range++) {
		if (Number(ranges.thread[range]) >= 0) {
			const found = finder.list(range);
			meter.measure(found);
			columns.launches[range] = found.length;
			columns.firstStartNs[range] = meter.firstStartNs;
			columns.spanNs[range] = meter.spanNs;
			columns.busyNs[range] = meter.busyNs;
		}
	}

	return columns;
};
