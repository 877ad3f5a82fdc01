/**
 * Under which key and which path a range stands in the files. Both depend on its name alone, never on what else a trace
 * holds or on its order: so the same range meets itself in every process of a run, and no other one.
 *
 *   key    its name, in `data`; with "#range" behind it where that key means something else
 *   path   keys joined by "/", in `mean_data` and `stats`; "\" stands before a "/", "*" or "\" of the name itself
 */

import type {PathTree} from './path-tree.ts';
import {isMetric} from './range-metrics.ts';

const suffix = '#range';

const withoutSuffix = (name: string): string => name.replace(/(#range)+$/, '');

/** `cpu_time` and its like are numbers of the range around; readers that assign `__proto__` lose it. */
const isReserved = (name: string): boolean => isMetric(name) || name === '__proto__';

export interface RangeKeys {
	readonly keyOf: (node: number) => string;
	/** Names that had to give way so far. */
	readonly renamed: ReadonlySet<string>;
}

/** At the top a range also gives way to an object of its name. */
export const createRangeKeys = ({labels, label, parent, firstObject}: PathTree): RangeKeys => {
	const renamed = new Set<string>();
	const objects = new Set(labels.slice(firstObject));
	const keys = labels.map((name) => (isReserved(withoutSuffix(name)) ? name + suffix : name));
	const topKeys = keys.map((key, index) =>
		index < firstObject && objects.has(withoutSuffix(key)) ? key + suffix : key,
	);
	const keyOf = (node: number): string => {
		const own = label[node] ?? 0;
		const key = (parent[node] === 0 ? topKeys : keys)[own] ?? '';
		if (key !== labels[own]) {
			renamed.add(labels[own] ?? '');
		}

		return key;
	};

	return {keyOf, renamed};
};

/** "/" is the path of the top, where batches may stand that no range holds. */
export const topPath = '/';

const escape = (text: string): string => text.replaceAll(/[\\/*]/g, String.raw`\$&`);

const join = (above: string, element: string): string =>
	above === topPath ? element : `${above}/${element}`;

/** Range names can be empty, elements of a path cannot: two of them would make the top's path. */
export const joinPath = (above: string, key: string): string =>
	join(above, key === '' ? String.raw`\e` : escape(key));

/** @param parts a batch's name without its number, for which "*" stands */
export const joinFoldedPath = (above: string, parts: readonly string[]): string =>
	join(above, parts.map(escape).join('*'));
