/** `--repeat auto`: how well one side is known so far, and whether that is enough. */

import type {ComparedSide, ComparisonReason} from '../../schemas/comparison.ts';
import {degreesOfFreedomOf, measureSpread, standardErrorOf, type Spread} from './estimate.ts';
import {toLogChange, toShare} from './relative-change.ts';
import {
	describeSide,
	explainUnits,
	gatherUnits,
	leastUnits,
	locateSide,
	mean,
	takeLogs,
	type Replicates,
} from './replicates.ts';
import {criticalT} from './student.ts';

/**
 * Who stops as soon as an interval is narrow stops when chance made it narrow. From this many units on that costs little
 * (docs/comparison-statistics.md).
 */
export const leastUnitsToStop = 6;

export interface PrecisionGoal {
	/** Half the interval's width as a share of the center: 0.01. */
	readonly precision: number;
	/** 0.05 for an interval of 95 %. */
	readonly alpha: number;
}

export interface Precision {
	readonly side: ComparedSide;
	/** Of the geometric mean over units, in the samples' unit; null below three units. */
	readonly interval: {readonly low: number; readonly high: number; readonly level: number} | null;
	/** As a share: the interval is center / (1 + it) to center x (1 + it). */
	readonly reached: number | null;
	readonly isEnough: boolean;
	/** An estimate of the repeats still missing, at least 1 where it is not enough; null where nothing can be said. */
	readonly moreRepeats: number | null;
	readonly reasons: readonly ComparisonReason[];
}

/** Beyond this many a plan is a wish. */
const mostRepeats = 10_000;

const reachOf = (spread: Spread, alpha: number): number => {
	const error = standardErrorOf([spread]);
	return error === 0 ? 0 : criticalT(alpha, degreesOfFreedomOf([spread])) * error;
};

/** Units that would do if they vary as those so far. */
const planUnits = (spread: Spread, {precision, alpha}: PrecisionGoal): number => {
	let n = Math.max(spread.n, leastUnitsToStop);
	while (n < mostRepeats && reachOf({...spread, n}, alpha) > toLogChange(precision)) {
		n = Math.ceil(n * 1.05);
	}

	return n;
};

const judgePrecision = (values: readonly number[], perRepeat: number, goal: PrecisionGoal) => {
	const spread = measureSpread(values);
	const reach = reachOf(spread, goal.alpha);
	const isEnough = spread.n >= leastUnitsToStop && reach <= toLogChange(goal.precision);
	const missing = planUnits(spread, goal) - spread.n;
	const center = mean(values);
	return {
		interval: {
			low: Math.exp(center - reach),
			high: Math.exp(center + reach),
			level: 1 - goal.alpha,
		},
		reached: toShare(reach),
		isEnough,
		moreRepeats: isEnough ? 0 : Math.max(1, Math.ceil(missing / perRepeat)),
	};
};

/** @param samples of one range and metric so far, by repeat and process */
export const measurePrecision = (samples: Replicates, goal: PrecisionGoal): Precision => {
	const located = locateSide(samples, 'baseline');
	const unknown = {interval: null, reached: null, isEnough: false, moreRepeats: null};
	if (located.reasons.length > 0) {
		return {side: describeSide(located, null), ...unknown, reasons: located.reasons};
	}

	const units = gatherUnits(takeLogs(located.medians));
	const side = describeSide(located, units);
	const reasons = explainUnits(units, 'baseline');
	if (units.values.length < leastUnits) {
		return {side, ...unknown, reasons};
	}

	const perRepeat = units.values.length / units.repeats;
	return {side, ...judgePrecision(units.values, perRepeat, goal), reasons};
};
