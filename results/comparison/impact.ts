/** What matters most first: what is proven, then what could be, each by the time that it takes or saves. */

import type {RangeComparison, Verdict} from '../../schemas/comparison.ts';
import {worseSign} from './relative-change.ts';

const rank: Readonly<Record<Verdict, number>> = {slower: 0, faster: 1, inconclusive: 2, same: 3};

/** ms, or items per second: of one metric they can be told apart, and of times among each other. */
const differenceOf = ({baseline, candidate, metric}: RangeComparison): number =>
	baseline.median === null || candidate.median === null
		? 0
		: (candidate.median - baseline.median) * worseSign(metric);

/** Rates are no times: they stand behind the times of their rank. */
const isRate = ({metric}: RangeComparison): number => (metric === 'throughput' ? 1 : 0);

export const impactOf = (comparison: RangeComparison): number => Math.abs(differenceOf(comparison));

export const orderByImpact = (comparisons: readonly RangeComparison[]): RangeComparison[] =>
	comparisons.toSorted(
		(a, b) =>
			rank[a.verdict] - rank[b.verdict] || isRate(a) - isRate(b) || impactOf(b) - impactOf(a),
	);
