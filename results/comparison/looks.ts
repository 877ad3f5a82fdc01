/**
 * Rounds that end as soon as the answer is clear, and still err no more often than rounds whose number was fixed.
 *
 * Each early look may err in 1 of 50 of all errors allowed; the last one has what the looks before it left over. The
 * shares add up to alpha, so the whole errs at most that often, however the looks depend on each other and however
 * many ranges are watched. The last look keeps four fifths or more: waiting costs next to no power.
 *
 *     rounds  4      5      7      10     14     20  ...  80       the end
 *     alpha   0.001  0.001  0.001  0.001  0.001  0.001    0.001    0.05 - 0.001 x looks so far
 */

import type {RangeComparison} from '../../schemas/comparison.ts';
import {compareRounds} from './compared-ranges.ts';
import {defaultComparison, type ComparisonOptions} from './judged-changes.ts';
import type {ComparedSamples} from './measured-change.ts';

/** After so many rounds there is a look, unless they are the last. Apart from that nobody may look. */
export const lookRounds: readonly number[] = [4, 5, 7, 10, 14, 20, 28, 40, 56, 80];

const earlyShare = 1 / 50;

/** Of one early look. */
export const earlyAlpha = (alpha: number): number => alpha * earlyShare;

/** Of the last look, where the rounds end because they or the time run out: never because of what they showed. */
export const lastAlpha = (alpha: number, rounds: number): number =>
	alpha - earlyAlpha(alpha) * lookRounds.filter((look) => look < rounds).length;

export interface EarlyLook {
	/** Intervals have the level of the look, not 95 %: where the rounds end here, these are the results. */
	readonly comparisons: readonly RangeComparison[];
	/** All that is watched has a verdict. */
	readonly isClear: boolean;
}

/**
 * @param rounds so far: one of `lookRounds`
 * @param isWatched what shall be clear before the rounds end
 */
export const lookEarly = (
	samples: readonly ComparedSamples[],
	rounds: number,
	isWatched: (comparison: RangeComparison) => boolean,
	options: Partial<ComparisonOptions> = {},
): EarlyLook => {
	if (!lookRounds.includes(rounds)) {
		throw new RangeError(`no look is planned after ${rounds} rounds`);
	}

	const {alpha} = {...defaultComparison, ...options};
	const comparisons = compareRounds(samples, {...options, alpha: earlyAlpha(alpha)});
	const watched = comparisons.filter(isWatched);
	return {
		comparisons,
		isClear: watched.length > 0 && watched.every(({verdict}) => verdict !== 'inconclusive'),
	};
};

/** @param rounds that were run, lost ones included */
export const lookLast = (
	samples: readonly ComparedSamples[],
	rounds: number,
	options: Partial<ComparisonOptions> = {},
): readonly RangeComparison[] => {
	const {alpha} = {...defaultComparison, ...options};
	return compareRounds(samples, {...options, alpha: lastAlpha(alpha, rounds)});
};
