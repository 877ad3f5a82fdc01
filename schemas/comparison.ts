import * as z from 'zod';
import {sampledMetrics} from './benchmark-result.ts';

/**
 * One range and metric of two sides against each other: results/comparison/ makes it, report/ shows it.
 *
 *     batches --median--> process --mean of logarithms--> repeat       one of the last two is the unit that n counts
 *
 * Changes are relative: 0.05 is a candidate 5 % above the baseline. Values have the samples' own unit.
 */

/** What can be compared: the metrics of `stats`. */
export const comparedMetrics = [...sampledMetrics, 'throughput'] as const;
export type ComparedMetric = (typeof comparedMetrics)[number];

export const Verdict = z.enum(['faster', 'slower', 'same', 'inconclusive']);
export type Verdict = z.infer<typeof Verdict>;

const SideName = z.enum(['baseline', 'candidate']);
export type SideName = z.infer<typeof SideName>;

/** What n counts. A round is a baseline and a candidate measured right after each other. */
export const Unit = z.enum(['process', 'repeat', 'round']);
export type Unit = z.infer<typeof Unit>;

const n = z.int().nonnegative();

/** What a reader must know of a verdict, or why there is none. For machines: the words are report/'s. */
export const ComparisonReason = z
	.discriminatedUnion('kind', [
		/** The side has no value of this range and metric. */
		z.strictObject({kind: z.literal('no-samples'), side: SideName}),
		/** Fewer units than any interval needs. */
		z.strictObject({
			kind: z.literal('too-few'),
			/** null for rounds: they are both sides'. */
			side: SideName.nullable(),
			unit: Unit,
			have: n,
			need: n,
		}),
		/** Values that no time and no rate can have; the side is not judged. */
		z.strictObject({
			kind: z.literal('bad-values'),
			side: SideName,
			value: z.enum(['not-a-number', 'infinite', 'negative']),
			count: n,
		}),
		/** Processes of that side whose median is 0: there is no relative change from or to 0. */
		z.strictObject({kind: z.literal('zero'), side: SideName, count: n, of: n}),
		/**
		 * All units of each side are equal: nothing tells how far they vary. The p is that of the exact permutation test,
		 * and there is no interval unless the sides are equal too.
		 */
		z.strictObject({kind: z.literal('no-variance')}),
		/**
		 * So few units that the verdict rests on the model (logarithms near normal): a test without a model cannot reach
		 * the level before there are `exactFrom` units a side.
		 */
		z.strictObject({kind: z.literal('rests-on-model'), have: n, exactFrom: n}),
		/** Too few repeats to be the unit: what all processes of a repeat share is not seen. */
		z.strictObject({
			kind: z.literal('repeats-not-unit'),
			side: SideName,
			repeats: n,
			need: n,
		}),
		/** Processes of that side whose results say nothing of this range and metric; the others count. */
		z.strictObject({kind: z.literal('processes-missing'), side: SideName, have: n, of: n}),
		/**
		 * How many items the range had is not known, of that side, or of neither although the sides' numbers differ around
		 * it: more time may be more items.
		 */
		z.strictObject({
			kind: z.literal('items-unknown'),
			side: SideName.nullable(),
			/** What the numbers alone would say. */
			verdict: Verdict,
		}),
		/** So many processes are on both sides, copied: that they are the same proves nothing. */
		z.strictObject({kind: z.literal('same-measurement'), count: n}),
		/** Rounds that one of the two sides lost. */
		z.strictObject({kind: z.literal('rounds-dropped'), count: n}),
		/** The p alone would do, but not among that many tests. */
		z.strictObject({kind: z.literal('not-after-correction'), tests: n}),
		/** The change is proven, but no larger than what this machine shows for identical programs. */
		z.strictObject({kind: z.literal('below-noise-floor'), floor: z.number().nonnegative()}),
		/**
		 * The sides were measured on unlike machines or in unlike ways: the change is proven, its cause is not. `verdict` is
		 * what the numbers alone would say.
		 */
		z.strictObject({kind: z.literal('sides-differ'), verdict: Verdict, facts: z.array(z.string())}),
		/** Of that side only means over processes are known: how far they vary cannot be told. */
		z.strictObject({kind: z.literal('means-only'), side: SideName}),
		/** Of a GPU time: the SM clock alone explains a proven change. How that is judged: docs/comparing.md. */
		z.strictObject({
			kind: z.literal('clock-explained'),
			/** What the numbers alone say. */
			verdict: Verdict,
			/** Whether that was taken back: not with --despite-differences, nor where both sides ran in turn. */
			withdrawn: z.boolean(),
			/** The candidate's clock over the baseline's, less 1. */
			clock: z.number(),
			/** The change of time x clock, and its interval: what the clock leaves to explain. null: nothing varies. */
			rest: z.number(),
			low: z.number().nullable(),
			high: z.number().nullable(),
		}),
		/** Of a GPU time that is proven to have changed: the SM clock did too, in the direction that fits, but not by as much. */
		z.strictObject({kind: z.literal('clock-differs'), clock: z.number(), rest: z.number()}),
	])
	.meta({id: 'comparison-reason'});
