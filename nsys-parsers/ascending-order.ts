/**
 * Sorting columns. `Array.prototype.sort` with a comparator takes 6 s for 5 million rows. Exports are mostly in order, or
 * a few ordered stretches end to end, which are merged; whole numbers in any other order are sorted digit by digit.
 */

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

/** The stretch whose next key is the lowest, the first one of equals, and the one that follows it; -1 where there is none. */
const findLowest = (
	keys: Float64Array,
	next: readonly number[],
	ends: readonly number[],
): readonly [number, number] => {
	const keyOf = (stretch: number): number =>
		stretch < 0 ? Infinity : Number(keys[Number(next[stretch])]);
	let lowest = -1;
	let second = -1;
	for (let stretch = 0; stretch < next.length; stretch++) {
		if (next[stretch] === ends[stretch]) {
			continue;
		}

		if (lowest < 0 || keyOf(stretch) < keyOf(lowest)) {
			second = lowest;
			lowest = stretch;
		} else if (second < 0 || keyOf(stretch) < keyOf(second)) {
			second = stretch;
		}
	}

	return [lowest, second];
};

/** @param starts of ascending stretches; then the length */
const mergeStretches = (keys: Float64Array, starts: readonly number[]): Uint32Array => {
	const order = new Uint32Array(keys.length);
	const next = starts.slice(0, -1);
	const ends = starts.slice(1);
	for (let place = 0; place < order.length;) {
		const [lowest, second] = findLowest(keys, next, ends);
		const end = Number(ends[lowest]);
		const limit = second < 0 ? Infinity : Number(keys[Number(next[second])]);
		// Of equal keys the earlier stretch's go first.
		const isEarlier = lowest < second;
		let row = Number(next[lowest]);
		while (row < end && (Number(keys[row]) < limit || (isEarlier && keys[row] === limit))) {
			order[place++] = row++;
		}

		// Keys that are no number below any limit still have their turn.
		if (row === next[lowest]) {
			order[place++] = row++;
		}

		next[lowest] = row;
	}

	return order;
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

	return mergeStretches(keys, stretches);
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
