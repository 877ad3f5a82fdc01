/**
 * What `benchmark ranges` tells of a trace's push/pop ranges, as rows: a summary by path, one by name with the columns of
 * nvtx_gpu_proj_sum, and every range with those of nvtx_pushpop_trace and nvtx_gpu_proj_trace.
 */

import type {Cell, ReportColumn, ReportRows} from '../schemas/report-rows.ts';
import {ascendingOrder} from './ascending-order.ts';
import {groupRows, pickIndices, pickRows} from './fill-column.ts';
import {
	addUpGroups,
	countChildren,
	groupByName,
	groupByPath,
	listDurations,
	measureLevels,
	summarizeDurations,
} from './range-groups.ts';
import type {DurationSummary} from './range-groups.ts';
import {unnamed} from './range-names.ts';
import type {DetailedTrace} from './read-trace.ts';

const column = (title: string, kind: ReportColumn['kind'], short?: string): ReportColumn =>
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
		: [summary.total, summary.mean, summary.median, summary.min, summary.max, summary.deviation];

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

/** Groups with the largest values of the first column first; the second one decides between equals. */
const orderGroups = (
	groups: Uint32Array,
	first: Float64Array,
	second: Float64Array,
): Uint32Array => {
	const bySecond = pickIndices(groups, ascendingOrder(pickRows(second, groups)));
	return pickIndices(bySecond, ascendingOrder(pickRows(first, bySecond))).reverse();
};

/** A column's values in some ranges, those without GPU work left out if wanted. */
const pickValues = (
	values: Float64Array,
	ranges: Uint32Array,
	operations?: Uint32Array,
): Float64Array => {
	const picked = new Float64Array(ranges.length);
	let count = 0;
	for (const range of ranges) {
		if (operations === undefined || Number(operations[range]) > 0) {
			picked[count++] = Number(values[range]);
		}
	}

	return picked.subarray(0, count);
};

/** One row per path, those that took longest first, on the GPU or else on the CPU. Made when they are asked for. */
export const summarizePaths = ({trace}: DetailedTrace): ReportRows => {
	const {ranges} = trace;
	const groups = groupByPath(trace);
	const {from, rows: members} = groupRows(groups.group, groups.count);
	const durations = listDurations(ranges);
	const cpuTotals = addUpGroups(groups, durations);
	const gpuTotals = addUpGroups(groups, ranges.gpuSpanNs);
	const busyTotals = addUpGroups(groups, ranges.gpuBusyNs);
	const operations = addUpGroups(groups, ranges.gpuOperations);
	const describePath = (path: number): readonly Cell[] => {
		const own = members.subarray(from[path], from[path + 1]);
		const gpu = summarizeDurations(pickValues(ranges.gpuSpanNs, own, ranges.gpuOperations));
		const busy = Number(busyTotals[path]);
		return [
			groups.nameOf(path),
			own.length,
			...durationCells(summarizeDurations(pickValues(durations, own))),
			gpu.count,
			...durationCells(gpu),
			busy,
			gpu.total - busy,
			Number(operations[path]),
		];
	};

	const order = orderGroups(
		Uint32Array.from({length: groups.count}, (_, path) => path),
		gpuTotals,
		cpuTotals,
	);
	return {
		columns: pathColumns,
		length: order.length,
		rows: mapRows(order, describePath),
	};
};

