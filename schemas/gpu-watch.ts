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

/** An error of a GPU that the driver wrote to the kernel's log (NVIDIA's document "Xid Errors"). */
export const GpuXid = z.strictObject({
	/** UUID. */
	gpu: z.string(),
	/** NVIDIA's number of the error. */
	xid: z.int().nonnegative(),
	/** What stands behind the number, as the driver wrote it: at most 300 characters. */
	message: z.string(),
	/** When it was logged. */
	at: z.iso.datetime(),
});
export type GpuXid = Readonly<z.infer<typeof GpuXid>>;

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
		/** Of these GPUs, while workers ran; the first 8 of each number and GPU. null: the log could not be read. Absent in runs of versions that did not look. */
		xids: z.array(GpuXid).nullable().optional(),
	})
	.meta({id: 'gpu-watch-end'});
export type GpuWatchEnd = Readonly<z.infer<typeof GpuWatchEnd>>;
