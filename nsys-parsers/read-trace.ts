/**
 * Reads the SQLite export of an nsys report into a Trace.
 *
 *     export file  >  rows (export-*.ts)  >  columns in order (range-table.ts)
 *                                            + GPU projection (gpu-projection.ts)
 *                                            + the library's marks (annotation-marks.ts)  >  Trace
 *
 * Start/end ranges are no part of a Trace: they belong to no thread's stack. A DetailedTrace has them beside it, if asked.
 */

import type {Trace, TraceThread} from '../schemas/trace.ts';
import {attributeWork} from './attributed-work.ts';
import {explainSqliteError, openExport} from './export-file.ts';
import {contextNear, readExportRanges, requireUsable} from './export-ranges.ts';
import {withRows} from './export-rows.ts';
import {readSessionFacts} from './export-session.ts';
import type {ExportFile} from './export-tables.ts';
import {pickRows} from './fill-column.ts';
import type {GpuOperations} from './gpu-operations.ts';
import {projectOntoGpu} from './gpu-projection.ts';
import {readGpuRowsAhead} from './gpu-rows-ahead.ts';
import type {LaunchingRanges} from './ranges-of-launches.ts';
import type {LaunchCalls} from './launching-ranges.ts';
import {makeTrace} from './make-trace.ts';
import {pidOf} from './nvtx-rows.ts';
import type {NestedRanges} from './range-nesting.ts';
import {arrangeRanges} from './range-table.ts';
import type {CpuColumns} from './range-table.ts';
import type {RowSource} from './row-source.ts';
import {SpareColumns} from './spare-columns.ts';
import {arrangeStartEndRanges} from './start-end-ranges.ts';
import type {StartEndRows} from './start-end-ranges.ts';
import type {TimedOperations} from './timed-operations.ts';
import {readVideoWork} from './video-work.ts';
import type {VideoWork} from './video-work.ts';

export interface ReadTraceOptions {
	/**
	 * Whether a CUDA graph that was traced as a whole counts as one operation; true unless given. NVIDIA's reports up to
	 * 2023.4 leave such graphs out: false gives their numbers.
	 */
	readonly cudaGraphs?: boolean;
	/**
	 * Whether work launched by a thread that has no range open goes to the range that was open on the process's main
	 * annotated thread (attribute-threads.ts); false unless given, as NVIDIA's reports have it.
	 */
	readonly attributeThreads?: boolean;
	/** Whether a DetailedTrace is to have start/end ranges; false unless given. */
	readonly startEndRanges?: boolean;
	/** Called with the CPU side, while the GPU side of a large export is still being read on another core. */
	readonly onRanges?: (cpu: CpuSide) => void;
}

/** What a Trace has before anything is known of GPUs. */
export interface CpuSide {
	readonly ranges: CpuColumns;
	readonly names: readonly string[];
}

/** A Trace with what results need not know: what NVIDIA's reports and timelines tell besides. */
export interface DetailedTrace {
	readonly trace: Trace;
	/** RangeId: the rowid in NVTX_EVENTS. */
	readonly rowId: Float64Array;
	/** Start of the first GPU operation, since the origin; 0 where there is none. */
	readonly gpuStartNs: Float64Array;
	/** The origin in the file's own times, ns. */
	readonly baseNs: bigint;
	/** What ran on the GPUs; times since the origin. */
	readonly operations: GpuOperations;
	readonly timed: TimedOperations;
	/** How operations belong to ranges: what a detailed report starts from. */
	readonly nested: NestedRanges;
	readonly launching: LaunchingRanges;
	readonly calls: LaunchCalls;
	/** By number of a thread in `nested`: its process. */
	readonly processes: Float64Array;
	/** By the same number. Some have no range, only calls. */
	readonly threads: readonly TraceThread[];
	/** Of the video engines; no operations. */
	readonly video: VideoWork;
	/** Undefined where there are none, or nobody asked for them. */
	readonly startEnd: StartEndRows | undefined;
	/** How many there are. */
	readonly startEndRanges: number;
}

/** The rows themselves are let go of: no one needs the ranges in both orders. */
const readInOrder = (spare: SpareColumns, ...given: Parameters<typeof readExportRanges>) => {
	const {rows, ...ranges} = readExportRanges(...given);
	const threads = ranges.threads.list(pidOf);
	return {ranges, table: arrangeRanges({...rows, threads}, spare)};
};

/** @param details whether more than the Trace is wanted: rowids and calls are empty otherwise */
const readFrom = (
	from: ExportFile,
	source: RowSource,
	options: Required<ReadTraceOptions>,
	details: boolean,
): DetailedTrace => {
	requireUsable(from);
	const facts = readSessionFacts(from);
	const near = contextNear(from, facts);
	const zeroNs = Number(facts.shiftNs - near.baseNs);
	using ahead = readGpuRowsAhead(from, source, near, {cudaGraphs: options.cudaGraphs, zeroNs});
	const spare = new SpareColumns();
	const {ranges, table} = readInOrder(spare, from, source, facts, near, details);
	options.onRanges({ranges: table.columns, names: table.names});
	const {attributeThreads} = options;
	const {mended = []} = source;
	const attributed = attributeWork(ahead, ranges, table, {attributeThreads, calls: details}, spare);
	const projected = projectOntoGpu(
		table.nested,
		attributed.launching,
		attributed.operations,
		attributed.timed,
		spare,
	);
	const startEnd =
		options.startEndRanges && ranges.startEnd.startNs.length > 0
			? arrangeStartEndRanges(from.file, ranges, {...table, rank: attributed.rank})
			: undefined;
	const video = readVideoWork(from, source, ranges.context);
	return {
		...attributed,
		trace: makeTrace({from, ranges, table, attributed, video, startEnd, mended}, projected),
		rowId: table.row && details ? pickRows(ranges.rowId, table.row) : ranges.rowId,
		gpuStartNs: projected.firstStartNs,
		baseNs: ranges.session.baseNs,
		nested: table.nested,
		video,
		startEnd,
		startEndRanges: ranges.startEnd.startNs.length,
	};
};

const readFile = <Result>(
	file: string,
	options: ReadTraceOptions,
	details: boolean,
	finish: (read: DetailedTrace) => Result,
): Result => {
	using from = openExport(file);
	try {
		const all = {
			cudaGraphs: options.cudaGraphs ?? true,
			attributeThreads: options.attributeThreads ?? false,
			startEndRanges: options.startEndRanges ?? false,
			onRanges: options.onRanges ?? (() => undefined),
		};
		return withRows(from, (source) => finish(readFrom(from, source, all, details)));
	} catch (error) {
		throw explainSqliteError(file, error);
	}
};

/** @throws UserError when the file is missing, unreadable, damaged, or no nsys export */
export const readDetailedTrace = (file: string, options: ReadTraceOptions = {}): DetailedTrace =>
	readFile(file, options, true, (read) => read);

/**
 * The Trace, and how many start/end ranges it leaves out. Takes less memory than a DetailedTrace.
 * @throws UserError when the file is missing, unreadable, damaged, or no nsys export
 */
export const readCountedTrace = (
	file: string,
	options: ReadTraceOptions = {},
): Pick<DetailedTrace, 'trace' | 'startEndRanges'> =>
	readFile(file, options, false, ({trace, startEndRanges}) => ({trace, startEndRanges}));

/** @throws UserError when the file is missing, unreadable, damaged, or no nsys export */
export const readTrace = (file: string, options: ReadTraceOptions = {}): Trace =>
	readCountedTrace(file, options).trace;
