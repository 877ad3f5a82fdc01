/** Statistics of ranges that have something in common: a path, a name. */

import quickselect from 'quickselect';
import type {RangeColumns} from '../schemas/trace.ts';
import {Pairs} from './pairs.ts';

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

/** By selection, in linear time: a path can have a million ranges. @param values are put in another order */
const findMedian = (values: Float64Array): number => {
	const middle = values.length >> 1;
	// Its types know plain arrays only; all it does is read and write by index.
	quickselect(values as unknown as number[], middle);
	const upper = Number(values[middle]);
	if (values.length % 2 === 1) {
		return upper;
	}

	// What stands before the middle is no larger than it.
	let lower = Number(values[0]);
	for (let at = 1; at < middle; at++) {
		lower = Math.max(lower, Number(values[at]));
	}

	return (lower + upper) / 2;
};

/** @param values in an order that follows from them alone: another one would round the deviation otherwise; rearranged */
export const summarizeDurations = (values: Float64Array): DurationSummary => {
	const count = values.length;
	if (count === 0) {
		return {count, total: 0, mean: 0, median: 0, min: 0, max: 0, deviation: null};
	}

	let total = 0;
	let min = Infinity;
	let max = -Infinity;
	for (let at = 0; at < count; at++) {
		const value = Number(values[at]);
		total += value;
		min = Math.min(min, value);
		max = Math.max(max, value);
	}

	const mean = total / count;
	let squares = 0;
	for (let at = 0; at < count; at++) {
		squares += (Number(values[at]) - mean) ** 2;
	}

	return {
		count,
		total,
		mean,
		median: findMedian(values),
		min,
		max,
		deviation: count < 2 ? null : Math.sqrt(squares / (count - 1)),
	};
};

/** The same of values in the order of a file's rows, which says nothing. @param values sorted in place */
export const summarizeUnordered = (values: Float64Array): DurationSummary =>
	summarizeDurations(values.sort());

/** Ranges by group. */
export interface RangeGroups {
	readonly count: number;
	/** By range; -1 for a range that is left out. */
	readonly group: Int32Array;
	/** What a group is called. */
	readonly nameOf: (group: number) => string;
}

/** In a path, a "/" or "\\" of a name itself has a "\\" before it, as in benchmark.json. */
const escapeName = (name: string): string =>
	name === '' ? String.raw`\e` : name.replaceAll(/[/*\\]/g, String.raw`\$&`);

/** By path: the names of a range's ancestors and its own, over all threads and processes. */
export const groupByPath = ({
	ranges: {length, parent, name},
	names,
}: {
	readonly ranges: Pick<RangeColumns, 'length' | 'parent' | 'name'>;
	readonly names: readonly string[];
}): RangeGroups => {
	const group = new Int32Array(length);
	/** (path above, name), -1 above the top. */
	const paths = new Pairs(length);
	for (let range = 0; range < group.length; range++) {
		const above = Number(parent[range]);
		group[range] = paths.intern(above < 0 ? -1 : Number(group[above]), Number(name[range]));
	}

	const nameOf = (path: number): string => {
		const parts: string[] = [];
		for (let at = path; at >= 0; at = paths.firstOf(at)) {
			parts.push(escapeName(names[paths.secondOf(at)] ?? ''));
		}

		return parts.reverse().join('/');
	};

	return {count: paths.size, group, nameOf};
};

/** By name, as nvtx_gpu_proj_sum does: ranges with GPU work only. */
export const groupByName = (
	ranges: Pick<RangeColumns, 'length' | 'name' | 'gpuOperations'>,
	names: readonly string[],
): RangeGroups => {
	const group = new Int32Array(ranges.length);
	for (let range = 0; range < ranges.length; range++) {
		group[range] = Number(ranges.gpuOperations[range]) > 0 ? Number(ranges.name[range]) : -1;
	}

	return {count: names.length, group, nameOf: (number) => names[number] ?? ''};
};

/** A column's sums over groups. */
export const addUpGroups = (
	{count, group}: RangeGroups,
	column: Float64Array | Uint32Array,
): Float64Array => {
	const sums = new Float64Array(count);
	for (let range = 0; range < group.length; range++) {
		const own = Number(group[range]);
		if (own >= 0) {
			sums[own] = Number(sums[own]) + Number(column[range]);
		}
	}

	return sums;
};

/** The sums of CPU times over groups, ns. */
export const addUpDurations = (
	{count, group}: RangeGroups,
	{startNs, endNs}: Pick<RangeColumns, 'startNs' | 'endNs'>,
): Float64Array => {
	const sums = new Float64Array(count);
	for (let range = 0; range < group.length; range++) {
		const own = Number(group[range]);
		if (own >= 0) {
			sums[own] = Number(sums[own]) + Number(endNs[range]) - Number(startNs[range]);
		}
	}

	return sums;
};

/** How deep each range lies: 0 at the top. A parent stands before its children. */
export const measureLevels = ({
	length,
	parent,
}: Pick<RangeColumns, 'length' | 'parent'>): Uint32Array => {
	const level = new Uint32Array(length);
	for (let range = 0; range < length; range++) {
		const above = Number(parent[range]);
		level[range] = above < 0 ? 0 : Number(level[above]) + 1;
	}

	return level;
};

/** Children right below each range. @param counts which of them count; all unless given */
export const countChildren = (
	{length, parent}: Pick<RangeColumns, 'length' | 'parent'>,
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
