/** One candidate against the baseline: from two sides to all that is told of them, but for their kernels. */

import {UserError} from '../../base/errors.ts';
import type {
	CandidateComparison,
	Difference,
	GateReport,
	MetricMean,
} from '../../schemas/comparison-report.ts';
import type {ComparedMetric, RangeComparison, Verdict} from '../../schemas/comparison.ts';
import {
	doubtsOutcome,
	explainByClock,
	explainMeanByClock,
	gatherClockContext,
} from './clock-reasons.ts';
import {compareRounds, compareSides} from './compared-ranges.ts';
import {listDifferences} from './differences.ts';
import {evaluateGate, summarizeOutcomes, type GatedRange, type GateResult} from './gate.ts';
import type {GateLimit} from './gate-limits.ts';
import {compareGeometricMeans} from './geometric-mean.ts';
import type {ComparisonOptions} from './judged-changes.ts';
import {earlyAlpha, lastAlpha, lookRounds} from './looks.ts';
import type {ComparedSamples} from './measured-change.ts';
import {orderByImpact} from './impact.ts';
import {listNotes} from './comparison-notes.ts';
import {doubtComparisons, markMeans} from './unproven.ts';
import type {Side} from './side.ts';
import {listComparedSamples, listLeaves, type MetricChoice} from './side-samples.ts';
import {compareStructure} from './structure-changes.ts';

export interface CompareOptions {
	readonly statistics: ComparisonOptions;
	readonly metrics: MetricChoice;
	/** What of it is wanted. */
	readonly fits: (path: string, metric: ComparedMetric) => boolean;
	/** Empty where nothing gates. */
	readonly limits: readonly GateLimit[];
	/** Judge although the sides were measured on unlike machines or in unlike ways. */
	readonly despiteDifferences: boolean;
	/** What a calibration found for a range, as a share; undefined where there was none. */
	readonly noiseFloorOf: (path: string, metric: ComparedMetric) => number | undefined;
}

const listExamples = ({processes}: Side): string => {
	const paths = [...new Set(processes.flatMap(({values}) => [...values.keys()]))];
	const shown = paths.slice(0, 3).map((path) => `"${path}"`);
	return shown.length === 0 ? 'none' : `${shown.join(', ')}${paths.length > 3 ? ', ...' : ''}`;
};

/** Why nothing is left to compare. */
const explainNothing = (baseline: Side, candidate: Side, options: CompareOptions): UserError => {
	const [a, b] = [baseline.input.label, candidate.input.label];
	const anything = listComparedSamples([baseline, candidate], options.metrics, () => true);
	if (anything.length > 0) {
		return new UserError(`no range of ${a} and ${b} fits --range and --metric`, {
			next: `Ranges are such as "${anything[0]?.path ?? ''}"; "*" stands for any text.`,
		});
	}

	return new UserError(`${a} and ${b} have no range and metric in common`, {
		next: `Ranges of ${a}: ${listExamples(baseline)}. Ranges of ${b}: ${listExamples(candidate)}.`,
	});
};

/** @throws UserError where nothing is left to compare */
const listSamples = (
	baseline: Side,
	candidate: Side,
	options: CompareOptions,
): readonly ComparedSamples[] => {
	const samples = listComparedSamples([baseline, candidate], options.metrics, options.fits);
	if (samples.length === 0) {
		throw explainNothing(baseline, candidate, options);
	}

	return samples.map((sample) => {
		const noiseFloor = options.noiseFloorOf(sample.path, sample.metric);
		return noiseFloor === undefined ? sample : {...sample, noiseFloor};
	});
};

/** Rounds of one `ab` are paired. */
const areRounds = (baseline: Side, candidate: Side): boolean => {
	const [a, b] = [baseline.rounds?.inTurn, candidate.rounds?.inTurn];
	return a !== undefined && a.id === b?.id && a.side !== b.side;
};

/** Rounds that could end early have spent some of alpha on their looks. */
const levelOf = ({rounds}: Side, {alpha}: ComparisonOptions): number =>
	rounds === null
		? alpha
		: rounds.repeatsEnd?.reason === 'clear' && lookRounds.includes(rounds.rounds)
			? earlyAlpha(alpha)
			: lastAlpha(alpha, rounds.rounds);

