/**
 * What a comparison takes of the files of CV-CUDA's own launcher, both generations.
 *
 *     data       obj > pipeline > batch_0 > stage      numbers of the ranges outside batches, and the batches' names
 *     batches    "obj/pipeline": > stage               over the batches that are no warm-up: means, or statistics
 */

import type {ComparedMetric} from '../../schemas/comparison.ts';
import {comparedMetrics} from '../../schemas/comparison.ts';
import type {CvcudaTree} from '../../schemas/cvcuda-result.ts';
import {isMetric} from '../range-metrics.ts';
import {topPath} from '../range-keys.ts';
import {countInstances, foldBelowHolders, type FoldChild, type ResultNode} from './result-nodes.ts';
import {identifyMeasurement} from './measurement-identity.ts';
import {mergeRunningNumbers} from './running-numbers.ts';
import type {MetricValues, SideProcess} from './side.ts';

/** The second generation turned two words around. */
const otherNames: Readonly<Record<string, ComparedMetric>> = {
	cpu_time_minus_warmup_per_item: 'cpu_time_per_item_minus_warmup',
	gpu_time_minus_warmup_per_item: 'gpu_time_per_item_minus_warmup',
};

const findMetric = (key: string): ComparedMetric | undefined =>
	comparedMetrics.find((metric) => metric === key && metric !== 'throughput') ?? otherNames[key];

/** Numbers of a range that nobody compares: items, and what later versions may add about them. */
const isNumber = (key: string): boolean =>
	findMetric(key) !== undefined ||
	isMetric(key) ||
	key === 'throughput' ||
	key.startsWith('total_items');

const isTree = (value: unknown): value is CvcudaTree =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** A number, or statistics of which the median, else the mean, stands for all. */
const readNumber = (value: unknown): number | undefined => {
	const number = isTree(value) ? (value['median'] ?? value['mean']) : value;
	return typeof number === 'number' ? number : undefined;
};

const pickValues = (tree: CvcudaTree): MetricValues => {
	const values: Partial<Record<ComparedMetric, number>> = {};
	for (const [key, value] of Object.entries(tree)) {
		const metric = findMetric(key);
		const number = readNumber(value);
		if (metric !== undefined && number !== undefined) {
			values[metric] = number;
		}
	}

	return values;
};

const childrenOf = (tree: CvcudaTree): readonly (readonly [string, CvcudaTree])[] =>
	Object.entries(tree).flatMap(([key, value]) =>
		isTree(value) && !isNumber(key) ? [[key, value] as const] : [],
	);

const toNodes = (tree: CvcudaTree): ReadonlyMap<string, ResultNode> =>
	new Map(childrenOf(tree).map(([key, child]) => [key, {instances: 1, children: toNodes(child)}]));

const timeMetrics = ['cpu_time', 'gpu_time', 'gpu_busy_time'] as const;

/** The items of a batch are those of what is inside it; the first generation does not say so. */
const addPerItem = (values: MetricValues, items: number): MetricValues => {
	const added: Partial<Record<ComparedMetric, number>> = {...values};
	for (const metric of timeMetrics) {
		const time = values[metric];
		if (time !== undefined && items > 0) {
			added[`${metric}_per_item`] ??= time / items;
		}
	}

	return added;
};

type Values = Map<string, MetricValues>;

/** Below a batch nothing is a batch of its own unless its holder says so, and that has an entry elsewhere. */
const addBelow = (
	tree: CvcudaTree,
	path: string,
	{fold, items: around}: {readonly fold: FoldChild; readonly items: number},
	into: Values,
): void => {
	const items = readNumber(tree['total_items']) ?? around;
	const values = addPerItem(pickValues(tree), items);
	if (Object.keys(values).length > 0) {
		into.set(path, values);
	}

	for (const [key, child] of childrenOf(tree)) {
		addBelow(child, fold(path, key).path, {fold, items}, into);
	}
};

/** Numbers outside batches; inside them those of `batches` count. */
const addOutside = (
	tree: CvcudaTree,
	path: string,
	fold: FoldChild,
	batches: ReadonlyMap<string, CvcudaTree>,
	into: Values,
): void => {
	for (const [key, child] of childrenOf(tree)) {
		const {path: below, isBatch} = fold(path, key);
		const means = batches.get(path);
		if (isBatch && means !== undefined) {
			if (!into.has(below)) {
				addBelow(means, below, {fold, items: 0}, into);
			}

			continue;
		}

		const values = pickValues(child);
		if (Object.keys(values).length > 0) {
			into.set(below, values);
		}

		addOutside(child, below, fold, batches, into);
	}
};

const listTimes = (tree: CvcudaTree, into: number[] = []): readonly number[] => {
	into.push(readNumber(tree['cpu_time']) ?? 0, readNumber(tree['gpu_time']) ?? 0);
	for (const [, child] of childrenOf(tree)) {
		listTimes(child, into);
	}

	return into;
};

/** Metrics whose value is null, a text, or statistics without a middle: they are left out, and that is told. */
const countNoNumbers = (tree: CvcudaTree): number =>
	Object.entries(tree).filter(
		([key, value]) => findMetric(key) !== undefined && readNumber(value) === undefined,
	).length + childrenOf(tree).reduce((sum, [, child]) => sum + countNoNumbers(child), 0);

/**
 * @param data nested by range, batches not folded
 * @param batches by the path of a holder, nested below
 */
export const readForeignValues = (
	data: CvcudaTree,
	batches: CvcudaTree,
	repeat: number,
): SideProcess => {
	const holders = Object.entries(batches).flatMap(([path, tree]) =>
		isTree(tree) ? [[path, tree] as const] : [],
	);
	const fold = foldBelowHolders(holders.map(([path]) => path));
	const folded = new Map(
		holders.map(([path, tree]) => [
			path.split('/').reduce((above, key) => fold(above, key).path, topPath),
			tree,
		]),
	);
	const values: Values = new Map();
	addOutside(data, topPath, fold, folded, values);
	const gpuTraced = [...values.values()].some(({gpu_time: time = 0}) => time > 0);
	const traced = [...values].map(([path, own]) => [path, gpuTraced ? own : dropGpu(own)] as const);
	const [times, noNumbers] = [listTimes(data), countNoNumbers(data) + countNoNumbers(batches)];
	return mergeRunningNumbers({
		repeat,
		values: new Map(traced),
		counts: countInstances(toNodes(data), fold),
		gpuTraced,
		identity: identifyMeasurement(times),
		...(noNumbers === 0 ? {} : {noNumbers}),
	});
};

const dropGpu = (values: MetricValues): MetricValues =>
	Object.fromEntries(Object.entries(values).filter(([metric]) => !metric.startsWith('gpu_')));
