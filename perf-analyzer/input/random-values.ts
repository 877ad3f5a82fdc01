/** Values that are made up: the same for the same seed, so that two measurements have the same input. */

import {datatypes, isInteger, rangeOf, type Datatype, type Element} from './datatypes.ts';

/** What to draw from; the upper end does not belong to it for floats, and does for whole numbers. */
export interface ValueRange {
	readonly low: number;
	readonly high: number;
}

/** splitmix64 (Steele, Lea, Flood 2014): 64 bits of a counter, mixed. @returns whole numbers below 2^64 */
const createMixer = (seed: number): (() => bigint) => {
	let state = BigInt(seed);
	return () => {
		state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
		let mixed = state;
		mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n);
		mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
		return mixed ^ (mixed >> 31n);
	};
};

/** Numbers that a model of any kind takes: no index beyond a small table, no float beyond 1. */
const usualInteger = {low: 0, high: 127};

const textLength = 16;
const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** FNV-1a, so that tensors of one seed differ. */
export const seedOf = (seed: number, name: string, step: number): number => {
	let hash = 0x811c9dc5 ^ seed;
	for (const character of `${name}/${step}`) {
		hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
	}

	return hash >>> 0;
};

const drawOne = (type: Datatype, next: () => bigint, range: ValueRange | null): Element => {
	if (type === 'BOOL') {
		return (next() & 1n) === 1n;
	}

	if (type === 'BYTES') {
		return Array.from({length: textLength}, () => letters[Number(next() % 36n)]).join('');
	}

	if (isInteger(type)) {
		const {low, high} = range ?? usualInteger;
		return BigInt(low) + (next() % (BigInt(high) - BigInt(low) + 1n));
	}

	const {low, high} = range ?? {low: 0, high: 1};
	// 24 bits: a float32 below 1 stays below 1.
	return low + (Number(next() >> 40n) / 2 ** 24) * (high - low);
};

export function* drawElements(
	type: Datatype,
	count: number,
	seed: number,
	range: ValueRange | null,
): Generator<Element> {
	const next = createMixer(seed);
	for (let place = 0; place < count; place++) {
		yield drawOne(type, next, range);
	}
}

/** Why a range does not fit a type; null where it does. */
export const checkRange = (type: Datatype, {low, high}: ValueRange): string | null => {
	if (type === 'BOOL' || type === 'BYTES' || !datatypes.includes(type)) {
		return `a ${type} has no range`;
	}

	if (!(low < high) || !Number.isFinite(high - low)) {
		return 'its lower end is not below its upper one';
	}

	if (!isInteger(type)) {
		return null;
	}

	const [least, largest] = rangeOf(type);
	return Number.isSafeInteger(low) &&
		Number.isSafeInteger(high) &&
		BigInt(low) >= least &&
		BigInt(high) <= largest
		? null
		: `its ends are no whole numbers of ${type}`;
};
