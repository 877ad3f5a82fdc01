/** Which results are one measurement, copied, and which only look like it. */

import {describe, expect, it} from 'vitest';
import {
	countShared,
	findCopies,
	identifyMeasurement,
} from '../../../results/comparison/measurement-identity.ts';

type Identified = Parameters<typeof findCopies>[0][number];

const measured = (times: readonly number[], originUnixNs: bigint | null = null): Identified => ({
	identity: identifyMeasurement(times, originUnixNs),
});

const exact = [10.000123, 20.003457, 30.01234, 5.100001, 7.123456];

describe('a copy', () => {
	it('agrees with another in every nanosecond', () => {
		const off = [...exact.slice(0, 4), 7.123457];
		expect(findCopies([measured(exact), measured(off), measured(exact)])).toEqual([
			{index: 2, of: 0},
		]);
		expect(findCopies([measured(exact), measured(exact.toReversed())])).toEqual([]);
	});

	it('is no measurement of a coarse clock, however many times agree', () => {
		const ticks = Array.from({length: 200}, (_, index) => 10 * (1 + (index % 7)));
		expect(findCopies([ticks, ticks, ticks, ticks].map((times) => measured(times)))).toEqual([]);
		const same = Array.from({length: 200}, () => 20.123456);
		expect(findCopies([measured(same), measured(same)])).toEqual([]);
	});

	it('is not told by one time, or by times of a few ticks', () => {
		expect(findCopies([measured([10.000123]), measured([10.000123])])).toEqual([]);
		const short = [0.000101, 0.000203, 0.000307, 0.000409, 0.000511, 0.000613];
		expect(findCopies([measured(short), measured(short)])).toEqual([]);
		expect(findCopies([measured([]), measured([])])).toEqual([]);
		const odd = [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e308, 1e12, 5e-324];
		expect(identifyMeasurement(odd)).toBeNull();
		expect(identifyMeasurement([...odd, 1.5])).toEqual(identifyMeasurement([1.5]));
	});

	it('is surer of several than of two: microseconds take some', () => {
		const coarse = [150.581, 30.116, 10.039, 20.077];
		const copies = (count: number) =>
			findCopies(Array.from({length: count}, () => measured(coarse)));
		expect(copies(2)).toEqual([]);
		expect(copies(4).map(({of}) => of)).toEqual([0, 0, 0]);
	});

	it('has the same beginning, where recordings tell theirs', () => {
		const short = [0.001];
		expect(findCopies([measured(short, 5n), measured(short, 5n)])).toEqual([{index: 1, of: 0}]);
		expect(findCopies([measured(exact, 5n), measured(exact, 6n)])).toEqual([]);
		// A result without a beginning goes by its times.
		expect(findCopies([measured(exact, 5n), measured(exact)])).toEqual([{index: 1, of: 0}]);
	});

	it('is another link to one file', () => {
		expect(findCopies([{file: '/a'}, {file: '/b'}, {file: '/a'}])).toEqual([{index: 2, of: 0}]);
	});
});

describe('two sides', () => {
	const coarse = [1, 1.01, 1.02, 1.03, 1.04].map((factor) =>
		measured(
			[150.581, 30.116, 10.039, 20.077].map((time) => Math.round(time * factor * 1e3) / 1e3),
		),
	);

	it('share what is on both', () => {
		expect(countShared([measured(exact)], [measured(exact), measured([1.5, 2.5])])).toBe(1);
		expect(countShared([measured(exact)], [measured([1.5, 2.5])])).toBe(0);
		expect(countShared([], [measured(exact)])).toBe(0);
	});

	it('tell by all of their processes together what one alone might not', () => {
		expect(countShared(coarse, coarse)).toBe(5);
		expect(countShared(coarse, coarse.slice(0, 1))).toBe(0);
	});
});
