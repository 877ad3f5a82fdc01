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
import type {ExportFile} from './export-tables.ts';
import {readGpuWork} from './export-gpu-work.ts';
import {readExportRanges} from './export-ranges.ts';
import type {ExportMark} from './export-ranges.ts';
import {readSession} from './export-session.ts';
import {readRows} from './export-tables.ts';
import {pickRows} from './fill-column.ts';
import {projectOntoGpu} from './gpu-projection.ts';
import {diagnostics} from './queries/diagnostics.ts';
import {pidOf} from './range-names.ts';
import {arrangeRanges, countRanges} from './range-table.ts';
import {warnOfDiagnostics, warnOfGpuWork, warnOfOldExport, warnOfRanges} from './trace-warnings.ts';

export interface ReadTraceOptions {
	/**
	 * Whether a CUDA graph that was traced as a whole counts as one operation; true unless given. NVIDIA's reports up to
	 * 2023.4 leave such graphs out: false gives their numbers.
	 */
	readonly cudaGraphs?: boolean;
}

/** A Trace with what only a comparison with NVIDIA's reports needs, by range. */
export interface DetailedTrace {
	readonly trace: Trace;
	/** RangeId: the rowid in NVTX_EVENTS. */
	readonly rowId: Float64Array;
	/** Start of the first GPU operation, since the origin; 0 where there is none. */
	readonly gpuStartNs: Float64Array;
	/** The origin in the file's own times, ns. */
	readonly baseNs: bigint;
}

const metasOf = (marks: readonly ExportMark[]): AnnotationMeta[] =>
	marks.flatMap(({process, mark}) =>
		'meta' in mark ? [{pid: pidOf(process), meta: mark.meta}] : [],
	);

/** Marks by the threads of the Trace; those that speak of a process, not of a range, are left out. */
const placeMarks = (
	marks: readonly ExportMark[],
	findThread: (process: number, tid: number) => number,
): PlacedMark[] =>
	marks
		.filter(({mark}) => !('meta' in mark))
		.map(({process, tid, at, mark}) => ({thread: findThread(process, tid), at, mark}));

const readFrom = (from: ExportFile, options: Required<ReadTraceOptions>): DetailedTrace => {
	const session = readSession(from);
	const {rows, rowId, findThread, marks, ...odd} = readExportRanges(from, session);
	const {threads, names, columns, points, row, threadOfGiven, identical} = arrangeRanges(rows);
	const findPlaced = (process: number, tid: number): number =>
		threadOfGiven[findThread(process, tid)] ?? -1;
	const gpu = readGpuWork(from, session.baseNs, options, findPlaced);
	const projection = projectOntoGpu(points, gpu.calls, gpu.operations, session.zeroNs);
	const {notes, homeless} = attachMarks(points, placeMarks(marks, findPlaced));
	const {firstStartNs, spanNs, busyNs, operations} = projection.ranges;
	const trace: Trace = {
		source: from.file,
		tool: {kind: 'nsys', schemaVersion: session.schemaVersion},
		originUnixNs: session.originUnixNs,
		threads,
		names,
		ranges: {...columns, gpuSpanNs: spanNs, gpuBusyNs: busyNs, gpuOperations: operations},
		notes,
		metas: metasOf(marks),
		hasGpuWork: gpu.operations.length > 0,
		warnings: [
			...warnOfRanges({...odd, ...countRanges(columns), identical, homelessMarks: homeless}),
			...warnOfGpuWork(projection.work, gpu.graphNs),
			...warnOfOldExport(gpu.lacking),
			...warnOfDiagnostics(readRows(from, diagnostics)),
		],
	};
	return {trace, rowId: pickRows(rowId, row), gpuStartNs: firstStartNs, baseNs: session.baseNs};
};

/** @throws UserError when the file is missing, unreadable, damaged, or no nsys export */
export const readDetailedTrace = (file: string, options: ReadTraceOptions = {}): DetailedTrace => {
	using from = openExport(file);
	try {
		return readFrom(from, {cudaGraphs: options.cudaGraphs ?? true});
	} catch (error) {
		throw explainSqliteError(file, error);
	}
};

/** @throws UserError when the file is missing, unreadable, damaged, or no nsys export */
export const readTrace = (file: string, options: ReadTraceOptions = {}): Trace =>
	readDetailedTrace(file, options).trace;
