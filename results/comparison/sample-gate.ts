/** What `--fail-on` makes of folders of samples: a row per sample, and a doubt for each that cannot be compared. */

import type {Difference, GateReport} from '../../schemas/comparison-report.ts';
import type {RangeComparison} from '../../schemas/comparison.ts';
import type {AbsentRow} from './absent-rows.ts';
import {evaluateGate} from './gate.ts';
import type {GateLimit} from './gate-limits.ts';
import {findGateDoubt, reportGate} from './gate-report.ts';

/** A sample's one comparison, with what is known of its sides. */
interface GatedSample {
	readonly comparison: RangeComparison;
	readonly differences: readonly Difference[];
	/** Processes that are on both sides, copied. */
	readonly shared: number;
}

interface SampleGateOptions {
	readonly limits: readonly GateLimit[];
	readonly statistics: {readonly alpha: number};
	readonly despiteDifferences: boolean;
}

/**
 * @param judged by the numbers alone
 * @param rows the same with doubts, in the same order
 * @param absent of samples that one side alone has
 * @returns null without limits
 */
export const judgeSampleGate = (
	judged: readonly RangeComparison[],
	rows: readonly GatedSample[],
	absent: readonly AbsentRow[],
	{limits, statistics: {alpha}, despiteDifferences}: SampleGateOptions,
): GateReport | null => {
	if (limits.length === 0) {
		return null;
	}

	const rowOf = new Map(judged.map((one, index) => [one, rows[index]]));
	return reportGate(evaluateGate(judged, limits, alpha, absent), limits, (range) => {
		const {comparison, differences = [], shared = 0} = rowOf.get(range.comparison) ?? {};
		const differ = !despiteDifferences && differences.some(({putsInDoubt}) => putsInDoubt);
		return findGateDoubt(range, comparison, {differ, shared});
	});
};
