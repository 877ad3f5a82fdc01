/**
 * Runs of many samples against those of others, a row per sample: what CV-CUDA's summary tool tells, with verdicts.
 *
 *     sample           baseline ms   v2 ms   v2 / baseline   change   verdict
 *     classification   1.20          0.98    0.82            -18 %    faster
 */

import type {ComparedMetric, RangeComparison} from '../../schemas/comparison.ts';
import type {Difference} from '../../schemas/comparison-report.ts';
import type {Cell, ReportColumn, ReportRows} from '../../schemas/report-rows.ts';
import type {CompareOptions} from './candidate-comparison.ts';
import {doubtsOutcome, explainByClock, gatherClockContext} from './clock-reasons.ts';
import {compareSides} from './compared-ranges.ts';
import {listDifferences} from './differences.ts';
import {evaluateGate, summarizeOutcomes, type GateResult} from './gate.ts';
import type {ComparedSamples} from './measured-change.ts';
import {toShare} from './relative-change.ts';
import type {Side} from './side.ts';
import {listComparedSamples} from './side-samples.ts';
import {doubtComparisons, markMeans} from './unproven.ts';

export interface SamplePair {
	readonly sample: string;
	readonly baseline: Side;
	readonly candidate: Side;
	/** Of the sample's own program. */
	readonly noiseFloorOf: CompareOptions['noiseFloorOf'];
}

/** What all samples have in common. */
export type SampleOptions = Omit<CompareOptions, 'noiseFloorOf'>;

/** The one number of a sample. */
export interface SampleChoice {
	readonly path: string;
	readonly metric: ComparedMetric;
}

/** What a sample takes per item, else as a whole: the first that both sides have. */
const tellingMetrics: readonly ComparedMetric[] = [
	'cpu_time_per_item_minus_warmup',
	'cpu_time_minus_warmup',
	'cpu_time',
];

const longestFirst =
	(side: Side) =>
	(a: ComparedSamples, b: ComparedSamples): number => {
		const timeOf = ({path}: ComparedSamples): number =>
			side.processes[0]?.values.get(path)?.cpu_time ?? 0;
		return timeOf(b) - timeOf(a);
	};

/** Of the ranges that hold batches the longest; where none does, of all. */
const chooseSamples = (
	{baseline, candidate}: SamplePair,
	{metrics, fits}: SampleOptions,
): ComparedSamples | undefined => {
	for (const metric of metrics.only ?? tellingMetrics) {
		const choice = {only: [metric], also: new Set<ComparedMetric>()};
		const found = listComparedSamples([baseline, candidate], choice, fits);
		const [first] = found.toSorted(longestFirst(baseline));
		if (first !== undefined) {
			return first;
		}
	}

	return undefined;
};

export interface ComparedSample {
	readonly sample: string;
	readonly choice: SampleChoice;
	readonly comparison: RangeComparison;
	readonly differences: readonly Difference[];
}

export interface ComparedSampleList {
	readonly rows: readonly ComparedSample[];
	/** Samples whose sides have nothing in common. */
	readonly incomparable: readonly string[];
	/** null without limits. */
	readonly gate: Pick<GateResult, 'outcome' | 'unused'> | null;
}

const hasDoubts = (told: RangeComparison | undefined): boolean =>
	told?.reasons.some(({kind}) => kind === 'sides-differ') ?? false;

const judgeGate = (
	judged: readonly RangeComparison[],
	rows: readonly ComparedSample[],
	{limits, statistics}: SampleOptions,
): ComparedSampleList['gate'] => {
	if (limits.length === 0) {
		return null;
	}

	const toldOf = new Map(judged.map((one, index) => [one, rows[index]?.comparison]));
	const {ranges, unused} = evaluateGate(judged, limits, statistics.alpha);
	const outcomes = ranges.map((range) => {
		const told = toldOf.get(range.comparison);
		const inDoubt = hasDoubts(told) || doubtsOutcome(told, range);
		return {outcome: inDoubt ? ('undecided' as const) : range.outcome};
	});
	return {outcome: summarizeOutcomes(outcomes), unused};
};

interface ChosenPair {
	readonly pair: SamplePair;
	readonly samples: ComparedSamples;
}

/** Samples have ranges of equal names: the sample's own goes before them. */
const judgePairs = (
	chosen: readonly ChosenPair[],
	{statistics}: SampleOptions,
): readonly RangeComparison[] =>
	compareSides(
		chosen.map(({pair, samples}) => {
			const noiseFloor = pair.noiseFloorOf(samples.path, samples.metric);
			const named = {...samples, path: `${pair.sample}/${samples.path}`};
			return noiseFloor === undefined ? named : {...named, noiseFloor};
		}),
		statistics,
	);

