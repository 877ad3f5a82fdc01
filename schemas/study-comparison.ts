import * as z from 'zod';
import {ChangeInterval, Verdict} from './comparison.ts';
import {Warning} from './warning.ts';

/**
 * Studies or variants of one against each other: what `benchmark compare` prints as JSON when it was given studies. Times
 * in milliseconds, throughput in inferences per second.
 */

const StudySide = z
	.strictObject({
		/** As it is called in the table. */
		label: z.string(),
		/** As it was given. */
		file: z.string(),
		/** Points that nobody can trust are left out. */
		points: z.int().nonnegative(),
	})
	.meta({id: 'study-side'});
export type StudySide = Readonly<z.infer<typeof StudySide>>;

const ComparedLoad = z.strictObject({
	/** Mean over repeats. */
	value: z.number(),
	/** Repeats: measurements of their own. Windows of one are none. */
	repeats: z.int().positive(),
	min: z.number(),
	max: z.number(),
});

export const StudyChange = z
	.strictObject({
		/** What tells this point from others: "concurrency 8", with the variant and model where there are several. */
		point: z.string(),
		/** "throughput", "mean", "p99". */
		metric: z.string(),
		unit: z.enum(['infer/s', 'ms']),
		baseline: ComparedLoad,
		candidate: ComparedLoad,
		/** 0.05 is a candidate 5 % above the baseline; null from 0. */
		change: z.number().nullable(),
		/** Of the change, from repeats; null where there are too few. */
		interval: ChangeInterval.nullable(),
		/**
		 * The same against the variant before in the study, or in the order in which they were given; null where that
		 * one was not measured so. Absent between studies.
		 */
		previous: z
			.strictObject({change: z.number().nullable(), interval: ChangeInterval.nullable()})
			.nullable()
			.optional(),
		/** Corrected for all rows of this candidate. */
		adjustedP: z.number().min(0).max(1).nullable(),
		verdict: Verdict,
		/** Why there is no verdict, or what to know of it. */
		reasons: z.array(Warning),
	})
	.meta({id: 'study-change'});
export type StudyChange = Readonly<z.infer<typeof StudyChange>>;

export const ComparedStudy = z
	.strictObject({
		input: StudySide,
		changes: z.array(StudyChange),
		/** Points that one side alone has. */
		unmatched: z.array(z.string()),
		gate: z.enum(['regression', 'passed', 'undecided']).nullable(),
		notes: z.array(Warning),
	})
	.meta({id: 'compared-study'});
export type ComparedStudy = Readonly<z.infer<typeof ComparedStudy>>;

export const StudyComparison = z
	.strictObject({
		formatVersion: z.literal(1),
		exitCode: z.int().nonnegative(),
		baseline: StudySide,
		candidates: z.array(ComparedStudy),
	})
	.meta({id: 'study-comparison', title: 'studies of inference servers, compared'});
export type StudyComparison = Readonly<z.infer<typeof StudyComparison>>;
