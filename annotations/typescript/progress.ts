/**
 * Tells the launcher how many batches have ended, through the file that it names. Threads and processes of one worker
 * share the file: each adds what it has not told yet. Node has no file lock, so a count may be lost between two that
 * write at the same instant; it is for the eye only.
 */

import {constants, openSync, readSync, writeSync} from 'node:fs';
import {messageOf} from '../../base/errors.ts';
import {progressFile} from './listeners.ts';

const shortestPauseMs = 100;

class Progress {
	private readonly fd: number;
	private readonly text = Buffer.alloc(32);
	private untold = 0;
	private writtenAtMs = -Infinity;

	constructor(file: string) {
		this.fd = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o644);
		process.once('exit', flushProgress);
	}

	countBatch(): void {
		this.untold++;
		const nowMs = performance.now();
		if (nowMs - this.writtenAtMs >= shortestPauseMs) {
			this.writtenAtMs = nowMs;
			this.flush();
		}
	}

	/** The count only grows, so its text covers the one before: a reader never finds the file empty. */
	flush(): void {
		if (this.untold > 0) {
			const read = readSync(this.fd, this.text, 0, this.text.length, 0);
			const told = Number.parseInt(this.text.toString('latin1', 0, read), 10);
			writeSync(this.fd, `${(Number.isNaN(told) ? 0 : told) + this.untold}\n`, 0);
			this.untold = 0;
		}
	}
}

/** undefined: not looked yet. null: nobody asks, or the file cannot be written. */
let progress: Progress | null | undefined;

const openProgress = (): Progress | null => {
	const file = progressFile();
	return file === undefined ? null : new Progress(file);
};

const giveUp = (error: unknown): void => {
	progress = null;
	process.emitWarning(`the launcher will not see this program's progress: ${messageOf(error)}`, {
		code: 'NSYS_BENCHMARK_PROGRESS',
	});
};

/** A batch has ended. To be called after its range has, so that no batch holds the cost. */
export const countBatch = (): void => {
	try {
		progress = progress === undefined ? openProgress() : progress;
		progress?.countBatch();
	} catch (error) {
		giveUp(error);
	}
};

/** Writes what the pause between writes has held back. */
export const flushProgress = (): void => {
	try {
		progress?.flush();
	} catch (error) {
		giveUp(error);
	}
};
