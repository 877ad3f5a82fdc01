/**
 * Samples: what statistics are made of. Batches fold into one path ("object/pipeline/batch_*\/stage_1"), where each batch
 * that counts and is no warm-up gives one value per metric; a range outside batches gives one value per process.
 */

import {sampledMetrics} from '../schemas/benchmark-result.ts';
import type {SampledMetric} from '../schemas/benchmark-result.ts';
import type {FoldedName} from './batch-name.ts';
import {joinFoldedPath, joinPath, topPath} from './range-keys.ts';
import type {RangeMetrics} from './range-metrics.ts';
import {emptyTimeline, type WorkTimeline} from './work-timeline.ts';

/** Work done without warm-up, at a range that holds batches. */
export interface Work {
	readonly items: number;
	readonly cpuNs: number;
	readonly timeline: WorkTimeline;
}

export interface RangeSamples {
	/** Nanoseconds, in order of the batches; fractions where a value is a mean or per item. */
	readonly values: Readonly<Partial<Record<SampledMetric, readonly number[]>>>;
	/** null at ranges that hold no batches, or none outside warm-up. */
	readonly work: Work | null;
}

/** By path, a parent before its children. */
export type Samples = ReadonlyMap<string, RangeSamples>;

/** A folded path while samples are gathered. */
export interface FoldedPath {
	readonly path: string;
	readonly below: FoldedPath[];
	readonly byName: Map<string, FoldedPath>;
	readonly byFoldedName: Map<string, FoldedPath>;
	readonly values: Partial<Record<SampledMetric, number[]>>;
	work: Work | null;
}

const createFoldedPath = (path: string): FoldedPath => ({
	path,
	below: [],
	byName: new Map(),
	byFoldedName: new Map(),
	values: {},
	work: null,
});

export const createFoldedTop = (): FoldedPath => createFoldedPath(topPath);

const findOrMake = (
	from: FoldedPath,
	known: Map<string, FoldedPath>,
	key: string,
	path: () => string,
): FoldedPath => {
	let below = known.get(key);
	if (below === undefined) {
		below = createFoldedPath(path());
		known.set(key, below);
		from.below.push(below);
	}

	return below;
};

export const descendToRange = (from: FoldedPath, key: string): FoldedPath =>
	findOrMake(from, from.byName, key, () => joinPath(from.path, key));

export const descendToBatch = (from: FoldedPath, name: FoldedName): FoldedPath =>
	findOrMake(from, from.byFoldedName, JSON.stringify(name), () => joinFoldedPath(from.path, name));

export const addSample = ({values}: FoldedPath, metrics: RangeMetrics): void => {
	for (const metric of sampledMetrics) {
		const value = metrics[metric];
		if (value !== undefined) {
			(values[metric] ??= []).push(value);
		}
	}
};

/** Holders that fold into one path add up. @returns the path's timeline, to be added to */
export const addWork = (path: FoldedPath, items: number, cpuNs: number): WorkTimeline => {
	const timeline = path.work?.timeline ?? emptyTimeline();
	path.work = {
		items: items + (path.work?.items ?? 0),
		cpuNs: cpuNs + (path.work?.cpuNs ?? 0),
		timeline,
	};
	return timeline;
};

export const listSamples = (top: FoldedPath): Samples => {
	const samples = new Map<string, RangeSamples>();
	const visit = ({path, values, work, below}: FoldedPath): void => {
		if (values.cpu_time !== undefined) {
			samples.set(path, {values, work});
		}

		below.forEach(visit);
	};

	visit(top);
	return samples;
};
