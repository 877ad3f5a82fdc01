/** The strips below a GPU's curves: what slowed it, and the batches of each worker. */

import {eventReasons} from '../schemas/gpu-sample.ts';
import type {Lane, LanesPanel, Span} from './charts/figure.ts';
import type {GpuSamples} from './gpu-curves.ts';

/** One batch's time on the machine's clock. */
export interface BatchSpan {
	/** "batch_7" */
	readonly name: string;
	readonly fromUnixNs: bigint;
	readonly toUnixNs: bigint;
	readonly isWarmUp: boolean;
}

export interface WorkerBatches {
	/** "proc_0_gpu_0" */
	readonly name: string;
	/** In any order; of one holder, so that they do not overlap. */
	readonly batches: readonly BatchSpan[];
}

type ToAxis = (unixNs: bigint) => number;

interface SlowingReason {
	readonly name: string;
	readonly bit: number;
	readonly look: Span['look'];
}

const slowing: readonly SlowingReason[] = Object.entries(eventReasons)
	.filter(([, {slows}]) => slows)
	// A card under full load is often at its power limit; heat and brakes are another matter.
	.map(([name, {bit}]) => ({name, bit, look: name === 'power_cap' ? 'notice' : 'alarm'}));

/** Half of the way to the neighbours: each moment has the reasons of the nearest sample. */
const listReasonSpans = (
	{samples, longestGapNs}: GpuSamples,
	{bit, look}: SlowingReason,
	toAxis: ToAxis,
): readonly Span[] => {
	const half = BigInt(Math.round(longestGapNs / 6));
	const spans: Span[] = [];
	for (const [index, {unixNs, eventReasons: mask}] of samples.entries()) {
		if (mask === null || (mask & bit) === 0) {
			continue;
		}

		const next = samples[index + 1]?.unixNs;
		const previous = samples[index - 1]?.unixNs;
		const towards = (other: bigint | undefined): bigint => {
			const distance =
				other === undefined ? half : (other > unixNs ? other - unixNs : unixNs - other) / 2n;
			return distance > half * 3n ? half : distance;
		};
		const span = {
			from: toAxis(unixNs - towards(previous)),
			to: toAxis(unixNs + towards(next)),
			look,
		};
		const last = spans.at(-1);
		if (last !== undefined && span.from <= last.to) {
			spans[spans.length - 1] = {...last, to: span.to};
		} else {
			spans.push(span);
		}
	}

	return spans;
};

/** A lane per GPU and reason that slowed it at any time. */
export const buildReasonLanes = (
	gpus: readonly GpuSamples[],
	gpuNames: ReadonlyMap<string, string>,
	toAxis: ToAxis,
): readonly LanesPanel[] => {
	const lanes = gpus.flatMap((gpu) => {
		const name = gpuNames.get(gpu.gpu) ?? gpu.gpu;
		return slowing.flatMap((reason): readonly Lane[] => {
			const spans = listReasonSpans(gpu, reason, toAxis);
			const label = reason.name.replaceAll('_', ' ');
			return spans.length === 0
				? []
				: [{label: gpus.length === 1 ? label : `${name} ${label}`, spans}];
		});
	});
	return lanes.length === 0
		? []
		: [{kind: 'lanes', laneHeight: lanes.length > 12 ? 5 : 11, label: 'what slowed', lanes}];
};

const byStart = (a: BatchSpan, b: BatchSpan): number =>
	a.fromUnixNs < b.fromUnixNs ? -1 : a.fromUnixNs > b.fromUnixNs ? 1 : 0;

/** Neighbours differ in shade. */
const listSpans = ({batches}: WorkerBatches, toAxis: ToAxis): readonly Span[] =>
	batches.toSorted(byStart).map(({name, fromUnixNs, toUnixNs, isWarmUp}, index) => ({
		from: toAxis(fromUnixNs),
		to: toAxis(toUnixNs),
		look: isWarmUp ? 'warm-up' : index % 2 === 0 ? 'batch' : 'batch-other',
		text: name,
	}));

const tallLanes = 8;
const labelledLanes = 16;
const lanesRoom = 150;

const chooseLaneHeight = (count: number): number =>
	count <= tallLanes ? 13 : count <= labelledLanes ? 10 : Math.max(1.5, lanesRoom / count - 1);

export const buildWorkerLanes = (
	workers: readonly WorkerBatches[],
	toAxis: ToAxis,
): readonly LanesPanel[] => {
	const lanes = workers
		.filter(({batches}) => batches.length > 0)
		.map((worker) => ({label: worker.name, spans: listSpans(worker, toAxis)}));
	return lanes.length === 0
		? []
		: [
				{
					kind: 'lanes',
					laneHeight: chooseLaneHeight(lanes.length),
					label: `${String(lanes.length)} workers`,
					lanes,
				},
			];
};

/** Behind the curves only where one worker ran: bands of several would cover each other. */
export const listBackdrop = (
	workers: readonly WorkerBatches[],
	toAxis: ToAxis,
): readonly Span[] => {
	const [worker, ...more] = workers.filter(({batches}) => batches.length > 0);
	return worker === undefined || more.length > 0 ? [] : listSpans(worker, toAxis);
};
