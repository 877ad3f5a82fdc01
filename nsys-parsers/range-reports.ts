/**
 * What `benchmark ranges` tells of a trace's push/pop ranges, as rows: a summary by path, and one by name with the
 * columns of nvtx_gpu_proj_sum.
 */

import type {Cell, ReportColumn, ReportRows} from '../schemas/report-rows.ts';
import type {RangeColumns} from '../schemas/trace.ts';
import {joinRanges} from './all-ranges.ts';
import {groupRows, listNumbers} from './fill-column.ts';
import type {Groups} from './fill-column.ts';
import {orderGroups} from './group-order.ts';
import {joinColumns} from './more-columns.ts';
import type {MoreColumns} from './more-columns.ts';
import {
	addUpDurations,
	addUpGroups,
	groupByName,
	groupByPath,
	summarizeDurations,
} from './range-groups.ts';
import type {DurationSummary, RangeGroups} from './range-groups.ts';
import {unnamed} from './range-names.ts';
import type {CpuSide, DetailedTrace} from './read-trace.ts';

export const column = (title: string, kind: ReportColumn['kind'], short?: string): ReportColumn =>
	short === undefined ? {title, kind} : {title, kind, short};

const durationColumns = (
	title: string,
	short: string,
	total: ReportColumn,
): readonly ReportColumn[] => [
	total,
	column(`${title} Avg (ns)`, 'duration'),
	column(`${title} Med (ns)`, 'duration', `${short} median ms`),
	column(`${title} Min (ns)`, 'duration'),
	column(`${title} Max (ns)`, 'duration'),
	column(`${title} StdDev (ns)`, 'duration'),
];

const durationCells = (summary: DurationSummary): readonly Cell[] =>
	summary.count === 0
		? [0, null, null, null, null, null]
		: [
				summary.total,
				summary.mean,
				summary.median,
				summary.min,
				summary.max,
				summary.deviation ?? 0,
			];

const pathColumns: readonly ReportColumn[] = [
	column('Range', 'text', 'range'),
	column('Instances', 'count', 'n'),
	...durationColumns('CPU', 'CPU', column('Total CPU Time (ns)', 'duration', 'CPU ms')),
	column('Projected Instances', 'count'),
	...durationColumns('Proj', 'GPU', column('Total Proj Time (ns)', 'duration', 'GPU ms')),
	column('Total Busy Time (ns)', 'duration', 'busy ms'),
	column('Total Idle Time (ns)', 'duration', 'idle ms'),
	column('Total GPU Ops', 'count', 'GPU ops'),
];

/** A column's values in some ranges, those without GPU work left out if wanted. */
const pickValues = (
	values: Float64Array,
	ranges: Uint32Array,
	operations?: Uint32Array,
): Float64Array => {
	const picked = new Float64Array(ranges.length);
	let count = 0;
	for (let at = 0; at < ranges.length; at++) {
		const range = Number(ranges[at]);
		if (operations === undefined || Number(operations[range]) > 0) {
			picked[count++] = Number(values[range]);
		}
	}

	return picked.subarray(0, count);
};

const pickDurations = ({startNs, endNs}: RangeColumns, ranges: Uint32Array): Float64Array => {
	const durations = new Float64Array(ranges.length);
	for (let at = 0; at < ranges.length; at++) {
		const range = Number(ranges[at]);
		durations[at] = Number(endNs[range]) - Number(startNs[range]);
	}

	return durations;
};

/** Columns besides a summary's own, for its groups. */
export type DescribeGroups = (groups: RangeGroups) => MoreColumns;

/** The ranges of each path: known before anything is known of GPUs. */
export interface RangePaths {
	readonly groups: RangeGroups;
	readonly members: Groups;
	/** CPU time by path, ns. */
	readonly cpuTotals: Float64Array;
}

export const findPaths = (cpu: CpuSide): RangePaths => {
	const groups = groupByPath(cpu);
	return {
		groups,
		members: groupRows(groups.group, groups.count),
		cpuTotals: addUpDurations(groups, cpu.ranges),
	};
};

/**
 * One row per path, those that took longest first, on the GPU or else on the CPU. Made when they are asked for.
 * @param paths the trace's, where they are known already
 */
