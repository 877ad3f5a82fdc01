/** Samples of GPUs as curves over time, with their gaps. */

import type {GpuMetric, GpuSample} from '../schemas/gpu-sample.ts';

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

/** As results/gpu-tracks.ts has it: what is drawn has the gaps of what is counted. */
const gapPeriods = 3;

/** A driver that takes longer than it was asked for keeps its own pace. */
const findPeriod = (samples: readonly GpuSample[], intervalNs: number): number => {
	const steps = samples
		.slice(1)
		.map(({unixNs}, index) => Number(unixNs - (samples[index]?.unixNs ?? unixNs)))
		.toSorted((a, b) => a - b);
	return Math.max(intervalNs, steps[Math.floor(steps.length / 2)] ?? 0);
};

const inOrder = (a: GpuSample, b: GpuSample): number =>
	a.unixNs < b.unixNs ? -1 : a.unixNs > b.unixNs ? 1 : 0;

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
		const sorted = own.toSorted(inOrder);
		const ordered = sorted.filter(({unixNs}, index) => unixNs !== sorted[index - 1]?.unixNs);
		return {gpu, samples: ordered, longestGapNs: gapPeriods * findPeriod(ordered, intervalNs)};
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
