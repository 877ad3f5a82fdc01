/**
 * Reads the built-in profiler's recording, a folder with one file per process, into a Trace.
 *
 * Each file counts its times from an origin of its own on the machine's monotonic clock; the earliest of these becomes
 * the origin of the Trace.
 */

import {readdirSync} from 'node:fs';
import path from 'node:path';
import {messageOf, UserError} from '../base/errors.ts';
import {recordingFilePattern} from '../schemas/recording.ts';
import type {AnnotationMeta, Trace} from '../schemas/trace.ts';
import type {Warning} from '../schemas/warning.ts';
import {attachMarks, parseMark} from './annotation-marks.ts';
import type {PlacedMark} from './annotation-marks.ts';
import {unnamed} from './range-names.ts';
import {arrangeRanges, countRanges} from './range-table.ts';
import type {RangeRows} from './range-table.ts';
import {readRecordingFile} from './recording-file.ts';
import type {RecordedMark, RecordedProcess, RecordedRange} from './recording-file.ts';
import {placeStartWaits, speaksOfRange} from './start-waits.ts';
import {about, warnOfRanges, were} from './trace-warnings.ts';
import {Texts} from './texts.ts';
import {ThreadNumbers} from './thread-numbers.ts';

/** A process on the common clock. */
interface PlacedProcess extends RecordedProcess {
	/** From the trace's origin to this process's, ns. */
	readonly offsetNs: number;
	/** Added to line numbers, so that they differ between files. */
	readonly firstLine: number;
}

const listFiles = (folder: string): string[] => {
	try {
		return readdirSync(folder)
			.filter((name) => recordingFilePattern.test(name))
			.sort()
			.map((name) => path.join(folder, name));
	} catch (error) {
		throw new UserError(`the recording ${folder} cannot be read: ${messageOf(error)}`, {
			cause: error,
		});
	}
};

const originOf = ({header}: RecordedProcess): bigint => BigInt(header.originMonotonicNs);

/** By origin: the first one is the trace's. */
const placeProcesses = (processes: readonly RecordedProcess[]): PlacedProcess[] => {
	const ordered = processes.toSorted((a, b) => Number(originOf(a) - originOf(b)));
	let firstLine = 0;
	return ordered.map((process) => {
		const first = ordered[0] ?? process;
		const placed = {
			...process,
			offsetNs: Number(originOf(process) - originOf(first)),
			firstLine,
		};
		firstLine += process.lines + 1;
		return placed;
	});
};

interface PlacedRange {
	readonly range: RecordedRange;
	readonly process: PlacedProcess;
}

const nameOf = ({name, domain}: RecordedRange): string =>
	`${domain === null ? '' : `${domain}:`}${name === '' ? unnamed : name}`;

/** An open range ends with its file: at its last time, behind its last line. */
const endOf = ({range, process}: PlacedRange): number => range.endNs ?? process.lastNs;

const closeLineOf = ({range, process}: PlacedRange): number =>
	process.firstLine + (range.endNs === null ? process.lines + 1 : range.closeLine);

const tabulate = (placed: readonly PlacedRange[], threads: ThreadNumbers): RangeRows => {
	const names = new Texts();
	const column = (value: (placed: PlacedRange) => number): Float64Array =>
		Float64Array.from(placed, value);
	const thread = Uint32Array.from(placed, ({range: {tid}, process: {header}}) =>
		threads.intern(header.pid, tid),
	);
	return {
		length: placed.length,
		thread,
		threads: threads.list((pid) => pid),
		name: Uint32Array.from(placed, ({range}) => names.internText(nameOf(range))),
		names: names.size,
		nameAt: (name) => names.textAt(name),
		startNs: column(({range, process}) => process.offsetNs + range.startNs),
		endNs: column(({process, ...one}) => process.offsetNs + endOf({process, ...one})),
		unfinished: Uint8Array.from(placed, ({range}) => (range.endNs === null ? 1 : 0)),
		nestBy: {
			open: column(({range, process}) => process.firstLine + range.openLine),
			close: column(closeLineOf),
		},
	};
};

