import * as z from 'zod';

/** In `run.json`: what watching the GPUs came to, over all launches of the run. The samples are in `gpu_metrics.csv`. */

export const ForeignGpuProcess = z.strictObject({
	/** UUID. */
	gpu: z.string(),
	/** As the driver counts them: in a container the host's. */
	pid: z.int().nonnegative(),
	/** Name of its executable, without its folder; null where the driver does not tell. */
	name: z.string().nullable(),
	memoryMib: z.number().nullable(),
});
export type ForeignGpuProcess = Readonly<z.infer<typeof ForeignGpuProcess>>;

export const GpuWatchEnd = z
	.strictObject({
		samples: z.int().nonnegative(),
		/** How often nvidia-smi ended by itself and was started again. */
		restarts: z.int().nonnegative(),
		/** How it failed for good: it could not be started, or ended ("exit code 15"). null: it did not. */
		failure: z.string().nullable(),
		/** The first lines that were no samples. */
		words: z.array(z.string()),
		/** What the disk said when it refused a sample; null: it did not. */
		fileFailure: z.string().nullable(),
		/** Processes on these GPUs that were none of ours, before the workers or after; each once. null: nobody could tell. */
		foreign: z.array(ForeignGpuProcess).nullable(),
	})
	.meta({id: 'gpu-watch-end'});
export type GpuWatchEnd = Readonly<z.infer<typeof GpuWatchEnd>>;
