/** Sums of times behind a holder's numbers: over all threads, so that all before the one division is whole nanoseconds. */

import type {DeletedBatch} from './deleted-batches.ts';
import type {BatchInstance, PathTree} from './path-tree.ts';

/** Nanoseconds of one path: a sum over its threads, or their mean, which may have fractions of one. */
export interface Times {
	readonly cpu: number;
	readonly gpu: number;
	readonly gpuBusy: number;
}

/** What the sums need of a batch. */
interface TimedBatch {
	readonly node: number;
	readonly instances: readonly BatchInstance[];
}

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

export const sumTimes = (tree: PathTree, nodes: readonly number[]): Times => ({
	cpu: sum(nodes.map((node) => tree.cpuNs[node] ?? 0)),
	gpu: sum(nodes.map((node) => tree.gpuNs[node] ?? 0)),
	gpuBusy: sum(nodes.map((node) => tree.gpuBusyNs[node] ?? 0)),
});

export const sumBatches = (tree: PathTree, batches: readonly TimedBatch[]): Times =>
	sumTimes(
		tree,
		batches.map(({node}) => node),
	);

export const sumDeleted = (deleted: readonly DeletedBatch[]): Times => ({
	cpu: sum(deleted.map(({startNs, endNs}) => endNs - startNs)),
	gpu: sum(deleted.map(({gpuNs}) => gpuNs)),
	gpuBusy: sum(deleted.map(({gpuBusyNs}) => gpuBusyNs)),
});

export const divide = ({cpu, gpu, gpuBusy}: Times, by: number): Times => ({
	cpu: cpu / by,
	gpu: gpu / by,
	gpuBusy: gpuBusy / by,
});

export const subtract = (a: Times, b: Times): Times => ({
	cpu: a.cpu - b.cpu,
	gpu: a.gpu - b.gpu,
	gpuBusy: a.gpuBusy - b.gpuBusy,
});

export const add = (a: Times, b: Times): Times => ({
	cpu: a.cpu + b.cpu,
	gpu: a.gpu + b.gpu,
	gpuBusy: a.gpuBusy + b.gpuBusy,
});

/** One stretch of a thread's time. */
type Stretch = Pick<BatchInstance, 'thread' | 'startNs' | 'endNs'>;

/** By thread. */
export type Spans = ReadonlyMap<number, {readonly from: number; readonly to: number}>;

/** Per thread, from the start of its first batch to the end of its last. */
export const spanBatches = (batches: readonly TimedBatch[]): Spans => {
	const spans = new Map<number, {from: number; to: number}>();
	for (const {thread, startNs, endNs} of batches.flatMap(({instances}) => instances)) {
		const span = spans.get(thread) ?? {from: startNs, to: endNs};
		spans.set(thread, {from: Math.min(span.from, startNs), to: Math.max(span.to, endNs)});
	}

	return spans;
};

export const sumSpans = (spans: Spans): number =>
	sum([...spans.values()].map(({from, to}) => to - from));

/** What of these stretches lies within the spans: an early or late one takes nothing from them. */
export const sumInside = (spans: Spans, stretches: readonly Stretch[]): number =>
	sum(
		stretches.map(({thread, startNs, endNs}) => {
			const {from, to} = spans.get(thread) ?? {from: 0, to: 0};
			return Math.max(0, Math.min(endNs, to) - Math.max(startNs, from));
		}),
	);
