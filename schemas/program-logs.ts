import * as z from 'zod';
import {Warning} from './warning.ts';

/** `logs.json`: a number that programs printed, over a parameter that stands in the names of their logs. */

export const LoggedMetric = z
	.strictObject({
		/** "Throughput", "Clusterization". */
		name: z.string(),
		/** "events/s", "ms"; "" where nobody said. */
		unit: z.string(),
		/** null where nobody said. */
		better: z.enum(['higher', 'lower']).nullable(),
	})
	.meta({id: 'logged-metric'});
export type LoggedMetric = Readonly<z.infer<typeof LoggedMetric>>;

/** What one log holds. */
export const LogFile = z
	.strictObject({
		/** As it was given. */
		file: z.string(),
		/** In the order of the text. */
		values: z.array(z.number()).min(1),
	})
	.meta({id: 'log-file'});
export type LogFile = Readonly<z.infer<typeof LogFile>>;

/** A label at one value of the parameter. */
export const LoggedPoint = z
	.strictObject({
		/** null where the names have none. */
		parameter: z.number().nullable(),
		/** Of the units: files where there are several, else the values of the one file. */
		median: z.number(),
		/** Of the units; null for one. */
		std: z.number().nonnegative().nullable(),
		min: z.number(),
		max: z.number(),
		/** Of the median, at least 95 % (order statistics, no model); null below six units. */
		interval: z.strictObject({low: z.number(), high: z.number()}).nullable(),
		n: z.int().positive(),
		/** Files are programs that ran on their own; values of one file are not. */
		unit: z.enum(['file', 'value']),
		/** The median by that of the baseline at this parameter; null for the baseline, and where it has none. */
		ratio: z.number().nullable(),
		files: z.array(LogFile).min(1),
	})
	.meta({id: 'logged-point'});
export type LoggedPoint = Readonly<z.infer<typeof LoggedPoint>>;

export const LoggedSeries = z
	.strictObject({
		/** "cpu", "gpu". */
		label: z.string(),
		/** Ascending by parameter. */
		points: z.array(LoggedPoint).min(1),
	})
	.meta({id: 'logged-series'});
export type LoggedSeries = Readonly<z.infer<typeof LoggedSeries>>;

export const ProgramLogs = z
	.strictObject({
		formatVersion: z.literal(1),
		metric: LoggedMetric,
		/** "mu"; null where the names have none. */
		parameter: z.string().nullable(),
		/** The label that ratios are against; null where there is one label only. */
		baseline: z.string().nullable(),
		series: z.array(LoggedSeries),
		warnings: z.array(Warning),
	})
	.meta({id: 'program-logs', title: 'logs.json: numbers from the logs of programs'});
export type ProgramLogs = Readonly<z.infer<typeof ProgramLogs>>;
