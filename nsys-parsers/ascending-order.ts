/**
 * Sorting columns. `Array.prototype.sort` with a comparator takes 6 s for 5 million rows. Exports are mostly in order, or
 * a few ordered stretches end to end, which are merged; whole numbers in any other order are sorted digit by digit.
 */

import {listNumbers} from './fill-column.ts';

const mostStretches = 16;

/** Where ascending stretches begin, up to a number of them that is worth merging; then the length. */
const findStretches = (keys: Float64Array): readonly number[] => {
	const starts = [0];
	for (let row = 1; row < keys.length; row++) {
		if (Number(keys[row - 1]) > Number(keys[row])) {
			starts.push(row);
			if (starts.length > mostStretches) {
				break;
			}
		}
	}

	return [...starts, keys.length];
};

/** Merges from..middle and middle..to of an order; equal keys of the first part go first. */
const mergeStretches = (
	keys: Float64Array,
	order: Uint32Array,
	[from, middle, to]: readonly [number, number, number],
	into: Uint32Array,
): void => {
	let left = from;
	let right = middle;
	for (let place = from; place < to; place++) {
		const takesLeft =
			right >= to ||
			(left < middle && Number(keys[Number(order[left])]) <= Number(keys[Number(order[right])]));
		into[place] = Number(order[takesLeft ? left++ : right++]);
	}
};

const mergeAll = (
	keys: Float64Array,
	order: Uint32Array,
	stretches: readonly number[],
): Uint32Array => {
	let from = order;
	let into: Uint32Array = new Uint32Array(order.length);
	let bounds = stretches;
	while (bounds.length > 2) {
		const left: number[] = [0];
		for (let at = 0; at + 1 < bounds.length; at += 2) {
			const start = Number(bounds[at]);
			const middle = Number(bounds[at + 1]);
			const end = bounds[at + 2] ?? middle;
			mergeStretches(keys, from, [start, middle, end], into);
			left.push(end);
		}

		bounds = left;
		[from, into] = [into, from];
	}

	return from;
};

/** Bits of a digit: counts of so many values stay in the processor's nearest cache. */
const digitBits = 11;
const digitValues = 1 << digitBits;

const lowestAndHighest = (keys: Float64Array): readonly [number, number] => {
	let lowest = Infinity;
	let highest = -Infinity;
	for (let row = 0; row < keys.length; row++) {
		const key = Number(keys[row]);
		lowest = key < lowest ? key : lowest;
		highest = key > highest ? key : highest;
	}

	return [lowest, highest];
};

/** Row numbers with 32 bits of their keys, which travel along: fetching each from its row again is what takes time. */
interface KeyedRows {
	readonly bits: Uint32Array;
	readonly rows: Uint32Array;
}

const makeKeyedRows = (length: number): KeyedRows => ({
	bits: new Uint32Array(length),
	rows: new Uint32Array(length),
});

/** One stable pass: `from` reordered by one digit of its bits, into `to`. */
const sortByDigit = (from: KeyedRows, to: KeyedRows, shift: number): void => {
	const places = new Uint32Array(digitValues + 1);
	const {bits, rows} = from;
	for (let place = 0; place < bits.length; place++) {
		const value = ((Number(bits[place]) >>> shift) & (digitValues - 1)) + 1;
		places[value] = Number(places[value]) + 1;
	}

	for (let value = 1; value <= digitValues; value++) {
		places[value] = Number(places[value]) + Number(places[value - 1]);
	}

	for (let from = 0; from < bits.length; from++) {
		const key = Number(bits[from]);
		const value = (key >>> shift) & (digitValues - 1);
		const place = Number(places[value]);
		places[value] = place + 1;
		to.bits[place] = key;
		to.rows[place] = Number(rows[from]);
	}
};

/** Sorts by the bits, of which the highest has the given value. @returns one of the two, the other holds what is left */
const sortByBits = (
	rows: KeyedRows,
	spare: KeyedRows,
	highest: number,
): readonly [KeyedRows, KeyedRows] => {
	let [from, to] = [rows, spare];
	for (let shift = 0; shift < 32 && highest >>> shift > 0; shift += digitBits) {
		sortByDigit(from, to, shift);
		[from, to] = [to, from];
	}

	return [from, to];
};

/** 2^32 */
const word = 0x1_0000_0000;

/** By the lower 32 bits of their distance to the lowest key, then by the upper ones. */
const sortByDigits = (keys: Float64Array): Uint32Array => {
	const [lowest, highest] = lowestAndHighest(keys);
	const span = highest - lowest;
	const first = makeKeyedRows(keys.length);
	for (let row = 0; row < keys.length; row++) {
		first.bits[row] = Number(keys[row]) - lowest;
		first.rows[row] = row;
	}

	const [low, spare] = sortByBits(first, makeKeyedRows(keys.length), Math.min(span, word - 1));
	if (span < word) {
		return low.rows;
	}

	for (let place = 0; place < keys.length; place++) {
		low.bits[place] = (Number(keys[Number(low.rows[place])]) - lowest) / word;
	}

	return sortByBits(low, spare, Math.floor(span / word))[0].rows;
};

/**
 * Row numbers that put whole-number keys in ascending order; equal keys stay in the order in which they came.
 * NaN is no key: leave such rows out before.
 */
export const ascendingOrder = (keys: Float64Array): Uint32Array => {
	const stretches = findStretches(keys);
	if (stretches.length - 1 > mostStretches) {
		return sortByDigits(keys);
	}

	return mergeAll(keys, listNumbers(keys.length), stretches);
};

/** Whether keys, taken in an order, ascend; `strictly` without two of the same. */
export const ascends = (keys: Float64Array, order: Uint32Array): 'strictly' | 'yes' | 'no' => {
	let equals = 0;
	let before = -Infinity;
	for (let place = 0; place < order.length; place++) {
		const key = Number(keys[Number(order[place])]);
		if (key < before) {
			return 'no';
		}

		equals += key === before ? 1 : 0;
		before = key;
	}

	return equals === 0 ? 'strictly' : 'yes';
};