function* mapRows(
	groups: Uint32Array,
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

/** One row per name, in the order and with the columns of nvtx_gpu_proj_sum. Unnamed ranges are left out, as there. */
export const summarizeNames = ({trace}: DetailedTrace): ReportRows => {
	const {ranges} = trace;
	const groups = groupByName(trace);
	const {from, rows: members} = groupRows(groups.group, groups.count);
	const launches = (range: number): boolean => Number(ranges.gpuOperations[range]) > 0;
	const gpuTotals = addUpGroups(groups, ranges.gpuSpanNs);
	const cpuTotals = addUpGroups(groups, listDurations(ranges));
	const operations = addUpGroups(groups, ranges.gpuOperations);
	const levels = addUpGroups(groups, measureLevels(ranges));
	const children = addUpGroups(groups, countChildren(ranges, launches));
	const describeName = (name: number): readonly Cell[] => {
		const own = members.subarray(from[name], from[name + 1]);
		return [
			groups.nameOf(name),
			'PushPop',
			Number(gpuTotals[name]),
			Number(cpuTotals[name]),
			own.length,
			...durationCells(summarizeDurations(pickValues(ranges.gpuSpanNs, own))).slice(1),
			Number(operations[name]),
			Number(operations[name]) / own.length,
			Number(levels[name]) / own.length,
			Number(children[name]) / own.length,
		];
	};

	const names = Array.from({length: groups.count}, (_, name) => name).filter(
		(name) => Number(operations[name]) > 0 && isNamed(groups.nameOf(name)),
	);
	const order = orderGroups(Uint32Array.from(names), gpuTotals, cpuTotals);
	return {columns: nameColumns, length: order.length, rows: mapRows(order, describeName)};
};

const traceColumns: readonly ReportColumn[] = [
	column('Start (ns)', 'time', 'start ms'),
	column('End (ns)', 'time'),
	column('Duration (ns)', 'duration', 'CPU ms'),
	column('DurChild (ns)', 'duration'),
	column('DurNonChild (ns)', 'duration', 'own ms'),
	column('Name', 'text'),
	column('Projected Start (ns)', 'time'),
	column('Projected Duration (ns)', 'duration', 'GPU ms'),
	column('Projected Busy (ns)', 'duration', 'busy ms'),
	column('Style', 'text'),
	column('PID', 'count', 'pid'),
	column('TID', 'count', 'tid'),
	column('NumGPUOps', 'count', 'GPU ops'),
	column('Lvl', 'count'),
	column('NumChild', 'count'),
	column('RangeId', 'count'),
	column('ParentId', 'count'),
	column('RangeStack', 'text'),
	column('NameTree', 'text', 'range'),
];

/** CPU time of the children right below each range, ns. */
const addUpChildren = ({length, parent, startNs, endNs}: DetailedTrace['trace']['ranges']) => {
	const inside = new Float64Array(length);
	for (let range = 0; range < length; range++) {
		const above = Number(parent[range]);
		if (above >= 0) {
			inside[above] = Number(inside[above]) + Number(endNs[range]) - Number(startNs[range]);
		}
	}

	return inside;
};

/** A time in the file's own clock: a bigint where no double holds it. */
const absoluteTime = (baseNs: bigint): ((ns: number) => number | bigint) => {
	const base = Number(baseNs);
	return (ns) =>
		Number.isSafeInteger(base) && Number.isSafeInteger(base + ns) ? base + ns : baseNs + BigInt(ns);
};

function* listCells(read: DetailedTrace): Generator<readonly Cell[]> {
	const {trace, rowId, gpuStartNs} = read;
	const {ranges, names, threads} = trace;
	const level = measureLevels(ranges);
	const children = countChildren(ranges);
	const inside = addUpChildren(ranges);
	const absolute = absoluteTime(read.baseNs);
	for (let range = 0; range < ranges.length; range++) {
		const parent = Number(ranges.parent[range]);
		const depth = Number(level[range]);
		const start = Number(ranges.startNs[range]);
		const takes = Number(ranges.endNs[range]) - start;
		const name = names[Number(ranges.name[range])] ?? '';
		const operations = Number(ranges.gpuOperations[range]);
		const thread = threads[Number(ranges.thread[range])];
		yield [
			absolute(start),
			absolute(start + takes),
			takes,
			Number(inside[range]),
			takes - Number(inside[range]),
			name,
			operations === 0 ? null : absolute(Number(gpuStartNs[range])),
			operations === 0 ? null : Number(ranges.gpuSpanNs[range]),
			operations === 0 ? null : Number(ranges.gpuBusyNs[range]),
			'PushPop',
			thread?.pid ?? null,
			thread?.tid ?? null,
			operations,
			depth,
			Number(children[range]),
			Number(rowId[range]),
			parent < 0 ? null : Number(rowId[parent]),
			stackOf(read, range),
			'--'.repeat(depth) + name,
		];
	}
}

/** The ids of a range and of all it lies in, outermost first. */
const stackOf = ({trace: {ranges}, rowId}: DetailedTrace, innermost: number): string => {
	const ids: string[] = [];
	for (let range = innermost; range >= 0; range = Number(ranges.parent[range])) {
		ids.push(`:${Number(rowId[range])}`);
	}

	return ids.reverse().join('');
};

/** One row per range, thread by thread in order of their starts. Projection cells are empty where nothing was launched. */
export const listRanges = (read: DetailedTrace): ReportRows => ({
	columns: traceColumns,
	length: read.trace.ranges.length,
	rows: listCells(read),
});
