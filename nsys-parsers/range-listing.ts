/**
 * Every range of a trace as a row. A push/pop range has the columns of nvtx_pushpop_trace; where work was launched inside,
 * those of nvtx_gpu_proj_trace too, and so does a start/end range. Both reports have Lvl, NumChild, ParentId, RangeStack,
 * but the first speaks of push/pop ranges only: those of the second are named "Proj ..." here.
 */

import type {Cell, ReportColumn, ReportRows} from '../schemas/report-rows.ts';
import {joinRanges} from './all-ranges.ts';
import type {AllRanges} from './all-ranges.ts';
import {joinColumns} from './more-columns.ts';
import type {MoreColumns} from './more-columns.ts';
import {countChildren, measureLevels} from './range-groups.ts';
import {column} from './range-reports.ts';
import type {DetailedTrace} from './read-trace.ts';

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
	column('PID', 'id', 'pid'),
	column('TID', 'id', 'tid'),
	column('NumGPUOps', 'count', 'GPU ops'),
	column('Lvl', 'count'),
	column('NumChild', 'count'),
	column('RangeId', 'id'),
	column('ParentId', 'id'),
	column('RangeStack', 'text'),
	column('NameTree', 'text', 'range'),
	column('Proj Lvl', 'count'),
	column('Proj NumChild', 'count'),
	column('Proj ParentId', 'id'),
	column('Proj RangeStack', 'text'),
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

/** The ids of a range and of all it lies in, outermost first. */
const stackOf = (parent: Int32Array, rowId: Float64Array, innermost: number): string => {
	const ids: string[] = [];
	for (let range = innermost; range >= 0; range = Number(parent[range])) {
		ids.push(`:${Number(rowId[range])}`);
	}

	return ids.reverse().join('');
};

type DescribeRange = (range: number) => readonly Cell[];

/** Lvl, NumChild, RangeId, ParentId, RangeStack and NameTree of a range among the push/pop ranges. */
const describeStack = ({trace: {ranges, names}, rowId}: DetailedTrace): DescribeRange => {
	const level = measureLevels(ranges);
	const children = countChildren(ranges);
	return (range) => {
		const parent = Number(ranges.parent[range]);
		const depth = Number(level[range]);
		return [
			depth,
			Number(children[range]),
			Number(rowId[range]),
			parent < 0 ? null : Number(rowId[parent]),
			stackOf(ranges.parent, rowId, range),
			'--'.repeat(depth) + (names[Number(ranges.name[range])] ?? ''),
		];
	};
};

/** The "Proj" columns; empty where nothing was launched. */
const describeTree = ({columns, tree, rowId}: AllRanges): DescribeRange => {
	const empty = [null, null, null, null];
	return (range) => {
		const parent = Number(tree.parent[range]);
		return Number(columns.gpuOperations[range]) === 0
			? empty
			: [
					Number(tree.level[range]),
					Number(tree.children[range]),
					parent < 0 ? null : Number(rowId[parent]),
					stackOf(tree.parent, rowId, range),
				];
	};
};

/** Projected start, duration and busy time; empty where nothing was launched. */
const describeProjection = (all: AllRanges, absolute: ReturnType<typeof absoluteTime>) => {
	const empty = [null, null, null];
	return (range: number): readonly Cell[] =>
		Number(all.columns.gpuOperations[range]) === 0
			? empty
			: [
					absolute(Number(all.gpuStartNs[range])),
					Number(all.columns.gpuSpanNs[range]),
					Number(all.columns.gpuBusyNs[range]),
				];
};

/** Rows of ranges of both kinds; of those kinds, what only one has comes from elsewhere. */
const describeRange = (read: DetailedTrace, all: AllRanges) => {
	const {columns, names, threads} = all;
	const absolute = absoluteTime(read.baseNs);
	const project = describeProjection(all, absolute);
	const placeInTree = describeTree(all);
	return (range: number, style: string, inside: number | null, stack: readonly Cell[]): Cell[] => {
		const start = Number(columns.startNs[range]);
		const takes = Number(columns.endNs[range]) - start;
		const thread = threads[Number(columns.thread[range])];
		return [
			absolute(start),
			absolute(start + takes),
			takes,
			inside,
			inside === null ? null : takes - inside,
			names[Number(columns.name[range])] ?? '',
			...project(range),
			style,
			thread?.pid ?? null,
			thread?.tid ?? null,
			all.endedElsewhere(range) ? null : Number(columns.gpuOperations[range]),
			...stack,
			...placeInTree(range),
		];
	};
};

function* listPushPop(
	read: DetailedTrace,
	all: AllRanges,
	more: MoreColumns | undefined,
): Generator<readonly Cell[]> {
	const describe = describeRange(read, all);
	const describeOwn = describeStack(read);
	const inside = addUpChildren(read.trace.ranges);
	for (let range = 0; range < all.pushPop; range++) {
		const cells = describe(range, 'PushPop', Number(inside[range]), describeOwn(range));
		yield more === undefined ? cells : [...cells, ...more.cells(range)];
	}
}

function* listStartEnd(
	read: DetailedTrace,
	all: AllRanges,
	listed: Uint32Array,
	more: MoreColumns | undefined,
): Generator<readonly Cell[]> {
	const describe = describeRange(read, all);
	const empty = more?.columns.map(() => null) ?? [];
	for (const range of listed) {
		const name = all.names[Number(all.columns.name[range])] ?? '';
		const stack = [null, null, Number(all.rowId[range]), null, null, name];
		yield [...describe(range, 'StartEnd', null, stack), ...empty];
	}
}

/** Start/end ranges to be listed. NVIDIA knows only those with GPU work. */
const chooseStartEnd = ({columns, pushPop}: AllRanges, nvidiaRules: boolean): Uint32Array =>
	Uint32Array.from({length: columns.length - pushPop}, (_, startEnd) => pushPop + startEnd).filter(
		(range) => !nvidiaRules || Number(columns.gpuOperations[range]) > 0,
	);

/**
 * One row per push/pop range, thread by thread in order of their starts; then one per start/end range in order of theirs,
 * as far as `read` has them.
 */
export const listRanges = (
	read: DetailedTrace,
	more?: MoreColumns,
	nvidiaRules = false,
): ReportRows => {
	const all = joinRanges(read, nvidiaRules);
	const startEnd = chooseStartEnd(all, nvidiaRules);
	const listAll = function* (): Generator<readonly Cell[]> {
		yield* listPushPop(read, all, more);
		yield* listStartEnd(read, all, startEnd, more);
	};

	return {
		columns: joinColumns(traceColumns, more),
		length: all.pushPop + startEnd.length,
		rows: listAll(),
	};
};
