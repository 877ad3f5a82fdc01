/** Under which path of `stats` every range of a trace counts: for what is told of ranges beside their times. */

import type {Trace} from '../schemas/trace.ts';
import {findBatches} from './batch-source.ts';
import {describeHolders} from './holder.ts';
import {buildPathTree, type PathTree} from './path-tree.ts';
import type {ProcessOptions} from './process-result.ts';
import {createRangeKeys, joinFoldedPath, joinPath, topPath} from './range-keys.ts';

export interface RangePaths {
	/** Distinct; batches folded. */
	readonly paths: readonly string[];
	/** By range: index into `paths`; -1 where it does not count: in warm-up, or deleted. */
	readonly pathOf: Int32Array;
}

const uncounted = -1;

/** By node: its folded path; undefined where it does not count. */
const foldNodes = (
	tree: PathTree,
	measured: ReadonlySet<number>,
): readonly (string | undefined)[] => {
	const keys = createRangeKeys(tree);
	const paths: (string | undefined)[] = [topPath];
	for (let node = 1; node < tree.length; node++) {
		const above = paths[tree.parent[node] ?? 0];
		const batch = tree.batches.get(node)?.[0];
		if (above === undefined || (batch !== undefined && !measured.has(node))) {
			paths.push(undefined);
		} else {
			const name = batch?.fact.foldedName;
			paths.push(
				name === undefined ? joinPath(above, keys.keyOf(node)) : joinFoldedPath(above, name),
			);
		}
	}

	return paths;
};

/** @throws UserError for a batch pattern without the named group `index` */
export const findRangePaths = (trace: Trace, options: ProcessOptions): RangePaths => {
	const tree = buildPathTree(trace, findBatches(trace, options));
	const holders = describeHolders(tree, options.warmupBatches);
	const measured = new Set(
		[...holders.values()].flatMap((holder) => holder.measured.map(({node}) => node)),
	);
	const folded = foldNodes(tree, measured);
	const numbers = new Map<string, number>();
	const numberOf = folded.map((path) => {
		if (path === undefined) {
			return uncounted;
		}

		const number = numbers.get(path) ?? numbers.size;
		numbers.set(path, number);
		return number;
	});
	return {
		paths: [...numbers.keys()],
		pathOf: tree.nodes.map((node) => (node < 0 ? uncounted : (numberOf[node] ?? uncounted))),
	};
};
