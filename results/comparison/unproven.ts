/** What takes a verdict back that the numbers alone would give. */

import type {ComparisonReason, RangeComparison, SideName} from '../../schemas/comparison.ts';
import type {Side} from './side.ts';

/** A mean over processes stood in for a process: it is none, and that there was one too few is not the reason. */
export const markMeans = (
	comparison: RangeComparison,
	baseline: Side,
	candidate: Side,
): RangeComparison => {
	const sides = (['baseline', 'candidate'] as const).filter((side) =>
		side === 'baseline' ? baseline.meansOnly : candidate.meansOnly,
	);
	const empty = {n: 0, repeats: 0, processes: 0} as const;
	const isAboutMean = (reason: ComparisonReason): boolean =>
		(reason.kind === 'too-few' || reason.kind === 'repeats-not-unit') &&
		sides.some((side) => side === reason.side);
	const mark = (name: SideName): RangeComparison[SideName] =>
		sides.includes(name) ? {...comparison[name], ...empty} : comparison[name];
	return {
		...comparison,
		baseline: mark('baseline'),
		candidate: mark('candidate'),
		reasons: [
			...sides.map((side): ComparisonReason => ({kind: 'means-only', side})),
			...comparison.reasons.filter((reason) => !isAboutMean(reason)),
		],
	};
};

/** @param facts that differ between the sides and could explain a change by themselves */
export const doubtComparisons = (
	comparison: RangeComparison,
	facts: readonly string[],
): RangeComparison => {
	const {verdict, reasons} = comparison;
	return facts.length === 0 || verdict === 'inconclusive'
		? comparison
		: {
				...comparison,
				verdict: 'inconclusive',
				reasons: [{kind: 'sides-differ', verdict, facts: [...facts]}, ...reasons],
			};
};
