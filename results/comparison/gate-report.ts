/** What a gate found, as a document: with the doubts that lie in the sides, not in their numbers. */

import type {GateDoubt, GateReport} from '../../schemas/comparison-report.ts';
import type {RangeComparison} from '../../schemas/comparison.ts';
import {doubtsOutcome} from './clock-reasons.ts';
import {summarizeOutcomes, type GatedRange, type GateResult} from './gate.ts';
import type {GateLimit} from './gate-limits.ts';
import {doubtsProof} from './unproven.ts';

/**
 * What takes back what the numbers say of a row.
 * @param told what is said of the row, reasons included
 * @param sides whether they differ in what could explain a change, and how many processes both have, copied
 */
export const findGateDoubt = (
	range: GatedRange,
	told: RangeComparison | undefined,
	{differ, shared}: {readonly differ: boolean; readonly shared: number},
): GateDoubt | null => {
	if (differ) {
		return 'sides-differ';
	}

	if (doubtsProof(told, range.outcome, {shared})) {
		return shared > 0 && range.outcome === 'passed' ? 'same-measurement' : 'items-unknown';
	}

	return doubtsOutcome(told, range) ? 'clock-explained' : null;
};

/** @param findDoubt what else could be the cause of what that range shows; null for nothing */
export const reportGate = (
	{ranges: gated, absent, unused}: GateResult,
	limits: readonly GateLimit[],
	findDoubt: (range: GatedRange) => GateDoubt | null,
): GateReport => {
	const ranges = gated.map((range) => {
		const {comparison, limit} = range;
		const found = findDoubt(range);
		return {
			path: comparison.path,
			metric: comparison.metric,
			limit,
			outcome: found === null ? range.outcome : ('undecided' as const),
			doubt: found ?? range.doubt,
		};
	});
	const missing = absent.map(({path, metric, from, limit}) => ({
		path,
		metric,
		limit,
		outcome: 'undecided' as const,
		doubt: `not-in-${from}` as const,
	}));
	const all = [...ranges, ...missing];
	return {outcome: summarizeOutcomes(all), limits: [...limits], ranges: all, unused: [...unused]};
};
