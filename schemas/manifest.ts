import * as z from 'zod';
import {RunClocks} from './clocks.ts';
import {Fingerprint} from './fingerprint.ts';
import {GpuWatchEnd} from './gpu-watch.ts';

/**
 * `run.json`, the manifest: what was asked for, on what, and how each worker ended. The launcher writes it before the
 * first worker starts and after every change; every later step can be run again from it alone.
 */

/** What is left of a worker's measurement, as file names in its folder. */
const Evidence = z.strictObject({
	/** "report.nsys-rep", or the recording's folder; null where nothing usable came. */
	report: z.string().nullable(),
});

const started = {
	...Evidence.shape,
	startedAt: z.iso.datetime(),
	wallSeconds: z.number().nonnegative(),
};

/** Why a worker has no trustworthy result, for machines; the message is for people. */
export const FailureReason = z.enum([
	'program-exit',
	'program-signal',
	'program-not-started',
	'profiler-not-started',
	'profiler-failed',
	'no-report',
	'import-failed',
	'profiler-hung',
	'disk',
]);
export type FailureReason = z.infer<typeof FailureReason>;

const explained = {
	/** One sentence: what happened. */
	message: z.string(),
	/** The last lines that help: the program's stderr or the profiler's words. */
	tail: z.string(),
	/** What to do next. */
	next: z.string(),
};

export const WorkerOutcome = z
	.discriminatedUnion('kind', [
		z.strictObject({kind: z.literal('completed'), ...started, report: z.string()}),
		z.strictObject({
			kind: z.literal('failed'),
			...started,
			reason: FailureReason,
			exitCode: z.int().nullable(),
			signal: z.string().nullable(),
			...explained,
		}),
		z.strictObject({kind: z.literal('timed-out'), ...started, ...explained}),
		z.strictObject({kind: z.literal('cancelled'), ...started, ...explained}),
		z.strictObject({kind: z.literal('skipped'), message: z.string()}),
	])
	.meta({id: 'worker-outcome'});
export type WorkerOutcome = Readonly<z.infer<typeof WorkerOutcome>>;

export const WorkerRecord = z.strictObject({
	/** Relative to the run's folder: "proc_0_gpu_0", or "repeat_0/proc_0_gpu_0". */
	folder: z.string(),
	/** 0-based. */
	repeat: z.int().nonnegative(),
	/** 0-based process on its GPU. */
	process: z.int().nonnegative(),
	/** 0-based GPU of the run, offset not added. */
	gpu: z.int().nonnegative(),
	/** What CUDA_VISIBLE_DEVICES was set to. */
	cudaVisibleDevices: z.string(),
	/** The physical GPU, of a MIG instance its parent; null: not known. Absent in runs of versions that did not look. */
	gpuUuid: z.string().nullable().optional(),
	/** The MIG instance; null: the whole GPU. */
	migUuid: z.string().nullable().optional(),
	/** The CPUs that the program was bound to, "0-15,64-79"; null: all that we may use. */
	cpus: z.string().nullable().optional(),
	/** The NUMA node that its memory was bound to; null: none. */
	memoryNode: z.int().nonnegative().nullable().optional(),
	/** null while it runs. */
	outcome: WorkerOutcome.nullable(),
});
export type WorkerRecord = Readonly<z.infer<typeof WorkerRecord>>;

export const Gpu = z.strictObject({
	/** As nvidia-smi counts them. */
	index: z.int().nonnegative(),
	uuid: z.string(),
	name: z.string(),
	driver: z.string(),
});
export type Gpu = Readonly<z.infer<typeof Gpu>>;

export const Profiler = z.discriminatedUnion('kind', [
	z.strictObject({kind: z.literal('nsys'), path: z.string(), version: z.string()}),
	z.strictObject({kind: z.literal('builtin'), reason: z.string()}),
]);
export type Profiler = Readonly<z.infer<typeof Profiler>>;

