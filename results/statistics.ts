/** From samples to the `stats` of both files. */

import type {RangeStatistics, Throughput} from '../schemas/benchmark-result.ts';
import {costOf, estimateInterval} from './bootstrap.ts';
import {
	countProcesses,
	rankSamples,
	type RankedSamples,
	type SampleGroups,
} from './ranked-samples.ts';
import {sampledMetrics, type SampledMetric} from '../schemas/benchmark-result.ts';
import {type RangeSamples} from './samples.ts';
import {summarize} from './summary.ts';

/** One path's samples by repeat and process; who has none of the path is left out. */
export type GroupedSamples = readonly (readonly RangeSamples[])[];

/** One metric of a path, or a multiple of one. */
interface MetricSamples {
	readonly ranked: RankedSamples;
	/** What to multiply each sample with. */
	readonly scale: number;
}

/** One path with its samples in order. */
export interface PathSamples {
	readonly path: string;
	readonly metrics: ReadonlyMap<SampledMetric, MetricSamples>;
}

const groupMetric = (samples: GroupedSamples, metric: SampledMetric): SampleGroups =>
	samples
		.map((processes) =>
			processes.map(({values}) => values[metric] ?? []).filter(({length}) => length > 0),
		)
		.filter(({length}) => length > 0);

/** Times per item, and the times that they come from. */
const perItem = new Map<SampledMetric, SampledMetric>([
	['cpu_time_per_item', 'cpu_time'],
	['gpu_time_per_item', 'gpu_time'],
	['gpu_busy_time_per_item', 'gpu_busy_time'],
]);

/** Batches of equal size need no second sorting and no second bootstrap. @returns undefined where sizes differ */
const findItems = (times: SampleGroups, rates: SampleGroups): number | undefined => {
	let items: number | undefined;
	for (const [repeat, processes] of times.entries()) {
		for (const [process, values] of processes.entries()) {
			const others = rates[repeat]?.[process] ?? [];
			for (const [index, time] of values.entries()) {
				const rate = others[index] ?? Number.NaN;
				items ??= time > 0 ? Math.round(time / rate) : undefined;
				if (items === undefined ? time !== rate : time / items !== rate) {
					return undefined;
				}
			}
		}
	}

	// Times of 0 alone: any number will do.
	return items ?? 1;
};

export const rankPath = (path: string, samples: GroupedSamples): PathSamples => {
	const groups = new Map(sampledMetrics.map((metric) => [metric, groupMetric(samples, metric)]));
	const metrics = new Map<SampledMetric, MetricSamples>();
	for (const [metric, group] of groups) {
		if (group.length === 0) {
			continue;
		}

		const source = perItem.get(metric);
		const whole = source === undefined ? undefined : metrics.get(source);
		const items = source === undefined ? undefined : findItems(groups.get(source) ?? [], group);
		metrics.set(
			metric,
			whole === undefined || items === undefined
				? {ranked: rankSamples(group), scale: 1}
				: {ranked: whole.ranked, scale: 1 / items},
		);
	}

	return {path, metrics};
};

/** Each ranking once, however many metrics share it. */
const listRankings = ({metrics}: PathSamples): readonly RankedSamples[] => [
	...new Set([...metrics.values()].map(({ranked}) => ranked)),
];

/** Draws per resample of all intervals of the path. */
export const costOfPath = (samples: PathSamples): number =>
	listRankings(samples).reduce((sum, ranked) => sum + costOf(ranked), 0);

/** Processes, over all repeats, that have the path. */
export const countPathProcesses = ({metrics}: PathSamples): number => {
	const ranked = metrics.get('cpu_time')?.ranked;
	return ranked === undefined ? 0 : countProcesses(ranked);
};

/** FNV-1a: the same path draws the same numbers in every run, whatever stands beside it. */
const seedOf = (path: string): number => {
	let hash = 0x811c9dc5;
	for (let at = 0; at < path.length; at++) {
		hash = Math.imul(hash ^ path.charCodeAt(at), 0x01000193);
	}

	return hash;
};

/**
 * @param resamples for each interval; 0 where there can be none
 * @param throughput undefined for ranges that hold no batches
 */
export const describeSamples = (
	samples: PathSamples,
	resamples: number,
	throughput: Throughput | undefined,
): RangeStatistics => {
	const draws = {count: resamples, seed: seedOf(samples.path)};
	const intervals = new Map(
		listRankings(samples).map((ranked) => [
			ranked,
			resamples === 0 ? null : estimateInterval(ranked, draws),
		]),
	);
	const summaries = [...samples.metrics].map(([metric, {ranked, scale}]) => [
		metric,
		summarize(ranked.values, intervals.get(ranked) ?? null, scale),
	]);
	// Whatever has a sample has all three times of it.
	const statistics = Object.fromEntries(summaries) as RangeStatistics;
	return throughput === undefined ? statistics : {...statistics, throughput};
};
