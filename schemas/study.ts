import * as z from 'zod';
import {StudyAnswers} from './study-answers.ts';
import {Warning} from './warning.ts';

/**
 * `study.json`: measurements of an inference server, a point each, whatever file they come from. Times in milliseconds:
 * perf_analyzer prints whole microseconds, a request export has nanoseconds, and both are exact here. A key that is absent
 * was not told.
 */

const time = z.number().nonnegative().describe('milliseconds');
const share = z.number().nonnegative().describe('share of 1');
const perSecond = z.number().nonnegative().describe('per second');
const count = z.int().nonnegative();

/** What the client kept up. */
export const Load = z
	.discriminatedUnion('kind', [
		/** Requests in flight at any time. */
		z.strictObject({kind: z.literal('concurrency'), value: count}),
		/** Requests sent per second. */
		z.strictObject({kind: z.literal('request-rate'), value: perSecond}),
		/** Custom intervals, a fixed schedule, or sessions: perf_analyzer prints no load. */
		z.strictObject({kind: z.literal('schedule')}),
	])
	.meta({id: 'load'});
export type Load = Readonly<z.infer<typeof Load>>;

export const PointStatus = z.enum([
	/** Its windows show that it was; where none are known, perf_analyzer's report says so. */
	'stable',
	/** Throughput or latency varied by more than was asked for. */
	'unstable',
	/** Above perf_analyzer's own limit of latency (-l). */
	'over-limit',
	/** Nothing usable was measured. */
	'failed',
	/** Nothing tells. */
	'unknown',
]);
export type PointStatus = z.infer<typeof PointStatus>;

const Percentile = z.strictObject({
	/** 50, 99, 99.9. */
	percentile: z.number().positive().max(100),
	time,
});

/** As the client saw it. Means over the requests that counted. */
export const ClientStatistics = z
	.strictObject({
		requestCount: count.optional(),
		/** Inferences per second: requests by batch size. */
		throughput: perSecond.optional(),
		/** Inferences per second of requests that were answered within the limit of --slo with the highest percentile. */
		goodput: perSecond.optional(),
		/** Responses per second; decoupled models send several for a request. */
		responseThroughput: perSecond.optional(),
		sequenceCount: count.optional(),
		/** Sequences per second. */
		sequenceRate: perSecond.optional(),
		/** Requests that were sent per second, where a request rate could not be kept. */
		sendRate: perSecond.optional(),
		/** Requests sent late. */
		delayed: share.optional(),
		/** Of the client's own time in its measurement. */
		overhead: share.optional(),
		/** Mean latency. */
		mean: time.optional(),
		/** Sample standard deviation of the latency (n - 1). */
		std: time.optional(),
		/** Of the latency, ascending. */
		percentiles: z.array(Percentile),
		/** From the first byte sent to the last received, on HTTP or gRPC. */
		requestTime: time.optional(),
		/** Sending, with marshalling. */
		send: time.optional(),
		/** Receiving, with unmarshalling. */
		receive: time.optional(),
		/** Both, where they are not told apart. */
		sendReceive: time.optional(),
		responseWait: time.optional(),
		/** What neither the client nor the server accounts for. */
		network: time.optional(),
	})
	.meta({id: 'client-statistics'});
export type ClientStatistics = Readonly<z.infer<typeof ClientStatistics>>;

const serverStatistics = {
	inferenceCount: count.optional(),
	/** Batches that ran: below the inferences where the server batches. */
	executionCount: count.optional(),
	successCount: count.optional(),
	cacheHitCount: count.optional(),
	cacheMissCount: count.optional(),
	/** Mean over the successful requests; so are the parts below. */
	requestTime: time.optional(),
	/** What the parts do not account for. */
	overhead: time.optional(),
	queue: time.optional(),
	computeInput: time.optional(),
	computeInfer: time.optional(),
	computeOutput: time.optional(),
	/** Input, infer and output together; of an ensemble, the sum of its models' means, each counted once. */
	compute: time.optional(),
	/** Hits and misses together. */
	cache: time.optional(),
	/** Mean of the requests that were answered from the cache. */
	cacheHit: time.optional(),
	/** Mean of those that were not. */
	cacheMiss: time.optional(),
	/** Lookup and insertion of those that were not. */
	cacheAccess: time.optional(),
} as const;