/** This run is one side of `benchmark ab`: its repeat r and the other side's were measured right after each other. */
export const InTurn = z.strictObject({
	/** The same in both runs, and in no others. */
	id: z.string(),
	side: z.enum(['a', 'b']),
	order: z.enum(['abba', 'random']),
	/** Of a random order; null for the other. */
	seed: z.int().nullable(),
	/** Both sides are the same program: what differs is noise. */
	calibration: z.boolean(),
});
export type InTurn = Readonly<z.infer<typeof InTurn>>;

/** Repeats that went on until something was known: `--repeat auto`, and the rounds of `ab`. */
export const RepeatsEnd = z.strictObject({
	/**
	 * precise, clear: what was to be known is. most, max-time: it is not, but no more was allowed. failed: a worker did not
	 * complete. interrupted: by a signal. nothing: there is no range to look at.
	 */
	reason: z.enum(['precise', 'clear', 'most', 'max-time', 'failed', 'interrupted', 'nothing']),
	/** One sentence. */
	message: z.string(),
});
export type RepeatsEnd = Readonly<z.infer<typeof RepeatsEnd>>;

export const Manifest = z
	.strictObject({
		formatVersion: z.literal(1),
		status: z.enum(['running', 'done', 'interrupted']),
		/** The command line as typed, without the interpreter. */
		command: z.array(z.string()),
		/** The program and its arguments. */
		program: z.array(z.string()),
		workingDirectory: z.string(),
		startedAt: z.iso.datetime(),
		endedAt: z.iso.datetime().nullable(),
		/** The launcher's process id on that host: a run folder that a live one holds is not written to. */
		launcher: z.strictObject({pid: z.int().positive(), host: z.string()}),
		profiler: Profiler,
		options: z.strictObject({
			processesPerGpu: z.int().positive(),
			gpus: z.int().positive(),
			gpuOffset: z.int().nonnegative(),
			/** As `--gpus` named them. Absent: those that came first. */
			gpuNames: z.array(z.string()).optional(),
			/** What CPUs each program was bound to. Absent: all. */
			cpuAffinity: z.enum(['none', 'numa', 'spread']).optional(),
			repeats: z.int().positive(),
			warmupBatches: z.int().nonnegative(),
			/** The regular expression that finds batches by name. */
			batchPattern: z.string(),
			trace: z.array(z.string()),
			timeoutSeconds: z.number().positive().nullable(),
			/** How often GPUs are sampled; null: not at all. Absent in runs of versions that could not. */
			metricsIntervalMs: z.number().positive().nullable().optional(),
			/** Whether throttled batches are left out of the statistics. Absent: they are not. */
			dropThrottled: z.boolean().optional(),
			/** Whether GPU work of threads without ranges went to their process's main annotated thread. Absent: it did not. */
			attributeThreads: z.boolean().optional(),
			/** How long workers waited at most to begin together; null: they did not. Absent in runs of versions that could not. */
			syncStartSeconds: z.number().positive().nullable().optional(),
		}),
		/** Variables that this run's programs were given on top of the launcher's own: `ab --env-a`. Absent: none. */
		environment: z.record(z.string(), z.string()).optional(),
		/** Absent: measured on its own. */
		inTurn: InTurn.optional(),
		/** Why there are as many repeats as there are. Absent: that many were asked for. */
		repeatsEnd: RepeatsEnd.optional(),
		machine: z.strictObject({
			host: z.string(),
			kernel: z.string(),
			cpu: z.string(),
			cores: z.int().positive(),
			memoryBytes: z.number().nonnegative(),
		}),
		gpus: z.array(Gpu),
		/** Absent in runs of versions that did not ask. */
		fingerprint: Fingerprint.optional(),
		/** Absent: no GPU was watched. */
		gpuWatch: GpuWatchEnd.optional(),
		/** GPU settings that this run asked for. Absent: clocks were left alone. */
		clocks: RunClocks.optional(),
		versions: z.strictObject({benchmark: z.string(), node: z.string()}),
		workers: z.array(WorkerRecord),
	})
	.meta({id: 'run', title: 'run.json: the manifest of a run'});
export type Manifest = Readonly<z.infer<typeof Manifest>>;
