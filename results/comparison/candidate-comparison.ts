/** One candidate against the baseline: from two sides to all that is told of them, but for their kernels. */

import type {
	CandidateComparison,
	Difference,
	GateDoubt,
	MetricMean,
} from '../../schemas/comparison-report.ts';
import type {ComparedMetric, RangeComparison, Verdict} from '../../schemas/comparison.ts';
import {listAbsentRows, type AbsentRow} from './absent-rows.ts';
import {explainByClock, explainMeanByClock, gatherClockContext} from './clock-reasons.ts';
import {compareRounds, compareSides} from './compared-ranges.ts';
import {listDifferences} from './differences.ts';
import {evaluateGate, type GatedRange} from './gate.ts';
import type {GateLimit} from './gate-limits.ts';
import {findGateDoubt, reportGate} from './gate-report.ts';
import {compareGeometricMeans} from './geometric-mean.ts';
import type {ComparisonOptions} from './judged-changes.ts';
import {earlyAlpha, lastAlpha, lookRounds} from './looks.ts';
import type {ComparedSamples} from './measured-change.ts';
import {orderByImpact} from './impact.ts';
import {listNotes} from './comparison-notes.ts';
import {noteNoiseFloors} from './noise-floor-note.ts';
import {explainNothing} from './nothing-compared.ts';
import {gatherProofContext, weakenComparison} from './unproven.ts';
import type {Side} from './side.ts';
import {
	listComparedSamples,
	listLeaves,
	listSharedPaths,
	type MetricChoice,
} from './side-samples.ts';
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

/** Whether all that is wanted is gone from one side: no slip, but something for the gate to tell. */
const isGone = (baseline: Side, candidate: Side, absent: readonly AbsentRow[]): boolean =>
	absent.length > 0 && listSharedPaths(baseline, candidate).length > 0;

/** @throws UserError where nothing is left to compare */
const listSamples = (
	baseline: Side,
	candidate: Side,
	options: CompareOptions,
	absent: readonly AbsentRow[],
): readonly ComparedSamples[] => {
	const samples = listComparedSamples([baseline, candidate], options.metrics, options.fits);
	if (samples.length === 0 && !isGone(baseline, candidate, absent)) {
		throw explainNothing(baseline, candidate, options.metrics);
	}

	return samples.map((sample) => {
		const noiseFloor = options.noiseFloorOf(sample.path, sample.metric);
		return noiseFloor === undefined ? sample : {...sample, noiseFloor};
	});
};

/** Rounds of one `ab`, measured in turn. */
const areInTurn = (baseline: Side, candidate: Side): boolean => {
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
	const {limits} = options;
	const absent = limits.length === 0 ? [] : listAbsentRows(baseline, candidate, options);
	const samples = listSamples(baseline, candidate, options, absent);
	const inTurn = areInTurn(baseline, candidate);
	// Means stand for no round.
	const paired = inTurn && !baseline.meansOnly && !candidate.meansOnly;
	const alpha = paired ? levelOf(candidate, options.statistics) : options.statistics.alpha;
	const statistics = {...options.statistics, alpha};
	const judged = (paired ? compareRounds : compareSides)(samples, statistics);
	const differences = listDifferences(baseline.input, candidate.input);
	const structure = compareStructure(baseline, candidate);
	const doubts = listDoubts(differences, options);
	const {despiteDifferences, metrics} = options;
	const proof = gatherProofContext(baseline, candidate, {metrics, facts: doubts});
	const clocks = gatherClockContext(baseline, candidate, {paired, despiteDifferences, alpha});
	const told = new Map(
		judged.flatMap((own, index) => {
			const sample = samples[index];
			const weak = weakenComparison(own, [own.path], proof);
			return sample === undefined ? [] : [[own, explainByClock(weak, own, sample, clocks)]];
		}),
	);
	const comparisons = [...told.values()];
	const doubtRange = (range: GatedRange): GateDoubt | null =>
		findGateDoubt(range, told.get(range.comparison), {
			differ: doubts.length > 0,
			shared: proof.shared,
		});
	return {
		input: candidate.input,
		pairing: paired ? 'rounds' : 'separate',
		verdict: summarize(comparisons),
		comparisons: orderByImpact(comparisons),
		means: [
			...compareMeans(samples, paired, statistics, (mean, own) => {
				const paths = own.map(({path}) => path);
				return explainMeanByClock(weakenComparison(mean, paths, proof), mean, own, clocks);
			}),
		],
		differences,
		structure,
		kernels: [],
		gate:
			limits.length === 0
				? null
				: reportGate(evaluateGate(judged, limits, alpha, absent), limits, doubtRange),
		notes: [
			...noteNoiseFloors(comparisons, statistics.margin),
			...listNotes({
				baseline,
				candidate,
				inTurn,
				shared: proof.shared,
				differences,
				structure,
				doubts,
				comparisons,
			}),
		],
	};
};
