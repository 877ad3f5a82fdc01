import * as z from 'zod';
import {StartEnd} from './annotation-mark.ts';
import {MeanGpuMetrics, ProcessGpuMetrics} from './gpu-metrics.ts';
import {Warning} from './warning.ts';

/**
 * `benchmark.json` (one process) and `benchmark_mean.json` (the run). Times in milliseconds, exact to the nanosecond.
 * Names as CV-CUDA's documents have them; what is ours stands beside and never in place of them.
 */

const time = z.number().describe('milliseconds');
const items = z.number().nonnegative().describe('items');

/** The numbers of one range. A name that is absent does not apply: only batches and what holds them have items. */
export const rangeMetrics = {
	/** Wall time; the sum over the instances of this path, the mean over threads. */
	cpu_time: time.optional(),
	/** Projected GPU span. */
	gpu_time: time.optional(),
	/** Union of the GPU operations. */
	gpu_busy_time: time.optional(),
	/** Push/pop ranges that stand behind these numbers. */
	instances: z.number().nonnegative().optional(),
	/** Threads over which the mean was taken; only where there were several. */
	threads: z.number().positive().optional(),
	total_items: items.optional(),
	cpu_time_per_item: time.optional(),
	gpu_time_per_item: time.optional(),
	gpu_busy_time_per_item: time.optional(),
	/** The holder's own time less that of its warm-up batches: the time between batches stays in. */
	cpu_time_minus_warmup: time.optional(),
	gpu_time_minus_warmup: time.optional(),
	gpu_busy_time_minus_warmup: time.optional(),
	cpu_time_per_item_minus_warmup: time.optional(),
	gpu_time_per_item_minus_warmup: time.optional(),
	gpu_busy_time_per_item_minus_warmup: time.optional(),
	total_items_minus_warmup: items.optional(),
} as const;

export type RangeMetric = keyof typeof rangeMetrics;

/** A range's numbers and, under their names, the ranges inside it. */
export type RangeResult = {[Metric in RangeMetric]?: number} & {
	[child: string]: number | RangeResult;
};

export const RangeResult: z.ZodType<RangeResult> = z
	.object(rangeMetrics)
	.catchall(z.lazy(() => RangeResult))
	.meta({id: 'range-result'}) as unknown as z.ZodType<RangeResult>;

/** A 95 % interval of the median, from resampling repeats, then processes, then batches. */
export const ConfidenceInterval = z
	.strictObject({
		low: z.number(),
		high: z.number(),
		level: z.literal(0.95),
		method: z.literal('hierarchical bootstrap percentile'),
	})
	.meta({id: 'confidence-interval'});
export type ConfidenceInterval = Readonly<z.infer<typeof ConfidenceInterval>>;

/** One metric over its samples: a batch each for ranges inside batches, a process each for the others. */
export const Summary = z
	.strictObject({
		/** Samples. */
		count: z.int().nonnegative(),
		mean: z.number(),
		median: z.number(),
		/** Sample standard deviation (n - 1); null for a single sample. */
		std: z.number().nonnegative().nullable(),
		min: z.number(),
		max: z.number(),
		/** Percentiles, interpolated linearly between order statistics. */
		p5: z.number(),
		p16: z.number(),
		p84: z.number(),
		p95: z.number(),
		p99: z.number(),
		/** null where fewer than five processes stand behind it: batches alone do not replicate a measurement. */
		confidence_interval: ConfidenceInterval.nullable(),
	})
	.meta({id: 'summary'});
export type Summary = Readonly<z.infer<typeof Summary>>;

export const Throughput = z
	.strictObject({
		/**
		 * Items per second of all processes together. In the run: within `common_time`, where it is known. Else, and in one
		 * process's own file: `sum_of_rates`.
		 */
		items_per_second: z.number().nonnegative(),
		/** Processes that ran side by side. */
		processes: z.int().positive(),
		/** Share of the measured time in which all of them ran at once, 0 to 1; null where the traces do not tell. */
		overlap: z.number().min(0).max(1).nullable(),
		/**
		 * Milliseconds in which all of them were measuring, the mean over repeats; null where the traces do not tell, or it
		 * is less than half a batch of one of them. Absent in one process's own file.
		 */
		common_time: z.number().nonnegative().nullable().optional(),
		/** What each reached on its own, at whatever time, without its warm-up batches, added up. Absent as above. */
		sum_of_rates: z.number().nonnegative().optional(),
	})
	.meta({id: 'throughput'});
