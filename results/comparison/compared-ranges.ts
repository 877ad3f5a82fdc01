/**
 * The way in: samples of many ranges and metrics to verdicts. Pure; what it costs is a sort of the samples and some tens
 * of microseconds per range.
 *
 * What is judged in one call is one family: the false discovery rate holds over all of it. Several candidates are
 * several calls, each with its own.
 */

import type {RangeComparison} from '../../schemas/comparison.ts';
import {defaultComparison, judgeChanges, type ComparisonOptions} from './judged-changes.ts';
import {measureRounds, measureSides, type ComparedSamples} from './measured-change.ts';

/**
 * Two sides that were measured each on its own.
 * @returns one per element, in the same order; never an error for what the samples hold: that is a reason
 * @throws RangeError for options or noise floors that are none
 */
export const compareSides = (
	samples: readonly ComparedSamples[],
	options: Partial<ComparisonOptions> = {},
): readonly RangeComparison[] =>
	judgeChanges(
		samples.map((named) => ({named, measured: measureSides(named)})),
		{...defaultComparison, ...options},
	);

/**
 * Rounds that were measured in turn: element r of `baseline` and of `candidate` is round r, with its processes inside.
 * A round that one side lost has an empty element there and is left out.
 * @throws RangeError as `compareSides`
 */
export const compareRounds = (
	samples: readonly ComparedSamples[],
	options: Partial<ComparisonOptions> = {},
): readonly RangeComparison[] =>
	judgeChanges(
		samples.map((named) => ({named, measured: measureRounds(named)})),
		{...defaultComparison, ...options},
	);