interface ProcessMark extends PlacedMark {
	readonly pid: number;
	readonly tid: number;
	/** On the common clock. */
	readonly atNs: number;
}

interface SortedMarks {
	/** In order of time. */
	readonly placed: readonly ProcessMark[];
	readonly malformed: readonly string[];
}

const sortMarks = (
	processes: readonly PlacedProcess[],
	findThread: (pid: number, tid: number) => number,
): SortedMarks => {
	const placed: ProcessMark[] = [];
	const malformed: string[] = [];
	const place = (recorded: RecordedMark, process: PlacedProcess): void => {
		const {pid} = process.header;
		const parsed = parseMark(recorded.text);
		if (parsed.ok) {
			placed.push({
				thread: findThread(pid, recorded.tid),
				at: process.firstLine + recorded.line,
				atNs: process.offsetNs + recorded.atNs,
				mark: parsed.mark,
				pid,
				tid: recorded.tid,
			});
		} else {
			malformed.push(parsed.problem);
		}
	};

	for (const process of processes) {
		for (const mark of process.marks) {
			place(mark, process);
		}
	}

	return {placed: placed.sort((a, b) => a.atNs - b.atNs || a.at - b.at), malformed};
};

const metasOf = ({placed}: SortedMarks): AnnotationMeta[] =>
	placed.flatMap(({pid, mark}) => ('meta' in mark ? [{pid, meta: mark.meta}] : []));

const warnOfFiles = (processes: readonly RecordedProcess[], unstarted: number): Warning[] => {
	const damaged = processes.reduce((sum, process) => sum + process.damaged, 0);
	const cutShort = processes.filter((process) => process.cutShort).length + unstarted;
	return [
		...about(
			damaged,
			'damaged-recording',
			() => `${were(damaged, 'line')} not understood in the recording and left out.`,
		),
		...about(
			cutShort,
			'recording-cut-short',
			() => `${were(cutShort, 'last line')} cut short when a process died: what it said is lost.`,
		),
	];
};

const originUnixNs = (first: PlacedProcess | undefined): bigint | null =>
	first === undefined ? null : BigInt(first.header.originUnixNs);

/** A recording sees no GPU. */
const withoutGpu = (length: number) => ({
	gpuSpanNs: new Float64Array(length),
	gpuBusyNs: new Float64Array(length),
	gpuOperations: new Uint32Array(length),
});

/** @throws UserError when the folder cannot be read or a file in it is no recording */
export const readRecording = (folder: string): Trace => {
	const files = listFiles(folder).map(readRecordingFile);
	const recorded = files.filter((process) => process !== undefined);
	const processes = placeProcesses(recorded);
	const threads = new ThreadNumbers();
	const rows = tabulate(
		processes.flatMap((process) => process.ranges.map((range) => ({range, process}))),
		threads,
	);
	const {columns, nested, rank, ...table} = arrangeRanges(rows);
	const marks = sortMarks(processes, (pid, tid) => rank[threads.find(pid, tid)] ?? -1);
	const marked = attachMarks(nested, marks.placed.filter(speaksOfRange));
	return {
		source: folder,
		tool: {kind: 'builtin', library: processes[0]?.header.library ?? 'unknown'},
		originUnixNs: originUnixNs(processes[0]),
		threads: table.threads,
		names: table.names,
		ranges: {...columns, ...withoutGpu(rows.length)},
		notes: marked.notes,
		metas: metasOf(marks),
		waits: placeStartWaits(marks.placed, table.threads, columns, null),
		hasGpuWork: false,
		warnings: [
			...warnOfRanges({
				...countRanges(columns),
				withoutEnd: 0,
				reversed: 0,
				identical: 0,
				malformedMarks: marks.malformed,
				homelessMarks: marked.homeless,
			}),
			...warnOfFiles(recorded, files.length - recorded.length),
		],
	};
};
