/** Samples of GPUs as curves over time, with their gaps. */

import type {GpuMetric, GpuSample} from '../schemas/gpu-sample.ts';
import {findLongestGap, keepAscending} from '../schemas/gpu-sample-series.ts';

export interface GpuSamples {
	/** UUID. */
	readonly gpu: string;
	/** In order of time, one per moment. */
	readonly samples: readonly GpuSample[];
	/** Between two values farther apart nothing is known. */
	readonly longestGapNs: number;
}

export interface CurvePoint {
	readonly unixNs: bigint;
	/** null: a gap. */
	readonly value: number | null;
}

/** In the order in which the file has them first. */
export const listGpus = (
	samples: readonly GpuSample[],
	intervalNs: number,
): readonly GpuSamples[] => {
	const byGpu = new Map<string, GpuSample[]>();
	for (const sample of samples) {
		const own = byGpu.get(sample.gpu);
		if (own === undefined) {
			byGpu.set(sample.gpu, [sample]);
		} else {
			own.push(sample);
		}
	}

	return [...byGpu].map(([gpu, own]) => {
		const ordered = keepAscending(own);
		const origin = ordered[0]?.unixNs ?? 0n;
		const times = ordered.map(({unixNs}) => Number(unixNs - origin));
		return {gpu, samples: ordered, longestGapNs: findLongestGap(times, intervalNs)};
	});
};

/** Values that were told, with a null wherever a line would join what was not measured together. */
export const listCurve = (
	samples: readonly GpuSample[],
	metric: GpuMetric,
	longestGapNs: number,
): readonly CurvePoint[] => {
	const curve: CurvePoint[] = [];
	let last: bigint | undefined;
	for (const {unixNs, values} of samples) {
		const value = values[metric];
		if (value === null) {
			continue;
		}

		if (last !== undefined && Number(unixNs - last) > longestGapNs) {
			curve.push({unixNs: last, value: null});
		}

		curve.push({unixNs, value});
		last = unixNs;
	}

	return curve;
};
