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

const digit = 65_536;

const lowestAndHighest = (keys: Float64Array): readonly [number, number] => {
	let lowest = Infinity;
	let highest = -Infinity;
	for (const key of keys) {
		lowest = Math.min(lowest, key);
		highest = Math.max(highest, key);
	}

	return [lowest, highest];
};

/** One stable pass: `from` reordered by one base-65,536 digit of its keys, into `to`. */
const sortByDigit = (
	keys: Float64Array,
	from: Uint32Array,
	to: Uint32Array,
	{lowest, weight}: {readonly lowest: number; readonly weight: number},
): void => {
	const places = new Uint32Array(digit + 1);
	for (const row of from) {
		const value = (Math.floor((Number(keys[row]) - lowest) / weight) % digit) + 1;
		places[value] = Number(places[value]) + 1;
	}

	for (let value = 1; value <= digit; value++) {
		places[value] = Number(places[value]) + Number(places[value - 1]);
	}

	for (const row of from) {
		const value = Math.floor((Number(keys[row]) - lowest) / weight) % digit;
		const place = Number(places[value]);
		to[place] = row;
		places[value] = place + 1;
	}
};

const sortByDigits = (keys: Float64Array, order: Uint32Array): Uint32Array => {
	const [lowest, highest] = lowestAndHighest(keys);
	let from = order;
	let to: Uint32Array = new Uint32Array(keys.length);
	for (let weight = 1; weight <= highest - lowest; weight *= digit) {
		sortByDigit(keys, from, to, {lowest, weight});
		[from, to] = [to, from];
	}

	return from;
};

/**
 * Row numbers that put whole-number keys in ascending order; equal keys stay in the order in which they came.
 * NaN is no key: leave such rows out before.
 */
export const ascendingOrder = (keys: Float64Array): Uint32Array => {
	const order = new Uint32Array(keys.length);
	for (let row = 0; row < order.length; row++) {
		order[row] = row;
	}

	const stretches = findStretches(keys);
	return stretches.length - 2 > mostStretches - 1
		? sortByDigits(keys, order)
		: mergeAll(keys, order, stretches);
};

/** Whether keys, taken in an order, ascend. */
export const ascends = (keys: Float64Array, order: Uint32Array): boolean => {
	for (let place = 1; place < order.length; place++) {
		if (Number(keys[Number(order[place - 1])]) > Number(keys[Number(order[place])])) {
			return false;
		}
	}

	return true;
};
