/** The batches of one holder: which count, which are warm-up, and what that makes of the holder's own time. */

import type {DeletedBatch} from './deleted-batches.ts';
import {
	add,
	divide,
	spanBatches,
	subtract,
	sum,
	sumBatches,
	sumDeleted,
	sumInside,
	sumSpans,
	sumTimes,
	type Times,
} from './holder-times.ts';
import type {BatchInstance, PathTree} from './path-tree.ts';
import {splitWarmup} from './warm-up.ts';

export interface Batch {
	readonly node: number;
	readonly index: number;
	/** Mean over the threads that state items; null where none does. */
	readonly items: number | null;
	readonly unfinished: boolean;
	/** Distinct threads that have it. */
	readonly threads: number;
	readonly instances: readonly BatchInstance[];
}

export interface Holder {
	readonly node: number;
	/** All of them, in order of index. */
	readonly batches: readonly Batch[];
	/** Those that count: finished, of more than 0 items. What was dropped is treated as warm-up. */
	readonly warmup: readonly Batch[];
	readonly measured: readonly Batch[];
	/** Those of `warmup` that are no warm-up by their place: left out since the GPU was throttled. */
	readonly dropped: readonly Batch[];
	/** Those that do not count, and those that the program deleted. */
	readonly uncounted: readonly Batch[];
	readonly deleted: readonly DeletedBatch[];
	/** Mean over the threads. */
	readonly times: Times;
	/** Threads behind the times and the items. */
	readonly threads: number;
	/** Own time less that of all batches that are not measured. Negative where spans of batches overlap on the GPU. */
	readonly timesMinusWarmup: Times;
	/** Mean over the same threads: where each has a part of the batches, a part of the items. */
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

const describeBatch = (
	tree: PathTree,
	node: number,
	instances: readonly BatchInstance[],
): Batch => ({
	node,
	index: instances[0]?.fact.index ?? 0,
	items: meanItems(instances),
	unfinished: instances.some(({unfinished}) => unfinished),
	threads: tree.threads[node] ?? 0,
	instances,
});

type Batches = Pick<Holder, 'warmup' | 'measured' | 'dropped' | 'uncounted' | 'deleted'>;

/** Sums over threads. */
interface HolderSums {
	readonly times: Times;
	readonly minusWarmup: Times;
	readonly threads: number;
}

const sumHolder = (tree: PathTree, node: number, batches: Batches, threads: number): HolderSums => {
	const {warmup, uncounted, deleted} = batches;
	const times = sumTimes(tree, [node]);
	const left = add(sumBatches(tree, [...warmup, ...uncounted]), sumDeleted(deleted));
	return {times, minusWarmup: subtract(times, left), threads};
};

/**
 * Where batches stand at the top, or directly under an object, no range holds them: the time from the first batch that
 * counts to the last stands in, and their GPU times added up. If none counts, all of them stand in.
 */
const sumLooseBatches = (tree: PathTree, batches: Batches): HolderSums => {
	const {warmup, measured, uncounted, deleted} = batches;
	const counting = [...warmup, ...measured];
	const spanned = counting.length > 0 ? counting : uncounted;
	const spans = spanBatches(spanned);
	const notCounted = [...uncounted.flatMap(({instances}) => instances), ...deleted];
	const left = sumBatches(tree, warmup).cpu + sumInside(spans, notCounted);
	const cpu = sumSpans(spans);
	return {
		times: {...sumBatches(tree, spanned), cpu},
		minusWarmup: {...sumBatches(tree, measured), cpu: cpu - left},
		threads: spans.size,
	};
};

/** Over threads, as times are summed. */
const sumItems = (batches: readonly Batch[]): number =>
	sum(batches.map(({items, threads}) => (items ?? 0) * threads));

const describeHolder = (
	tree: PathTree,
	node: number,
	batches: readonly Batch[],
	{warmupBatches, droppedNodes}: {warmupBatches: number; droppedNodes: ReadonlySet<number>},
): Holder => {
	const split = splitWarmup(batches.filter(countsAsBatch), warmupBatches);
	const dropped = split.measured.filter((batch) => droppedNodes.has(batch.node));
	const measured = split.measured.filter((batch) => !droppedNodes.has(batch.node));
	const warmup = [...split.warmup, ...dropped];
	const uncounted = batches.filter((batch) => !countsAsBatch(batch));
	const deleted = tree.deletedBatches.get(node) ?? [];
	const sorted = {warmup, measured, dropped, uncounted, deleted};
	const ownThreads = tree.threads[node] ?? 0;
	const {times, minusWarmup, threads} =
		ownThreads > 0 ? sumHolder(tree, node, sorted, ownThreads) : sumLooseBatches(tree, sorted);
	return {
		node,
		batches,
		...sorted,
		times: divide(times, threads),
		threads,
		timesMinusWarmup: divide(minusWarmup, threads),
		items: sumItems([...warmup, ...measured]) / threads,
		itemsMinusWarmup: sumItems(measured) / threads,
	};
};

/**
 * By the holder's node, in order of their first batch.
 * @param droppedNodes batches that are left out as warm-up is
 */
export const describeHolders = (
	tree: PathTree,
	warmupBatches: number,
	droppedNodes: ReadonlySet<number> = new Set(),
): ReadonlyMap<number, Holder> => {
	const byHolder = new Map<number, Batch[]>();
	for (const [node, instances] of tree.batches) {
		const parent = tree.parent[node] ?? 0;
		const batches = byHolder.get(parent) ?? [];
		byHolder.set(parent, batches);
		batches.push(describeBatch(tree, node, instances));
	}

	return new Map(
		[...byHolder].map(([node, batches]) => {
			const ordered = batches.toSorted((a, b) => a.index - b.index);
			return [node, describeHolder(tree, node, ordered, {warmupBatches, droppedNodes})];
		}),
	);
};
