import {describe, expect, it} from 'vitest';
import {errorMargin} from '../../../results/comparison/estimate.ts';
import {measurePrecision} from '../../../results/comparison/precision.ts';
import {detectStartingDrift, findTruncation} from '../../../results/comparison/starting-drift.ts';
import {createRandom, drawNormal, type Random} from '../../../results/random.ts';
import {processesOf, repeatsOf} from '../../support/compared-samples.ts';

const goal = {precision: 0.01, alpha: 0.05};

describe('precision', () => {
	it('is half the interval, by Student’s t on logarithms', () => {
		const result = measurePrecision(repeatsOf(10, 10.1, 9.9, 10.05, 9.97), goal);
		const logs = [10, 10.1, 9.9, 10.05, 9.97].map(Math.log);
		const center = logs.reduce((a, b) => a + b, 0) / 5;
		const variance = logs.reduce((sum, log) => sum + (log - center) ** 2, 0) / 4;
		// 2.776445: the table's t of 4 degrees of freedom.
		const reach = errorMargin * 2.776445 * Math.sqrt(variance / 5);
		expect(Math.log(result.interval?.high ?? 0)).toBeCloseTo(center + reach, 6);
		expect(result.reached).toBeCloseTo(Math.expm1(reach), 6);
	});

	it('is not enough before the sixth unit, however narrow', () => {
		const narrow = [10, 10.001, 9.999, 10, 10.0005, 10];
		expect(measurePrecision(repeatsOf(...narrow.slice(1)), goal)).toMatchObject({
			isEnough: false,
			moreRepeats: 1,
		});
		expect(measurePrecision(repeatsOf(...narrow), goal)).toMatchObject({
			isEnough: true,
			moreRepeats: 0,
			side: {n: 6},
		});
	});

	it('plans about as many repeats as it takes', () => {
		const random = createRandom(6);
		const times = Array.from({length: 10}, () => 10 * Math.exp(0.04 * drawNormal(random)));
		const plan = measurePrecision(repeatsOf(...times), goal);
		expect(plan.isEnough).toBe(false);
		// (1.96 x 4 % / 1 %)^2 is 61 in all; the spread of ten is known to a quarter.
		expect(plan.moreRepeats).toBeGreaterThan(20);
		expect(plan.moreRepeats).toBeLessThan(110);
	});

	it.each([
		['nothing', [], 'no-samples'],
		['two repeats', repeatsOf(10, 11), 'too-few'],
		['zeros', repeatsOf(0, 0, 0), 'zero'],
		['NaN', repeatsOf(10, Number.NaN, 9), 'bad-values'],
	])('of %s is unknown', (_, samples, kind) => {
		const result = measurePrecision(samples, goal);
		expect(result).toMatchObject({interval: null, reached: null, isEnough: false});
		expect(result.reasons.map((reason) => reason.kind)).toEqual([kind]);
	});

	it('of equal repeats is perfect', () => {
		expect(measurePrecision(processesOf(5, 5, 5, 5, 5, 5), goal)).toMatchObject({
			isEnough: true,
			reached: 0,
		});
	});
});

describe('a drifting start', () => {
	/** @param shape what batch b takes more, as a logarithm */
	const draw = (random: Random, batches: number, shape: (batch: number) => number) =>
		Array.from({length: 5}, () => {
			const level = 0.02 * drawNormal(random);
			return Array.from(
				{length: batches},
				(_, batch) => 10 * Math.exp(level + shape(batch) + 0.01 * drawNormal(random)),
			);
		});

	it('is found, with the batches to leave out', () => {
		const processes = draw(createRandom(1), 60, (batch) => (batch < 10 ? 0.2 : 0));
		expect(detectStartingDrift(processes)).toMatchObject({
			kind: 'warming-up',
			processes: 5,
			batches: 10,
			change: expect.closeTo(Math.expm1(0.2), 1) as number,
		});
	});

	it('is not found in steady batches but once in a hundred times', () => {
		const random = createRandom(2);
		const found = Array.from({length: 300}, () =>
			detectStartingDrift(
				draw(random, 40, () => 0),
				{tolerance: 0},
			),
		).filter(({kind}) => kind !== 'steady').length;
		expect(found).toBeLessThan(3 + 3.7 * Math.sqrt(3));
	});

	it('that never ends is no matter of warm-up', () => {
		const processes = draw(createRandom(3), 60, (batch) => 0.005 * batch);
		expect(detectStartingDrift(processes)).toMatchObject({kind: 'drifting', processes: 5});
	});

	it('below the tolerance does not matter', () => {
		const processes = draw(createRandom(4), 400, (batch) => (batch < 40 ? 0.008 : 0));
		expect(detectStartingDrift(processes).kind).toBe('steady');
		expect(detectStartingDrift(processes, {tolerance: 0.001}).kind).toBe('warming-up');
	});

	it('cannot be told from two processes, or from three batches', () => {
		const processes = draw(createRandom(5), 20, () => 0);
		expect(detectStartingDrift(processes.slice(0, 2))).toEqual({kind: 'unknown', processes: 2});
		expect(
			detectStartingDrift([
				[1, 2, 3],
				[1, 2, 3],
				[1, 2, 3],
			]),
		).toEqual({
			kind: 'unknown',
			processes: 0,
		});
		expect(detectStartingDrift([])).toEqual({kind: 'unknown', processes: 0});
		const holes = processes.map((batches) => [Number.NaN, 0, -1, ...batches]);
		expect(detectStartingDrift(holes).kind).toBe('steady');
	});

	it('is cut where the rest is known best', () => {
		expect(findTruncation([9, 8, 1, 1.1, 0.9, 1, 1.05, 0.95])).toBe(2);
		expect(findTruncation([1, 1, 1, 1, 1, 9, 9, 9, 9, 9, 9])).toBeLessThanOrEqual(5);
		expect(findTruncation([1, 1.1, 0.9, 1.1, 0.9, 1.1, 0.9, 3])).toBe(0);
		const long = Array.from({length: 100}, (_, batch) => (batch < 15 ? 5 : 1 + 0.1 * (batch % 2)));
		expect(findTruncation(long)).toBe(15);
	});
});