export const summarizePaths = (
	{trace}: Pick<DetailedTrace, 'trace'>,
	describe?: DescribeGroups,
	paths = findPaths(trace),
): ReportRows => {
	const {ranges} = trace;
	const {groups, cpuTotals} = paths;
	const {from, rows: members} = paths.members;
	const more = describe?.(groups);
	// Column by column, in order: picked path by path they would come from all over the memory.
	const busyTotals = addUpGroups(groups, ranges.gpuBusyNs);
	const operations = addUpGroups(groups, ranges.gpuOperations);
	const describePath = (path: number): readonly Cell[] => {
		const own = members.subarray(from[path], from[path + 1]);
		const gpu = summarizeDurations(pickValues(ranges.gpuSpanNs, own, ranges.gpuOperations));
		const busy = Number(busyTotals[path]);
		return [
			groups.nameOf(path),
			own.length,
			...durationCells(summarizeDurations(pickDurations(ranges, own))),
			gpu.count,
			...durationCells(gpu),
			busy,
			gpu.total - busy,
			Number(operations[path]),
			...(more?.cells(path) ?? []),
		];
	};

	const order = orderGroups(listNumbers(groups.count), {
		first: addUpGroups(groups, ranges.gpuSpanNs),
		second: cpuTotals,
	});
	return {
		columns: joinColumns(pathColumns, more),
		length: groups.count,
		rows: mapRows(order, describePath),
	};
};

function* mapRows(
	groups: Iterable<number>,
	describe: (group: number) => readonly Cell[],
): Generator<readonly Cell[]> {
	for (const group of groups) {
		yield describe(group);
	}
}

const nameColumns: readonly ReportColumn[] = [
	column('Range', 'text', 'range'),
	column('Style', 'text'),
	column('Total Proj Time (ns)', 'duration', 'GPU ms'),
	column('Total Range Time (ns)', 'duration', 'CPU ms'),
	column('Range Instances', 'count', 'n'),
	...durationColumns('Proj', 'GPU', column('', 'duration')).slice(1),
	column('Total GPU Ops', 'count', 'GPU ops'),
	column('Avg GPU Ops', 'real'),
	column('Avg Range Lvl', 'real'),
	column('Avg Num Child', 'real'),
];

const isNamed = (name: string): boolean => name !== unnamed && !name.endsWith(`:${unnamed}`);

/** Columns of which only push/pop ranges know. */
const describePushPop = (
	groups: RangeGroups,
	pushPop: number,
	isPushPop: (group: number) => boolean,
	describe: DescribeGroups,
): MoreColumns => {
	const {columns, cells} = describe({...groups, group: groups.group.subarray(0, pushPop)});
	const empty = columns.map(() => null);
	return {columns, cells: (group) => (isPushPop(group) ? cells(group) : empty)};
};

/**
 * One row per name and style, those that took longest first, with the columns of nvtx_gpu_proj_sum. Unnamed ranges are
 * left out, as there.
 */
export const summarizeNames = (
	read: DetailedTrace,
	describe?: DescribeGroups,
	nvidiaRules = false,
): ReportRows => {
	const all = joinRanges(read, nvidiaRules);
	const ranges = all.columns;
	const groups = groupByName(ranges, all.names);
	const isPushPop = (name: number): boolean => name < read.trace.names.length;
	const more = describe && describePushPop(groups, all.pushPop, isPushPop, describe);
	const {from, rows: members} = groupRows(groups.group, groups.count);
	const gpuTotals = addUpGroups(groups, ranges.gpuSpanNs);
	const cpuTotals = addUpDurations(groups, ranges);
	const operations = addUpGroups(groups, ranges.gpuOperations);
	const levels = addUpGroups(groups, all.tree.level);
	const children = addUpGroups(groups, all.tree.children);
	const describeName = (name: number): readonly Cell[] => {
		const own = members.subarray(from[name], from[name + 1]);
		return [
			groups.nameOf(name),
			isPushPop(name) ? 'PushPop' : 'StartEnd',
			Number(gpuTotals[name]),
			Number(cpuTotals[name]),
			own.length,
			...durationCells(summarizeDurations(pickValues(ranges.gpuSpanNs, own))).slice(1),
			Number(operations[name]),
			Number(operations[name]) / own.length,
			Number(levels[name]) / own.length,
			Number(children[name]) / own.length,
			...(more?.cells(name) ?? []),
		];
	};

	const names = Array.from({length: groups.count}, (_, name) => name).filter(
		(name) => Number(operations[name]) > 0 && isNamed(groups.nameOf(name)),
	);
	const order = orderGroups(Uint32Array.from(names), {first: gpuTotals, second: cpuTotals});
	return {
		columns: joinColumns(nameColumns, more),
		length: names.length,
		rows: mapRows(order, describeName),
	};
};
