/**
 * The 95 % interval of a median, by the hierarchical bootstrap: what is drawn again are repeats, then the processes of
 * each, then their batches. Batches of one process share its warm caches, its clock and its place in memory, so a
 * thousand of them are no thousand measurements.
 *
 * The percentiles are expanded for few processes (Hesterberg 2015, "What teachers should know about the bootstrap",
 * section 4.3.2): plain ones from 2.5 to 97.5 make an interval as narrow as if the spread among five were known exactly.
 */

import {criticalT, normalTail} from './comparison/student.ts';
import {createRandom} from './random.ts';
import {countProcesses, isConstant, type RankedSamples} from './ranked-samples.ts';
import {drawMedian, walkToMedian} from './resampled-median.ts';
import {quantile, sortSamples, type Interval} from './summary.ts';

/** Below this many processes, over all repeats, there is no interval. */
export const leastProcesses = 5;

/** Resamples per interval, where there are not too many intervals. */
export const fullResamples = 1000;
const fewestResamples = 200;

/** Up to this many samples every batch is drawn. */
const drawAllUpTo = 1024;
/** What one process costs in one step of the walk to the median, measured in draws of a batch. */
const stepCost = 20;
/** Draws for all intervals of a run together: some two seconds. */
const drawBudget = 300e6;

const hasInterval = (samples: RankedSamples): boolean => countProcesses(samples) >= leastProcesses;

const drawsAll = ({values}: RankedSamples): boolean => values.length <= drawAllUpTo;

/** Draws per resample. */
export const costOf = (samples: RankedSamples): number => {
	if (!hasInterval(samples) || isConstant(samples)) {
		return 0;
	}

	const {length} = samples.values;
	return drawsAll(samples)
		? length * 2
		: countProcesses(samples) * Math.ceil(Math.log2(length)) * stepCost;
};

/**
 * How many resamples each interval of a run gets, so that thousands of paths do not take minutes.
 * @param cost of one resample of each of them
 */
export const planResamples = (cost: number): number =>
	Math.max(fewestResamples, Math.min(fullResamples, Math.floor(drawBudget / Math.max(1, cost))));

const drawMedians = (samples: RankedSamples, count: number, seed: number): readonly number[] => {
	const random = createRandom(seed);
	const counts = new Uint32Array(drawsAll(samples) ? samples.values.length : 0);
	return Array.from({length: count}, () =>
		drawsAll(samples) ? drawMedian(samples, random, counts) : walkToMedian(samples, random),
	);
};

/**
 * The share of resamples beyond each end of the interval: less than 2.5 % for few processes. Where repeats hold several
 * processes, both levels are drawn, and their spread counts once for each: there it is not too small to begin with.
 */
const tailBeyond = ({repeats}: RankedSamples, processes: number): number => {
	const isOneLevel = repeats.length === 1 || repeats.length === processes;
	const t = criticalT(0.05, processes - 1);
	return normalTail(isOneLevel ? t * Math.sqrt(processes / (processes - 1)) : t);
};

/**
 * @param seed the same seed gives the same interval
 * @returns in the samples' unit; null below five processes
 */
export const estimateInterval = (
	samples: RankedSamples,
	{count, seed}: {count: number; seed: number},
): Interval | null => {
	if (!hasInterval(samples)) {
		return null;
	}

	if (isConstant(samples)) {
		const only = quantile(samples.values, 0.5);
		return {low: only, high: only};
	}

	const medians = sortSamples(drawMedians(samples, count, seed));
	const tail = tailBeyond(samples, countProcesses(samples));
	return {low: quantile(medians, tail), high: quantile(medians, 1 - tail)};
};
