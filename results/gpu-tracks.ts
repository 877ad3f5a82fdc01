/** Samples of GPUs as curves over time: what gpu-windows.ts measures. Pure. */

import type {GpuMetric, GpuSample} from '../schemas/gpu-sample.ts';
import {findLongestGap, keepAscending} from '../schemas/gpu-sample-series.ts';
import {counterMetrics, levelMetrics} from '../schemas/gpu-window.ts';

/** Values that were told, in order of time. */
export interface Curve {
	/** Since the origin; strictly ascending. */
	readonly atNs: Float64Array;
	readonly value: Float64Array;
}

/** All that one GPU told during a run. */
export interface GpuTrack {
	/** Between two values farther apart nothing is known. */
	readonly longestGapNs: number;
	readonly curves: ReadonlyMap<GpuMetric, Curve>;
	/** Its values are masks. */
	readonly eventReasons: Curve;
}

export interface TrackOptions {
	/** What windows count from: a trace's origin, in ns since 1970. */
	readonly originUnixNs: bigint;
	/** What was asked of the tool; it may have been slower. */
	readonly intervalNs: number;
}

interface TimedSample {
	readonly atNs: number;
	readonly sample: GpuSample;
}

const buildCurve = (
	timed: readonly TimedSample[],
	read: (sample: GpuSample) => number | null,
): Curve => {
	const told = timed.filter(({sample}) => read(sample) !== null);
	return {
		atNs: Float64Array.from(told, ({atNs}) => atNs),
		value: Float64Array.from(told, ({sample}) => Number(read(sample))),
	};
};

const trackGpu = (
	samples: readonly GpuSample[],
	{originUnixNs, intervalNs}: TrackOptions,
): GpuTrack => {
	const timed = keepAscending(samples).map((sample) => ({
		atNs: Number(sample.unixNs - originUnixNs),
		sample,
	}));
	const names = [...levelMetrics, ...counterMetrics];
	return {
		longestGapNs: findLongestGap(
			timed.map(({atNs}) => atNs),
			intervalNs,
		),
		curves: new Map(
			names.map((name) => [name, buildCurve(timed, ({values}) => values[name])] as const),
		),
		eventReasons: buildCurve(timed, (sample) => sample.eventReasons),
	};
};

/** By GPU's UUID. */
export const trackGpus = (
	samples: readonly GpuSample[],
	options: TrackOptions,
): ReadonlyMap<string, GpuTrack> =>
	new Map(
		[...new Set(samples.map(({gpu}) => gpu))].map((gpu) => [
			gpu,
			trackGpu(
				samples.filter((sample) => sample.gpu === gpu),
				options,
			),
		]),
	);