const describeRow = (
	{pair: {sample, baseline, candidate}, samples}: ChosenPair,
	judged: RangeComparison,
	{despiteDifferences, statistics: {alpha}}: SampleOptions,
): ComparedSample => {
	const differences = listDifferences(baseline.input, candidate.input);
	const doubts = despiteDifferences
		? []
		: differences.filter(({putsInDoubt}) => putsInDoubt).map(({fact}) => fact);
	return {
		sample,
		choice: {path: samples.path, metric: samples.metric},
		comparison: explainByClock(
			doubtComparisons(markMeans(judged, baseline, candidate), doubts),
			judged,
			samples,
			gatherClockContext(baseline, candidate, {paired: false, despiteDifferences, alpha}),
		),
		differences,
	};
};

/** All samples of one candidate are one family of tests. */
export const compareSampleList = (
	pairs: readonly SamplePair[],
	options: SampleOptions,
): ComparedSampleList => {
	const found = pairs.map((pair) => ({pair, samples: chooseSamples(pair, options)}));
	const chosen = found.flatMap(({pair, samples}) =>
		samples === undefined ? [] : [{pair, samples}],
	);
	const judged = judgePairs(chosen, options);
	const rows = chosen.flatMap((pair, index) => {
		const comparison = judged[index];
		return comparison === undefined ? [] : [describeRow(pair, comparison, options)];
	});
	return {
		rows,
		incomparable: found
			.filter(({samples}) => samples === undefined)
			.map(({pair: {sample}}) => sample),
		gate: judgeGate(judged, rows, options),
	};
};

const column = (title: string, kind: ReportColumn['kind'], short?: string): ReportColumn =>
	short === undefined ? {title, kind} : {title, kind, short};

const columnsOf = (baseline: string, name: string): readonly ReportColumn[] => [
	column(`${name} (ms)`, 'real', `${name} ms`),
	// The origin's speed-up: above 1 the baseline is the faster one.
	column(`${name} / ${baseline}`, 'real', `${name} / ${baseline}`),
	column(`${name} Change Low`, 'share'),
	column(`${name} Change High`, 'share'),
	column(`${name} p`, 'real'),
	column(`${name} n`, 'count', 'n'),
	column(`${name} Verdict`, 'text', 'verdict'),
];

/** "~" where nothing is proven. */
const cellsOf = (row: ComparedSample | undefined): readonly Cell[] => {
	if (row === undefined) {
		return [null, null, null, null, null, null, null];
	}

	const {candidate, change, interval, adjustedP, verdict} = row.comparison;
	return [
		candidate.median,
		change === null ? null : 1 + change,
		interval?.low ?? null,
		interval?.high ?? null,
		adjustedP,
		candidate.n,
		verdict === 'inconclusive' ? '~' : verdict,
	];
};

export interface NamedSamples {
	readonly name: string;
	readonly rows: readonly ComparedSample[];
}

/** A row per sample of the baseline. */
export const listSampleRows = (
	baseline: string,
	samples: readonly string[],
	candidates: readonly NamedSamples[],
): ReportRows => ({
	columns: [
		column('Sample', 'text', 'sample'),
		column('Range', 'text'),
		column('Metric', 'text'),
		column(`${baseline} (ms)`, 'real', `${baseline} ms`),
		column(`${baseline} n`, 'count', 'n'),
		...candidates.flatMap(({name}) => columnsOf(baseline, name)),
	],
	length: samples.length,
	rows: samples.map((sample) => {
		const found = candidates.map(({rows}) => rows.find((row) => row.sample === sample));
		const first = found.find((row) => row !== undefined);
		return [
			sample,
			first?.choice.path ?? null,
			first?.choice.metric ?? null,
			first?.comparison.baseline.median ?? null,
			first?.comparison.baseline.n ?? null,
			...found.flatMap(cellsOf),
		];
	}),
});

/** The geometric mean over samples of how many times the candidate takes what the baseline takes; null without any. */
export const averageSamples = ({rows}: NamedSamples): number | null => {
	const logs = rows.flatMap(({comparison: {change}}) =>
		change === null ? [] : Math.log1p(change),
	);
	return logs.length === 0 ? null : 1 + toShare(logs.reduce((a, b) => a + b, 0) / logs.length);
};
