/**
 * Runs of many samples against those of others, a row per sample: what CV-CUDA's summary tool tells, with verdicts.
 *
 *     sample           baseline ms   v2 ms   v2 / baseline   change   verdict
 *     classification   1.20          0.98    0.82            -18 %    faster
 */

import type {ComparedMetric, RangeComparison, SideName} from '../../schemas/comparison.ts';
import type {Difference, GateReport} from '../../schemas/comparison-report.ts';
import type {Cell, ReportColumn, ReportRows} from '../../schemas/report-rows.ts';
import type {AbsentRow} from './absent-rows.ts';
import type {CompareOptions} from './candidate-comparison.ts';
import {explainByClock, gatherClockContext} from './clock-reasons.ts';
import {compareSides} from './compared-ranges.ts';
import {listDifferences} from './differences.ts';
import type {ComparedSamples} from './measured-change.ts';
import {toShare} from './relative-change.ts';
import {judgeSampleGate} from './sample-gate.ts';
import type {Side} from './side.ts';
import {listComparedSamples} from './side-samples.ts';
import {gatherProofContext, weakenComparison} from './unproven.ts';

export interface SamplePair {
	readonly sample: string;
	readonly baseline: Side;
	readonly candidate: Side;
	/** Of the sample's own program. */
	readonly noiseFloorOf: CompareOptions['noiseFloorOf'];
}

/** A sample that one side alone has. */
export interface LoneSample {
	readonly sample: string;
	readonly side: Side;
	/** The side that lacks it. */
	readonly from: SideName;
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
	{baseline, candidate}: Pick<SamplePair, 'baseline' | 'candidate'>,
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
	/** Processes that are on both sides, copied. */
	readonly shared: number;
}

export interface ComparedSampleList {
	readonly rows: readonly ComparedSample[];
	/** Samples whose sides have nothing in common. */
	readonly incomparable: readonly string[];
	/** null without limits. */
	readonly gate: GateReport | null;
}

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
	{despiteDifferences, metrics, statistics: {alpha}}: SampleOptions,
): ComparedSample => {
	const differences = listDifferences(baseline.input, candidate.input);
	const doubts = despiteDifferences
		? []
		: differences.filter(({putsInDoubt}) => putsInDoubt).map(({fact}) => fact);
	const proof = gatherProofContext(baseline, candidate, {metrics, facts: doubts});
	return {
		sample,
		choice: {path: samples.path, metric: samples.metric},
		comparison: explainByClock(
			weakenComparison(judged, [samples.path], proof),
			judged,
			samples,
			gatherClockContext(baseline, candidate, {paired: false, despiteDifferences, alpha}),
		),
		differences,
		shared: proof.shared,
	};
};

/** The row that it would have. */
const nameAbsent = (
	{sample, side, from}: LoneSample,
	options: SampleOptions,
): readonly AbsentRow[] => {
	const found = chooseSamples({baseline: side, candidate: side}, options);
	const row = found && {path: `${sample}/${found.path}`, metric: found.metric};
	return row === undefined ? [] : [{...row, from, isNew: false}];
};

/** All samples of one candidate are one family of tests. */
export const compareSampleList = (
	pairs: readonly SamplePair[],
	options: SampleOptions,
	lone: readonly LoneSample[] = [],
): ComparedSampleList => {
	const found = pairs.map((pair) => ({pair, samples: chooseSamples(pair, options)}));
	const chosen = found.flatMap(({pair, samples}) =>
		samples === undefined ? [] : [{pair, samples}],
	);
	const incomparable = found
		.filter(({samples}) => samples === undefined)
		.map(({pair: {sample, baseline}}) => ({sample, side: baseline, from: 'candidate' as const}));
	const toAbsent = (sample: LoneSample): readonly AbsentRow[] => nameAbsent(sample, options);
	const judged = judgePairs(chosen, options);
	const rows = chosen.flatMap((pair, index) => {
		const comparison = judged[index];
		return comparison === undefined ? [] : [describeRow(pair, comparison, options)];
	});
	return {
		rows,
		incomparable: incomparable.map(({sample}) => sample),
		gate: judgeSampleGate(judged, rows, [...incomparable, ...lone].flatMap(toAbsent), options),
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
