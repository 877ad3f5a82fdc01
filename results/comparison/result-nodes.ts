/** Result trees of any writer as one shape, and how often each of their ranges occurs. */

import {joinFoldedPath, joinPath, topPath} from '../range-keys.ts';
import type {RangeCount} from './side.ts';

/** One range of `data`. */
export interface ResultNode {
	/** Push/pop ranges behind it; 1 where nothing tells. */
	readonly instances: number;
	readonly children: ReadonlyMap<string, ResultNode>;
}

/** Where a child stands, batches folded. */
export interface FoldedChild {
	readonly path: string;
	readonly isBatch: boolean;
}

/** @param above folded */
export type FoldChild = (above: string, key: string) => FoldedChild;

const digits = /^\d+$/;

/** Elements of a path, their escapes kept: "a\/b/c" is "a\/b" and "c". */
const splitPath = (path: string): readonly string[] => path.match(/(?:\\[^]|[^\\/])+/g) ?? [];

const unescape = (text: string): string => text.replaceAll(/\\([^])/g, '$1');

/** "batch_*" as "batch_" and ""; undefined for an element without a star of its own. */
const splitStar = (element: string): readonly [string, string] | undefined => {
	const star = /^((?:\\[^]|[^\\*])*)\*((?:\\[^]|[^\\*])*)$/.exec(element);
	return star === null ? undefined : [unescape(star[1] ?? ''), unescape(star[2] ?? '')];
};

const isBatchOf = (key: string, [head, tail]: readonly [string, string]): boolean =>
	key.length > head.length + tail.length &&
	key.startsWith(head) &&
	key.endsWith(tail) &&
	digits.test(key.slice(head.length, key.length - tail.length));

/** @param paths of `stats`, where batches are folded already */
export const foldByPaths = (paths: Iterable<string>): FoldChild => {
	const batchesBelow = new Map<string, (readonly [string, string])[]>();
	for (const path of paths) {
		const elements = splitPath(path);
		const parts = splitStar(elements.at(-1) ?? '');
		if (parts !== undefined) {
			const above = elements.length === 1 ? topPath : elements.slice(0, -1).join('/');
			batchesBelow.set(above, [...(batchesBelow.get(above) ?? []), parts]);
		}
	}

	return (above, key) => {
		const parts = batchesBelow.get(above)?.find((candidate) => isBatchOf(key, candidate));
		return parts === undefined
			? {path: joinPath(above, key), isBatch: false}
			: {path: joinFoldedPath(above, parts), isBatch: true};
	};
};

const lastNumber = /\d+(?=\D*$)/;

const foldLastNumber = (key: string): readonly [string, string] => {
	const run = lastNumber.exec(key);
	return run === null ? [key, ''] : [key.slice(0, run.index), key.slice(run.index + run[0].length)];
};

/** @param holders paths of the ranges that hold batches, in the writer's own spelling: names joined by "/" */
export const foldBelowHolders = (holders: readonly string[]): FoldChild => {
	const folded = new Set<string>();
	const fold: FoldChild = (above, key) =>
		folded.has(above) && lastNumber.test(key)
			? {path: joinFoldedPath(above, foldLastNumber(key)), isBatch: true}
			: {path: joinPath(above, key), isBatch: false};
	// Outer holders first: those inside their batches stand below a folded name.
	for (const holder of holders.toSorted((a, b) => a.length - b.length)) {
		folded.add(holder.split('/').reduce((above, key) => fold(above, key).path, topPath));
	}

	return fold;
};

interface Tally {
	instances: number;
	/** Path of the innermost batch around it; null outside batches. */
	readonly batch: string | null;
}

/**
 * @returns by folded path, a parent before its children: per batch inside batches, else per process; a batch itself
 *   counts in what is around it
 */
export const countInstances = (
	top: ReadonlyMap<string, ResultNode>,
	fold: FoldChild,
): ReadonlyMap<string, RangeCount> => {
	const tallies = new Map<string, Tally>();
	const visit = (
		children: ReadonlyMap<string, ResultNode>,
		above: string,
		batch: string | null,
	): void => {
		for (const [key, node] of children) {
			const {path, isBatch} = fold(above, key);
			const tally = tallies.get(path) ?? {instances: 0, batch};
			tallies.set(path, tally);
			tally.instances += node.instances;
			visit(node.children, path, isBatch ? path : batch);
		}
	};

	visit(top, topPath, null);
	return new Map(
		[...tallies].map(([path, {instances, batch}]) => [
			path,
			batch === null
				? {instances, per: 'process'}
				: {instances: instances / (tallies.get(batch)?.instances ?? 1), per: 'batch'},
		]),
	);
};
