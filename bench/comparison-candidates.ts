/** The tests that Welch's was chosen from, each as a question: is there a change, at 5 %? On logarithms of processes. */

import {criticalT} from '../results/comparison/student.ts';
import {degreesOfFreedomOf, measureSpread, plainErrorOf} from '../results/comparison/estimate.ts';
import {mean, median} from '../results/comparison/replicates.ts';
import {drawIndex, type Random} from '../results/random.ts';
import {resample} from './comparison-scenarios.ts';

type Values = readonly number[];

export interface Candidate {
	readonly name: string;
	readonly finds: (baseline: Values, candidate: Values, random: Random) => boolean;
}

const alpha = 0.05;
const resamples = 400;

const statisticOf = (baseline: Values, candidate: Values): number => {
	const error = plainErrorOf([measureSpread(baseline), measureSpread(candidate)]);
	return (mean(candidate) - mean(baseline)) / error;
};

const welch = (baseline: Values, candidate: Values): boolean => {
	const free = degreesOfFreedomOf([measureSpread(baseline), measureSpread(candidate)]);
	return Math.abs(statisticOf(baseline, candidate)) > criticalT(alpha, free);
};

const student = (baseline: Values, candidate: Values): boolean => {
	const [a, b] = [measureSpread(baseline), measureSpread(candidate)];
	const free = a.n + b.n - 2;
	const pooled = ((a.n - 1) * a.variance + (b.n - 1) * b.variance) / free;
	const error = Math.sqrt(pooled * (1 / a.n + 1 / b.n));
	return Math.abs(mean(candidate) - mean(baseline)) > criticalT(alpha, free) * error;
};

/** Yuen's: the outer fifth of each side left out, its variance that of the rest with the ends pulled in. */
const trimmed = (baseline: Values, candidate: Values): boolean => {
	const [a, b] = [baseline, candidate].map((values) => {
		const cut = Math.floor(values.length / 5);
		const sorted = values.toSorted((x, y) => x - y);
		const kept = sorted.slice(cut, values.length - cut);
		const [low = 0, high = 0] = [kept[0], kept.at(-1)];
		const pulled = sorted.map((value) => Math.min(high, Math.max(low, value)));
		const {variance} = measureSpread(pulled);
		const square = ((values.length - 1) * variance) / (kept.length - 1);
		return {center: mean(kept), spread: {variance: square, n: kept.length}};
	});
	if (a === undefined || b === undefined) {
		return false;
	}

	const spreads = [a.spread, b.spread];
	const error = plainErrorOf(spreads);
	return Math.abs(b.center - a.center) > criticalT(alpha, degreesOfFreedomOf(spreads)) * error;
};

/** Sums of k of the values, every choice of k; above 12 values 999 choices by chance and the one at hand. */
const listSums = (all: Values, k: number, random: Random): readonly number[] => {
	if (all.length > 12) {
		return [0, ...Array.from({length: 999}, () => drawSum(all, k, random))];
	}

	const sums: number[] = [];
	const choose = (from: number, left: number, sum: number): void => {
		if (left === 0) {
			sums.push(sum);
			return;
		}

		for (let at = from; at <= all.length - left; at++) {
			choose(at + 1, left - 1, sum + (all[at] ?? 0));
		}
	};

	choose(0, k, 0);
	return sums;
};

const drawSum = (all: Values, k: number, random: Random): number => {
	const pool = [...all];
	let sum = 0;
	for (let left = k; left > 0; left--) {
		const [value] = pool.splice(drawIndex(random, pool.length), 1);
		sum += value ?? 0;
	}

	return sum;
};

const permutation = (baseline: Values, candidate: Values, random: Random): boolean => {
	const all = [...baseline, ...candidate];
	const center = mean(all) * baseline.length;
	const distance = (sum: number): number => Math.abs(sum - center);
	const own = distance(mean(baseline) * baseline.length) - 1e-12;
	const sums = listSums(all, baseline.length, random);
	const beyond = sums.filter((sum, at) => (all.length > 12 && at === 0) || distance(sum) >= own);
	return beyond.length / sums.length <= alpha;
};

/** Mann and Whitney's, exact: the permutation test on ranks. */
const ranks = (baseline: Values, candidate: Values, random: Random): boolean => {
	const order = [...baseline, ...candidate].toSorted((a, b) => a - b);
	const rank = (value: number): number => order.indexOf(value);
	return permutation(baseline.map(rank), candidate.map(rank), random);
};

const excludes = (values: readonly number[], at: number): boolean => {
	const sorted = values.toSorted((a, b) => a - b);
	const end = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
	return end(alpha / 2) > at || end(1 - alpha / 2) < at;
};

/** What benchmark_mean.json's intervals use for one side. */
const percentileBootstrap = (baseline: Values, candidate: Values, random: Random): boolean =>
	excludes(
		Array.from(
			{length: resamples},
			() => median(resample(candidate, random)) - median(resample(baseline, random)),
		),
		0,
	);

const studentizedBootstrap = (baseline: Values, candidate: Values, random: Random): boolean => {
	const change = mean(candidate) - mean(baseline);
	const centered = candidate.map((value) => value - change);
	const statistics = Array.from({length: resamples}, () =>
		statisticOf(resample(baseline, random), resample(centered, random)),
	).filter(Number.isFinite);
	return excludes(statistics, statisticOf(baseline, candidate));
};

export const candidates: readonly Candidate[] = [
	{name: 'Welch', finds: welch},
	{name: 'Student', finds: student},
	{name: 'trimmed Welch', finds: trimmed},
	{name: 'permutation', finds: permutation},
	{name: 'Mann-Whitney', finds: ranks},
	{name: 'bootstrap of medians', finds: percentileBootstrap},
	{name: 'bootstrap-t', finds: studentizedBootstrap},
];
