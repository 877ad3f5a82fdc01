/**
 * Which metrics of which ranges two sides are compared by, and their samples.
 *
 *     time             where each side does the same number of items every time, or nothing counts items
 *     time per item    else: twice the items in twice the time is no slower
 */

import {comparedMetrics, type ComparedMetric} from '../../schemas/comparison.ts';
import type {ComparedSamples} from './measured-change.ts';
import type {Replicates} from './replicates.ts';
import type {MetricValues, Side, SideProcess} from './side.ts';

export interface MetricChoice {
	/** What is compared, where both sides have it; null for the usual choice. */
	readonly only: readonly ComparedMetric[] | null;
	/** In addition to the usual choice. */
	readonly also: ReadonlySet<ComparedMetric>;
}

const groupRepeats = ({processes}: Side): readonly (readonly SideProcess[])[] => {
	const length = Math.max(0, ...processes.map(({repeat}) => repeat + 1));
	const repeats: SideProcess[][] = Array.from({length}, () => []);
	for (const process of processes) {
		repeats[process.repeat]?.push(process);
	}

	return repeats;
};

/** Rates of processes that ran side by side add up; a repeat that lost one had the machine less loaded. */
const sumRates = (rates: Replicates): Replicates => {
	const known = rates.map((processes) => processes.flat());
	const most = Math.max(0, ...known.map(({length}) => length));
	return known.map((values) =>
		values.length === most && most > 0 ? [[values.reduce((sum, value) => sum + value, 0)]] : [],
	);
};

type Repeats = ReturnType<typeof groupRepeats>;

const gatherValues = (repeats: Repeats, path: string, metric: ComparedMetric): Replicates => {
	const values = repeats.map((processes) =>
		processes.map(({values: own}) => {
			const value = own.get(path)?.[metric];
			return value === undefined ? [] : [value];
		}),
	);
	return metric === 'throughput' ? sumRates(values) : values;
};

/** SM clocks in the places of the samples, MHz; null where nobody knows. */
export const gatherClocks = (side: Side): readonly (readonly (number | null)[])[] =>
	groupRepeats(side).map((processes) => processes.map(({smClockMhz}) => smClockMhz ?? null));

/** A parent before its children, those of the baseline first. */
export const listSharedPaths = (baseline: Side, candidate: Side): readonly string[] => {
	const pathsOf = ({processes}: Side): Set<string> =>
		new Set(processes.flatMap(({values}) => [...values.keys()]));
	const others = pathsOf(candidate);
	return [...pathsOf(baseline)].filter((path) => others.has(path));
};

const valuesAt = (side: Side, path: string): readonly MetricValues[] =>
	side.processes.flatMap(({values}) => values.get(path) ?? []);

const has = (all: readonly MetricValues[], metric: ComparedMetric): boolean =>
	all.some((values) => values[metric] !== undefined);

const perItemOf = (metric: ComparedMetric): ComparedMetric | undefined =>
	comparedMetrics.find((name) => name === metric.replace(/_time/, '_time_per_item'));

/** Half the last digit of a file's times, ms: ours have nanoseconds, CV-CUDA's three decimals. */
const roundingOf = ({input}: Side): number => (input.format === 'nsys-benchmark' ? 5e-7 : 5e-4);

/** Whether every process does the same number of items each time, as far as the files' decimals tell. */
const hasEqualItems = (
	all: readonly MetricValues[],
	[time, perItem]: readonly [ComparedMetric, ComparedMetric],
	rounding: number,
): boolean => {
	const pairs = all
		.map((values) => [values[time] ?? 0, values[perItem] ?? 0] as const)
		.filter(([whole, part]) => whole > 0 && part > 0);
	const [whole, part] = pairs.toSorted((a, b) => b[1] - a[1])[0] ?? [0, 1];
	const items = whole / part;
	return pairs.every(
		([other, share]) => Math.abs(other - items * share) <= 2 * rounding * (items + 1),
	);
};

const isZero = (all: readonly MetricValues[], metric: ComparedMetric): boolean =>
	all.every((values) => (values[metric] ?? 0) === 0);

/** The usual metrics of one path. */
const chooseMetrics = (
	[before, after]: readonly [readonly MetricValues[], readonly MetricValues[]],
	rounding: number,
): readonly ComparedMetric[] => {
	const all = [...before, ...after];
	const shared = comparedMetrics.filter(
		(metric) => has(before, metric) && has(after, metric) && !isZeroGpu(all, metric),
	);
	return shared.filter((metric) => {
		const perItem = metric.includes('_per_item') ? metric : perItemOf(metric);
		if (metric === 'throughput' || perItem === undefined || !shared.includes(perItem)) {
			return true;
		}

		const time = comparedMetrics.find((name) => name === perItem.replace('_per_item', ''));
		const sameItems = time !== undefined && hasEqualItems(all, [time, perItem], rounding);
		return sameItems === (metric !== perItem);
	});
};

/** A range without GPU work on either side has no GPU time to compare. */
const isZeroGpu = (all: readonly MetricValues[], metric: ComparedMetric): boolean =>
	metric.startsWith('gpu_') && isZero(all, metric);

/** @param fits what of it is wanted */
export const listComparedSamples = (
	[baseline, candidate]: readonly [Side, Side],
	{only, also}: MetricChoice,
	fits: (path: string, metric: ComparedMetric) => boolean,
): readonly ComparedSamples[] => {
	const [before, after] = [groupRepeats(baseline), groupRepeats(candidate)];
	const rounding = Math.max(roundingOf(baseline), roundingOf(candidate));
	return listSharedPaths(baseline, candidate).flatMap((path) => {
		const values = [valuesAt(baseline, path), valuesAt(candidate, path)] as const;
		const usual = new Set(chooseMetrics(values, rounding));
		return comparedMetrics
			.filter((metric) =>
				only === null ? usual.has(metric) || also.has(metric) : only.includes(metric),
			)
			.filter((metric) => values.every((side) => has(side, metric)) && fits(path, metric))
			.map((metric) => ({
				path,
				metric,
				baseline: gatherValues(before, path, metric),
				candidate: gatherValues(after, path, metric),
			}));
	});
};

/** Paths inside which no other path stands. */
export const listLeaves = (paths: readonly string[]): ReadonlySet<string> => {
	const leaves = new Set(paths);
	for (const path of paths) {
		for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
			leaves.delete(path.slice(0, at));
		}
	}

	return leaves;
};
