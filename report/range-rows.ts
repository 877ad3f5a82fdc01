/**
 * The run's statistics as rows of one tree: what a table, a page or a spreadsheet shows.
 *
 *   object/pipeline            2 processes
 *     batch_*                  2 batches          <- the whole that shares refer to
 *       stage_1                2 samples
 *
 * Statistics are keyed by path; a parent's path is the longest other path that this one continues after a "/".
 * Parents stand before their children there, so one stack finds it, whatever the names hold.
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
	readonly cpuTimePerItem: number | undefined;
	readonly gpuTimePerItem: number | undefined;
	/** Half the 16th to 84th percentile, as a share of the median: the spread of CPU time. undefined below 2 samples. */
	readonly cpuSpread: number | undefined;
	/** Share of the batch's CPU time (of the top range's where there is no batch), 0 to 1; undefined when that is 0. */
	readonly cpuShare: number | undefined;
	readonly gpuShare: number | undefined;
	/** Only on ranges that hold batches. */
	readonly throughput: RangeStatistics['throughput'];
}

interface Open {
	readonly path: string;
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

export const listRangeRows = (
	statistics: Readonly<Record<string, RangeStatistics>>,
): readonly RangeRow[] => {
	const rows: RangeRow[] = [];
	const open: Open[] = [];
	for (const [path, own] of Object.entries(statistics)) {
		while (open.length > 0 && !path.startsWith(`${open.at(-1)?.path ?? ''}/`)) {
			open.pop();
		}

		const parent = open.at(-1);
		const element = parent === undefined ? path : path.slice(parent.path.length + 1);
		const whole = parent === undefined || isBatch(element) ? own : parent.whole;
		const depth = open.length;
		open.push({path, depth, whole});
		rows.push({
			path,
			name: showName(element),
			depth,
			isBatch: isBatch(element),
			samples: own.cpu_time.count,
			cpuTime: own.cpu_time.median,
			gpuTime: own.gpu_time.median,
			gpuBusyTime: own.gpu_busy_time.median,
			cpuTimePerItem: own.cpu_time_per_item?.median,
			gpuTimePerItem: own.gpu_time_per_item?.median,
			cpuSpread: spread(own.cpu_time),
			cpuShare: share(own.cpu_time, whole.cpu_time),
			gpuShare: share(own.gpu_time, whole.gpu_time),
			throughput: own.throughput,
		});
	}

	return rows;
};
