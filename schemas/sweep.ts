import * as z from 'zod';
import {Load} from './study.ts';

/**
 * `sweep.json`: what a sweep over an inference server set out to measure, and how each point ended. Written before the
 * first point and after each, so that a sweep that was killed goes on where it was.
 */

export const SharedMemory = z.enum(['none', 'system', 'cuda']);
export type SharedMemory = z.infer<typeof SharedMemory>;

/** One call of perf_analyzer. */
export const SweepPoint = z
	.strictObject({
		/** Below the sweep's `points` folder; unique. */
		folder: z.string().min(1),
		load: Load,
		batchSize: z.int().positive(),
		protocol: z.enum(['http', 'grpc']),
		sharedMemory: SharedMemory,
		/** 1-based. */
		repeat: z.int().positive(),
	})
	.meta({id: 'sweep-point'});
export type SweepPoint = Readonly<z.infer<typeof SweepPoint>>;

/** All that decides what is measured. Two sweeps with equal plans may share a folder. */
export const SweepPlan = z
	.strictObject({
		/** The variant, as the study names it. */
		label: z.string().min(1),
		model: z.string().min(1),
		device: z.enum(['cpu', 'gpu']).nullable(),
		/** Model instances, where somebody set them. */
		instances: z.int().positive().nullable(),
		/** host:port; null: perf_analyzer's own default. */
		urls: z.strictObject({http: z.string().nullable(), grpc: z.string().nullable()}),
		/** perf_analyzer's own options, the same for all points. */
		arguments: z.array(z.string()),
		/** At least so many before each point; 0 for none. */
		warmupRequests: z.int().nonnegative(),
		/** Threads that perf_analyzer sends from, where the user set them (--max-threads). */
		threads: z.int().positive().nullable(),
		/** Share by which throughput and latency of the windows may differ. */
		stability: z.number().positive(),
		/** How often a point that is not stable is measured at most; the last time counts. */
		tries: z.int().positive(),
		/** Milliseconds; null: none. Of the percentile, or of the mean. */
		latencyLimit: z.number().positive().nullable(),
		/** Of --percentile; null: the mean decides. */
		percentile: z.int().min(1).max(99).nullable(),
		/** In the order in which they are measured. */
		points: z.array(SweepPoint).min(1),
	})
	.meta({id: 'sweep-plan'});
export type SweepPlan = Readonly<z.infer<typeof SweepPlan>>;

const ending = {
	startedAt: z.iso.datetime(),
	wallSeconds: z.number().nonnegative(),
	/** null where a signal ended it, or where it never started. */
	exitCode: z.int().nullable(),
	signal: z.string().nullable(),
} as const;

export const PointOutcome = z
	.discriminatedUnion('kind', [
		/** There are numbers, stable or not. */
		z.strictObject({kind: z.literal('measured'), ...ending}),
		/** There are none. */
		z.strictObject({kind: z.literal('failed'), ...ending, message: z.string()}),
		/** It did not end in time, and was ended. */
		z.strictObject({kind: z.literal('timed-out'), ...ending, limitSeconds: z.number().positive()}),
	])
	.meta({id: 'point-outcome'});
export type PointOutcome = Readonly<z.infer<typeof PointOutcome>>;

export const SweepRecord = z
	.strictObject({
		...SweepPoint.shape,
		/** How often it was started. */
		attempts: z.int().nonnegative(),
		/** perf_analyzer's command line of the last time; null before the first. */
		command: z.array(z.string()).nullable(),
		/** null: not measured yet, or interrupted while it was. */
		outcome: PointOutcome.nullable(),
	})
	.meta({id: 'sweep-record'});
export type SweepRecord = Readonly<z.infer<typeof SweepRecord>>;

export const SweepManifest = z
	.strictObject({
		formatVersion: z.literal(1),
		status: z.enum(['running', 'interrupted', 'done']),
		/** The command line, ours. */
		command: z.array(z.string()),
		startedAt: z.iso.datetime(),
		/** Of the last call that worked on it; null while one does, or where it was killed. */
		endedAt: z.iso.datetime().nullable(),
		analyzer: z.strictObject({path: z.string(), version: z.string()}),
		/** SHA-256 of the model's configuration as the server told it; null where it did not. */
		modelConfig: z.string().nullable(),
		plan: SweepPlan,
		/** In the plan's order. */
		points: z.array(SweepRecord).min(1),
	})
	.meta({id: 'sweep', title: 'sweep.json: the points of a sweep and how each ended'});
export type SweepManifest = Readonly<z.infer<typeof SweepManifest>>;
