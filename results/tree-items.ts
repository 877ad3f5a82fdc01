/** Which number of items belongs to which path. */

import type {Batch, Holder} from './holder.ts';
import type {PathTree} from './path-tree.ts';

export interface TreeItems {
	/** By node. */
	readonly batches: ReadonlyMap<number, Batch>;
	/** Nodes of the batches that count and are no warm-up on their own level. */
	readonly measured: ReadonlySet<number>;
	/** By node, for all above a holder: items of all batch levels below, the mean over the node's own threads. */
	readonly below: ReadonlyMap<number, number>;
}

/** Sums over threads. Up to the batch around, if any: an inner level of batches does not count again further up. */
const addUpwards = (tree: PathTree, holder: Holder, below: Map<number, number>): void => {
	let node = holder.node;
	while (node > 0 && !tree.batches.has(node)) {
		node = tree.parent[node] ?? 0;
		below.set(node, (below.get(node) ?? 0) + holder.items * holder.threads);
	}
};

export const describeItems = (tree: PathTree, holders: ReadonlyMap<number, Holder>): TreeItems => {
	const sums = new Map<number, number>();
	const batches = new Map<number, Batch>();
	const measured = new Set<number>();
	for (const holder of holders.values()) {
		addUpwards(tree, holder, sums);
		for (const batch of holder.batches) {
			batches.set(batch.node, batch);
		}

		for (const batch of holder.measured) {
			measured.add(batch.node);
		}
	}

	const below = new Map(
		[...sums].map(([node, items]) => [node, items / Math.max(1, tree.threads[node] ?? 0)]),
	);
	return {batches, measured, below};
};

/**
 * Items of one path: a batch's own, a holder's sum, inside a batch that batch's, above holders the sum of all below.
 * @param around items of the innermost batch around; null where it never said, undefined outside batches
 * @returns undefined where there are none to speak of
 */
export const itemsAt = (
	node: number,
	{batches, below}: TreeItems,
	holder: Holder | undefined,
	around: number | null | undefined,
): number | undefined => {
	const own = batches.get(node)?.items ?? holder?.items;
	if (own !== undefined || batches.has(node)) {
		return own;
	}

	return around === undefined ? below.get(node) : (around ?? undefined);
};