export type Throughput = Readonly<z.infer<typeof Throughput>>;

export const RangeStatistics = z
	.strictObject({
		cpu_time: Summary,
		gpu_time: Summary,
		gpu_busy_time: Summary,
		cpu_time_per_item: Summary.optional(),
		gpu_time_per_item: Summary.optional(),
		gpu_busy_time_per_item: Summary.optional(),
		/** Only on a range that holds batches: the times above are of the whole range, these leave warm-up out. */
		cpu_time_minus_warmup: Summary.optional(),
		gpu_time_minus_warmup: Summary.optional(),
		gpu_busy_time_minus_warmup: Summary.optional(),
		cpu_time_per_item_minus_warmup: Summary.optional(),
		gpu_time_per_item_minus_warmup: Summary.optional(),
		gpu_busy_time_per_item_minus_warmup: Summary.optional(),
		/** Only on a range that holds batches. */
		throughput: Throughput.optional(),
	})
	.meta({id: 'range-statistics'});
export type RangeStatistics = Readonly<z.infer<typeof RangeStatistics>>;

/** Metrics that have samples, one for each batch or process. */
export const sampledMetrics = [
	'cpu_time',
	'gpu_time',
	'gpu_busy_time',
	'cpu_time_per_item',
	'gpu_time_per_item',
	'gpu_busy_time_per_item',
	'cpu_time_minus_warmup',
	'gpu_time_minus_warmup',
	'gpu_busy_time_minus_warmup',
	'cpu_time_per_item_minus_warmup',
	'gpu_time_per_item_minus_warmup',
	'gpu_busy_time_per_item_minus_warmup',
] as const satisfies readonly Exclude<keyof RangeStatistics, 'throughput'>[];
export type SampledMetric = (typeof sampledMetrics)[number];

/** By the path of a range, batches folded into one: "object/pipeline/batch_*\/stage_1". Warm-up batches left out. */
const Statistics = z.record(z.string(), RangeStatistics);
const Results = z.record(z.string(), RangeResult);

/** `--sync-start`: the first batches were held back until all processes were at theirs. */
const SyncStart = z.strictObject({
	/** How long, in ms. No range's time holds it. Of several processes the longest. */
	waited: z.number().nonnegative(),
	/** Why no longer; of several processes the worst. */
	end: StartEnd,
});

/** Facts about the run, ours; the annotation library's own keys (obj_name, args, ...) stand beside them. */
export const ResultMeta = z.looseObject({
	measurement_unit: z.literal('milliseconds'),
	/** Batches (with items) per holder. */
	total_batches: z.record(z.string(), z.number().nonnegative()),
	warmup_batches: z.int().nonnegative(),
	/** Batches per holder that --drop-throttled left out of the statistics. Absent: it was not asked for, or no GPU watched. */
	dropped_batches: z.record(z.string(), z.number().nonnegative()).optional(),
	/** nsys, or builtin where none could be had: then GPU times are not measured. */
	profiler: z.enum(['nsys', 'builtin']),
	/** Whether GPU activity was seen at all: if not, a GPU time of 0 says nothing. */
	gpu_traced: z.boolean(),
	/** Absent: nothing was held back. */
	sync_start: SyncStart.optional(),
});

export const ProcessResult = z
	.strictObject({
		formatVersion: z.literal(1),
		data: Results,
		mean_data: Results,
		stats: Statistics,
		meta: ResultMeta,
		gpu_metrics: ProcessGpuMetrics.optional(),
		warnings: z.array(Warning),
	})
	.meta({id: 'benchmark', title: 'benchmark.json: one process'});
export type ProcessResult = Readonly<z.infer<typeof ProcessResult>>;

export const MeanResult = z
	.strictObject({
		formatVersion: z.literal(1),
		mean_all_batches: Results,
		mean_data: Results,
		stats: Statistics,
		meta: ResultMeta.extend({
			/** Processes whose results went in. */
			processes: z.int().nonnegative(),
			/** Processes that were planned. */
			processes_planned: z.int().nonnegative(),
			repeats: z.int().positive(),
			/** Absent: no process was held back. */
			sync_start: SyncStart.extend({
				/** That were. */
				processes: z.int().positive(),
			}).optional(),
		}),
		gpu_metrics: MeanGpuMetrics.optional(),
		warnings: z.array(Warning),
	})
	.meta({id: 'benchmark-mean', title: 'benchmark_mean.json: the run'});
export type MeanResult = Readonly<z.infer<typeof MeanResult>>;
