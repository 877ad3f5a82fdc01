import * as z from 'zod';

/** In a comparison: what the GPU of one process did while that was measured. How it is defined: docs/gpus.md. */
export const ComparedGpu = z
	.strictObject({
		/** All 0-based, as in run.json; process and GPU are null where the file stands in no worker's folder. */
		repeat: z.int().nonnegative(),
		process: z.int().nonnegative().nullable(),
		gpu: z.int().nonnegative().nullable(),
		/** Of the physical GPU. */
		uuid: z.string(),
		/** Median over the measured batches of their mean clocks; null where it is not told. */
		smClockMhz: z.number().nullable(),
		/** Share by which that is above the median of its side, where it is off by more than the limit; else null. */
		clockShift: z.number().nullable(),
		/** Share of the measured batches' time in which the GPU was slowed; null where it is not told. */
		throttledShare: z.number().min(0).max(1).nullable(),
		/** Whether that is above the limit. */
		throttled: z.boolean(),
		/** By reason that slows a GPU: share of the measured window. Empty: none did, or nobody knows. */
		throttleReasons: z.record(z.string(), z.number().min(0).max(1)),
	})
	.meta({id: 'compared-gpu'});
export type ComparedGpu = Readonly<z.infer<typeof ComparedGpu>>;
