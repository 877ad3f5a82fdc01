/**
 * Walks the paths once, from the top down, and writes `data`; on the way it gathers the samples and the means that each
 * holder has of its batches.
 */

import type {RangeResult} from '../schemas/benchmark-result.ts';
import type {Holder} from './holder.ts';
import type {Times} from './holder-times.ts';
import {averageRanges, type MeanRanges} from './mean-ranges.ts';
import type {PathTree} from './path-tree.ts';
import {createRangeKeys, joinPath, topPath, type RangeKeys} from './range-keys.ts';
import {addMinusWarmup, describeRange, showMetrics, type RangeMetrics} from './range-metrics.ts';
import {
	addSample,
	addWork,
	createFoldedTop,
	descendToBatch,
	descendToRange,
	listSamples,
	type FoldedPath,
	type Samples,
} from './samples.ts';
import {describeItems, itemsAt, type TreeItems} from './tree-items.ts';
import {addToTimeline} from './work-timeline.ts';

export interface HolderResult {
	/** Batches not folded. */
	readonly path: string;
	/** Batches above folded. */
	readonly foldedPath: string;
	readonly holder: Holder;
	/** Whether all batches around it are measured too. */
	readonly measured: boolean;
	/** Mean over its measured batches. */
	readonly mean: RangeResult;
	/** Ranges that only some of those batches have. */
	readonly partial: Omit<MeanRanges, 'mean'>;
}

export interface ResultTree {
	readonly data: Record<string, RangeResult>;
	readonly samples: Samples;
	readonly holders: readonly HolderResult[];
	/** Names that had to give way to a key of the format. */
	readonly renamed: ReadonlySet<string>;
}

/** What a range takes from those around it. */
interface Surroundings {
	readonly folded: FoldedPath;
	/** Of the innermost batch; null where it never said, undefined outside batches. */
	readonly items: number | null | undefined;
	/** Neither warm-up nor a batch that does not count. */
	readonly measured: boolean;
}

const isRange = (tree: PathTree, node: number): boolean => (tree.threads[node] ?? 0) > 0;

const timesOf = (tree: PathTree, node: number): Times => {
	const threads = tree.threads[node] ?? 1;
	return {
		cpu: (tree.cpuNs[node] ?? 0) / threads,
		gpu: (tree.gpuNs[node] ?? 0) / threads,
		gpuBusy: (tree.gpuBusyNs[node] ?? 0) / threads,
	};
};

const describe = (
	tree: PathTree,
	node: number,
	holder: Holder | undefined,
	items: number | undefined,
): RangeMetrics => {
	const times = holder?.times ?? timesOf(tree, node);
	const metrics = describeRange(times, tree.instances[node] ?? 0, tree.threads[node] ?? 0, items);
	if (holder !== undefined) {
		addMinusWarmup(metrics, holder);
	}

	return metrics;
};

const sample = (
	tree: PathTree,
	folded: FoldedPath,
	metrics: RangeMetrics,
	holder: Holder | undefined,
): void => {
	addSample(folded, metrics);
	if (holder !== undefined && holder.itemsMinusWarmup > 0) {
		const cpuNs = metrics.cpu_time_minus_warmup ?? 0;
		addToTimeline(addWork(folded, holder.itemsMinusWarmup, cpuNs), tree, holder);
	}
};

/** Children as they came, but batches in order of index: they share out the places that batches have. */
const orderChildren = (tree: PathTree, node: number, holder: Holder | undefined) => {
	const children = tree.childrenOf(node);
	const batches = holder?.batches.values();
	return batches === undefined
		? children
		: children.map((child) =>
				tree.batches.has(child) ? (batches.next().value?.node ?? child) : child,
			);
};

/** Everything that the walk reads and gathers. */
interface Walk {
	readonly tree: PathTree;
	readonly holders: ReadonlyMap<number, Holder>;
	readonly items: TreeItems;
	readonly keys: RangeKeys;
	readonly found: OpenHolder[];
}

type OpenHolder = {-readonly [Key in keyof HolderResult]: HolderResult[Key]};

const pathOf = (walk: Walk, node: number): string =>
	node === 0 ? topPath : joinPath(pathOf(walk, walk.tree.parent[node] ?? 0), walk.keys.keyOf(node));

const enter = (walk: Walk, node: number, key: string, around: Surroundings): Surroundings => {
	const batch = walk.items.batches.get(node);
	const {items, measured} = around;
	if (batch === undefined) {
		return {folded: descendToRange(around.folded, key), items, measured};
	}

	const foldedName = batch.instances[0]?.fact.foldedName ?? [key];
	return {
		folded: descendToBatch(around.folded, foldedName),
		items: batch.items,
		measured: measured && walk.items.measured.has(node),
	};
};

/** The numbers of one path; none for an object, whose samples are taken all the same if it holds batches. */
const writeNumbers = (
	{tree, holders, items}: Walk,
	node: number,
	here: Surroundings,
): RangeResult => {
	const holder = holders.get(node);
	if (holder === undefined && !isRange(tree, node)) {
		return {};
	}

	const metrics = describe(tree, node, holder, itemsAt(node, items, holder, here.items));
	if (here.measured) {
		sample(tree, here.folded, metrics, holder);
	}

	return isRange(tree, node) ? showMetrics(metrics) : {};
};

/** Listed before the holders inside it. */
const openHolder = (
	walk: Walk,
	node: number,
	holder: Holder,
	{folded, measured}: Surroundings,
): OpenHolder => {
	const open: OpenHolder = {
		path: pathOf(walk, node),
		foldedPath: folded.path,
		holder,
		measured,
		mean: {},
		partial: {partialPaths: 0, partialExample: ''},
	};
	walk.found.push(open);
	return open;
};

const writeRange = (walk: Walk, node: number, here: Surroundings): RangeResult => {
	const holder = walk.holders.get(node);
	const found = holder === undefined ? undefined : openHolder(walk, node, holder, here);
	const result = writeNumbers(walk, node, here);
	const measured: RangeResult[] = [];
	for (const child of orderChildren(walk.tree, node, holder)) {
		const key = walk.keys.keyOf(child);
		const inside = writeRange(walk, child, enter(walk, child, key, here));
		result[key] = inside;
		if (found !== undefined && walk.items.measured.has(child)) {
			measured.push(inside);
		}
	}

	if (found !== undefined) {
		const {mean, ...partial} = averageRanges(measured);
		Object.assign(found, {mean, partial});
	}

	return result;
};

export const buildResultTree = (
	tree: PathTree,
	holders: ReadonlyMap<number, Holder>,
): ResultTree => {
	const walk: Walk = {
		tree,
		holders,
		items: describeItems(tree, holders),
		keys: createRangeKeys(tree),
		found: [],
	};
	const top: Surroundings = {folded: createFoldedTop(), items: undefined, measured: true};
	return {
		// No range stands at the root, so it has no numbers of its own.
		data: writeRange(walk, 0, top) as Record<string, RangeResult>,
		samples: listSamples(top.folded),
		holders: walk.found,
		renamed: walk.keys.renamed,
	};
};
