/**
 * The run's statistics as rows of one tree: what a table, a page or a spreadsheet shows.
 *
 *   object/pipeline            2 processes
 *     batch_*                  2 batches          <- the whole that shares refer to
 *       stage_1                2 samples
 *
 * Statistics are keyed by path; a parent's path is the longest other path that this one continues after a "/".
 */

import type {RangeStatistics, Summary} from '../schemas/benchmark-result.ts';

export interface RangeRow {
	readonly path: string;
	/** What the path adds to its parent's. */
	readonly name: string;
	/** 0 at the top. */
	readonly depth: number;
	/** Stands for all batches of its holder. */
	readonly isBatch: boolean;
	/** Samples behind the medians: batches inside batches, processes elsewhere. */
	readonly samples: number;
	/** Medians, in milliseconds. */
	readonly cpuTime: number;
	readonly gpuTime: number;
	readonly gpuBusyTime: number;
	/** Without warm-up, on a range that holds batches too. */
	readonly cpuTimePerItem: number | undefined;
	readonly gpuTimePerItem: number | undefined;
	/** Half the 16th to 84th percentile, as a share of the median: the spread of CPU time. undefined below 2 samples. */
	readonly cpuSpread: number | undefined;
	/**
	 * Share of the batch's CPU time (of the top range's where there is no batch), 0 to 1; undefined on that range itself,
	 * and when its time is 0.
	 */
	readonly cpuShare: number | undefined;
	readonly gpuShare: number | undefined;
	/** Only on ranges that hold batches. */
	readonly throughput: RangeStatistics['throughput'];
}

interface Placed {
	readonly depth: number;
	/** The range that the shares of all below refer to. */
	readonly whole: RangeStatistics;
}

const share = (part: Summary, whole: Summary): number | undefined =>
	whole.median > 0 ? part.median / whole.median : undefined;

const spread = ({count, median, p16, p84}: Summary): number | undefined =>
	count < 2 || median <= 0 ? undefined : (p84 - p16) / 2 / median;

/** In a path, a "/", "*" or "\\" of a name itself has a "\\" before it, and an empty name is "\\e". */
const showName = (element: string): string =>
	element === String.raw`\e` ? '""' : element.replaceAll(/\\(.)/g, '$1');

/** A "*" stands for the numbers of batches. Their samples are one per batch: shares begin anew. */
const isBatch = (element: string): boolean => element.replaceAll(/\\./g, '').includes('*');

/** The longest other path that this one continues; undefined at the top. */
const findParent = (path: string, placed: ReadonlyMap<string, Placed>): string | undefined => {
	for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
		const above = path.slice(0, end);
		if (placed.has(above)) {
			return above;
		}
	}

	return undefined;
};

const describeRow = (
	path: string,
	element: string,
	own: RangeStatistics,
	{depth, whole}: Placed,
): RangeRow => ({
	path,
	name: showName(element),
	depth,
	isBatch: isBatch(element),
	samples: own.cpu_time.count,
	cpuTime: own.cpu_time.median,
	gpuTime: own.gpu_time.median,
	gpuBusyTime: own.gpu_busy_time.median,
	cpuTimePerItem: (own.cpu_time_per_item_minus_warmup ?? own.cpu_time_per_item)?.median,
	gpuTimePerItem: (own.gpu_time_per_item_minus_warmup ?? own.gpu_time_per_item)?.median,
	cpuSpread: spread(own.cpu_time),
	cpuShare: whole === own ? undefined : share(own.cpu_time, whole.cpu_time),
	gpuShare: whole === own ? undefined : share(own.gpu_time, whole.gpu_time),
	throughput: own.throughput,
});

/** Rows in the order of a tree: each range's own ranges directly behind it. */
const inTreeOrder = (
	rows: ReadonlyMap<string, RangeRow>,
	children: ReadonlyMap<string | undefined, readonly string[]>,
	below: string | undefined,
): readonly RangeRow[] =>
	(children.get(below) ?? []).flatMap((path) => [
		...[rows.get(path)].filter((row) => row !== undefined),
		...inTreeOrder(rows, children, path),
	]);

export const listRangeRows = (
	statistics: Readonly<Record<string, RangeStatistics>>,
): readonly RangeRow[] => {
	const placed = new Map<string, Placed>();
	const rows = new Map<string, RangeRow>();
	const children = new Map<string | undefined, string[]>();
	// Not in the order of the file: JavaScript puts keys that look like numbers first.
	for (const path of Object.keys(statistics).toSorted((a, b) => a.length - b.length)) {
		const own = statistics[path];
		const parent = findParent(path, placed);
		const above = parent === undefined ? undefined : placed.get(parent);
		const element = parent === undefined ? path : path.slice(parent.length + 1);
		if (own !== undefined) {
			const whole = above === undefined || isBatch(element) ? own : above.whole;
			const place = {depth: above === undefined ? 0 : above.depth + 1, whole};
			placed.set(path, place);
			rows.set(path, describeRow(path, element, own, place));
		}
	}

	for (const path of Object.keys(statistics)) {
		const parent = findParent(path, placed);
		const siblings = children.get(parent) ?? [];
		siblings.push(path);
		children.set(parent, siblings);
	}

	return inTreeOrder(rows, children, undefined);
};
