/**
 * The batches of one process, holder by holder, in order of their index: for pictures over the time of a run.
 *
 *     stats                      data
 *     object/pipeline/batch_*    object > pipeline > batch_0, batch_1, ...
 *
 * Which are warm-up, `gpu_metrics` tells where a GPU was watched; else their position does. Where that does not come to
 * as many measured batches as the statistics have, it is not known.
 */

import type {ProcessResult, RangeResult} from '../schemas/benchmark-result.ts';
import type {BatchRole} from '../schemas/gpu-metrics.ts';

export interface BatchRow {
	/** Key in `data`: "batch_7". */
	readonly name: string;
	/** ms. */
	readonly cpuTime: number;
	readonly gpuTime: number;
	/** null: not known. */
	readonly role: BatchRole | null;
}

export interface HolderBatches {
	/** Of the batches, folded: "object/pipeline/batch_*". */
	readonly path: string;
	/** Those inside batches follow each other. */
	readonly batches: readonly BatchRow[];
}

type Node = Readonly<Record<string, number | RangeResult>>;

/** At "/", and not after a "\". */
const splitPath = (path: string): readonly string[] => path.match(/(?:\\.|[^\\/])+/gs) ?? [];

const unescape = (element: string): string =>
	element === String.raw`\e` ? '' : element.replaceAll(/\\(.)/gs, '$1');

/** null for the element of a range that is no batch. */
const batchPattern = (element: string): RegExp | null => {
	const parts: readonly string[] = element.match(/(?:\\.|[^\\*])+|\*/gs) ?? [];
	return parts.includes('*')
		? new RegExp(
				`^${parts.map((part) => (part === '*' ? String.raw`\d+` : unescape(part).replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`))).join('')}$`,
				'su',
			)
		: null;
};

const childrenOf = (node: Node): readonly (readonly [string, RangeResult])[] =>
	Object.entries(node).flatMap(([key, value]) =>
		typeof value === 'number' ? [] : [[key, value] as const],
	);

/** As results/ has it: the first and the last `width` of those that count. */
const judgeByPosition = (items: readonly number[], width: number): readonly BatchRole[] => {
	const counted = items.filter((count) => count > 0).length;
	let position = -1;
	return items.map((count) => {
		if (count <= 0) {
			return 'uncounted';
		}

		position++;
		return position >= width && position + width < counted ? 'measured' : 'warm-up';
	});
};

/** One holder's own, with where it stands. */
interface Found {
	readonly holderPath: string;
	readonly inside: readonly (readonly [string, RangeResult])[];
	/** What holds for all of them: warm-up inside of warm-up. */
	readonly role: BatchRole | null;
}

const find = (
	node: Node,
	[element, ...below]: readonly string[],
	found: Found,
	warmup: number,
): readonly Found[] => {
	if (element === undefined) {
		return [];
	}

	const pattern = batchPattern(element);
	const inside = childrenOf(node).filter(([key]) =>
		pattern === null ? key === unescape(element) : pattern.test(key),
	);
	if (below.length === 0) {
		return [{...found, inside}];
	}

	const roles =
		pattern === null
			? inside.map(() => 'measured' as const)
			: judgeByPosition(
					inside.map(([, {total_items: items}]) => items ?? 0),
					warmup,
				);
	return inside.flatMap(([, child], place) =>
		find(
			child,
			below,
			{...found, role: roles[place] === 'measured' ? found.role : (roles[place] ?? null)},
			warmup,
		),
	);
};

const readRoles = (
	{inside, role, holderPath}: Found,
	{gpu_metrics: metrics, meta}: ProcessResult,
): readonly (BatchRole | null)[] => {
	const told = metrics?.holders[holderPath]?.batches;
	const roles = new Map(told?.name.map((name, place) => [name, told.role[place]]));
	const byPosition = judgeByPosition(
		inside.map(([, {total_items: items}]) => items ?? 0),
		meta.warmup_batches,
	);
	return inside.map(([name], place) => role ?? roles.get(name) ?? byPosition[place] ?? null);
};

const readHolder = (path: string, result: ProcessResult): HolderBatches => {
	const elements = splitPath(path);
	const holderPath = elements.slice(0, -1).join('/') || '/';
	const found = find(
		result.data,
		elements,
		{holderPath, inside: [], role: null},
		result.meta.warmup_batches,
	);
	const batches = found.flatMap((one) => {
		const roles = readRoles(one, result);
		return one.inside.map(([name, times], place) => ({
			name,
			cpuTime: times.cpu_time ?? 0,
			gpuTime: times.gpu_time ?? 0,
			role: roles[place] ?? null,
		}));
	});
	const measured = batches.filter(({role}) => role === 'measured').length;
	const isKnown = measured === result.stats[path]?.cpu_time.count;
	return {path, batches: isKnown ? batches : batches.map((batch) => ({...batch, role: null}))};
};

export const listHolderBatches = (result: ProcessResult): readonly HolderBatches[] =>
	Object.keys(result.stats)
		.filter((path) => batchPattern(splitPath(path).at(-1) ?? '') !== null)
		.map((path) => readHolder(path, result))
		.filter(({batches}) => batches.length > 0);
