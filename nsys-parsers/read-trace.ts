/**
 * Reads the SQLite export of an nsys report into a Trace.
 *
 *     export file  >  rows (export-*.ts)  >  columns in order (range-table.ts)
 *                                            + GPU projection (gpu-projection.ts)
 *                                            + the library's marks (annotation-marks.ts)  >  Trace
 *
 * Start/end ranges take no part: they belong to no thread's stack.
 */

import type {AnnotationMeta, Trace} from '../schemas/trace.ts';
import {attachMarks} from './annotation-marks.ts';
import type {PlacedMark} from './annotation-marks.ts';
import {explainSqliteError, openExport} from './export-file.ts';
import {readGpuWork} from './export-gpu-work.ts';
import {readExportRanges} from './export-ranges.ts';
import {readSessionFacts} from './export-session.ts';
import type {ExportFile} from './export-tables.ts';
import {readRows} from './export-tables.ts';
import {pickRows} from './fill-column.ts';
import type {GpuOperations} from './gpu-operations.ts';
import {orderOperations, projectOntoGpu} from './gpu-projection.ts';
import type {TimedOperations} from './gpu-projection.ts';
import {summarizeGpuWork} from './gpu-work.ts';
import {findLaunchingRanges} from './launching-ranges.ts';
import type {LaunchCalls} from './launching-ranges.ts';
import {readLibraryMarks} from './library-marks.ts';
import type {ExportMark} from './library-marks.ts';
import {pidOf} from './nvtx-rows.ts';
import {diagnostics} from './queries/diagnostics.ts';
import {arrangeRanges, countRanges} from './range-table.ts';
import type {ThreadNumbers} from './range-table.ts';
import {withRows} from './row-source.ts';
import type {RowSource} from './row-source.ts';
import {warnOfDiagnostics, warnOfGpuWork, warnOfOldExport, warnOfRanges} from './trace-warnings.ts';

export interface ReadTraceOptions {
	/**
	 * Whether a CUDA graph that was traced as a whole counts as one operation; true unless given. NVIDIA's reports up to
	 * 2023.4 leave such graphs out: false gives their numbers.
	 */
	readonly cudaGraphs?: boolean;
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
}

const metasOf = (marks: readonly ExportMark[]): AnnotationMeta[] =>
	marks.flatMap(({process, mark}) =>
		'meta' in mark ? [{pid: pidOf(process), meta: mark.meta}] : [],
	);

/** Marks by the threads of the ranges; those that speak of a process, not of a range, are left out. */
const placeMarks = (
	marks: readonly ExportMark[],
	threads: ThreadNumbers,
	rank: Uint32Array,
): PlacedMark[] =>
	marks
		.filter(({mark}) => !('meta' in mark))
		.map(({process, tid, at, mark}) => ({
			thread: rank[threads.find(process, tid)] ?? -1,
			at,
			mark,
		}));

const rankCalls = (calls: LaunchCalls, rank: Uint32Array): LaunchCalls => ({
	...calls,
	thread: calls.thread.map((thread) => Number(rank[thread])),
});

/** By rank: the thread's process. */
const processesByRank = (threads: ThreadNumbers, rank: Uint32Array): Float64Array => {
	const processes = new Float64Array(rank.length);
	for (const [thread, place] of rank.entries()) {
		processes[place] = threads.processOf(thread);
	}

	return processes;
};

const readFrom = (
	from: ExportFile,
	source: RowSource,
	options: Required<ReadTraceOptions>,
): DetailedTrace => {
	const ranges = readExportRanges(from, source, readSessionFacts(from));
	const {session, threads, context} = ranges;
	const gpu = readGpuWork(from, source, context, threads, options);
	const table = arrangeRanges({...ranges.rows, threads: threads.list(pidOf)});
	const {nested, rank} = table;
	const calls = rankCalls(gpu.calls, rank);
	const launching = findLaunchingRanges(nested, calls, gpu.launches);
	const timed = orderOperations(gpu.operations, session.zeroNs);
	const projected = projectOntoGpu(nested, launching, gpu.operations, timed);
	const processes = processesByRank(threads, rank);
	const work = summarizeGpuWork(nested, launching, calls, gpu.operations, timed, (thread) =>
		Number(processes[thread]),
	);
	const {marks, malformed} = readLibraryMarks(from, session.baseNs, ranges.labels);
	const {notes, homeless} = attachMarks(nested, placeMarks(marks, threads, rank));
	const trace: Trace = {
		source: from.file,
		tool: {kind: 'nsys', schemaVersion: session.schemaVersion},
		originUnixNs: session.originUnixNs,
		threads: table.threads,
		names: table.names,
		ranges: {
			...table.columns,
			gpuSpanNs: projected.spanNs,
			gpuBusyNs: projected.busyNs,
			gpuOperations: projected.launches,
		},
		notes,
		metas: metasOf(marks),
		hasGpuWork: gpu.operations.length > 0,
		warnings: [
			...warnOfRanges({
				...countRanges(table.columns),
				withoutEnd: ranges.withoutEnd,
				reversed: ranges.reversed,
				identical: table.identical,
				malformedMarks: malformed,
				homelessMarks: homeless,
			}),
			...warnOfGpuWork(work),
			...warnOfOldExport(gpu.lacking),
			...warnOfDiagnostics(readRows(from, diagnostics)),
		],
	};
	return {
		trace,
		rowId: table.row === undefined ? ranges.rowId : pickRows(ranges.rowId, table.row),
		gpuStartNs: projected.firstStartNs,
		baseNs: session.baseNs,
		operations: gpu.operations,
		timed,
	};
};

/** @throws UserError when the file is missing, unreadable, damaged, or no nsys export */
export const readDetailedTrace = (file: string, options: ReadTraceOptions = {}): DetailedTrace => {
	using from = openExport(file);
	try {
		return withRows(from, (source) =>
			readFrom(from, source, {cudaGraphs: options.cudaGraphs ?? true}),
		);
	} catch (error) {
		throw explainSqliteError(file, error);
	}
};

/** @throws UserError when the file is missing, unreadable, damaged, or no nsys export */
export const readTrace = (file: string, options: ReadTraceOptions = {}): Trace =>
	readDetailedTrace(file, options).trace;
