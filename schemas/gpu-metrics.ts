import * as z from 'zod';
import {GpuWindow} from './gpu-window.ts';

/**
 * `gpu_metrics` of `benchmark.json` and `benchmark_mean.json`: what the worker's GPU did while it was measured. How the
 * numbers are defined: docs/gpus.md. Absent where no GPU was watched.
 */

const share = z.number().min(0).max(1);
/** One element per batch, null where nothing is known of it; absent where nothing is known of any. */
const column = z.array(z.number().nullable()).optional();

/** Columns that are means over each batch's time. */
const levelColumns = {
	sm_clock_mhz: column,
	memory_clock_mhz: column,
	/** Board power, of the source that the energy is made of. */
	power_watts: column,
	temperature_celsius: column,
};
export const levelColumnNames = Object.keys(levelColumns) as readonly (keyof typeof levelColumns)[];

const batchColumns = {
	/** Keys of the batches below the holder in `data`. All columns have their order. */
	name: z.array(z.string()),
	...levelColumns,
	/** Of the whole GPU over the batch's time. */
	energy_joules: column,
	/** Share of the known time in which some reason slowed the GPU. */
	throttled_share: column,
	/** By reason that any batch had: share of the known time. */
	event_reasons: z.record(z.string(), z.array(share.nullable())),
};

/**
 * measured: in the statistics. warm-up, or inside of one; uncounted: unfinished or without items; dropped: throttled, and
 * --drop-throttled left it out.
 */
export const BatchRole = z.enum(['measured', 'warm-up', 'uncounted', 'dropped']);
export type BatchRole = z.infer<typeof BatchRole>;

/** A column per value, since an object per batch would be larger than all else in the file. */
export const GpuBatches = z
	.strictObject({...batchColumns, role: z.array(BatchRole)})
	.meta({id: 'gpu-batches'});
export type GpuBatches = Readonly<z.infer<typeof GpuBatches>>;

export const GpuHolder = z
	.strictObject({
		/** From the first of its measured batches to the end of the last. Absent: it has none, or stands in a batch. */
		window: GpuWindow.optional(),
		/** The GPU's energy over that window by the items done in it; null where that would say nothing of this program. */
		energy_per_item_joules: z.number().nullable(),
		batches: GpuBatches,
	})
	.meta({id: 'gpu-holder'});
export type GpuHolder = Readonly<z.infer<typeof GpuHolder>>;

/** What a process's samples come to; the run's list has the same for each. */
const summary = {
	/** UUID of the physical GPU. */
	gpu: z.string(),
	/** Median over the measured batches of their mean clocks; null where there is none, or the clock is not told. */
	sm_clock_mhz: z.number().nullable(),
	/** Lowest and highest of them. */
	sm_clock_range_mhz: z.tuple([z.number(), z.number()]).nullable(),
	/** Share of the measured batches' known time in which the GPU was slowed. */
	throttled_share: share.nullable(),
	/** Measured batches that were throttled, dropped ones among them. */
	throttled_batches: z.int().nonnegative(),
	/** How far the last quarter of the measured window was above the second one. */
	temperature_rise_celsius: z.number().nullable(),
	/** By how much the counter of uncorrected memory errors grew while the process lived. */
	uncorrected_ecc_errors: z.number().nonnegative().nullable(),
};

export const ProcessGpuMetrics = z
	.strictObject({
		...summary,
		/** What was asked for. */
		interval_ms: z.number().positive(),
		/** Processes of this run that shared the GPU at that time, itself included. */
		processes: z.int().positive(),
		/** It had a part of the GPU only: what is told here is of all of it. */
		mig: z.boolean(),
		/** Whether throttled batches were to be left out of the statistics. */
		drop_throttled: z.boolean(),
		/** Of the batches' power and energy; null where none is told. */
		power_source: z.enum(['instant_power_watts', 'power_watts']).nullable(),
		/** From the first measured batch to the end of the last; of all ranges, where no batch is measured. */
		window: GpuWindow.nullable(),
		/** Length of the window. */
		window_ms: z.number().nonnegative(),
		/** By path of the holder. */
		holders: z.record(z.string(), GpuHolder),
	})
	.meta({id: 'process-gpu-metrics'});
export type ProcessGpuMetrics = Readonly<z.infer<typeof ProcessGpuMetrics>>;

export const MeanGpuMetrics = z
	.strictObject({
		/** Each process that was watched, in the order of the means. */
		processes: z.array(
			z.strictObject({
				/** All 0-based, as in run.json. */
				repeat: z.int().nonnegative(),
				process: z.int().nonnegative(),
				gpu_index: z.int().nonnegative(),
				...summary,
			}),
		),
		/** Mean over processes; of minima and maxima the lowest and the highest. */
		window: GpuWindow.nullable(),
		holders: z.record(
			z.string(),
			z.strictObject({
				window: GpuWindow.optional(),
				/** Over the time in which all processes on a GPU were measuring, by the items that all of them did in it. */
				energy_per_item_joules: z.number().nullable(),
				/** Batch by batch, the mean over the processes that have it. */
				batches: z.strictObject(batchColumns).meta({id: 'mean-gpu-batches'}),
			}),
		),
	})
	.meta({id: 'mean-gpu-metrics'});
export type MeanGpuMetrics = Readonly<z.infer<typeof MeanGpuMetrics>>;
export type MeanGpuBatches = MeanGpuMetrics['holders'][string]['batches'];

/** More than this much of a batch's known time slowed: it counts as throttled. Why: docs/gpus.md. */
export const throttledFrom = 0.1;
