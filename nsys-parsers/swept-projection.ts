/**
 * Projects loose ranges thread by thread in the order of their ends, however many lie in each other. When a range's turn
 * comes, the calls that ended by then have been added; inside of it are those that also started when it had, which are the
 * last ones by start:
 *
 *     range                |------------|
 *     calls, by start    a    b  c          (d)       added: a, b, c, of which the range has those from b on
 *
 * So launches, first starts, last ends and covered time are columns by the place of the call among the starts, asked for
 * what stands from some place on. A launch with several calls, and a time when several launches ran, stand at the last of
 * their calls: who has any of them has that one.
 */

import {ascendingOrder} from './ascending-order.ts';
import type {RangeGpuColumns} from './gpu-projection.ts';
import {LatestCover} from './latest-cover.ts';
import {findFirst} from './loose-work.ts';
import type {LooseWork} from './loose-work.ts';
import {SuffixLeasts, SuffixSums} from './suffix-columns.ts';

const none = -1;

/** Of a thread's launches: when their operations begin and end, each end once for each call. */
const listEnds = (work: LooseWork, calls: Uint32Array): Float64Array => {
	const {operations, order, placesOf} = work;
	const launchOf = (call: number): number => Number(work.calls.launch[call]);
	let count = 0;
	for (const call of calls) {
		const launch = launchOf(call);
		count += Number(placesOf.from[launch + 1]) - Number(placesOf.from[launch]);
	}

	const ends = new Float64Array(2 * count);
	let next = 0;
	for (const call of calls) {
		const launch = launchOf(call);
		for (let at = Number(placesOf.from[launch]); at < Number(placesOf.from[launch + 1]); at++) {
			const row = Number(order[Number(placesOf.rows[at])]);
			ends[next++] = Number(operations.startNs[row]);
			ends[next++] = Number(operations.endNs[row]);
		}
	}

	return ends;
};

/** What the calls of a thread launched, those that ended so far. */
class EndedCalls {
	private readonly work: LooseWork;
	/** By start. */
	private readonly calls: Uint32Array;
	/** By launch: the place of its last call so far. Shared by threads in turn. */
	private readonly placeOf: Int32Array;
	private readonly launches: SuffixSums;
	private readonly firstStarts: SuffixLeasts;
	/** With the sign turned. */
	private readonly lastEnds: SuffixLeasts;
	private readonly cover: LatestCover;

	constructor(work: LooseWork, calls: Uint32Array, placeOf: Int32Array) {
		this.work = work;
		this.calls = calls;
		this.placeOf = placeOf;
		this.launches = new SuffixSums(calls.length);
		this.firstStarts = new SuffixLeasts(calls.length);
		this.lastEnds = new SuffixLeasts(calls.length);
		this.cover = new LatestCover(listEnds(work, calls), calls.length);
	}

	add(place: number): void {
		const launch = Number(this.work.calls.launch[Number(this.calls[place])]);
		const known = Number(this.placeOf[launch]);
		// Whatever range has this call has the other one, too.
		if (known > place) {
			return;
		}

		if (known !== none) {
			this.launches.add(known, -1);
		}

		this.placeOf[launch] = place;
		this.launches.add(place, 1);
		this.addOperations(launch, place);
	}

	/** Fills in a range of which the calls from a place on are. */
	project(range: number, place: number, into: RangeGpuColumns): void {
		const first = this.firstStarts.from(place);
		into.launches[range] = this.launches.from(place);
		if (first !== Infinity) {
			into.firstStartNs[range] = first;
			into.spanNs[range] = -this.lastEnds.from(place) - first;
			into.busyNs[range] = this.cover.coveredFrom(place);
		}
	}

	/** Makes ready for the next thread. */
	finish(): void {
		for (const call of this.calls) {
			this.placeOf[Number(this.work.calls.launch[call])] = none;
		}
	}

	private addOperations(launch: number, place: number): void {
		const {operations, order, placesOf} = this.work;
		const to = Number(placesOf.from[launch + 1]);
		for (let at = Number(placesOf.from[launch]); at < to; at++) {
			const row = Number(order[Number(placesOf.rows[at])]);
			const start = Number(operations.startNs[row]);
			const end = Number(operations.endNs[row]);
			this.firstStarts.lower(place, start);
			this.lastEnds.lower(place, -end);
			this.cover.put(start, end, place);
		}
	}
}

/** Ranges by thread, each thread's by end. */
const orderRanges = ({ranges: {length, thread, endNs}}: LooseWork, threads: number) => {
	const byThread = Array.from({length: threads}, (): number[] => []);
	for (const range of ascendingOrder(endNs.subarray(0, length))) {
		byThread[Number(thread[range])]?.push(range);
	}

	return byThread;
};

/** When a call is over: one whose end lies before its start counts from its start. */
const overAt = (work: LooseWork, calls: Uint32Array): Float64Array =>
	Float64Array.from(calls, (call) =>
		Math.max(Number(work.calls.startNs[call]), Number(work.calls.endNs[call])),
	);

const sweepThread = (
	work: LooseWork,
	calls: Uint32Array,
	ranges: readonly number[],
	placeOf: Int32Array,
	into: RangeGpuColumns,
): void => {
	const {startNs, endNs} = work.ranges;
	const startOf = (place: number): number => Number(work.calls.startNs[Number(calls[place])]);
	const over = overAt(work, calls);
	const byEnd = ascendingOrder(over);
	const ended = new EndedCalls(work, calls, placeOf);
	let next = 0;
	for (const range of ranges) {
		for (; next < byEnd.length; next++) {
			const place = Number(byEnd[next]);
			if (Number(over[place]) > Number(endNs[range])) {
				break;
			}

			ended.add(place);
		}

		ended.project(range, findFirst(startOf, 0, calls.length, Number(startNs[range])), into);
	}

	ended.finish();
};

export const projectSweeping = (work: LooseWork): RangeGpuColumns => {
	const {callsOf, ranges} = work;
	const columns = {
		firstStartNs: new Float64Array(ranges.length),
		spanNs: new Float64Array(ranges.length),
		busyNs: new Float64Array(ranges.length),
		launches: new Uint32Array(ranges.length),
	};
	const placeOf = new Int32Array(work.launches).fill(none);
	const threads = callsOf.from.length - 1;
	for (const [thread, own] of orderRanges(work, threads).entries()) {
		const calls = callsOf.rows.subarray(callsOf.from[thread], callsOf.from[thread + 1]);
		if (own.length > 0 && calls.length > 0) {
			sweepThread(work, calls, own, placeOf, columns);
		}
	}

	return columns;
};
