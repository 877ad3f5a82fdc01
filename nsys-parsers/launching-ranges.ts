/** From launches to the ranges that their calls were made in. */

import {ascendingOrder} from './ascending-order.ts';
import type {Launches} from './correlations.ts';
import {pickRows} from './fill-column.ts';
import type {RangePoints} from './range-nesting.ts';
import {forEachThread} from './range-nesting.ts';
import {openRanges} from './range-tracks.ts';
import type {RangeTracks} from './range-tracks.ts';

/** Calls of the CUDA runtime and driver. Times are ns since the base. */
export interface ApiCalls {
	readonly length: number;
	readonly startNs: Float64Array;
	readonly endNs: Float64Array;
	/** As in the operations. */
	readonly process: Float64Array;
	/** Index of the thread in the ranges' numbering; -1 for a thread without ranges. */
	readonly thread: Int32Array;
	readonly correlation: Float64Array;
}

export interface LaunchingRanges {
	/** Launch -> its entries: from[launch] up to from[launch + 1]. */
	readonly from: Uint32Array;
	/** By entry: the innermost range of a track that contains one of the launch's calls. All above contain it too. */
	readonly range: Int32Array;
	/** By launch: 1 where at least one call bears its id. */
	readonly called: Uint8Array;
}

/** Pairs, as two lists of equal length. */
interface Entries {
	readonly launch: number[];
	readonly range: number[];
}

interface LaunchCalls {
	/** Calls that started GPU work, by start within their thread: rows of the calls. */
	readonly byThread: ReadonlyMap<number, readonly number[]>;
	/** By call: its launch, -1 where it started nothing. */
	readonly launch: Int32Array;
	readonly called: Uint8Array;
}

/** Most calls start nothing (allocations, queries, synchronization): they go first. */
const selectLaunchCalls = (calls: ApiCalls, launches: Launches): LaunchCalls => {
	const launch = new Int32Array(calls.length).fill(-1);
	const called = new Uint8Array(launches.count);
	const placed: number[] = [];
	for (let row = 0; row < calls.length; row++) {
		const found = launches.find(Number(calls.process[row]), Number(calls.correlation[row]));
		if (found < 0) {
			continue;
		}

		launch[row] = found;
		called[found] = 1;
		if (Number(calls.thread[row]) >= 0 && Number(calls.endNs[row]) >= Number(calls.startNs[row])) {
			placed.push(row);
		}
	}

	const byThread = new Map<number, number[]>();
	for (const place of ascendingOrder(pickRows(calls.startNs, Uint32Array.from(placed)))) {
		const row = Number(placed[place]);
		const thread = Number(calls.thread[row]);
		const rows = byThread.get(thread) ?? [];
		rows.push(row);
		byThread.set(thread, rows);
	}

	return {byThread, launch, called};
};

/** Walks a thread's calls and ranges side by side. */
const findInThread = (
	ranges: RangePoints,
	[from, to]: readonly [number, number],
	tracks: RangeTracks,
	calls: ApiCalls,
	rows: readonly number[],
	emit: (row: number, range: number) => void,
): void => {
	const open = openRanges(ranges);
	let next = from;
	for (const row of rows) {
		const start = Number(calls.startNs[row]);
		for (; next < to && Number(ranges.open[next]) <= start; next++) {
			open.open(next, Number(tracks.track[next]));
		}

		open.moveTo(start);
		for (const stack of open.stacks) {
			let range = stack.at(-1) ?? -1;
			while (range >= 0 && Number(ranges.close[range]) < Number(calls.endNs[row])) {
				range = Number(tracks.above[range]);
			}

			if (range >= 0) {
				emit(row, range);
			}
		}
	}
};

/** Entries by launch: counted, summed up, filled in. */
const groupEntries = (
	entries: Entries,
	launches: number,
): Pick<LaunchingRanges, 'from' | 'range'> => {
	const from = new Uint32Array(launches + 1);
	for (const launch of entries.launch) {
		from[launch + 1] = Number(from[launch + 1]) + 1;
	}

	for (let launch = 0; launch < launches; launch++) {
		from[launch + 1] = Number(from[launch + 1]) + Number(from[launch]);
	}

	const next = from.slice();
	const range = new Int32Array(entries.range.length);
	for (const [entry, launch] of entries.launch.entries()) {
		const place = Number(next[launch]);
		range[place] = Number(entries.range[entry]);
		next[launch] = place + 1;
	}

	return {from, range};
};

export const findLaunchingRanges = (
	ranges: RangePoints,
	tracks: RangeTracks,
	calls: ApiCalls,
	launches: Launches,
): LaunchingRanges => {
	const {byThread, launch, called} = selectLaunchCalls(calls, launches);
	const entries: Entries = {launch: [], range: []};
	forEachThread(ranges.thread, (bounds) => {
		const rows = byThread.get(Number(ranges.thread[bounds[0]])) ?? [];
		findInThread(ranges, bounds, tracks, calls, rows, (row, range) => {
			entries.launch.push(Number(launch[row]));
			entries.range.push(range);
		});
	});
	return {...groupEntries(entries, launches.count), called};
};