/** @param isInDoubt whether something else could be the cause of what that range shows */
const describeGate = (
	{ranges: gated, unused}: GateResult,
	limits: readonly GateLimit[],
	isInDoubt: (range: GatedRange) => boolean,
): GateReport => {
	const ranges = gated.map((range) => ({
		path: range.comparison.path,
		metric: range.comparison.metric,
		limit: range.limit,
		outcome: isInDoubt(range) ? ('undecided' as const) : range.outcome,
	}));
	return {outcome: summarizeOutcomes(ranges), limits: [...limits], ranges, unused: [...unused]};
};

/** One line per metric that several innermost ranges have. */
const compareMeans = (
	samples: readonly ComparedSamples[],
	paired: boolean,
	statistics: ComparisonOptions,
	explain: (judged: RangeComparison, own: readonly ComparedSamples[]) => RangeComparison,
): readonly MetricMean[] => {
	const leaves = listLeaves([...new Set(samples.map(({path}) => path))]);
	const byMetric = new Map<ComparedMetric, ComparedSamples[]>();
	for (const sample of samples.filter(({path}) => leaves.has(path))) {
		byMetric.set(sample.metric, [...(byMetric.get(sample.metric) ?? []), sample]);
	}

	return [...byMetric.values()]
		.filter(({length}) => length > 1)
		.flatMap((own) => {
			const {comparison, paths, leftOut} = compareGeometricMeans(own, paired, statistics);
			const taken = own.filter(({path}) => paths.includes(path));
			return comparison === null || paths.length < 2
				? []
				: [
						{
							comparison: explain(comparison, taken),
							ranges: paths.length,
							leftOut: [...leftOut],
						},
					];
		});
};

const summarize = (comparisons: readonly RangeComparison[]): Verdict => {
	const verdicts = new Set(comparisons.map(({verdict}) => verdict));
	return (
		(['slower', 'faster'] as const).find((verdict) => verdicts.has(verdict)) ??
		(verdicts.size === 1 && verdicts.has('same') ? 'same' : 'inconclusive')
	);
};

/** Facts that alone could explain a change. */
const listDoubts = (
	differences: readonly Difference[],
	{despiteDifferences}: CompareOptions,
): readonly string[] =>
	despiteDifferences
		? []
		: differences.filter(({putsInDoubt}) => putsInDoubt).map(({fact}) => fact);

/** @throws UserError where the two have nothing in common, or nothing that is wanted */
export const compareCandidate = (
	baseline: Side,
	candidate: Side,
	options: CompareOptions,
): CandidateComparison => {
	const samples = listSamples(baseline, candidate, options);
	const paired = areRounds(baseline, candidate);
	const alpha = paired ? levelOf(candidate, options.statistics) : options.statistics.alpha;
	const statistics = {...options.statistics, alpha};
	const judged = (paired ? compareRounds : compareSides)(samples, statistics);
	const differences = listDifferences(baseline.input, candidate.input);
	const structure = compareStructure(baseline, candidate);
	const doubts = listDoubts(differences, options);
	const weaken = (comparison: RangeComparison): RangeComparison =>
		doubtComparisons(markMeans(comparison, baseline, candidate), doubts);
	const {despiteDifferences} = options;
	const clocks = gatherClockContext(baseline, candidate, {paired, despiteDifferences, alpha});
	const told = new Map(
		judged.flatMap((own, index) => {
			const sample = samples[index];
			return sample === undefined ? [] : [[own, explainByClock(weaken(own), own, sample, clocks)]];
		}),
	);
	const comparisons = [...told.values()];
	const gate =
		options.limits.length === 0 ? null : evaluateGate(judged, options.limits, statistics.alpha);
	return {
		input: candidate.input,
		pairing: paired ? 'rounds' : 'separate',
		verdict: summarize(comparisons),
		comparisons: orderByImpact(comparisons),
		means: [
			...compareMeans(samples, paired, statistics, (mean, own) =>
				explainMeanByClock(weaken(mean), mean, own, clocks),
			),
		],
		differences,
		structure,
		kernels: [],
		gate:
			gate &&
			describeGate(
				gate,
				options.limits,
				(range) => doubts.length > 0 || doubtsOutcome(told.get(range.comparison), range),
			),
		notes: [
			...listNotes({baseline, candidate, paired, differences, structure, doubts, comparisons}),
		],
	};
};
