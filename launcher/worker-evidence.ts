/** What a worker has left, looked at once it is over. */

import {existsSync, readdirSync, statSync, statfsSync} from 'node:fs';
import path from 'node:path';
import {recordingFilePattern} from '../schemas/recording.ts';
import {workerFiles} from '../schemas/run-files.ts';
import {readLogTail} from './log-tail.ts';
import {rescueReport} from './rescue-report.ts';
import type {Ending} from './spawn-worker.ts';
import {readStatus} from './worker-scratch.ts';
import type {WorkerTask} from './worker-task.ts';

export interface WorkerEvidence {
	/** "report.nsys-rep", "recording", or null. */
	readonly report: string | null;
	/** Why what was recorded could not be made a report; null where it was not tried or went well. */
	readonly importFailure: string | null;
	/** The program's exit status as a shell counts it; null where nobody could tell. */
	readonly status: number | null;
	/** How nsys, or the shim alone, ended; null where it would not. */
	readonly ending: Ending | null;
	readonly diskFull: boolean;
	readonly stderrTail: string;
	readonly profilerTail: string;
}

/** Below this nothing of use can be written. */
const fullBytes = 65_536;

const isFull = (folder: string): boolean => {
	const {bavail, bsize} = statfsSync(folder);
	return bavail * bsize < fullBytes;
};

const hasContent = (file: string): boolean =>
	(statSync(file, {throwIfNoEntry: false})?.size ?? 0) > 0;

const hasRecording = (folder: string): boolean =>
	existsSync(folder) && readdirSync(folder).some((name) => recordingFilePattern.test(name));

const findReport = ({folder, profiler}: WorkerTask): string | null => {
	const name = profiler.kind === 'nsys' ? workerFiles.report : workerFiles.recording;
	const file = path.join(folder, name);
	return (profiler.kind === 'nsys' ? hasContent(file) : hasRecording(file)) ? name : null;
};

/** Rescues the report where that is needed: it needs the room in TMPDIR and in the folder. */
const importFailureOf = async (task: WorkerTask): Promise<string | null> => {
	const {profiler, folder, scratch, token, stop, timings} = task;
	if (profiler.kind !== 'nsys') {
		return null;
	}

	const rescue = await rescueReport({
		nsys: profiler.path,
		folder,
		temporary: scratch.temporary,
		token,
		stop,
		hangMs: timings.hangMs,
	});
	return rescue.kind === 'failed' ? rescue.message : null;
};

export const collectEvidence = async (
	task: WorkerTask,
	ending: Ending | null,
): Promise<WorkerEvidence> => {
	const {folder, scratch, stop} = task;
	// Ended at once means that nobody wants to wait for an import.
	const wasFull = isFull(folder) || isFull(scratch.temporary);
	const importFailure =
		findReport(task) === null && stop.level !== 'at-once' ? await importFailureOf(task) : null;
	const stderrTail = readLogTail(path.join(folder, workerFiles.stderr));
	const profilerTail = readLogTail(path.join(folder, workerFiles.nsysLog));
	return {
		report: findReport(task),
		importFailure,
		status: readStatus(scratch),
		ending,
		diskFull:
			wasFull ||
			/no space left on device|disk quota exceeded/i.test(
				[profilerTail, stderrTail, importFailure].join('\n'),
			),
		stderrTail,
		profilerTail,
	};
};
