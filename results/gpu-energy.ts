/**
 * Energy per item. The sensor knows the whole GPU only, so this is told where all that the GPU did for this run in a
 * stretch of time is known: of one process that had a GPU for itself, or of all that shared one, together.
 */

import {
	choosePowerSource,
	measureEnergy,
	measureLevel,
	shorten,
	type GpuTrack,
} from './gpu-windows.ts';
import type {Batch, Holder} from './holder.ts';
import {
	cutSpans,
	joinSpans,
	lengthOf,
	lengthWithin,
	shareSpans,
	spanAll,
	type Span,
} from './spans.ts';
import {spansOf} from './throttled-batches.ts';

/** What was done at one holder of one process. Spans count from the trace's origin. */
export interface HolderWork {
	/** From the first measured batch to the end of the last, less what does not count in between. */
	readonly spans: readonly Span[];
	readonly batches: readonly WorkedBatch[];
}

interface WorkedBatch {
	readonly spans: readonly Span[];
	readonly items: number;
}

/** What the run's energy per item needs of a process. */
export interface ProcessEnergy {
	/** UUID. */
	readonly gpu: string;
	/** Processes of the run that shared the GPU, itself included. */
	readonly processes: number;
	/** It had a part of the GPU only: then nobody knows what the other parts did. */
	readonly mig: boolean;
	readonly originUnixNs: bigint;
	/** Of power only. */
	readonly track: GpuTrack;
	/** By path of the holder; those whose items are known in all. */
	readonly work: ReadonlyMap<string, HolderWork>;
}

/** null where several threads share out the batches: how many items that makes in all is not known. */
export const describeWork = (holder: Holder): HolderWork | null => {
	const window = spanAll(holder.measured.flatMap(({instances}) => instances));
	if (window === null || holder.threads > 1) {
		return null;
	}

	const left = [...holder.uncounted, ...holder.dropped].flatMap(({instances}) => instances);
	return {
		spans: cutSpans([window], joinSpans([...left, ...holder.deleted])),
		batches: holder.measured.map((batch: Batch) => ({
			spans: spansOf(batch),
			items: batch.items ?? 0,
		})),
	};
};

const divideEnergy = (track: GpuTrack, spans: readonly Span[], items: number): number | null => {
	const source = choosePowerSource(track);
	const energy = source === null ? null : measureEnergy(measureLevel(track, source, spans), spans);
	return energy === null || items <= 0 ? null : shorten(energy / items);
};

/** Of a batch that reaches out of the spans, its part. */
const countItems = ({batches}: HolderWork, spans: readonly Span[]): number =>
	batches.reduce((sum, batch) => {
		const inside = batch.spans.reduce((length, span) => length + lengthWithin(spans, span), 0);
		return sum + (inside === 0 ? 0 : (batch.items * inside) / lengthOf(batch.spans));
	}, 0);

const shiftSpans = (spans: readonly Span[], byNs: number): readonly Span[] =>
	spans.map(({startNs, endNs}) => ({startNs: startNs + byNs, endNs: endNs + byNs}));

/** On another origin's clock. */
const shiftWork = ({spans, batches}: HolderWork, byNs: number): HolderWork => ({
	spans: shiftSpans(spans, byNs),
	batches: batches.map((batch) => ({...batch, spans: shiftSpans(batch.spans, byNs)})),
});

/** Where they measured together for less than this share of the time, what happened alone would weigh too much. */
const leastTogether = 0.9;

/**
 * Joules per item at one holder, of the time in which all processes on the GPU were measuring.
 * @param sharing processes of one repeat on one GPU
 * @returns null where it would not be the whole truth: a process is missing, or they ran one after another
 */
export const energyPerItem = (sharing: readonly ProcessEnergy[], path: string): number | null => {
	const [first] = sharing;
	if (first === undefined || first.mig || sharing.length < first.processes) {
		return null;
	}

	const works = sharing.flatMap(({originUnixNs, work}) => {
		const own = work.get(path);
		return own === undefined ? [] : [shiftWork(own, Number(originUnixNs - first.originUnixNs))];
	});
	const [one, ...others] = works;
	if (one === undefined || works.length < sharing.length) {
		return null;
	}

	const shared = others.reduce((spans, work) => shareSpans(spans, work.spans), one.spans);
	const any = joinSpans(works.flatMap(({spans}) => spans));
	return lengthOf(shared) < leastTogether * lengthOf(any)
		? null
		: divideEnergy(
				first.track,
				shared,
				works.reduce((sum, work) => sum + countItems(work, shared), 0),
			);
};
