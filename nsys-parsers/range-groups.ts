/** Statistics of ranges that have something in common: a path, a name. */

import type {RangeColumns, Trace} from '../schemas/trace.ts';
import {groupRows} from './fill-column.ts';

/** Of durations, ns; all 0 where there are none. */
export interface DurationSummary {
	readonly count: number;
	readonly total: number;
	readonly mean: number;
	readonly median: number;
	readonly min: number;
	readonly max: number;
	/** Of a sample (n - 1); null below two. */
	readonly deviation: number | null;
}

/** @param values sorted in place */
export const summarizeDurations = (values: Float64Array): DurationSummary => {
	const count = values.length;
	if (count === 0) {
		return {count, total: 0, mean: 0, median: 0, min: 0, max: 0, deviation: null};
	}

	values.sort();
	const total = values.reduce((sum, value) => sum + value, 0);
	const mean = total / count;
	const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
	const upper = Number(values[count >> 1]);
	const lower = Number(values[(count - 1) >> 1]);
	return {
		count,
		total,
		mean,
		median: (lower + upper) / 2,
		min: Number(values[0]),
		max: Number(values[count - 1]),
		deviation: count < 2 ? null : Math.sqrt(squares / (count - 1)),
	};
};

/** Ranges by a group's number, and what the group is called. */
export interface RangeGroups {
	/** By range; -1 for a range that is left out. */
	readonly group: Int32Array;
	/** By group. */
	readonly names: readonly string[];
}

/** In a path, a "/" or "\\" of a name itself has a "\\" before it, as in benchmark.json. */
const escapeName = (name: string): string =>
	name === '' ? String.raw`\e` : name.replaceAll(/[/*\\]/g, String.raw`\$&`);

/** By path: the names of a range's ancestors and its own, over all threads and processes. */
export const groupByPath = ({ranges, names}: Trace): RangeGroups => {
	const group = new Int32Array(ranges.length);
	const numbers = new Map<number, number>();
	const paths: string[] = [];
	const escaped = names.map(escapeName);
	for (let range = 0; range < ranges.length; range++) {
		const parent = Number(ranges.parent[range]);
		const above = parent < 0 ? 0 : Number(group[parent]) + 1;
		const name = Number(ranges.name[range]);
		const key = above * names.length + name;
		let path = numbers.get(key);
		if (path === undefined) {
			const own = escaped[name] ?? '';
			path = paths.push(above === 0 ? own : `${String(paths[above - 1])}/${own}`) - 1;
			numbers.set(key, path);
		}

		group[range] = path;
	}

	return {group, names: paths};
};

/** By name, as nvtx_gpu_proj_sum does: ranges with GPU work only. */
export const groupByName = ({ranges, names}: Trace): RangeGroups => {
	const group = new Int32Array(ranges.length);
	for (let range = 0; range < ranges.length; range++) {
		group[range] = Number(ranges.gpuOperations[range]) > 0 ? Number(ranges.name[range]) : -1;
	}

	return {group, names};
};

/** Ranges of each group, by group; empty ones included. */
export const listGroups = ({group, names}: RangeGroups): readonly Uint32Array[] => {
	const {from, rows} = groupRows(group, names.length);
	return names.map((_, number) => rows.subarray(from[number], from[number + 1]));
};

/** How deep each range lies: 0 at the top. A parent stands before its children. */
export const measureLevels = ({length, parent}: RangeColumns): Uint32Array => {
	const level = new Uint32Array(length);
	for (let range = 0; range < length; range++) {
		const above = Number(parent[range]);
		level[range] = above < 0 ? 0 : Number(level[above]) + 1;
	}

	return level;
};

/** Children right below each range. @param counts which of them count; all unless given */
export const countChildren = (
	{length, parent}: RangeColumns,
	counts?: (range: number) => boolean,
): Uint32Array => {
	const children = new Uint32Array(length);
	for (let range = 0; range < length; range++) {
		const above = Number(parent[range]);
		if (above >= 0 && (counts === undefined || counts(range))) {
			children[above] = Number(children[above]) + 1;
		}
	}

	return children;
};
