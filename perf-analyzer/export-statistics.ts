/**
 * Statistics from a request export, by perf_analyzer's own rules where they are right: a request belongs to the window in
 * which its last answer came, the last three windows count, and a percentile is an order statistic. docs/triton.md says
 * where perf_analyzer's own numbers differ.
 */

import {toMilliseconds} from '../base/units.ts';
import type {ClientStatistics, MeasuredWindow} from '../schemas/study.ts';
import type {ExportedExperiment} from './request-export.ts';

/** perf_analyzer's stability window. */
const windowsThatCount = 3;

/** Below it, p99.9 would be the maximum. */
const requestsForThousandths = 1000;

const lowPercentiles: readonly number[] = [50, 90, 95, 99];

/** Not interpolated: the order statistic that perf_analyzer takes. @param sorted ascending, not empty */
const percentileOf = (sorted: Float64Array, percentile: number): number =>
	Number(sorted[Math.floor((percentile / 100) * (sorted.length - 1) + 0.5)]);

interface Latencies {
	/** ns, ascending. */
	readonly sorted: Float64Array;
	/** ns. */
	readonly mean: number;
	/** ns; null for fewer than two. */
	readonly std: number | null;
}

const summarize = (latencies: readonly number[]): Latencies => {
	const sorted = Float64Array.from(latencies).sort();
	const mean = sorted.reduce((sum, value) => sum + value, 0) / Math.max(1, sorted.length);
	let squares = 0;
	for (const value of sorted) {
		squares += (value - mean) ** 2;
	}

	const std = sorted.length < 2 ? null : Math.sqrt(squares / (sorted.length - 1));
	return {sorted, mean, std};
};

type LatencyStatistics = Pick<ClientStatistics, 'mean' | 'std' | 'percentiles'>;

const describeLatencies = ({sorted, mean, std}: Latencies): LatencyStatistics => {
	if (sorted.length === 0) {
		return {percentiles: []};
	}

	const percentiles =
		sorted.length < requestsForThousandths ? lowPercentiles : [...lowPercentiles, 99.9];
	return {
		mean: toMilliseconds(mean),
		...(std === null ? {} : {std: toMilliseconds(std)}),
		percentiles: percentiles.map((percentile) => ({
			percentile,
			time: toMilliseconds(percentileOf(sorted, percentile)),
		})),
	};
};

export interface ExperimentStatistics {
	readonly client: ClientStatistics;
	readonly windows: readonly MeasuredWindow[];
	/** Largest by smallest throughput and mean latency of the windows that count; null for fewer than three. */
	readonly spread: number | null;
	/** Whether the time came from the requests themselves, as no window tells it. */
	readonly timedByRequests: boolean;
}

/** ns between the first request that was sent and the last answer. */
const timeRequests = ({starts, ends}: ExportedExperiment['requests']): number => {
	let first = Number.POSITIVE_INFINITY;
	let last = Number.NEGATIVE_INFINITY;
	for (let index = 0; index < starts.length; index++) {
		first = Math.min(first, Number(starts[index]));
		last = Math.max(last, Number(ends[index]));
	}

	return last - first;
};

const listLatencies = (
	{starts, ends}: ExportedExperiment['requests'],
	from: number,
	to: number,
): readonly number[] => {
	const latencies: number[] = [];
	for (let index = 0; index < ends.length; index++) {
		const end = Number(ends[index]);
		if (end >= from && end <= to) {
			latencies.push(end - Number(starts[index]));
		}
	}

	return latencies;
};

/** Per second; 0 for a time of 0. */
const rateOf = (count: number, ns: number): number => (ns > 0 ? (count * 1e9) / ns : 0);

const ratioOf = (values: readonly number[]): number => {
	const least = Math.min(...values);
	return least > 0 ? Math.max(...values) / least : Number.POSITIVE_INFINITY;
};

const measureWindow = (
	requests: ExportedExperiment['requests'],
	from: number,
	to: number,
	batchSize: number,
): MeasuredWindow => {
	const latencies = listLatencies(requests, from, to);
	return {
		throughput: rateOf(latencies.length * batchSize, to - from),
		...describeLatencies(summarize(latencies)),
	};
};

const measureSpread = (windows: readonly MeasuredWindow[]): number | null =>
	windows.length < windowsThatCount
		? null
		: Math.max(
				ratioOf(windows.map(({throughput}) => throughput)),
				ratioOf(windows.map(({mean = 0}) => mean)),
			);

/** Inferences of requests that were answered in time, per second. */
const measureGoodput = (
	latencies: readonly number[],
	limitMs: number | null,
	batchSize: number,
	elapsed: number,
): Pick<ClientStatistics, 'goodput'> => {
	if (limitMs === null || latencies.length === 0) {
		return {};
	}

	const good = latencies.filter((latency) => latency <= limitMs * 1e6).length;
	return {goodput: rateOf(good * batchSize, elapsed)};
};

/**
 * @param batchSize inferences of a request
 * @param goodMs the latency up to which a request counts for the goodput, in ms; null: no goodput
 */
export const measureExperiment = (
	{requests, boundaries}: ExportedExperiment,
	batchSize: number,
	goodMs: number | null = null,
): ExperimentStatistics => {
	const bounds = boundaries.filter(
		(bound, place) => place === 0 || bound > Number(boundaries[place - 1]),
	);
	const counted = bounds.slice(-windowsThatCount - 1);
	// One window is that of --request-count, which ends up to a second after the last answer; an open end is no window.
	const timedByRequests = counted.length < 3 || !counted.every(Number.isSafeInteger);
	const [from, to] = timedByRequests
		? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
		: [Number(counted[0]), Number(counted.at(-1))];
	const latencies = listLatencies(requests, from, to);
	const elapsed = timedByRequests ? timeRequests(requests) : to - from;
	const windows = timedByRequests
		? []
		: bounds
				.slice(1)
				.map((bound, place) => measureWindow(requests, Number(bounds[place]), bound, batchSize));
	const several = requests.responses > requests.ends.length;
	return {
		client: {
			requestCount: latencies.length,
			...(latencies.length === 0
				? {}
				: {throughput: rateOf(latencies.length * batchSize, elapsed)}),
			...measureGoodput(latencies, goodMs, batchSize, elapsed),
			...(several && timedByRequests
				? {responseThroughput: rateOf(requests.responses, elapsed)}
				: {}),
			...describeLatencies(summarize(latencies)),
		},
		windows,
		spread: measureSpread(windows.slice(-windowsThatCount)),
		timedByRequests,
	};
};