export type ComparisonReason = Readonly<z.infer<typeof ComparisonReason>>;

export const ComparedSide = z
	.strictObject({
		/** Median of the processes' medians; null without values that can be used. */
		median: z.number().nonnegative().nullable(),
		/** Geometric mean of the units: the change is the ratio of these. null where the median is, or a process is 0. */
		center: z.number().nonnegative().nullable(),
		/** Units. */
		n,
		unit: Unit,
		/** Repeats and processes, over all repeats, that have a value. */
		repeats: n,
		processes: n,
	})
	.meta({id: 'compared-side'});
export type ComparedSide = Readonly<z.infer<typeof ComparedSide>>;

export const ChangeInterval = z
	.strictObject({
		low: z.number(),
		high: z.number(),
		/** Of confidence: 0.95, or more where a sequential plan ended early. */
		level: z.number().gt(0).lt(1),
	})
	.meta({id: 'change-interval'});
export type ChangeInterval = Readonly<z.infer<typeof ChangeInterval>>;

/** The change as the tests see it. */
export const ChangeEstimate = z
	.strictObject({
		/** ln(candidate / baseline). */
		logChange: z.number(),
		/** Of logChange; 0 where no unit differs from another. */
		standardError: z.number().nonnegative(),
		/** Of Student's t; Welch's are fractions. */
		degreesOfFreedom: z.number().positive(),
	})
	.meta({id: 'change-estimate'});
export type ChangeEstimate = Readonly<z.infer<typeof ChangeEstimate>>;

export const RangeComparison = z
	.strictObject({
		path: z.string(),
		metric: z.enum(comparedMetrics),
		baseline: ComparedSide,
		candidate: ComparedSide,
		/** null where a side has nothing to compare. There may be a change without an interval: then it proves nothing. */
		change: z.number().nullable(),
		/** Of the change, not corrected for the number of ranges. */
		interval: ChangeInterval.nullable(),
		/** Two-sided, of no change at all. */
		p: z.number().min(0).max(1).nullable(),
		/** Corrected for all comparisons that were judged together (Benjamini and Hochberg). The verdict goes by this one. */
		adjustedP: z.number().min(0).max(1).nullable(),
		verdict: Verdict,
		/** The smallest change that data like these show in 80 % of all cases, at the level that this test had to reach. */
		detectable: z.number().nonnegative().nullable(),
		/** Repeats that each side needs beyond those it has until a change of `target` is detectable; null: out of reach. */
		moreRepeats: z.strictObject({target: z.number().positive(), repeats: n.nullable()}).nullable(),
		/** Changes of this size or less are called neither faster nor slower; null where none was calibrated. */
		noiseFloor: z.number().nonnegative().nullable(),
		estimate: ChangeEstimate.nullable(),
		reasons: z.array(ComparisonReason),
	})
	.meta({id: 'range-comparison'});
export type RangeComparison = Readonly<z.infer<typeof RangeComparison>>;
