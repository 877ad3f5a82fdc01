/** What one load of a line came to: throughput with its interval, latency, and whether the limits hold. */

import type {LoadPoint, SloLimit, SloState} from '../../schemas/study-answers.ts';
import type {ClientStatistics, MeasuredWindow, StudyPoint} from '../../schemas/study.ts';
import {criticalT} from '../comparison/student.ts';
import type {MeasuredLoad} from './line-points.ts';

const alpha = 0.05;

/** perf_analyzer's result is made of the last three windows. */
const windowsThatCount = 3;

export const meanOf = (values: readonly number[]): number =>
	values.reduce((sum, value) => sum + value, 0) / values.length;

/** Student's interval of a mean of what is never negative. @param values two or more */
export const intervalOf = (
	values: readonly number[],
): {readonly low: number; readonly high: number} => {
	const center = meanOf(values);
	const squares = values.reduce((sum, value) => sum + (value - center) ** 2, 0);
	const error = Math.sqrt(squares / (values.length - 1) / values.length);
	const reach = criticalT(alpha, values.length - 1) * error;
	return {low: Math.max(0, center - reach), high: center + reach};
};

const windowsOf = ({windows}: StudyPoint): readonly MeasuredWindow[] =>
	windows.slice(-windowsThatCount);

const findInterval = (points: readonly StudyPoint[]): LoadPoint['interval'] => {
	const [first] = points;
	if (points.length > 1) {
		const values = points.map(({client}) => client.throughput ?? 0);
		return {...intervalOf(values), from: 'repeats'};
	}

	const windows = first === undefined ? [] : windowsOf(first);
	return windows.length < 2
		? null
		: {...intervalOf(windows.map(({throughput}) => throughput)), from: 'windows'};
};

const latencyOf = (
	{mean, percentiles}: Pick<ClientStatistics, 'mean' | 'percentiles'>,
	wanted: number | null,
): number | undefined =>
	wanted === null ? mean : percentiles.find(({percentile}) => percentile === wanted)?.time;

const judgeLimit = (points: readonly StudyPoint[], {percentile, time}: SloLimit): SloState => {
	const own = points.map(({client}) => latencyOf(client, percentile));
	const [first] = points;
	const pieces = points.length === 1 && first !== undefined ? windowsOf(first) : [];
	const known = [...own, ...pieces.map((window) => latencyOf(window, percentile))].filter(
		(value) => value !== undefined,
	);
	if (own.includes(undefined)) {
		return 'unknown';
	}

	const within = known.filter((value) => value <= time).length;
	return within === known.length ? 'held' : within === 0 ? 'broken' : 'unsure';
};

const judgeLimits = (
	points: readonly StudyPoint[],
	limits: readonly SloLimit[],
): SloState | null => {
	if (points.some(({status}) => status === 'over-limit')) {
		return 'broken';
	}

	const states = limits.map((limit) => judgeLimit(points, limit));
	return (
		(['broken', 'unknown', 'unsure', 'held'] as const).find((state) => states.includes(state)) ??
		null
	);
};

/** undefined where not all of them know it. */
const meanLatency = (
	points: readonly StudyPoint[],
	percentile: number | null,
): number | undefined => {
	const times = points.map(({client}) => latencyOf(client, percentile));
	const known = times.filter((time) => time !== undefined);
	return known.length < times.length ? undefined : meanOf(known);
};

export const describeLoad = (
	{load, points}: MeasuredLoad,
	limits: readonly SloLimit[],
): LoadPoint => {
	const mean = meanLatency(points, null);
	const p99 = meanLatency(points, 99);
	return {
		load: load ?? 0,
		repeats: points.length,
		throughput: meanOf(points.map(({client}) => client.throughput ?? 0)),
		interval: findInterval(points),
		...(mean === undefined ? {} : {mean}),
		...(p99 === undefined ? {} : {p99}),
		slo: judgeLimits(points, limits),
	};
};
