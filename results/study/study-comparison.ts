/**
 * Two studies, or variants of one, point by point. Repeats are the units: each is a call of perf_analyzer of its own.
 * Windows are pieces of one measurement and prove nothing about the next, so without repeats there is a change and no
 * verdict.
 */

import type {ComparedMetric, RangeComparison} from '../../schemas/comparison.ts';
import type {StudyPoint} from '../../schemas/study.ts';
import type {AbsentRow} from '../comparison/absent-rows.ts';
import {compareSides} from '../comparison/compared-ranges.ts';
import {evaluateGate, type GateResult} from '../comparison/gate.ts';
import type {GateLimit} from '../comparison/gate-limits.ts';
import type {ComparedSamples} from '../comparison/measured-change.ts';
import type {ComparisonOptions} from '../comparison/judged-changes.ts';
import {matchPoints, type MatchedPoint} from './matched-points.ts';

export interface ComparedPoint {
	readonly match: MatchedPoint;
	/** "throughput", "mean", "p99". */
	readonly metric: string;
	/** By repeat. */
	readonly values: readonly [readonly number[], readonly number[]];
	readonly comparison: RangeComparison;
	/** Whether a side has windows that someone could take for repeats. */
	readonly hasWindows: boolean;
}

export interface ComparedPoints {
	readonly rows: readonly ComparedPoint[];
	readonly unmatched: readonly string[];
	/** null without limits. */
	readonly gate: GateResult | null;
}

export interface StudyOptions {
	/** Whether the sides are of one study: then they may differ in how the server was asked. */
	readonly areVariants: boolean;
	readonly statistics: ComparisonOptions;
	/** null for all. */
	readonly metrics: readonly string[] | null;
	/** What of it is wanted, by "concurrency 8/p99". */
	readonly fits: (path: string) => boolean;
	readonly limits: readonly GateLimit[];
}

export const isRate = (metric: string): metric is 'throughput' | 'goodput' =>
	metric === 'throughput' || metric === 'goodput';

const valueOf = ({client}: StudyPoint, metric: string): number | undefined =>
	isRate(metric)
		? client[metric]
		: metric === 'mean'
			? client.mean
			: client.percentiles.find(({percentile}) => `p${percentile}` === metric)?.time;

const listMetrics = (points: readonly StudyPoint[]): readonly string[] => {
	const percentiles = points.flatMap(({client}) =>
		client.percentiles.map(({percentile}) => percentile),
	);
	return [
		'throughput',
		'goodput',
		'mean',
		...[...new Set(percentiles)].sort((a, b) => a - b).map((percentile) => `p${percentile}`),
	];
};

const valuesOf = (points: readonly StudyPoint[], metric: string): readonly number[] =>
	points.flatMap((point) => valueOf(point, metric) ?? []);

interface Sampled {
	readonly match: MatchedPoint;
	readonly metric: string;
	readonly values: ComparedPoint['values'];
}

/** Every metric that a side has. */
const sampleMatch = (match: MatchedPoint): readonly Sampled[] =>
	listMetrics([...match.baseline, ...match.candidate])
		.map((metric) => ({
			match,
			metric,
			values: [valuesOf(match.baseline, metric), valuesOf(match.candidate, metric)] as const,
		}))
		.filter(({values}) => values.some(({length}) => length > 0));

const isShared = ({values}: Sampled): boolean => values.every(({length}) => length > 0);

const pathOf = ({match, metric}: Sampled): string => `${match.name}/${metric}`;

/** The comparison knows two kinds of metrics: a rate, of which more is better, and times. */
const kindOf = (metric: string): ComparedMetric => (isRate(metric) ? 'throughput' : 'cpu_time');

const toSamples = (sampled: Sampled): ComparedSamples => ({
	path: pathOf(sampled),
	metric: kindOf(sampled.metric),
	baseline: sampled.values[0].map((value) => [[value]]),
	candidate: sampled.values[1].map((value) => [[value]]),
});

const toAbsent = (sampled: Sampled): AbsentRow => {
	const isNew = sampled.values[0].length === 0;
	return {
		path: pathOf(sampled),
		metric: kindOf(sampled.metric),
		from: isNew ? 'baseline' : 'candidate',
		isNew,
	};
};

/** All rows of one candidate are one family of tests. */
export const compareStudies = (
	baseline: readonly StudyPoint[],
	candidate: readonly StudyPoint[],
	{areVariants, statistics, metrics, fits, limits}: StudyOptions,
): ComparedPoints => {
	const {matched, lone, unmatched} = matchPoints(baseline, candidate, areVariants);
	const wanted = [...matched, ...lone]
		.flatMap(sampleMatch)
		.filter((each) => metrics?.includes(each.metric) !== false && fits(pathOf(each)));
	const sampled = wanted.filter(isShared);
	const absent = wanted.filter((each) => !isShared(each)).map(toAbsent);
	const judged = compareSides(sampled.map(toSamples), statistics);
	return {
		rows: sampled.flatMap((each, index) => {
			const comparison = judged[index];
			const points = [...each.match.baseline, ...each.match.candidate];
			return comparison === undefined
				? []
				: [{...each, comparison, hasWindows: points.some(({windows}) => windows.length > 0)}];
		}),
		unmatched,
		gate: limits.length === 0 ? null : evaluateGate(judged, limits, statistics.alpha, absent),
	};
};
