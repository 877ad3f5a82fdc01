/**
 * Short-lived files of a run, outside its results: each worker's TMPDIR, and the marks by which the launcher follows it.
 *
 *   <system's temporary folder>/nb-XXXXXX/
 *     0/            first worker
 *       pid         the program's process id: it has started
 *       shim        the process id of the shim around it, which leads its session
 *       status      its exit status, as a shell counts: it has ended
 *       progress    batches that have ended, where an annotation library tells
 *       t/          TMPDIR
 */

import {mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {messageOf, systemCodeOf, ToolError} from '../base/errors.ts';

export interface WorkerScratch {
	readonly folder: string;
	/** TMPDIR of nsys and of the program. */
	readonly temporary: string;
	readonly progressFile: string;
}

/** nsys puts sockets below TMPDIR, and a socket's path ends at 107 characters. */
const longestBase = 40;

const temporaryBase = (): string => {
	const base = os.tmpdir();
	return base.length > longestBase ? '/tmp' : base;
};

/** One folder for all workers of a run. @throws ToolError when the disk refuses */
export const createRunScratch = (): string => {
	try {
		return mkdtempSync(path.join(temporaryBase(), 'nb-'));
	} catch (error) {
		throw new ToolError(`no temporary folder can be made: ${messageOf(error)}`, {
			next: 'Make room there, or set TMPDIR to a short path on another disk.',
			cause: error,
		});
	}
};

/** Empty. Made once per worker: what one attempt to start leaves there, clearMarks removes before the next. */
export const createWorkerScratch = (runScratch: string, index: number): WorkerScratch => {
	const folder = path.join(runScratch, String(index));
	const temporary = path.join(folder, 't');
	removeScratch(folder);
	mkdirSync(temporary, {recursive: true});
	return {folder, temporary, progressFile: path.join(folder, 'progress')};
};

/** What one attempt to start has left must not be taken for the next one's. TMPDIR stays as it is. */
export const clearMarks = ({folder, progressFile}: WorkerScratch): void => {
	for (const file of [
		...['pid', 'shim', 'status'].map((n) => path.join(folder, n)),
		progressFile,
	]) {
		rmSync(file, {force: true});
	}
};

export const removeScratch = (folder: string): void => {
	// A process that is being ended may still write: try again where a folder was not empty after all.
	rmSync(folder, {recursive: true, force: true, maxRetries: 5, retryDelay: 50});
};

/** A whole number on a line of its own: a file that is only half written has no line end yet. */
const readNumber = (file: string): number | null => {
	try {
		const line = /^(\d+)\n/.exec(readFileSync(file, 'utf8'));
		return line === null ? null : Number(line[1]);
	} catch (error) {
		if (systemCodeOf(error) === 'ENOENT') {
			return null;
		}

		throw error;
	}
};

/** null until the program has started. */
export const readProgramPid = (scratch: WorkerScratch): number | null =>
	readNumber(path.join(scratch.folder, 'pid'));

/** null until the shim has started. */
export const readShimPid = (scratch: WorkerScratch): number | null =>
	readNumber(path.join(scratch.folder, 'shim'));

/** The program's exit status as a shell counts it, 128 + n for signal n; null until it has ended. */
export const readStatus = (scratch: WorkerScratch): number | null =>
	readNumber(path.join(scratch.folder, 'status'));

/** null where the program does not tell. */
export const readBatches = (scratch: WorkerScratch): number | null => {
	try {
		const count = Number.parseInt(readFileSync(scratch.progressFile, 'utf8'), 10);
		return Number.isNaN(count) ? null : count;
	} catch {
		// Not written yet, or not at all: progress is only a comfort.
		return null;
	}
};
