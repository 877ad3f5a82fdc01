/** What takes a verdict back that the numbers alone would give. */

import type {
	ComparedMetric,
	ComparisonReason,
	RangeComparison,
	SideName,
} from '../../schemas/comparison.ts';
import {countShared} from './measurement-identity.ts';
import {listMissing} from './missing-processes.ts';
import type {Side} from './side.ts';
import type {MetricChoice} from './side-samples.ts';
import {findUnknownItems} from './unknown-items.ts';

/** A mean over processes stood in for a process: it is none, and that there was one too few is not the reason. */
const markMeans = (
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
const doubtComparison = (
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

/** Times that stand in for times per item; those that were asked for are told as they are. */
const isTimeByItself = (metric: ComparedMetric, {only, also}: MetricChoice): boolean =>
	only === null && !also.has(metric) && metric !== 'throughput' && !metric.includes('_per_item');

const doubtItems = (
	comparison: RangeComparison,
	paths: readonly string[],
	{baseline, candidate, metrics}: ProofContext,
): RangeComparison => {
	const unknown = !isTimeByItself(comparison.metric, metrics)
		? undefined
		: paths
				.map((path) => findUnknownItems(path, baseline, candidate))
				.find((whose) => whose !== null);
	if (unknown === undefined) {
		return comparison;
	}

	const {verdict, reasons} = comparison;
	const side = unknown === 'both' ? null : unknown;
	return {
		...comparison,
		verdict: 'inconclusive',
		reasons: [{kind: 'items-unknown', side, verdict}, ...reasons],
	};
};

const doubtCopies = (comparison: RangeComparison, count: number): RangeComparison =>
	count === 0 || comparison.verdict !== 'same'
		? comparison
		: {
				...comparison,
				verdict: 'inconclusive',
				reasons: [{kind: 'same-measurement', count}, ...comparison.reasons],
			};

/** What can stand between numbers and what they prove. */
export interface ProofContext {
	readonly baseline: Side;
	readonly candidate: Side;
	readonly metrics: MetricChoice;
	/** That differ between the sides and could explain a change by themselves. */
	readonly facts: readonly string[];
	/** Processes that are on both sides, copied. */
	readonly shared: number;
}

export const gatherProofContext = (
	baseline: Side,
	candidate: Side,
	more: Pick<ProofContext, 'metrics' | 'facts'>,
): ProofContext => ({
	...more,
	baseline,
	candidate,
	shared: countShared(baseline.processes, candidate.processes),
});

/**
 * @param comparison by the numbers alone
 * @param paths of the ranges behind it: its own, or those that a mean goes over
 */
export const weakenComparison = (
	comparison: RangeComparison,
	paths: readonly string[],
	context: ProofContext,
): RangeComparison => {
	const {baseline, candidate, facts, shared} = context;
	const marked = markMeans(comparison, baseline, candidate);
	const named = {path: paths[0] ?? comparison.path, metric: comparison.metric};
	const told = {
		...marked,
		reasons: [...marked.reasons, ...listMissing(named, {baseline, candidate})],
	};
	return doubtComparison(doubtItems(doubtCopies(told, shared), paths, context), facts);
};

/** Whether that takes back what a gate made of a range. */
export const doubtsProof = (
	told: RangeComparison | undefined,
	outcome: 'regression' | 'passed' | 'undecided',
	{shared}: Pick<ProofContext, 'shared'>,
): boolean =>
	(shared > 0 && outcome === 'passed') ||
	(told?.reasons.some(({kind}) => kind === 'items-unknown') ?? false);
