/** From two sides and a changed GPU time to what the clocks have to say of it: a reason, and a verdict that is taken back. */

import type {ChangeEstimate, ComparisonReason, RangeComparison} from '../../schemas/comparison.ts';
import {
	judgeByClock,
	weighByClock,
	type ClockJudgement,
	type SideClocks,
} from './clock-evidence.ts';
import {compareGeometricMeans} from './geometric-mean.ts';
import {findInterval} from './estimate.ts';
import type {GatedRange} from './gate.ts';
import {measureRounds, measureSides, type ComparedSamples} from './measured-change.ts';
import {toShare} from './relative-change.ts';
import type {Side} from './side.ts';
import {gatherClocks} from './side-samples.ts';

type ClockReason = Extract<ComparisonReason, {kind: 'clock-explained' | 'clock-differs'}>;

export interface ClockContext {
	readonly clocks: SideClocks;
	/** Paths whose work ran in the batches that the clocks are of. */
	readonly covered: ReadonlySet<string>;
	/** Sides that ran in turn had the same machine: a clock that differs there comes with the candidate. */
	readonly paired: boolean;
	readonly despiteDifferences: boolean;
	readonly alpha: number;
}

/** Only batches, what is in them and what holds them have items. */
const listCovered = ({processes}: Side): readonly string[] =>
	processes.flatMap(({values}) =>
		[...values].flatMap(([path, {cpu_time_per_item: perItem}]) =>
			perItem === undefined ? [] : [path],
		),
	);

export const gatherClockContext = (
	baseline: Side,
	candidate: Side,
	options: Pick<ClockContext, 'paired' | 'despiteDifferences' | 'alpha'>,
): ClockContext => ({
	...options,
	clocks: {baseline: gatherClocks(baseline), candidate: gatherClocks(candidate)},
	covered: new Set([baseline, candidate].flatMap(listCovered)),
});

const isChanged = ({verdict}: RangeComparison): boolean =>
	verdict === 'slower' || verdict === 'faster';

/** The widest a change can be off, as shares. */
const describeRest = (
	rest: ChangeEstimate,
	alpha: number,
): {low: number | null; high: number | null} => {
	const interval = findInterval(rest, alpha);
	return {low: interval?.low ?? null, high: interval?.high ?? null};
};

const writeReason = (
	{explains, clockLog, rest}: ClockJudgement,
	{verdict}: RangeComparison,
	alpha: number,
): ClockReason => {
	const shares = {clock: toShare(clockLog), rest: toShare(rest.logChange)};
	return explains
		? {kind: 'clock-explained', verdict, withdrawn: false, ...shares, ...describeRest(rest, alpha)}
		: {kind: 'clock-differs', ...shares};
};

/** @param measure the change of those samples by whatever the verdict went by */
const findReason = (
	judged: RangeComparison,
	samples: readonly ComparedSamples[],
	{clocks, covered, alpha}: ClockContext,
	measure: (weighed: readonly ComparedSamples[]) => ChangeEstimate | null,
): ClockReason | null => {
	const {estimate, metric} = judged;
	const isAbout = metric.startsWith('gpu_') && samples.every(({path}) => covered.has(path));
	if (estimate === null || !isAbout || !isChanged(judged)) {
		return null;
	}

	const judgement = judgeByClock(
		estimate.logChange,
		(weight) => {
			const weighed = samples.map((sample) => weighByClock(sample, clocks, weight));
			const known = weighed.filter((sample) => sample !== null);
			return known.length < weighed.length ? null : measure(known);
		},
		alpha,
	);
	return judgement && writeReason(judgement, judged, alpha);
};

/** @param comparison `judged`, or what other doubts left of it */
const addReason = (
	comparison: RangeComparison,
	reason: ClockReason | null,
	{paired, despiteDifferences}: ClockContext,
): RangeComparison => {
	if (reason?.kind !== 'clock-explained') {
		return reason === null ? comparison : {...comparison, reasons: [reason, ...comparison.reasons]};
	}

	const withdrawn = !paired && !despiteDifferences;
	return {
		...comparison,
		verdict: withdrawn ? 'inconclusive' : comparison.verdict,
		reasons: [{...reason, withdrawn}, ...comparison.reasons],
	};
};

/**
 * @param comparison what other doubts left of `judged`
 * @param judged by the numbers alone
 */
export const explainByClock = (
	comparison: RangeComparison,
	judged: RangeComparison,
	samples: ComparedSamples,
	context: ClockContext,
): RangeComparison => {
	const measure = context.paired ? measureRounds : measureSides;
	const reason = findReason(judged, [samples], context, ([weighed]) =>
		weighed === undefined ? null : measure(weighed).estimate,
	);
	return addReason(comparison, reason, context);
};

/** The same of a geometric mean, over the ranges that took part in it. */
export const explainMeanByClock = (
	comparison: RangeComparison,
	judged: RangeComparison,
	samples: readonly ComparedSamples[],
	context: ClockContext,
): RangeComparison => {
	const reason = findReason(
		judged,
		samples,
		context,
		(weighed) => compareGeometricMeans(weighed, context.paired).comparison?.estimate ?? null,
	);
	return addReason(comparison, reason, context);
};

const isWithdrawn = ({reasons}: RangeComparison): boolean =>
	reasons.some((reason) => reason.kind === 'clock-explained' && reason.withdrawn);

/**
 * Whether the clock takes back what a gate made of a range. That it is within its limit although its clock was lower
 * still stands.
 * @param told what is said of the range, reasons included
 */
export const doubtsOutcome = (
	told: RangeComparison | undefined,
	{comparison, outcome}: GatedRange,
): boolean =>
	told !== undefined &&
	isWithdrawn(told) &&
	!(outcome === 'passed' && comparison.verdict === 'slower');
