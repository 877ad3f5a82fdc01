/**
 * What change data like these would show in 80 % of all cases, and how many more repeats would show a given one.
 *
 * The sides' variances are only known from the few units themselves, and so are those of the next measurement. Both
 * count here: the textbook's t(alpha) + t(power) takes the first for the truth, and keeps 60 to 70 % with three to five
 * units a side. In multiples k of the standard error, with v degrees of freedom now and w then, and the deviation of a
 * sample's standard deviation near 1 / sqrt(2 v):
 *
 *     k - t(alpha, w)  =  z sqrt(1 + k^2 / 2v + t^2 / 2w)
 */

import {degreesOfFreedomOf, leastExactP, standardErrorOf, type Spread} from './estimate.ts';
import {toLogChange, toShare} from './relative-change.ts';
import {leastUnits, type Units} from './replicates.ts';
import {criticalT, normalQuantile} from './student.ts';

/** Planned with a margin: skewed times and disturbed processes take some of it, and 80 % are promised. */
const plannedPower = 0.87;
const normalAtPower = normalQuantile(plannedPower);
/**
 * Of few units, often none is one of the slow ones, and their spread promises too much. Found by simulation; below five
 * degrees of freedom the equation itself asks for more than enough.
 */
const marginOfFew = (free: number): number => 1 + 1.35 / Math.max(5, free);

/** @returns k, in standard errors */
export const planMultiple = (alpha: number, freeNow: number, freeThen = freeNow): number => {
	const t = criticalT(alpha, freeThen);
	const z = normalAtPower * marginOfFew(freeNow);
	const a = 1 - z ** 2 / (2 * freeNow);
	const c = t ** 2 - z ** 2 * (1 + t ** 2 / (2 * freeThen));
	return (t + Math.sqrt(t ** 2 - a * c)) / a;
};

/** What a test has to get past. */
export interface Threshold {
	/** The level it has to reach, two-sided. */
	readonly alpha: number;
	/** A change as a logarithm that does not count; 0 without. */
	readonly floor: number;
}

/** Past the floor there is as much to add as past the critical value: what the estimate itself may be off. */
const requireChange = (
	spreads: readonly Spread[],
	{alpha, floor}: Threshold,
	freeNow = degreesOfFreedomOf(spreads),
): number => {
	const error = standardErrorOf(spreads);
	const free = degreesOfFreedomOf(spreads);
	const multiple = planMultiple(alpha, freeNow, free);
	const critical = criticalT(alpha, free);
	return Math.max(multiple * error, floor + (multiple - critical) * error);
};

/** @returns as a share; null where no unit differs from another */
export const findDetectable = (spreads: readonly Spread[], threshold: Threshold): number | null =>
	standardErrorOf(spreads) === 0 ? null : toShare(requireChange(spreads, threshold));

/** A side as the next repeats would extend it. */
interface Extensible {
	readonly variance: number;
	readonly unit: Units['unit'] | 'round';
	readonly repeats: number;
	/** Mean. */
	readonly perRepeat: number;
}

const extend = ({variance, unit, repeats, perRepeat}: Extensible, more: number): Spread => {
	const total = repeats + more;
	if (unit !== 'process') {
		return {variance, n: total};
	}

	// Of enough repeats the repeat becomes the unit: a mean over its processes.
	return total >= leastUnits
		? {variance: variance / perRepeat, n: total}
		: {variance, n: Math.round(total * perRepeat)};
};

/** Beyond this many a plan is a wish. */
const mostRepeats = 10_000;

/** The smallest number in [1, most] for which it is true, taken for true from there on; null where it never is. */
const findFirst = (most: number, isTrue: (count: number) => boolean): number | null => {
	let high = 1;
	while (!isTrue(high)) {
		high *= 2;
		if (high > most) {
			return null;
		}
	}

	let low = high / 2;
	while (high - low > 1) {
		const middle = Math.floor((low + high) / 2);
		if (isTrue(middle)) {
			high = middle;
		} else {
			low = middle;
		}
	}

	return high;
};

/**
 * @param sides with their spreads, in the same order
 * @param target as a share
 * @returns repeats for each side, beyond those it has; null where no number would do
 */
export const planRepeats = (
	sides: readonly Omit<Units, 'values'>[],
	spreads: readonly Spread[],
	threshold: Threshold,
	target: number,
): number | null => {
	const wanted = toLogChange(target);
	const freeNow = degreesOfFreedomOf(spreads);
	if (requireChange(spreads, threshold) <= wanted) {
		return 0;
	}

	const extensible = sides.map(({unit, repeats, processes}, index): Extensible => ({
		variance: spreads[index]?.variance ?? 0,
		unit,
		repeats,
		perRepeat: processes / repeats,
	}));
	return findFirst(mostRepeats, (more) => {
		const then = extensible.map((side) => extend(side, more));
		return requireChange(then, threshold, freeNow) <= wanted;
	});
};

/**
 * The first number of units a side at which the exact permutation test can reach the level.
 * @param sides 2, or 1 for rounds
 */
export const findExactFrom = (alpha: number, sides: number): number => {
	const reaches = (n: number): boolean =>
		leastExactP(Array.from({length: sides}, () => ({variance: 0, n}))) <= alpha;
	return findFirst(mostRepeats, reaches) ?? mostRepeats;
};
