/**
 * Push/pop and start/end ranges side by side with their projections, as nvtx_gpu_proj_trace and nvtx_gpu_proj_sum see
 * them. There all ranges of a thread make one tree, so a push/pop range can lie in a start/end range and the other way
 * round; its level and children differ then from those in nvtx_pushpop_trace, which the Trace has.
 */

import type {RangeColumns} from '../schemas/trace.ts';
import {ascendingOrder} from './ascending-order.ts';
import {pickIndices, pickRows} from './fill-column.ts';
import type {GpuOperations} from './gpu-operations.ts';
import {projectOntoGpu} from './gpu-projection.ts';
import type {RangeGpuColumns} from './gpu-projection.ts';
import type {TimedOperations} from './timed-operations.ts';
import {projectLooseRanges} from './loose-projection.ts';
import {countChildren, measureLevels} from './range-groups.ts';
import {nestRanges} from './range-nesting.ts';
import type {DetailedTrace} from './read-trace.ts';

/** Ranges that NVIDIA's projections know: the trace's push/pop ranges in their order, then the start/end ranges in theirs. */
export interface AllRanges {
	/** How many are push/pop ranges. */
	readonly pushPop: number;
	readonly columns: Omit<RangeColumns, 'parent' | 'unfinished'>;
	/** Names of push/pop ranges, then those of start/end ranges: a name of both kinds stands twice. */
	readonly names: readonly string[];
	readonly threads: DetailedTrace['trace']['threads'];
	/** RangeId: the rowid in NVTX_EVENTS. */
	readonly rowId: Float64Array;
	/** Start of the first GPU operation, since the origin; 0 where there is none. */
	readonly gpuStartNs: Float64Array;
	/** Whether a range ended on another thread than it started on: it has no projection, and no place in the tree. */
	readonly endedElsewhere: (range: number) => boolean;
	readonly tree: ProjectionTree;
}

/** Of ranges of both kinds. */
export interface ProjectionTree {
	/** The range that each lies in, -1 at the top. It may stand behind it. */
	readonly parent: Int32Array;
	/** 0 at the top. */
	readonly level: Uint32Array;
	/** Ranges right below with GPU work. */
	readonly children: Uint32Array;
}

/** All operations with a time of any kind, by start, impossible ones too. */
const orderAll = ({length, startNs, endNs}: GpuOperations): TimedOperations => {
	const rows = new Uint32Array(length);
	let count = 0;
	for (let row = 0; row < length; row++) {
		if (Number.isFinite(Number(startNs[row])) && Number.isFinite(Number(endNs[row]))) {
			rows[count++] = row;
		}
	}

	const timed = rows.subarray(0, count);
	return {
		order: pickIndices(timed, ascendingOrder(pickRows(startNs, timed))),
		withoutTimes: length - count,
	};
};

type Spans = Pick<RangeGpuColumns, 'firstStartNs' | 'spanNs'>;

/** Spans as NVIDIA has them: from the least start to the greatest end, though an operation end before it starts. */
const measureSpans = (
	{operations, timed}: DetailedTrace,
	nvidiaRules: boolean,
	project: (timed: TimedOperations) => Spans,
): Spans | undefined =>
	nvidiaRules && timed.withoutTimes > 0 ? project(orderAll(operations)) : undefined;

type Projected = Pick<AllRanges, 'gpuStartNs'> &
	Pick<RangeColumns, 'gpuSpanNs' | 'gpuBusyNs' | 'gpuOperations'>;

const projectPushPop = (read: DetailedTrace, nvidiaRules: boolean): Projected => {
	const {gpuSpanNs, gpuBusyNs, gpuOperations} = read.trace.ranges;
	const spans = measureSpans(read, nvidiaRules, (timed) =>
		projectOntoGpu(read.nested, read.launching, read.operations, timed),
	);
	return {
		gpuStartNs: spans?.firstStartNs ?? read.gpuStartNs,
		gpuSpanNs: spans?.spanNs ?? gpuSpanNs,
		gpuBusyNs,
		gpuOperations,
	};
};

const projectStartEnd = (
	read: DetailedTrace,
	{loose}: NonNullable<DetailedTrace['startEnd']>,
	nvidiaRules: boolean,
): Projected => {
	const {calls, launching, operations} = read;
	const project = (timed: TimedOperations): RangeGpuColumns =>
		projectLooseRanges(loose, calls, launching.first.length, operations, timed);
	const own = project(read.timed);
	const spans = measureSpans(read, nvidiaRules, project) ?? own;
	return {
		gpuStartNs: spans.firstStartNs,
		gpuSpanNs: spans.spanNs,
		gpuBusyNs: own.busyNs,
		gpuOperations: own.launches,
	};
};

