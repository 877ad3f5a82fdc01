import {describe, expect, it} from 'vitest';
import {compareRounds} from '../../../results/comparison/compared-ranges.ts';
import {compareGeometricMeans} from '../../../results/comparison/geometric-mean.ts';
import {
	earlyAlpha,
	lastAlpha,
	lookEarly,
	lookLast,
	lookRounds,
} from '../../../results/comparison/looks.ts';
import {findNoiseFloor} from '../../../results/comparison/noise-floor.ts';
import type {Replicates} from '../../../results/comparison/replicates.ts';
import {createRandom, drawNormal, type Random} from '../../../results/random.ts';
import {processesOf, repeatsOf, samplesOf} from '../../support/compared-samples.ts';

const drawRounds = (random: Random, rounds: number, factor = 1): Replicates =>
	repeatsOf(
		...Array.from({length: rounds}, () => 10 * factor * Math.exp(0.01 * drawNormal(random))),
	);

const watchAll = () => true;

describe('looks', () => {
	it('never spend more than alpha, whenever the rounds end', () => {
		for (let rounds = 1; rounds <= 200; rounds++) {
			const early = lookRounds.filter((look) => look < rounds).length * earlyAlpha(0.05);
			expect(early + lastAlpha(0.05, rounds)).toBeCloseTo(0.05, 12);
			expect(lastAlpha(0.05, rounds)).toBeGreaterThanOrEqual(0.04 - 1e-12);
		}
	});

	it('end the rounds when all that is watched has a verdict, at the level of the look', () => {
		const random = createRandom(3);
		const much = samplesOf(drawRounds(random, 7), drawRounds(random, 7, 1.3));
		const none = {...samplesOf(drawRounds(random, 7), drawRounds(random, 7)), path: 'other'};
		const clear = lookEarly([much], 7, watchAll);
		expect(clear).toMatchObject({
			isClear: true,
			comparisons: [{verdict: 'slower', interval: {level: 0.999}}],
		});
		expect(lookEarly([much, none], 7, watchAll).isClear).toBe(false);
		expect(lookEarly([much, none], 7, ({path}) => path === 'pipeline').isClear).toBe(true);
		expect(lookEarly([much, none], 7, () => false).isClear).toBe(false);
	});

	it('end them for the same as well', () => {
		const same = samplesOf(
			repeatsOf(10, 10.001, 9.999, 10, 10.0005),
			repeatsOf(10.001, 10, 10, 9.999, 10.0005),
		);
		expect(lookEarly([same], 5, watchAll)).toMatchObject({
			isClear: true,
			comparisons: [{verdict: 'same'}],
		});
	});

	it('are not taken in between', () => {
		const samples = [samplesOf(drawRounds(createRandom(1), 6), drawRounds(createRandom(2), 6))];
		expect(() => lookEarly(samples, 6, watchAll)).toThrow('no look is planned after 6 rounds');
		expect(lookLast(samples, 6)[0]?.interval?.level).toBeCloseTo(0.952, 12);
	});

	it('err in at most 5 % of all null sequences', () => {
		const random = createRandom(12);
		const [trials, most] = [400, 30];
		const isCalled = (verdict: string | undefined) => verdict === 'slower' || verdict === 'faster';
		const alarms = Array.from({length: trials}, () => {
			const [a, b] = [drawRounds(random, most), drawRounds(random, most)];
			const early = lookRounds
				.filter((look) => look < most)
				.map((look) => lookEarly([samplesOf(a.slice(0, look), b.slice(0, look))], look, watchAll))
				.find(({isClear}) => isClear);
			return isCalled((early?.comparisons ?? lookLast([samplesOf(a, b)], most))[0]?.verdict);
		}).filter(Boolean).length;
		expect(alarms / trials).toBeLessThan(0.05 + 3.7 * Math.sqrt((0.05 * 0.95) / trials));
		expect(alarms).toBeGreaterThan(0);
	});
});

