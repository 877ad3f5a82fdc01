/** A Trace of what was found in an export. */

import type {Trace} from '../schemas/trace.ts';
import {attachMarks} from './annotation-marks.ts';
import type {PlacedMark} from './annotation-marks.ts';
import type {AttributedWork} from './attributed-work.ts';
import type {RangeFacts} from './export-ranges.ts';
import type {ExportFile} from './export-tables.ts';
import {readRows} from './export-tables.ts';
import {listLackingGpuColumns} from './gpu-rows.ts';
import type {RangeGpuColumns} from './gpu-projection.ts';
import {listMetas, readLibraryMarks} from './library-marks.ts';
import type {ExportMark} from './library-marks.ts';
import {pidOf} from './nvtx-rows.ts';
import {diagnostics} from './queries/diagnostics.ts';
import {countRanges} from './range-table.ts';
import type {RangeTable} from './range-table.ts';
import type {ThreadNumbers} from './thread-numbers.ts';
import {placeStartWaits, speaksOfRange} from './start-waits.ts';
import type {StartEndRows} from './start-end-ranges.ts';
import {warnOfDiagnostics, warnOfGpuWork, warnOfOldExport, warnOfRanges} from './trace-warnings.ts';
import {warnOfVideoWork} from './video-work.ts';
import type {VideoWork} from './video-work.ts';

/** Marks by the threads of the ranges; those that speak of a process, not of a range, are left out. */
const placeMarks = (
	marks: readonly ExportMark[],
	threads: ThreadNumbers,
	rank: Uint32Array,
): PlacedMark[] =>
	marks.filter(speaksOfRange).map(({process, tid, at, mark}) => ({
		thread: rank[threads.find(process, tid)] ?? -1,
		at,
		mark,
	}));

/** What is known of an export when all of it is read. */
export interface Findings {
	readonly from: ExportFile;
	readonly ranges: RangeFacts;
	readonly table: RangeTable;
	readonly attributed: AttributedWork;
	readonly video: VideoWork;
	readonly startEnd: StartEndRows | undefined;
	/** "TABLE.column" that the export lacks and that was made up for. */
	readonly mended: readonly string[];
}

/** The ranges' own columns, what the library noted, and what a reader must know of them. */
export const makeTrace = (found: Findings, projected: RangeGpuColumns): Trace => {
	const {from, ranges, table, attributed} = found;
	const {marks, malformed} = readLibraryMarks(from, ranges.session.baseNs, ranges.labels);
	const placed = placeMarks(marks, ranges.threads, attributed.rank);
	const {notes, homeless} = attachMarks(table.nested, placed);
	return {
		source: from.file,
		tool: {kind: 'nsys', schemaVersion: ranges.session.schemaVersion},
		originUnixNs: ranges.session.originUnixNs,
		threads: table.threads,
		names: table.names,
		ranges: {
			...table.columns,
			gpuSpanNs: projected.spanNs,
			gpuBusyNs: projected.busyNs,
			gpuOperations: projected.launches,
		},
		notes,
		metas: listMetas(marks),
		waits: placeStartWaits(
			marks.map(({process, tid, at, mark}) => ({pid: pidOf(process), tid, atNs: at, mark})),
			table.threads,
			table.columns,
			{operations: attributed.operations, projected},
		),
		hasGpuWork: attributed.operations.length > 0,
		warnings: [
			...warnOfRanges({
				...countRanges(table.columns),
				withoutEnd: ranges.withoutEnd,
				reversed: ranges.reversed,
				identical: table.identical,
				malformedMarks: malformed,
				homelessMarks: homeless,
			}),
			...(found.startEnd?.warnings ?? []),
			...warnOfGpuWork(attributed.work),
			...warnOfVideoWork(found.video),
			...warnOfOldExport(
				listLackingGpuColumns(from).filter((column) => !found.mended.includes(column)),
			),
			...warnOfDiagnostics(readRows(from, diagnostics)),
		],
	};
};
