/**
 * The change of a mean of logarithms, and how far it can be off: Welch's t for two sides, Student's for paired rounds.
 * Welch's does not ask the two sides to vary equally, and holds its level from three units on
 * (docs/comparison-statistics.md). docs/decisions/comparison.md says what else was tried.
 */

import type {ChangeEstimate, ChangeInterval} from '../../schemas/comparison.ts';
import {toShare} from './relative-change.ts';
import {mean} from './replicates.ts';
import {criticalT, twoSidedP, upperTail} from './student.ts';

/** How one side varies; for paired rounds there is only one, of the differences. */
export interface Spread {
	/** Of the units' values; n - 1 in the denominator. */
	readonly variance: number;
	readonly n: number;
}

/** Below this the difference of two logarithms is rounding: a part in 1e12. */
const roundingLog = 1e-12;

export const measureSpread = (values: readonly number[]): Spread => {
	const center = mean(values);
	const squares = values.reduce((sum, value) => sum + (value - center) ** 2, 0);
	const variance = squares / (values.length - 1);
	return {variance: variance < roundingLog ** 2 ? 0 : variance, n: values.length};
};

/** Of the difference of the sides' means, by the textbook. */
export const plainErrorOf = (spreads: readonly Spread[]): number =>
	Math.sqrt(spreads.reduce((sum, {variance, n}) => sum + variance / n, 0));

/**
 * What the textbook misses where one side alone is skewed, or has twice the units: 5.2 to 5.8 % alarm falsely there. This
 * much wider, none of the simulated cases exceeds 5 %.
 */
export const errorMargin = 1.05;

/** The error that everything here goes by: p, intervals, what could have been detected, gates. */
export const standardErrorOf = (spreads: readonly Spread[]): number =>
	errorMargin * plainErrorOf(spreads);

/** Welch and Satterthwaite's; the plain n - 1 for one side. */
export const degreesOfFreedomOf = (spreads: readonly Spread[]): number => {
	const parts = spreads.map(({variance, n}) => ({square: variance / n, free: n - 1}));
	const total = parts.reduce((sum, {square}) => sum + square, 0);
	const free = parts.reduce((sum, part) => sum + part.free, 0);
	if (total === 0) {
		return free;
	}

	// As shares of the total: squares of variances can be too small for a double.
	const sum = parts.reduce((all, part) => all + (part.square / total) ** 2 / part.free, 0);
	return Math.min(free, 1 / sum);
};

/** @param spreads of both sides, or of the rounds' differences */
export const estimateChange = (logChange: number, spreads: readonly Spread[]): ChangeEstimate => ({
	logChange: Math.abs(logChange) < roundingLog ? 0 : logChange,
	standardError: standardErrorOf(spreads),
	degreesOfFreedom: degreesOfFreedomOf(spreads),
});

/** C(n, k) */
const combinations = (n: number, k: number): number =>
	Array.from({length: k}, (_, index) => (n - index) / (k - index)).reduce((a, b) => a * b, 1);

/** The smallest p of the exact permutation test: all units of one side beyond all of the other. */
export const leastExactP = (spreads: readonly Spread[]): number => {
	const [first, second] = spreads.map(({n}) => n);
	const arrangements =
		second === undefined ? 2 ** (first ?? 0) : combinations((first ?? 0) + second, second);
	return Math.min(1, 2 / arrangements);
};

/**
 * Of no change at all. Without any variance a t would claim certainty, which three equal readings of a coarse clock are
 * not: there it is the exact permutation test's.
 */
export const testNoChange = (
	{logChange, standardError, degreesOfFreedom}: ChangeEstimate,
	spreads: readonly Spread[],
): number => {
	if (standardError === 0) {
		return logChange === 0 ? 1 : leastExactP(spreads);
	}

	return twoSidedP(logChange / standardError, degreesOfFreedom);
};

/** @returns null where nothing tells how far the change can be off */
export const findInterval = (
	{logChange, standardError, degreesOfFreedom}: ChangeEstimate,
	alpha: number,
): ChangeInterval | null => {
	if (standardError === 0 && logChange !== 0) {
		return null;
	}

	const reach = standardError === 0 ? 0 : criticalT(alpha, degreesOfFreedom) * standardError;
	return {low: toShare(logChange - reach), high: toShare(logChange + reach), level: 1 - alpha};
};

/**
 * One-sided, of a change that is no worse than a limit.
 * @param sign 1 where more is worse
 * @param limit as a logarithm towards worse
 * @param p of no change at all, which is all there is to go by without variance
 */
export const testNoWorse = (
	{logChange, standardError, degreesOfFreedom}: ChangeEstimate,
	sign: 1 | -1,
	limit: number,
	p: number,
): number => {
	const excess = logChange * sign - limit;
	if (standardError === 0) {
		return excess > 0 ? p / 2 : 1;
	}

	return upperTail(excess / standardError, degreesOfFreedom);
};
