/** What is known of the GPU that a process had, on the clock of its trace. */

import type {GpuSample} from '../schemas/gpu-sample.ts';
import type {Trace} from '../schemas/trace.ts';
import type {Warning} from '../schemas/warning.ts';
import type {ClockLock} from './clock-lock.ts';
import {choosePowerSource, trackGpus, type GpuTrack, type PowerSource} from './gpu-windows.ts';

export interface GpuEvidence {
	/** UUID of the physical GPU. */
	readonly gpu: string;
	/** Of the time in which the process lived; those of other GPUs are left out. */
	readonly samples: readonly GpuSample[];
	/** What was asked for. */
	readonly intervalMs: number;
	/** Processes of the run that shared the GPU, itself included. */
	readonly processes: number;
	/** It had a part of the GPU only. */
	readonly mig: boolean;
	/** What the run asked of the GPU's clock; null or absent: nothing. */
	readonly lock?: ClockLock | null;
}

export interface WatchedGpu extends GpuEvidence {
	readonly originUnixNs: bigint;
	/** Counts from the trace's origin. */
	readonly track: GpuTrack;
	/** Of energy; null where the driver tells no power. */
	readonly power: PowerSource | null;
}

/** null: there is nothing to tell batches of. */
export const watchGpu = (
	{originUnixNs}: Pick<Trace, 'originUnixNs'>,
	evidence: GpuEvidence | null | undefined,
): WatchedGpu | null => {
	if (evidence === null || evidence === undefined || originUnixNs === null) {
		return null;
	}

	const {gpu, samples, intervalMs} = evidence;
	const tracks = trackGpus(
		samples.filter((sample) => sample.gpu === gpu),
		{originUnixNs, intervalNs: intervalMs * 1e6},
	);
	const track = tracks.get(gpu);
	return track === undefined
		? null
		: {...evidence, originUnixNs, track, power: choosePowerSource(track)};
};

export const warnOfOrigin = (
	{originUnixNs}: Pick<Trace, 'originUnixNs'>,
	evidence: GpuEvidence | null | undefined,
): readonly Warning[] =>
	originUnixNs === null && (evidence?.samples.length ?? 0) > 0
		? [
				{
					code: 'gpu-metrics-unplaced',
					message:
						'The report does not tell when it began, so the samples of the GPU cannot be given to its batches. A newer nsys writes that down.',
				},
			]
		: [];

/** Less moves nothing that a sample could show. */
const leastSetBackNs = 50_000_000n;

/** Samples tell the time of the wall clock; a trace counts on from its origin, whatever becomes of that clock. */
export const warnOfSetClock = (evidence: GpuEvidence | null | undefined): readonly Warning[] => {
	const own = (evidence?.samples ?? []).filter(({gpu}) => gpu === evidence?.gpu);
	const back = own.map(({unixNs}, index) => (own[index - 1]?.unixNs ?? unixNs) - unixNs);
	const farthest = back.reduce((most, one) => (one > most ? one : most), 0n);
	return farthest < leastSetBackNs
		? []
		: [
				{
					code: 'clock-set-back',
					message: `The machine's clock was set back by about ${(Number(farthest) / 1e9).toFixed(1)} s meanwhile: from then on, samples of the GPU are given to batches that ran earlier. Measure again.`,
				},
			];
};
