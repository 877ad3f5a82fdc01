/** GPU samples with only what matters. */

import {gpuMetricNames, type GpuMetric, type GpuSample} from '../../schemas/gpu-sample.ts';

const noValues = Object.fromEntries(gpuMetricNames.map((name) => [name, null])) as Record<
	GpuMetric,
	null
>;

export const sampleOrigin = 1_788_295_326_000_000_000n;

/** @param atNs since `sampleOrigin` */
export const gpuSample = (
	atNs: number,
	values: Partial<Record<GpuMetric, number | null>>,
	eventReasons: number | null = null,
	gpu = 'GPU-a',
): GpuSample => ({
	unixNs: sampleOrigin + BigInt(atNs),
	arrivedUnixNs: sampleOrigin + BigInt(atNs) + 1_000_000n,
	gpu,
	eventReasons,
	values: {...noValues, ...values},
});
