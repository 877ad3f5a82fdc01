import {describe, expect, it} from 'vitest';
import {
	costOf,
	estimateInterval,
	fullResamples,
	planResamples,
} from '../../../results/bootstrap.ts';
import {
	createRandom,
	drawBinomial,
	drawIndex,
	drawNormal,
	type Random,
} from '../../../results/random.ts';
import {rankSamples, type SampleGroups} from '../../../results/ranked-samples.ts';
import {drawMedian, walkToMedian} from '../../../results/resampled-median.ts';
import {quantile, sortSamples} from '../../../results/summary.ts';

/** Median 1000, processes that differ by `between`, batches by `within`. */
const simulate = (
	random: Random,
	{repeats, processes, batches}: {repeats: number; processes: number; batches: number},
	{between, within}: {between: number; within: number},
): SampleGroups =>
	Array.from({length: repeats}, () =>
		Array.from({length: processes}, () => {
			const level = 1000 + between * drawNormal(random);
			return Array.from({length: batches}, () => level + within * drawNormal(random));
		}),
	);

/** The same thing written down as it is said, without ranks and counting; draws in the same order. */
const resampleNaively = (groups: SampleGroups, random: Random): number => {
	const draw = <Value>(from: readonly Value[]) => from[drawIndex(random, from.length)];
	const processes = groups.flatMap(() => {
		const repeat = draw(groups) ?? [];
		return repeat.map(() => [...sortSamples(draw(repeat) ?? [])]);
	});
	const batches = processes.flatMap((process) => process.map(() => draw(process) ?? 0));
	return quantile(sortSamples(batches), 0.5);
};

const share = (trials: number, succeeds: () => boolean): number =>
	Array.from({length: trials}, succeeds).filter(Boolean).length / trials;

describe('ranks', () => {
	it('are each given once, equal samples included', () => {
		const ranked = rankSamples([[[3, 1, 3], [2]], [[3]]]);
		expect([...ranked.values]).toEqual([1, 2, 3, 3, 3]);
		expect(ranked.repeats.flat(1).flatMap((ranks) => [...ranks])).toEqual([0, 2, 3, 1, 4]);
	});
});

describe('random numbers', () => {
	it('come from the seed alone', () => {
		const first = (seed: number) => createRandom(seed)();
		expect(first(1)).toBe(first(1));
		expect(first(1)).not.toBe(first(2));
	});

	it.each([
		[10, 0.3],
		[1000, 0.01],
		[1000, 0.99],
		[5000, 0.4],
	])('of a binomial of %i trials at %f have its mean and variance', (count, probability) => {
		const random = createRandom(7);
		const draws = Array.from({length: 20_000}, () => drawBinomial(random, count, probability));
		const mean = draws.reduce((a, b) => a + b, 0) / draws.length;
		const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
		const expected = count * probability * (1 - probability);
		expect(Math.abs(mean - count * probability)).toBeLessThan(4 * Math.sqrt(expected / 20_000));
		expect(variance / expected).toBeGreaterThan(0.95);
		expect(variance / expected).toBeLessThan(1.05);
	});
});

describe('the median of a resample', () => {
	const groups = simulate(
		createRandom(3),
		{repeats: 2, processes: 3, batches: 101},
		{between: 10, within: 30},
	);
	const ranked = rankSamples(groups);
	const counts = new Uint32Array(ranked.values.length);
	const draws = 4000;
	const distribution = (draw: (random: Random) => number) => {
		const random = createRandom(11);
		return sortSamples(Array.from({length: draws}, () => draw(random)));
	};

	const naive = distribution((random) => resampleNaively(groups, random));

	it('is what the naive way gives, number for number', () => {
		expect([...distribution((random) => drawMedian(ranked, random, counts))]).toEqual([...naive]);
	});

	it('has the same distribution by the short way', () => {
		const walked = distribution((random) => walkToMedian(ranked, random));
		for (const probability of [0.025, 0.16, 0.5, 0.84, 0.975]) {
			const limit = quantile(naive, probability);
			const below = walked.filter((median) => median <= limit).length / draws;
			// Four standard errors of the difference of two shares.
			const error = 4 * Math.sqrt((2 * probability * (1 - probability)) / draws);
			expect(Math.abs(below - probability)).toBeLessThan(error);
		}
	});
});

describe('the interval', () => {
	const covers = (
		sizes: Parameters<typeof simulate>[1],
		spread: Parameters<typeof simulate>[2],
	) => {
		const random = createRandom(2024);
		let seed = 0;
		return share(400, () => {
			const samples = rankSamples(simulate(random, sizes, spread));
			const interval = estimateInterval(samples, {count: 300, seed: seed++});
			return interval !== null && interval.low <= 1000 && 1000 <= interval.high;
		});
	};

	it.each([
		['many processes', {repeats: 1, processes: 20, batches: 15}, {between: 20, within: 20}],
		['many batches', {repeats: 1, processes: 16, batches: 80}, {between: 20, within: 5}],
		['repeats', {repeats: 10, processes: 2, batches: 10}, {between: 20, within: 20}],
	])('covers the median as often as it says, with %s', (_, sizes, spread) => {
		const covered = covers(sizes, spread);
		expect(Math.abs(covered - 0.95)).toBeLessThan(0.045);
	});

	it.each([
		['processes', {repeats: 1, processes: 5, batches: 20}],
		['repeats', {repeats: 5, processes: 1, batches: 20}],
	])('is no narrower for five %s alone: plain percentiles cover 0.89', (_, sizes) => {
		expect(covers(sizes, {between: 20, within: 20})).toBeGreaterThan(0.92);
	});

	it('does not narrow with batches alone, where processes differ', () => {
		const width = (batches: number) => {
			const sizes = {repeats: 1, processes: 8, batches};
			const samples = rankSamples(simulate(createRandom(5), sizes, {between: 20, within: 1}));
			const interval = estimateInterval(samples, {count: 500, seed: 1});
			return (interval?.high ?? 0) - (interval?.low ?? 0);
		};
		expect(width(1000)).toBeGreaterThan(width(10) / 3);
	});

	it('is null below five processes, and a point where all samples are equal', () => {
		const equal = (processes: number) =>
			rankSamples([Array.from({length: processes}, () => [7, 7])]);
		expect(estimateInterval(equal(4), {count: 10, seed: 1})).toBeNull();
		expect(estimateInterval(equal(5), {count: 10, seed: 1})).toEqual({low: 7, high: 7});
	});
});

describe('the number of resamples', () => {
	it('shrinks when there is much to do, to a floor', () => {
		expect(planResamples(0)).toBe(fullResamples);
		expect(planResamples(1e6)).toBe(300);
		expect(planResamples(1e12)).toBe(200);
	});

	it('counts no work for what has no interval', () => {
		expect(
			costOf(
				rankSamples([
					[
						[1, 2],
						[3, 4],
					],
				]),
			),
		).toBe(0);
		expect(costOf(rankSamples([Array.from({length: 5}, () => [1, 1])]))).toBe(0);
		expect(costOf(rankSamples([Array.from({length: 5}, () => [1, 2])]))).toBe(20);
	});

	it('grows with the logarithm of the samples, once there are many', () => {
		const cost = (batches: number) =>
			costOf(
				rankSamples([Array.from({length: 5}, () => Array.from({length: batches}, (_, i) => i))]),
			);
		expect(cost(20_000) / cost(2000)).toBeLessThan(1.5);
	});
});
