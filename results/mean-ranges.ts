/** The mean of many nested results: number by number, each over the results that have it. */

import type {RangeResult} from '../schemas/benchmark-result.ts';
import {metricNames} from './range-metrics.ts';

const metricIndex: ReadonlyMap<string, number> = new Map(
	metricNames.map((metric, index) => [metric, index]),
);

/** Filled and emptied for each path in turn: an object per path and metric would be most of the work. */
interface Scratch {
	readonly sums: Float64Array;
	readonly counts: Uint32Array;
}

export interface MeanRanges {
	readonly mean: RangeResult;
	/** Paths that only some of the results have; those below such a path are not counted. */
	readonly partialPaths: number;
	/** One of them; empty where there is none. */
	readonly partialExample: string;
}

/** Adds the numbers up; the ranges inside come back by name. Any text can be a name: hence a Map. */
const addUp = (
	results: readonly Readonly<RangeResult>[],
	{sums, counts}: Scratch,
): ReadonlyMap<string, readonly RangeResult[]> => {
	const inside = new Map<string, RangeResult[]>();
	for (const result of results) {
		for (const name in result) {
			const value = result[name];
			if (typeof value === 'number') {
				const metric = metricIndex.get(name) ?? 0;
				sums[metric] = (sums[metric] ?? 0) + value;
				counts[metric] = (counts[metric] ?? 0) + 1;
			} else if (value !== undefined) {
				const same = inside.get(name);
				if (same === undefined) {
					inside.set(name, [value]);
				} else {
					same.push(value);
				}
			}
		}
	}

	return inside;
};

/** To six decimals: that is a nanosecond for times, and it hides that sums of equal numbers are inexact. */
const takeMeans = ({sums, counts}: Scratch): RangeResult => {
	const mean: RangeResult = {};
	for (const [index, metric] of metricNames.entries()) {
		const count = counts[index] ?? 0;
		if (count > 0) {
			mean[metric] = Math.round(((sums[index] ?? 0) / count) * 1e6) / 1e6;
		}
	}

	sums.fill(0);
	counts.fill(0);
	return mean;
};

export const averageRanges = (results: readonly Readonly<RangeResult>[]): MeanRanges => {
	const scratch = {
		sums: new Float64Array(metricNames.length),
		counts: new Uint32Array(metricNames.length),
	};
	let partialPaths = 0;
	let partialExample = '';

	const average = (same: readonly Readonly<RangeResult>[], path: string): RangeResult => {
		const inside = addUp(same, scratch);
		const mean = takeMeans(scratch);
		for (const [name, ranges] of inside) {
			const below = path === '' ? name : `${path}/${name}`;
			if (same.length === results.length && ranges.length < same.length) {
				partialPaths++;
				partialExample ||= below;
			}

			mean[name] = average(ranges, below);
		}

		return mean;
	};

	return {mean: average(results, ''), partialPaths, partialExample};
};
