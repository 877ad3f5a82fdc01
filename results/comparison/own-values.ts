/** What a comparison takes of our own files. */

import type {
	MeanResult,
	ProcessResult,
	RangeResult,
	RangeStatistics,
} from '../../schemas/benchmark-result.ts';
import {comparedMetrics} from '../../schemas/comparison.ts';
import {isMetric} from '../range-metrics.ts';
import {identifyMeasurement} from './measurement-identity.ts';
import {countInstances, foldByPaths, type ResultNode} from './result-nodes.ts';
import {mergeRunningNumbers} from './running-numbers.ts';
import type {MetricValues, SideProcess} from './side.ts';

type Results = Readonly<Record<string, RangeResult>>;

const toNodes = (results: Results | RangeResult): ReadonlyMap<string, ResultNode> =>
	new Map(
		Object.entries(results).flatMap(([key, value]) =>
			typeof value === 'number' || isMetric(key) ? [] : [[key, toNode(value)]],
		),
	);

const toNode = (result: RangeResult): ResultNode => ({
	instances: result.instances ?? 1,
	children: toNodes(result),
});

const pickMedians = (statistics: RangeStatistics, gpuTraced: boolean): MetricValues => {
	const values: Partial<Record<string, number>> = {};
	for (const metric of comparedMetrics) {
		const summary = statistics[metric];
		if (summary !== undefined && (gpuTraced || !metric.startsWith('gpu_'))) {
			values[metric] = 'median' in summary ? summary.median : summary.items_per_second;
		}
	}

	return values;
};

const readValues = (
	{stats, meta}: Pick<ProcessResult | MeanResult, 'stats' | 'meta'>,
	data: Results,
	repeat: number,
): SideProcess =>
	mergeRunningNumbers({
		repeat,
		values: new Map(
			Object.entries(stats).map(([path, statistics]) => [
				path,
				pickMedians(statistics, meta.gpu_traced),
			]),
		),
		counts: countInstances(toNodes(data), foldByPaths(Object.keys(stats))),
		gpuTraced: meta.gpu_traced,
	});

/** Every CPU and GPU time, batch by batch. */
const listTimes = (results: Results | RangeResult, into: number[] = []): readonly number[] => {
	for (const [key, value] of Object.entries(results)) {
		if (typeof value !== 'number' && !isMetric(key)) {
			into.push(value.cpu_time ?? 0, value.gpu_time ?? 0);
			listTimes(value, into);
		}
	}

	return into;
};

/** The medians of its batches: exactly what a comparison makes of the batches themselves. */
export const readOwnProcess = (
	result: ProcessResult,
	repeat: number,
	originUnixNs: bigint | null = null,
): SideProcess => ({
	...readValues(result, result.data, repeat),
	identity: identifyMeasurement(listTimes(result.data), originUnixNs),
	smClockMhz: result.gpu_metrics?.sm_clock_mhz ?? null,
});

/** Medians over all processes, as one stand-in that proves nothing. */
export const readOwnMean = (result: MeanResult): SideProcess =>
	readValues(result, result.mean_all_batches, 0);
