/** Puts ranges in order: thread by thread, and in a thread by opening, the longer one first. */

import {ascendingOrder, ascends} from './ascending-order.ts';
import {groupRows, pickIndices, pickRows} from './fill-column.ts';
import type {SpareColumns} from './spare-columns.ts';

/** Ranges in the order in which they were recorded. Any points will do that rise with time: times, line numbers. */
export interface RangePoints {
	readonly length: number;
	readonly thread: Uint32Array;
	/** By thread: the number that it gets; its own unless given. */
	readonly rank?: Uint32Array;
	readonly open: Float64Array;
	/** Never before `open`. */
	readonly close: Float64Array;
}

/** Where ranges open at the same point, the one that closes last goes first, then the one that was recorded first. */
const putLongerFirst = (order: Uint32Array, {open, close}: RangePoints): void => {
	for (let from = 0; from < order.length;) {
		const start = open[Number(order[from])];
		let to = from + 1;
		while (to < order.length && open[Number(order[to])] === start) {
			to++;
		}

		if (to - from > 1) {
			order.subarray(from, to).sort((a, b) => Number(close[b]) - Number(close[a]) || a - b);
		}

		from = to;
	}
};

/** Rows of one thread by opening. */
const orderThread = (rows: Uint32Array, ranges: RangePoints): Uint32Array => {
	const ascending = ascends(ranges.open, rows);
	if (ascending === 'strictly') {
		return rows;
	}

	const ordered =
		ascending === 'yes' ? rows : pickIndices(rows, ascendingOrder(pickRows(ranges.open, rows)));
	putLongerFirst(ordered, ranges);
	return ordered;
};

const highest = (numbers: Uint32Array): number => {
	let most = 0;
	for (let row = 0; row < numbers.length; row++) {
		most = Number(numbers[row]) > most ? Number(numbers[row]) : most;
	}

	return most;
};

export interface RangeOrder {
	readonly order: Uint32Array;
	readonly starts: readonly number[];
	readonly threads: number[];
	/** By place in the order: that of its thread. */
	readonly threadPlace: Uint32Array;
}

export const orderRanges = (ranges: RangePoints, spare: SpareColumns | undefined): RangeOrder => {
	const {rank} = ranges;
	const threads = rank?.length ?? highest(ranges.thread) + 1;
	const {from, rows} = groupRows(ranges.thread, threads);
	const parts = Array.from({length: threads}, (_, number) => ({
		part: orderThread(rows.subarray(from[number], from[number + 1]), ranges),
		number: rank?.[number] ?? number,
	}))
		.filter(({part}) => part.length > 0)
		.map((one) => ({...one, opens: Number(ranges.open[Number(one.part[0])])}))
		.toSorted((a, b) => a.opens - b.opens || a.number - b.number);
	const order = new Uint32Array(ranges.length);
	const threadPlace = new Uint32Array(ranges.length);
	const starts: number[] = [];
	let at = 0;
	for (const [place, {part}] of parts.entries()) {
		starts.push(at);
		order.set(part, at);
		threadPlace.fill(place, at, at + part.length);
		at += part.length;
	}

	spare?.give(rows);

	return {order, starts: [...starts, at], threads: parts.map(({number}) => number), threadPlace};
};
