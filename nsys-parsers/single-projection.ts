/**
 * Projects loose ranges one by one:
 *
 *     range     |---------------|
 *     calls   a   b  c       d    e     by start: b, c and d are a stretch of the thread's calls
 *     GPU         |b|    |d| |c|        their operations, put in order, give the span and the union
 */

import type {RangeGpuColumns} from './gpu-projection.ts';
import {findFirst} from './loose-work.ts';
import type {LooseWork} from './loose-work.ts';

/** Looks for the launches of one range after another. */
class LaunchFinder {
	private readonly work: LooseWork;
	/** By launch: the last range that it was found for. */
	private readonly foundFor: Int32Array;
	/** Room for all. */
	private readonly found: Int32Array;
	private readonly startOf: (place: number) => number;

	constructor(work: LooseWork) {
		const {calls, callsOf, launches} = work;
		this.work = work;
		this.foundFor = new Int32Array(launches).fill(-1);
		this.found = new Int32Array(launches);
		this.startOf = (place) => Number(calls.startNs[Number(callsOf.rows[place])]);
	}

	/** Launches with a call inside of a range, each once. The array is good until the next call. */
	list(range: number): Int32Array {
		const {foundFor, found} = this;
		const {calls, callsOf, ranges} = this.work;
		let count = 0;
		const thread = Number(ranges.thread[range]);
		const closes = Number(ranges.endNs[range]);
		const from = Number(callsOf.from[thread]);
		const to = Number(callsOf.from[thread + 1]);
		for (let at = findFirst(this.startOf, from, to, Number(ranges.startNs[range])); at < to; at++) {
			const call = Number(callsOf.rows[at]);
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
	private readonly work: LooseWork;
	/** Room for all. */
	private readonly places: Int32Array;

	constructor(work: LooseWork) {
		this.work = work;
		this.places = new Int32Array(work.order.length);
	}

	measure(launches: Int32Array): void {
		const {operations, order} = this.work;
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
		const {from, rows} = this.work.placesOf;
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

export const projectSingly = (work: LooseWork): RangeGpuColumns => {
	const {length, thread} = work.ranges;
	const finder = new LaunchFinder(work);
	const meter = new WorkMeter(work);
	const columns = {
		firstStartNs: new Float64Array(length),
		spanNs: new Float64Array(length),
		busyNs: new Float64Array(length),
		launches: new Uint32Array(length),
	};
	for (let range = 0; range < length; range++) {
		if (Number(thread[range]) >= 0) {
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
