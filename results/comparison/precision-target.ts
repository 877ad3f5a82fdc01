/**
 * Which interval `--repeat auto` watches.
 *
 *     (none)                  the outermost range that holds batches: its CPU time per item without warm-up, which is what
 *                             a whole costs, waiting for the GPU included; else the costliest range's CPU time
 *     gpu_time                that metric of the same range
 *     gpu_time:infer          that metric of all ranges that fit the pattern, spelled as in `--fail-on`
 */

import {UserError} from '../../base/errors.ts';
import type {RunProcess} from '../mean-result.ts';
import {sampledMetrics, type SampledMetric} from '../../schemas/benchmark-result.ts';
import {createLimitSearch} from './gate-limits.ts';
import {median, type Replicates} from './replicates.ts';
import {gatherReplicates, groupByRepeat} from './run-replicates.ts';

export interface PrecisionTarget {
	readonly path: string;
	readonly metric: SampledMetric;
	/** Nanoseconds. */
	readonly samples: Replicates;
}

export interface PrecisionWish {
	/** null: chosen by what the run has. */
	readonly metric: SampledMetric | null;
	/** null: the outermost holder of batches. */
	readonly pattern: string | null;
}

/** The best that a range has. */
const defaultMetrics: readonly SampledMetric[] = [
	'cpu_time_per_item_minus_warmup',
	'cpu_time_per_item',
	'cpu_time',
];

const isSampled = (text: string): text is SampledMetric =>
	(sampledMetrics as readonly string[]).includes(text);

/** @throws UserError when it names no metric */
export const parsePrecisionWish = (text: string | undefined): PrecisionWish => {
	if (text === undefined) {
		return {metric: null, pattern: null};
	}

	const colon = text.indexOf(':');
	const metric = (colon === -1 ? text : text.slice(0, colon)).trim();
	const pattern = colon === -1 ? null : text.slice(colon + 1).trim();
	if (!isSampled(metric) || pattern === '') {
		throw new UserError(`--precision-metric ${text}: "${metric}" is no metric of a process`, {
			next: `Write it as gpu_time or gpu_time:infer. Metrics are ${sampledMetrics.join(', ')}.`,
		});
	}

	return {metric, pattern};
};

/** All metrics that any process has of a path. */
const metricsAt = (processes: readonly RunProcess[], path: string): ReadonlySet<string> =>
	new Set(processes.flatMap(({measured}) => Object.keys(measured.samples.get(path)?.values ?? {})));

/** The median over processes of their CPU times added up, in ns. */
const costOf = (processes: readonly RunProcess[], path: string): number =>
	median(
		processes.map(({measured}) =>
			(measured.samples.get(path)?.values.cpu_time ?? []).reduce((sum, value) => sum + value, 0),
		),
	);

const findCostliest = (
	processes: readonly RunProcess[],
	paths: readonly string[],
): string | undefined =>
	paths
		.map((path) => ({path, cost: costOf(processes, path)}))
		.reduce<{path: string; cost: number} | undefined>(
			(best, next) => (best === undefined || next.cost > best.cost ? next : best),
			undefined,
		)?.path;

/** A holder's work is known of processes that had batches left after warm-up. */
const holdsBatches = (processes: readonly RunProcess[], path: string): boolean =>
	processes.some(({measured}) => (measured.samples.get(path)?.work ?? null) !== null);

const choosePaths = (
	processes: readonly RunProcess[],
	paths: readonly string[],
	{metric, pattern}: PrecisionWish,
): readonly string[] => {
	if (pattern !== null) {
		const search = createLimitSearch([{metric: null, pattern, limit: 0}]);
		return paths.filter((path) => search(path, metric ?? 'cpu_time').length > 0);
	}

	const holders = paths.filter((path) => holdsBatches(processes, path));
	const found = findCostliest(processes, holders.length > 0 ? holders : paths);
	return found === undefined ? [] : [found];
};

/** @returns empty where no range and metric fits */
export const listPrecisionTargets = (
	processes: readonly RunProcess[],
	wish: PrecisionWish,
): readonly PrecisionTarget[] => {
	const paths = [...new Set(processes.flatMap(({measured}) => [...measured.samples.keys()]))];
	const repeats = groupByRepeat(processes);
	return choosePaths(processes, paths, wish).flatMap((path) => {
		const present = metricsAt(processes, path);
		const wanted = wish.metric === null ? defaultMetrics : [wish.metric];
		const metric = wanted.find((candidate) => present.has(candidate));
		return metric === undefined
			? []
			: [{path, metric, samples: gatherReplicates(repeats, path, metric)}];
	});
};