const joinNumbers = (first: Float64Array, second: Float64Array): Float64Array => {
	const joined = new Float64Array(first.length + second.length);
	joined.set(first);
	joined.set(second, first.length);
	return joined;
};

/** @param shift added to the second part */
const joinIndices = (first: Uint32Array, second: Uint32Array, shift = 0): Uint32Array => {
	const joined = new Uint32Array(first.length + second.length);
	joined.set(first);
	for (let at = 0; at < second.length; at++) {
		joined[first.length + at] = Number(second[at]) + shift;
	}

	return joined;
};

type Flat = Omit<AllRanges, 'tree'>;

const joinColumns = (read: DetailedTrace, nvidiaRules: boolean): Flat => {
	const {trace, rowId, startEnd} = read;
	const {ranges, names, threads} = trace;
	const projected = projectPushPop(read, nvidiaRules);
	if (startEnd === undefined) {
		const {gpuStartNs, ...gpu} = projected;
		return {
			pushPop: ranges.length,
			columns: {...ranges, ...gpu},
			names,
			threads,
			rowId,
			gpuStartNs,
			endedElsewhere: () => false,
		};
	}

	const more = projectStartEnd(read, startEnd, nvidiaRules);
	return {
		pushPop: ranges.length,
		columns: {
			length: ranges.length + startEnd.length,
			name: joinIndices(ranges.name, startEnd.name, names.length),
			thread: joinIndices(ranges.thread, startEnd.thread),
			startNs: joinNumbers(ranges.startNs, startEnd.startNs),
			endNs: joinNumbers(ranges.endNs, startEnd.endNs),
			gpuSpanNs: joinNumbers(projected.gpuSpanNs, more.gpuSpanNs),
			gpuBusyNs: joinNumbers(projected.gpuBusyNs, more.gpuBusyNs),
			gpuOperations: joinIndices(projected.gpuOperations, more.gpuOperations),
		},
		names: [...names, ...startEnd.names],
		threads: startEnd.threads,
		rowId: joinNumbers(rowId, startEnd.rowId),
		gpuStartNs: joinNumbers(projected.gpuStartNs, more.gpuStartNs),
		endedElsewhere: (range) => startEnd.endedElsewhere[range - ranges.length] === 1,
	};
};

/** Ranges that the tree is made of, in the order of recording: of identical ones the first stands outside. */
const listByRecording = ({rowId, endedElsewhere}: Flat): Uint32Array =>
	ascendingOrder(rowId).filter((range) => !endedElsewhere(range));

const nestAll = (all: Flat): ProjectionTree => {
	const {columns} = all;
	const recorded = listByRecording(all);
	const {order, nested} = nestRanges({
		length: recorded.length,
		thread: pickIndices(columns.thread, recorded),
		open: pickRows(columns.startNs, recorded),
		close: pickRows(columns.endNs, recorded),
	});
	const ranges = order === undefined ? recorded : pickIndices(recorded, order);
	const levels = measureLevels(nested);
	const counts = countChildren(
		nested,
		(place) => Number(columns.gpuOperations[Number(ranges[place])]) > 0,
	);
	const parent = new Int32Array(columns.length).fill(-1);
	const level = new Uint32Array(columns.length);
	const children = new Uint32Array(columns.length);
	for (let place = 0; place < ranges.length; place++) {
		const range = Number(ranges[place]);
		const above = Number(nested.parent[place]);
		parent[range] = above < 0 ? -1 : Number(ranges[above]);
		level[range] = Number(levels[place]);
		children[range] = Number(counts[place]);
	}

	return {parent, level, children};
};

/** @param nvidiaRules whether operations with impossible times have a part in spans (not in busy times), as NVIDIA has it */
export const joinRanges = (read: DetailedTrace, nvidiaRules = false): AllRanges => {
	const all = joinColumns(read, nvidiaRules);
	if (read.startEnd !== undefined) {
		return {...all, tree: nestAll(all)};
	}

	const {ranges} = read.trace;
	const launches = (range: number): boolean => Number(ranges.gpuOperations[range]) > 0;
	return {
		...all,
		tree: {
			parent: ranges.parent,
			level: measureLevels(ranges),
			children: countChildren(ranges, launches),
		},
	};
};
