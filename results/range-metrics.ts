/** The numbers of one path, by their names in the files. Times in nanoseconds; a mean may have fractions of one. */

import {toMilliseconds} from '../base/units.ts';
import {rangeMetrics, type RangeMetric} from '../schemas/benchmark-result.ts';
import type {Holder} from './holder.ts';
import type {Times} from './holder-times.ts';

export type RangeMetrics = Partial<Record<RangeMetric, number>>;

const counts: ReadonlySet<string> = new Set<RangeMetric>([
	'instances',
	'threads',
	'total_items',
	'total_items_minus_warmup',
]);

export const metricNames = Object.keys(rangeMetrics) as readonly RangeMetric[];

export const isMetric = (key: string): key is RangeMetric => Object.hasOwn(rangeMetrics, key);

/** Turns times into milliseconds, in place: a copy for each of a million ranges is felt. */
export const showMetrics = (metrics: RangeMetrics): RangeMetrics => {
	let metric: RangeMetric;
	for (metric in metrics) {
		if (!counts.has(metric)) {
			metrics[metric] = toMilliseconds(metrics[metric] ?? 0);
		}
	}

	return metrics;
};

const describeTimes = ({cpu, gpu, gpuBusy}: Times, instances: number): RangeMetrics => ({
	cpu_time: cpu,
	gpu_time: gpu,
	gpu_busy_time: gpuBusy,
	instances,
});

/** Written out key by key: an object that grows costs twice as much, and there can be a million of them. */
const describeTimesOfItems = (
	{cpu, gpu, gpuBusy}: Times,
	instances: number,
	items: number,
): RangeMetrics => ({
	cpu_time: cpu,
	gpu_time: gpu,
	gpu_busy_time: gpuBusy,
	instances,
	total_items: items,
	cpu_time_per_item: cpu / items,
	gpu_time_per_item: gpu / items,
	gpu_busy_time_per_item: gpuBusy / items,
});

/** The times, the items where there are any to speak of, and the times per item unless there are 0. */
export const describeRange = (
	times: Times,
	instances: number,
	threads: number,
	items: number | undefined,
): RangeMetrics => {
	const metrics =
		items !== undefined && items > 0
			? describeTimesOfItems(times, instances, items)
			: describeTimes(times, instances);
	if (items === 0) {
		metrics.total_items = 0;
	}

	if (threads > 1) {
		metrics.threads = threads;
	}

	return metrics;
};

/** Adds what is left of a holder without its warm-up batches. A time never shows below 0: the caller warns. */
export const addMinusWarmup = (metrics: RangeMetrics, holder: Holder): void => {
	const {cpu, gpu, gpuBusy} = holder.timesMinusWarmup;
	const items = holder.itemsMinusWarmup;
	const left = {cpu: Math.max(0, cpu), gpu: Math.max(0, gpu), gpuBusy: Math.max(0, gpuBusy)};
	metrics.cpu_time_minus_warmup = left.cpu;
	metrics.gpu_time_minus_warmup = left.gpu;
	metrics.gpu_busy_time_minus_warmup = left.gpuBusy;
	if (items > 0) {
		metrics.cpu_time_per_item_minus_warmup = left.cpu / items;
		metrics.gpu_time_per_item_minus_warmup = left.gpu / items;
		metrics.gpu_busy_time_per_item_minus_warmup = left.gpuBusy / items;
	}

	metrics.total_items_minus_warmup = items;
};