describe('the noise floor', () => {
	it('is the farther end of the interval of A against A', () => {
		const random = createRandom(8);
		const [row] = compareRounds([samplesOf(drawRounds(random, 8), drawRounds(random, 8))]);
		const {low = 0, high = 0} = row?.interval ?? {};
		const floor = row === undefined ? null : findNoiseFloor(row);
		expect(floor).toBeCloseTo(Math.max(high, 1 / (1 + low) - 1), 12);
	});

	it('is unknown where there is no interval', () => {
		const [row] = compareRounds([samplesOf(repeatsOf(1), repeatsOf(1))]);
		expect(row === undefined ? 0 : findNoiseFloor(row)).toBeNull();
	});
});

describe('the geometric mean', () => {
	const [a, b] = [processesOf(10, 10.1, 9.9, 10), processesOf(1, 1.02, 0.98, 1.01)];
	const twice = (side: Replicates): Replicates =>
		side.map((processes) => processes.map((samples) => samples.map((value) => value * 2)));

	it('of +100 % and 0 % is +41 %', () => {
		const {comparison, paths} = compareGeometricMeans(
			[samplesOf(a, twice(a), {path: 'x'}), samplesOf(b, b, {path: 'y'})],
			false,
		);
		expect(comparison?.change).toBeCloseTo(Math.SQRT2 - 1, 12);
		expect(comparison).toMatchObject({path: '', verdict: 'slower', baseline: {n: 4}});
		expect(paths).toEqual(['x', 'y']);
	});

	it.each([
		[0.5, 'slower'],
		[1.2, 'inconclusive'],
	])('goes by the mean of the noise floors: +41 %% and one of %f in two', (noiseFloor, verdict) => {
		const {comparison} = compareGeometricMeans(
			[samplesOf(a, twice(a), {path: 'x', noiseFloor}), samplesOf(b, b, {path: 'y'})],
			false,
		);
		expect(comparison?.noiseFloor).toBeCloseTo(Math.sqrt(1 + noiseFloor) - 1, 12);
		expect(comparison?.verdict).toBe(verdict);
	});

	it('counts processes, not ranges: the same range twice makes nothing surer', () => {
		const once = compareGeometricMeans([samplesOf(a, b)], false).comparison;
		const copies = compareGeometricMeans(
			[samplesOf(a, b), samplesOf(a, b, {path: 'copy'})],
			false,
		).comparison;
		expect(copies?.p).toBeCloseTo(once?.p ?? 0, 12);
		expect(copies?.interval?.low).toBeCloseTo(once?.interval?.low ?? 0, 12);
	});

	it('leaves out what not every process has, or what has no change', () => {
		const holes = samplesOf([[[10], [], [10], [10]]], a, {path: 'holes'});
		const zeros = samplesOf(processesOf(0, 0, 0, 0), a, {path: 'zeros'});
		const result = compareGeometricMeans([samplesOf(a, a), holes, zeros], false);
		expect(result).toMatchObject({paths: ['pipeline'], leftOut: ['holes', 'zeros']});
		expect(result.comparison?.change).toBe(0);
		expect(compareGeometricMeans([zeros], false).comparison).toBeNull();
		expect(compareGeometricMeans([], true).comparison).toBeNull();
	});

	it('of rounds goes over those that both sides have', () => {
		const later = [10.1, 10.3, 10.2, 10.4].map((time) => [[time]]);
		const samples = samplesOf(repeatsOf(10, 20, 10.2, 10.1), [
			...later.slice(0, 1),
			[[]],
			...later.slice(2),
		]);
		const {comparison} = compareGeometricMeans([samples], true);
		const [row] = compareRounds([samples]);
		expect(comparison?.baseline).toEqual(row?.baseline);
		expect(comparison?.candidate).toEqual(row?.candidate);
		expect(comparison).toMatchObject({baseline: {n: 3}, estimate: {degreesOfFreedom: 2}});
		// The round that one side lost is not in the center.
		expect(comparison?.baseline.center).toBeCloseTo(10.1, 1);
	});

	it('of rounds is paired', () => {
		const drift = [10, 12, 14, 16, 18];
		const later = drift.map((time, round) => time * (1.02 + 0.001 * (round % 2)));
		const samples = [samplesOf(repeatsOf(...drift), repeatsOf(...later))];
		expect(compareGeometricMeans(samples, true).comparison).toMatchObject({
			verdict: 'slower',
			baseline: {unit: 'round', n: 5},
		});
		expect(compareGeometricMeans(samples, false).comparison?.verdict).toBe('inconclusive');
	});
});
