import * as z from 'zod';
import {Warning} from './warning.ts';

/**
 * What a study answers: the load to run at, where the time goes, what limits it. results/study/ works it out, report/
 * says it. Times in milliseconds, as in the study itself.
 */

const time = z.number().nonnegative().describe('milliseconds');

/** One limit of latency that was asked for (`--slo p99=50ms`). */
export const SloLimit = z
	.strictObject({
		/** 99, 99.9; null for the mean. */
		percentile: z.number().positive().max(100).nullable(),
		time,
	})
	.meta({id: 'slo-limit'});
export type SloLimit = Readonly<z.infer<typeof SloLimit>>;

export const SloState = z.enum([
	/** All that was measured lies within it. */
	'held',
	'broken',
	/** Repeats or windows lie on both sides of it. */
	'unsure',
	/** The study does not have that percentile. */
	'unknown',
]);
export type SloState = z.infer<typeof SloState>;

/** What a throughput's interval comes from. */
export const IntervalSource = z.enum([
	/** Measurements of their own: they hold what differs from one call to the next. */
	'repeats',
	/** Pieces of one measurement: they hold less. */
	'windows',
]);

/** One load of a line, over its repeats. */
export const LoadPoint = z
	.strictObject({
		/** Requests in flight, or per second. */
		load: z.number().nonnegative(),
		repeats: z.int().positive(),
		/** Inferences per second, mean over repeats. */
		throughput: z.number().nonnegative(),
		/** 95 %, of the throughput; null where one measurement has no windows. */
		interval: z.strictObject({low: z.number(), high: z.number(), from: IntervalSource}).nullable(),
		/** Latency, mean over repeats; absent where it was not told. */
		mean: time.optional(),
		p99: time.optional(),
		/** Of all limits together; null where none was asked for. */
		slo: SloState.nullable(),
	})
	.meta({id: 'load-point'});
export type LoadPoint = Readonly<z.infer<typeof LoadPoint>>;

export const TimePart = z.enum([
	/** The client itself: sending, receiving, marshalling. */
	'client',
	/** What neither side accounts for. In a CSV the server's overhead is in it. */
	'network',
	'overhead',
	'queue',
	'cache',
	'input',
	'infer',
	'output',
	/** Input, infer and output, where they are not told apart. */
	'compute',
	/** What no part accounts for. */
	'rest',
]);
export type TimePart = z.infer<typeof TimePart>;

/** Where a request's mean latency goes. The shares of one list add up to 1. */
export const TimeShare = z
	.strictObject({
		part: TimePart,
		/** Whose time it is; null for the client's and the network's. */
		model: z.string().nullable(),
		/** Of one request; of a model that it calls, over all calls. */
		time,
		/** Of the whole list. */
		share: z.number().min(0).max(1),
	})
	.meta({id: 'time-share'});
export type TimeShare = Readonly<z.infer<typeof TimeShare>>;

export const Bottleneck = z
	.strictObject({
		kind: z.enum([
			/** Requests wait for a model that is busy. */
			'queue',
			/** A model's own work, without a queue, and without copies. */
			'compute',
			/** Copying to and from the model. */
			'copies',
			/** What the server does around models: of an ensemble, between them. */
			'overhead',
			'network',
			/** The measuring client: the server could do more. */
			'client',
		]),
		/** null for the network and the client. */
		model: z.string().nullable(),
		/** The load at which it was seen: the largest that was measured. */
		load: z.number().nonnegative().nullable(),
		/** Of the latency; of a queue, with the computing that it waits for. */
		share: z.number().min(0).max(1),
		/** Of the computing of all models, that of this one; null where there is no other. */
		computeShare: z.number().min(0).max(1).nullable(),
		/** What it is and what fits, in sentences. */
		message: z.string().min(1),
		advice: z.string().min(1),
	})
	.meta({id: 'bottleneck'});
export type Bottleneck = Readonly<z.infer<typeof Bottleneck>>;

/** One line of a plot: a variant, model and way of asking, over its loads. */
export const LineAnswer = z
	.strictObject({
		label: z.string(),
		model: z.string().nullable(),
		batchSize: z.int().positive().nullable(),
		protocol: z.enum(['http', 'grpc']).nullable(),
		sharedMemory: z.enum(['none', 'system', 'cuda']).optional(),
		device: z.enum(['cpu', 'gpu']).nullable(),
		instances: z.int().positive().nullable(),
		loadKind: z.enum(['concurrency', 'request-rate', 'schedule']),
		/** Ascending. Loads at which nothing usable was measured are left out. */
		loads: z.array(LoadPoint),
		/** Place in `loads`: the highest throughput whose limits hold; null where there is none. */
		best: z.int().nonnegative().nullable(),
		/** Place in `loads`: the least load that cannot be told apart from the best. */
		leastEqual: z.int().nonnegative().nullable(),
		/** Place in `loads`: beyond it the throughput does not grow, and the latency does; null where none is seen. */
		knee: z.int().nonnegative().nullable(),
		/** At the best load, and at the largest. */
		time: z.array(
			z.strictObject({load: z.number().nonnegative().nullable(), parts: z.array(TimeShare)}),
		),
		bottleneck: Bottleneck.nullable(),
		/** What the data cannot tell, cold and client-bound points. */
		notes: z.array(Warning),
	})
	.meta({id: 'line-answer'});
export type LineAnswer = Readonly<z.infer<typeof LineAnswer>>;

export const StudyAnswers = z
	.strictObject({
		/** Empty where none was asked for. */
		slo: z.array(SloLimit),
		lines: z.array(LineAnswer),
	})
	.meta({id: 'study-answers'});
export type StudyAnswers = Readonly<z.infer<typeof StudyAnswers>>;
