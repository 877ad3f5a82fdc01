/** `meta` of both files: what the annotation library said, and our own facts beside it. */

import type {MeanResult, ProcessResult} from '../schemas/benchmark-result.ts';
import type {RunClocks} from '../schemas/clocks.ts';
import type {GpuWatchEnd} from '../schemas/gpu-watch.ts';
import type {Gpu} from '../schemas/manifest.ts';
import type {Placeholder} from '../schemas/placeholder.ts';
import type {Trace} from '../schemas/trace.ts';
import {describeRunStart} from './common-start.ts';

export type Meta = Readonly<Record<string, unknown>>;

const isMeta = (value: unknown): value is Meta =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * One object's meta stands as it is, as in the origin. Of several (objects, or processes in one report) the first stands
 * there, and `annotation_objects` has them all.
 */
export const mergeAnnotationMetas = (trace: Trace, placeholder: Placeholder | null): Meta => {
	const distinct = new Map(
		trace.metas.map(({pid, meta}) => [JSON.stringify([pid, meta]), {pid, ...meta}]),
	);
	const first = trace.metas[0]?.meta ?? placeholder?.meta ?? {};
	return distinct.size > 1 ? {...first, annotation_objects: [...distinct.values()]} : first;
};

/** What all have in common: objects key by key, all else where it is the same in each. */
export const shareMeta = (metas: readonly Meta[]): Meta => {
	const [first = {}, ...others] = metas;
	const shared: Record<string, unknown> = {};
	for (const [key, value] of Object.entries(first)) {
		const values = others.map((meta) => (Object.hasOwn(meta, key) ? meta[key] : undefined));
		if (isMeta(value) && values.every(isMeta)) {
			shared[key] = shareMeta([value, ...values]);
		} else if (values.every((other) => JSON.stringify(other) === JSON.stringify(value))) {
			shared[key] = value;
		}
	}

	return shared;
};

/** Mean over the processes that have the holder. */
const meanBatches = (
	results: readonly ProcessResult[],
	read: (meta: ProcessResult['meta']) => Readonly<Record<string, number>>,
): Record<string, number> => {
	const counts = new Map<string, number[]>();
	for (const {meta} of results) {
		for (const [path, count] of Object.entries(read(meta))) {
			counts.set(path, [...(counts.get(path) ?? []), count]);
		}
	}

	return Object.fromEntries(
		[...counts].map(([path, all]) => [path, all.reduce((a, b) => a + b, 0) / all.length]),
	);
};

/** What the run planned. */
export interface RunPlan {
	/** Over all repeats. */
	readonly processesPlanned: number;
	readonly repeats: number;
	readonly warmupBatches: number;
	/** Those of the machine. */
	readonly gpus?: readonly Gpu[] | undefined;
	/** What watching the GPUs came to; null or absent where none was. */
	readonly gpuWatch?: GpuWatchEnd | null | undefined;
	/** What was asked of the GPUs' clocks; null or absent: nothing. */
	readonly clocks?: RunClocks | null | undefined;
	/** Whether the processes were to begin together (--sync-start). */
	readonly syncStart?: boolean;
}

export const describeRun = (
	results: readonly ProcessResult[],
	plan: RunPlan,
): MeanResult['meta'] => ({
	...shareMeta(results.map(({meta}) => meta)),
	measurement_unit: 'milliseconds',
	total_batches: meanBatches(results, (meta) => meta.total_batches),
	warmup_batches: plan.warmupBatches,
	...(results.some(({meta}) => meta.dropped_batches !== undefined)
		? {dropped_batches: meanBatches(results, (meta) => meta.dropped_batches ?? {})}
		: {}),
	// A single process without nsys makes the run's GPU times incomplete.
	profiler: results.some(({meta}) => meta.profiler === 'builtin') ? 'builtin' : 'nsys',
	gpu_traced: results.some(({meta}) => meta.gpu_traced),
	...describeRunStart(results.map(({meta}) => meta)),
	processes: results.length,
	processes_planned: plan.processesPlanned,
	repeats: plan.repeats,
});
