/** Numbers from logs, by label and parameter: medians with intervals, and their ratio to a baseline. */

import type {
	LoggedMetric,
	LoggedPoint,
	LoggedSeries,
	LogFile,
	ProgramLogs,
} from '../../schemas/program-logs.ts';
import {quantile, sortSamples, type SortedSamples} from '../summary.ts';
import {groupBy} from './line-points.ts';
import {meanOf} from './load-points.ts';

/** One log and what its name said. */
export interface LoggedRun extends LogFile {
	readonly label: string;
	readonly parameter: number | null;
}

const confidence = 0.95;

/** Above it the binomial distribution is as good as normal, and its ends are too small for a double. */
const exactUpTo = 1000;

/**
 * Between which order statistics the median lies in at least 95 of 100 cases, whatever the distribution: the sign test's.
 * @returns null below six values: even the least and the largest would not do
 */
export const medianInterval = (
	sorted: SortedSamples,
): {readonly low: number; readonly high: number} | null => {
	const {length} = sorted;
	if (length > exactUpTo) {
		const rank = Math.floor((length - 1.96 * Math.sqrt(length)) / 2) - 1;
		return {low: sorted[rank] ?? Number.NaN, high: sorted[length - 1 - rank] ?? Number.NaN};
	}

	// P(no more than k of n fall below the median), k from 0 on.
	let term = 0.5 ** length;
	let tail = 0;
	let rank = -1;
	while (2 * (tail + term) <= 1 - confidence) {
		tail += term;
		rank++;
		term *= (length - rank) / (rank + 1);
	}

	const [low, high] = [sorted[rank], sorted[length - 1 - rank]];
	return rank < 0 || low === undefined || high === undefined ? null : {low, high};
};

const medianOf = (values: readonly number[]): number => quantile(sortSamples(values), 0.5);

const measureStd = (values: readonly number[]): number | null => {
	const center = meanOf(values);
	const squares = values.reduce((sum, value) => sum + (value - center) ** 2, 0);
	return values.length < 2 ? null : Math.sqrt(squares / (values.length - 1));
};

const describePoint = (parameter: number | null, runs: readonly LoggedRun[]): LoggedPoint => {
	const units =
		runs.length > 1 ? runs.map(({values}) => medianOf(values)) : (runs[0]?.values ?? []);
	const sorted = sortSamples(units);
	return {
		parameter,
		median: quantile(sorted, 0.5),
		std: measureStd(units),
		min: quantile(sorted, 0),
		max: quantile(sorted, 1),
		interval: medianInterval(sorted),
		n: units.length,
		unit: runs.length > 1 ? 'file' : 'value',
		ratio: null,
		files: runs.map(({file, values}) => ({file, values: [...values]})),
	};
};

const describeSeries = (label: string, runs: readonly LoggedRun[]): LoggedSeries => ({
	label,
	points: [...groupBy(runs, ({parameter}) => parameter)]
		.map(([parameter, own]) => describePoint(parameter, own))
		.toSorted((a, b) => (a.parameter ?? 0) - (b.parameter ?? 0)),
});

const addRatios = (series: LoggedSeries, baseline: LoggedSeries): LoggedSeries => ({
	...series,
	points: series.points.map((point) => {
		const base = baseline.points.find(({parameter}) => parameter === point.parameter)?.median;
		const ratio = point.median / (base ?? Number.NaN);
		return series.label === baseline.label || !Number.isFinite(ratio) ? point : {...point, ratio};
	}),
});

/**
 * @param runs with a value each
 * @param wanted the label that ratios are against; null for "cpu", or else the first
 */
export const describeLogs = (
	runs: readonly LoggedRun[],
	{
		metric,
		parameter,
		wanted,
	}: {
		readonly metric: LoggedMetric;
		readonly parameter: string | null;
		readonly wanted: string | null;
	},
): ProgramLogs => {
	const series = [...groupBy(runs, ({label}) => label)].map(([label, own]) =>
		describeSeries(label, own),
	);
	const baseline =
		series.find(({label}) => label === wanted) ??
		series.find(({label}) => label === 'cpu') ??
		series[0];
	return {
		formatVersion: 1,
		metric,
		parameter,
		baseline: baseline === undefined || series.length < 2 ? null : baseline.label,
		series:
			baseline === undefined || series.length < 2
				? series
				: series.map((own) => addRatios(own, baseline)),
		warnings: [],
	};
};
