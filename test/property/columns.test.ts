/** The small machinery behind bulk rows, each against the plain thing that it stands for. */

import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {ascendingOrder} from '../../nsys-parsers/ascending-order.ts';
import {orderGroups} from '../../nsys-parsers/group-order.ts';
import {LaunchSlots} from '../../nsys-parsers/launch-numbers.ts';
import {Pairs} from '../../nsys-parsers/pairs.ts';
import {Texts} from '../../nsys-parsers/texts.ts';

const wholeNumber = fc.oneof(
	fc.nat({max: 9}),
	fc.maxSafeNat(),
	// Around the places where keys are cut into halves and digits.
	fc.constantFrom(2 ** 11, 2 ** 22, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 43, 2 ** 53 - 1),
);

const sortedIndices = (length: number, compare: (a: number, b: number) => number): number[] =>
	Array.from({length}, (_, index) => index).toSorted(compare);

describe('ascendingOrder', () => {
	it('is the stable sort of any whole numbers', () => {
		fc.assert(
			fc.property(fc.array(wholeNumber, {maxLength: 200}), fc.boolean(), (keys, shifted) => {
				// Times can lie before the origin.
				const values = keys
					.map((key) => (shifted ? key - 2 ** 52 : key))
					.filter(Number.isSafeInteger);
				const order = ascendingOrder(Float64Array.from(values));
				expect([...order]).toEqual(
					sortedIndices(values.length, (a, b) => Number(values[a]) - Number(values[b]) || a - b),
				);
			}),
		);
	});
});

describe('orderGroups', () => {
	it('puts large groups first, however many are looked at', () => {
		const sizes = fc.array(fc.tuple(fc.nat({max: 20}), fc.nat({max: 3})), {maxLength: 300});
		fc.assert(
			fc.property(sizes, (pairs) => {
				const first = Float64Array.from(pairs, ([size]) => size);
				const second = Float64Array.from(pairs, ([, size]) => size);
				const groups = Uint32Array.from(pairs.keys()).filter((group) => group % 5 !== 0);
				const expected = [...groups].toSorted(
					(a, b) =>
						Number(first[b]) - Number(first[a]) || Number(second[b]) - Number(second[a]) || b - a,
				);
				expect([...orderGroups(groups, {first, second})]).toEqual(expected);
			}),
		);
	});
});

describe('LaunchNumbers', () => {
	/** Dense and thinly spread ids, negative ones, and stand-ins for ids past 2^53. */
	const id = fc.oneof(
		fc.nat({max: 300}),
		fc.integer(),
		fc.nat({max: 400}).map((place) => place * 65_536),
		fc.maxSafeNat(),
		fc.nat({max: 3}).map((number) => number + 0.5),
	);
	const process = fc.constantFrom(0, 64, 1, 2 ** 33, -(2 ** 35));

	it('numbers what a map of maps would tell apart, without gaps', () => {
		fc.assert(
			fc.property(fc.array(fc.tuple(process, id), {maxLength: 400}), (rows) => {
				const slots = new LaunchSlots();
				const numbers = new Int32Array(rows.length + 2);
				const column = (values: readonly number[]) => Float64Array.from(values);
				const [owners, ids] = [rows.map(([owner]) => owner), rows.map(([, own]) => own)];
				// In two parts, as tables come.
				const half = rows.length >> 1;
				slots.collect(column(owners), column(ids), numbers.subarray(0, half));
				slots.collect(
					column([...owners.slice(half), NaN, 1]),
					column([...ids.slice(half), 1, NaN]),
					numbers.subarray(half),
				);
				const launches = slots.finish();
				launches.numberAll(numbers);
				expect([...numbers.slice(-2)]).toEqual([-1, -1]);
				const known = new Map<string, number>();
				for (const [place, [owner, correlation]] of rows.entries()) {
					const key = `${owner}/${correlation}`;
					const number = Number(numbers[place]);
					expect(known.get(key) ?? number).toBe(number);
					expect(launches.find(owner, correlation)).toBe(number);
					expect(launches.find(owner + 2, correlation)).toBe(-1);
					known.set(key, number);
				}

				expect(launches.count).toBe(known.size);
				expect([...known.values()].sort((a, b) => a - b)).toEqual(
					[...known.keys()].map((_, at) => at),
				);
				expect(launches.find(0, 12_345)).toBe(-1);
			}),
		);
	});
});

describe('Pairs', () => {
	it('numbers distinct pairs in order of appearance', () => {
		const pair = fc.tuple(fc.integer({min: -1, max: 20}), fc.nat({max: 20}));
		fc.assert(
			fc.property(fc.array(pair), (given) => {
				const pairs = new Pairs(given.length);
				const known = new Map<string, number>();
				for (const [first, second] of given) {
					const key = `${first}/${second}`;
					known.set(key, known.get(key) ?? known.size);
					const number = pairs.intern(first, second);
					expect(number).toBe(known.get(key));
					expect([pairs.firstOf(number), pairs.secondOf(number)]).toEqual([first, second]);
				}

				expect(pairs.size).toBe(known.size);
			}),
		);
	});
});

describe('Texts', () => {
	it('gives bytes that spell no text the number of the text that is shown for them', () => {
		const texts = new Texts();
		const bytes = Uint8Array.of(0x61, 0xff, 0x62, 0x61, 0xfe, 0x62);
		const source = {bytes, view: new DataView(bytes.buffer)};
		const first = texts.intern(source, 0, 3);
		expect(texts.intern(source, 3, 6)).toBe(first);
		expect(texts.textAt(first)).toBe('a\ufffdb');
		expect(texts.internText('a\ufffdb')).toBe(first);
		expect(texts.size).toBe(1);
	});
});