/** As the server saw it. */
export const ServerStatistics = z.strictObject(serverStatistics).meta({id: 'server-statistics'});
export type ServerStatistics = Readonly<z.infer<typeof ServerStatistics>>;

/** A model that an ensemble or a BLS model calls. Its numbers are of the whole server, other clients' requests included. */
export const ComposingModel = z
	.strictObject({
		name: z.string(),
		/** "" where the server's configuration names none. */
		version: z.string(),
		/** 1 for what the measured model calls itself, 2 for what those call. */
		depth: z.int().positive(),
		...serverStatistics,
	})
	.meta({id: 'composing-model'});
export type ComposingModel = Readonly<z.infer<typeof ComposingModel>>;

export const GpuMetrics = z
	.strictObject({
		uuid: z.string(),
		/** Mean over the point. */
		utilization: share.optional(),
		power: z.number().nonnegative().describe('watts, mean over the point').optional(),
		memoryUsed: z.number().nonnegative().describe('bytes, maximum over the point').optional(),
		memoryTotal: z.number().nonnegative().describe('bytes').optional(),
	})
	.meta({id: 'gpu-metrics'});
export type GpuMetrics = Readonly<z.infer<typeof GpuMetrics>>;

/** One measurement window of a point, also those that perf_analyzer left out of its result. */
export const MeasuredWindow = z
	.strictObject({
		throughput: perSecond,
		mean: time.optional(),
		std: time.optional(),
		percentiles: z.array(Percentile),
	})
	.meta({id: 'measured-window'});
export type MeasuredWindow = Readonly<z.infer<typeof MeasuredWindow>>;

export const PointSource = z
	.strictObject({
		kind: z.enum([
			/** A block of what perf_analyzer prints. */
			'report',
			/** A line of the table at its end, where the blocks are gone. */
			'summary',
			'csv',
			/** A request export (`--profile-export-file`): the statistics are our own. */
			'export',
		]),
		/** As it was given. */
		file: z.string(),
		/** 1-based; null for an export. */
		line: z.int().positive().nullable(),
	})
	.meta({id: 'point-source'});
export type PointSource = Readonly<z.infer<typeof PointSource>>;

export const StudyPoint = z
	.strictObject({
		/** The variant: a heading, a file's name, a model. Points of one label belong to one line of a plot. */
		label: z.string(),
		model: z.string().nullable(),
		load: Load,
		batchSize: z.int().positive().nullable(),
		protocol: z.enum(['http', 'grpc']).nullable(),
		/** How tensors went to a server on the same machine; absent where it is not told. */
		sharedMemory: z.enum(['none', 'system', 'cuda']).optional(),
		/** "triton", "triton-c-api", "openai": as perf_analyzer names it, in lower case. */
		serviceKind: z.string().nullable(),
		/** What the model runs on, as the file's name tells. */
		device: z.enum(['cpu', 'gpu']).nullable(),
		/** Model instances. */
		instances: z.int().positive().nullable(),
		/** 1-based: measurements with all of the above alike, in the order of the files. */
		repeat: z.int().positive(),
		status: PointStatus,
		/** Why the status is what it is, and what else a reader must know. */
		reasons: z.array(Warning),
		client: ClientStatistics,
		/** null where the server told nothing. */
		server: ServerStatistics.nullable(),
		/** Depth first, in the order of the file. */
		composing: z.array(ComposingModel),
		gpus: z.array(GpuMetrics),
		windows: z.array(MeasuredWindow),
		/** More than one where several files tell of one measurement. */
		sources: z.array(PointSource).min(1),
	})
	.meta({id: 'study-point'});
export type StudyPoint = Readonly<z.infer<typeof StudyPoint>>;

export const Study = z
	.strictObject({
		formatVersion: z.literal(1),
		points: z.array(StudyPoint),
		warnings: z.array(Warning),
		/** Best load, where the time goes, what limits it. Absent in a study that nobody asked. */
		answers: StudyAnswers.optional(),
	})
	.meta({id: 'study', title: 'study.json: measurements of an inference server'});
export type Study = Readonly<z.infer<typeof Study>>;
