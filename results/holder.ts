/** The batches of one holder: which count, which are warm-up, and what that makes of the holder's own time. */

import type {BatchInstance, PathTree} from './path-tree.ts';
import {splitWarmup} from './warm-up.ts';

export interface Batch {
	readonly node: number;
	readonly index: number;
	/** Mean over the threads that state items; null where none does. */
	readonly items: number | null;
	readonly unfinished: boolean;
	readonly instances: readonly BatchInstance[];
}

/** Nanoseconds of one path, the mean over its threads. Fractions of one are possible. */
export interface Times {
	readonly cpu: number;
	readonly gpu: number;
	readonly gpuBusy: number;
}

export interface Holder {
	readonly node: number;
	/** All of them, in order of index. */
	readonly batches: readonly Batch[];
	/** Those that count: finished, of more than 0 items. */
	readonly warmup: readonly Batch[];
	readonly measured: readonly Batch[];
	readonly times: Times;
	/** Threads behind the times. */
	readonly threads: number;
	/** Own time less that of the warm-up batches. Negative where spans of batches overlap on the GPU. */
	readonly timesMinusWarmup: Times;
	readonly items: number;
	readonly itemsMinusWarmup: number;
}

export const countsAsBatch = ({items, unfinished}: Batch): boolean =>
	!unfinished && items !== null && items > 0;

/** Times and items of one path on one thread add up; the mean goes over threads. */
const meanItems = (instances: readonly BatchInstance[]): number | null => {
	const byThread = new Map<number, number>();
	for (const {thread, fact} of instances) {
		if (fact.items !== null) {
			byThread.set(thread, (byThread.get(thread) ?? 0) + fact.items);
		}
	}

	return byThread.size === 0
		? null
		: [...byThread.values()].reduce((sum, items) => sum + items, 0) / byThread.size;
};

const describeBatch = (node: number, instances: readonly BatchInstance[]): Batch => ({
	node,
	index: instances[0]?.fact.index ?? 0,
	items: meanItems(instances),
	unfinished: instances.some(({unfinished}) => unfinished),
	instances,
});

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Sums over threads, so that all arithmetic before the one division is on whole nanoseconds. */
const sumTimes = (tree: PathTree, nodes: readonly number[]): Times => ({
	cpu: sum(nodes.map((node) => tree.cpuNs[node] ?? 0)),
	gpu: sum(nodes.map((node) => tree.gpuNs[node] ?? 0)),
	gpuBusy: sum(nodes.map((node) => tree.gpuBusyNs[node] ?? 0)),
});

const divide = ({cpu, gpu, gpuBusy}: Times, by: number): Times => ({
	cpu: cpu / by,
	gpu: gpu / by,
	gpuBusy: gpuBusy / by,
});

const subtract = (a: Times, b: Times): Times => ({
	cpu: a.cpu - b.cpu,
	gpu: a.gpu - b.gpu,
	gpuBusy: a.gpuBusy - b.gpuBusy,
});

/** Time per thread from the start of its first batch to the end of its last. */
const spanBatches = (batches: readonly Batch[]): {cpu: number; threads: number} => {
	const spans = new Map<number, {from: number; to: number}>();
	for (const {thread, startNs, endNs} of batches.flatMap(({instances}) => instances)) {
		const span = spans.get(thread) ?? {from: startNs, to: endNs};
		spans.set(thread, {from: Math.min(span.from, startNs), to: Math.max(span.to, endNs)});
	}

	return {cpu: sum([...spans.values()].map(({from, to}) => to - from)), threads: spans.size};
};

/**
 * Sums over threads. Where batches stand at the top, or directly under an object, no range holds them: the time from the
 * first batch to the last stands in, and their GPU times added up.
 */
const sumHolder = (tree: PathTree, node: number, batches: readonly Batch[]) => {
	const threads = tree.threads[node] ?? 0;
	if (threads > 0) {
		return {times: sumTimes(tree, [node]), threads};
	}

	const inside = sumTimes(
		tree,
		batches.map((batch) => batch.node),
	);
	const span = spanBatches(batches);
	return {times: {...inside, cpu: span.cpu}, threads: span.threads};
};

const sumItems = (batches: readonly Batch[]): number => sum(batches.map(({items}) => items ?? 0));

const describeHolder = (
	tree: PathTree,
	node: number,
	batches: readonly Batch[],
	warmupBatches: number,
): Holder => {
	const counting = batches.filter(countsAsBatch);
	const {warmup, measured} = splitWarmup(counting, warmupBatches);
	const {times, threads} = sumHolder(tree, node, batches);
	const warmupTimes = sumTimes(
		tree,
		warmup.map((batch) => batch.node),
	);
	return {
		node,
		batches,
		warmup,
		measured,
		times: divide(times, threads),
		threads,
		timesMinusWarmup: divide(subtract(times, warmupTimes), threads),
		items: sumItems(counting),
		itemsMinusWarmup: sumItems(measured),
	};
};

/** By the holder's node, in order of their first batch. */
export const describeHolders = (
	tree: PathTree,
	warmupBatches: number,
): ReadonlyMap<number, Holder> => {
	const byHolder = new Map<number, Batch[]>();
	for (const [node, instances] of tree.batches) {
		const parent = tree.parent[node] ?? 0;
		const batches = byHolder.get(parent) ?? [];
		byHolder.set(parent, batches);
		batches.push(describeBatch(node, instances));
	}

	return new Map(
		[...byHolder].map(([node, batches]) => {
			const ordered = batches.toSorted((a, b) => a.index - b.index);
			return [node, describeHolder(tree, node, ordered, warmupBatches)];
		}),
	);
};
