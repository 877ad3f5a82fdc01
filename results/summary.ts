/**
 * One metric's samples in a few numbers.
 *
 * Written out here, and held against mathjs by a test: mathjs takes 0.4 s to load, which is most of what the whole command
 * may cost, and a microsecond per sample, of which a long trace has millions.
 */

import {toMilliseconds} from '../base/units.ts';
import type {ConfidenceInterval, Summary} from '../schemas/benchmark-result.ts';

declare const ascending: unique symbol;
/** Ascending, at least one. */
export type SortedSamples = Float64Array & {readonly [ascending]: true};

export const sortSamples = (values: ArrayLike<number>): SortedSamples =>
	Float64Array.from(values).sort() as SortedSamples;

/** Linear between order statistics (type 7 of Hyndman and Fan, the default of R and NumPy). */
export const quantile = (samples: SortedSamples, probability: number): number => {
	const at = (samples.length - 1) * probability;
	const below = samples[Math.floor(at)] ?? 0;
	const above = samples[Math.ceil(at)] ?? below;
	return below + (above - below) * (at - Math.floor(at));
};

const sum = (samples: SortedSamples, value: (sample: number) => number): number => {
	let total = 0;
	for (const sample of samples) {
		total += value(sample);
	}

	return total;
};

/** An interval in the samples' own unit. */
export interface Interval {
	readonly low: number;
	readonly high: number;
}

const showInterval = (interval: Interval | null, scale: number): ConfidenceInterval | null =>
	interval === null
		? null
		: {
				low: toMilliseconds(interval.low * scale),
				high: toMilliseconds(interval.high * scale),
				level: 0.95,
				method: 'hierarchical bootstrap percentile',
			};

/**
 * @param samples nanoseconds
 * @param interval of the median, in nanoseconds; null where there is too little for one
 * @param scale what to multiply all samples with: times per item are times, where all batches have the same items
 */
export const summarize = (
	samples: SortedSamples,
	interval: Interval | null,
	scale = 1,
): Summary => {
	const count = samples.length;
	const mean = sum(samples, (sample) => sample) / count;
	const squares = sum(samples, (sample) => (sample - mean) ** 2);
	const show = (value: number): number => toMilliseconds(value * scale);
	const percentile = (probability: number): number => show(quantile(samples, probability));
	return {
		count,
		mean: show(mean),
		median: percentile(0.5),
		std: count < 2 ? null : show(Math.sqrt(squares / (count - 1))),
		min: percentile(0),
		max: percentile(1),
		p5: percentile(0.05),
		p16: percentile(0.16),
		p84: percentile(0.84),
		p95: percentile(0.95),
		p99: percentile(0.99),
		confidence_interval: showInterval(interval, scale),
	};
};
