/**
 * A candidate's numbers in Bencher Metric Format (bencher.dev/docs/reference/bencher-metric-format):
 *
 *     {"<benchmark>": {"<measure>": {"value": 88, "lower_value": 87, "upper_value": 89}}}
 *
 * A benchmark is a range, a measure its metric, in the metric's own unit. The value is the candidate's median; the bounds
 * have the same ratio to it as the interval of the change has to the change. They hold what is not known of the baseline
 * too, so they are rather too wide for the candidate alone.
 */

import type {RangeComparison} from '../schemas/comparison.ts';
import type {ComparisonReport} from '../schemas/comparison-report.ts';
import {shorten} from './format.ts';

interface Metric {
	readonly value: number;
	readonly lower_value?: number;
	readonly upper_value?: number;
}

/** Bencher refuses longer names of benchmarks. */
const longestName = 1024;

const measure = ({candidate, change, interval}: RangeComparison): Metric | null => {
	const value = candidate.median;
	if (value === null) {
		return null;
	}

	// A change of -1 is one to 0: there is no ratio.
	if (change === null || interval === null || change <= -1) {
		return {value};
	}

	return {
		value,
		lower_value: (value * (1 + interval.low)) / (1 + change),
		upper_value: (value * (1 + interval.high)) / (1 + change),
	};
};

/** Unique: names that are equal once they are shortened have a number. */
const nameBenchmark = (name: string, taken: {has: (name: string) => boolean}): string => {
	const short = shorten(name, longestName);
	let unique = short;
	for (let number = 2; taken.has(unique); number++) {
		unique = `${shorten(name, longestName - 8)} (${number})`;
	}

	return unique;
};

/** One candidate: benchmarks have the ranges' paths. Several: the candidate's label goes before them. */
export function* formatComparisonBmf({candidates}: ComparisonReport): Generator<string> {
	const benchmarks = new Map<string, Map<string, Metric>>();
	for (const {input, comparisons} of candidates) {
		const names = new Map<string, string>();
		for (const comparison of comparisons) {
			const metric = measure(comparison);
			if (metric !== null) {
				const {path} = comparison;
				const full = candidates.length === 1 ? path : `${input.label}: ${path}`;
				const name = names.get(path) ?? nameBenchmark(full, benchmarks);
				names.set(path, name);
				const measures = benchmarks.get(name) ?? new Map<string, Metric>();
				benchmarks.set(name, measures.set(comparison.metric, metric));
			}
		}
	}

	const json = Object.fromEntries(
		[...benchmarks].map(([name, measures]) => [name, Object.fromEntries(measures)]),
	);
	yield `${JSON.stringify(json, null, '\t')}\n`;
}
