/**
 * The built-in profiler of this thread: ranges and marks as lines of `recording-<pid>.jsonl`, whose format
 * schemas/recording.ts defines. The process's threads append to one file, each line with a single write.
 *
 * A range's start is taken after its line is written, and its end before the next one is: neither holds the recorder's
 * own work.
 */

import {constants, mkdirSync, openSync, writeSync} from 'node:fs';
import path from 'node:path';
import {getEnvironmentData, isMainThread, setEnvironmentData} from 'node:worker_threads';
import {messageOf, systemCodeOf} from '../../base/errors.ts';
import {packageVersion} from './package-version.ts';
import {readThreadId} from './thread-id.ts';

/** A file with its header. All threads count their times from the same origin. */
interface RecordingFile {
	readonly file: string;
	readonly originMonotonicNs: bigint;
}

/** Under this name the main thread leaves its file for worker threads that start later. Without it they make their own. */
const sharedFile = 'nsys-benchmark: recording of this process';

const appending = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;

/** A process can become another program under its old id, and ids come round again: never mix two in one file. */
const createFile = (folder: string): {file: string; fd: number} => {
	mkdirSync(folder, {recursive: true});
	for (let again = 0; ; again++) {
		const suffix = again === 0 ? '' : `-${again}`;
		const file = path.join(folder, `recording-${process.pid}${suffix}.jsonl`);
		try {
			return {file, fd: openSync(file, appending | constants.O_EXCL, 0o644)};
		} catch (error) {
			if (systemCodeOf(error) !== 'EEXIST') {
				throw error;
			}
		}
	}
};

const headerLine = (originMonotonicNs: bigint): string => {
	const header = {
		formatVersion: 1,
		pid: process.pid,
		library: `nsys-benchmark ${packageVersion()} (Node ${process.versions.node})`,
		originMonotonicNs: String(originMonotonicNs),
		originUnixNs: String(BigInt(Date.now()) * 1_000_000n),
	};
	return `${JSON.stringify(['header', header])}\n`;
};

const startFile = (folder: string): RecordingFile & {readonly fd: number} => {
	const {file, fd} = createFile(folder);
	const originMonotonicNs = process.hrtime.bigint();
	writeSync(fd, headerLine(originMonotonicNs));
	if (isMainThread) {
		setEnvironmentData(sharedFile, {file, originMonotonicNs});
	}

	return {file, fd, originMonotonicNs};
};

const joinFile = (folder: string): (RecordingFile & {readonly fd: number}) | undefined => {
	const shared = getEnvironmentData(sharedFile) as unknown as RecordingFile | undefined;
	return shared !== undefined && path.dirname(shared.file) === path.normalize(folder)
		? {...shared, fd: openSync(shared.file, appending, 0o644)}
		: undefined;
};

export class Recorder {
	private readonly file: string;
	private readonly origin: bigint;
	private readonly tid = readThreadId();
	private readonly starts: number[] = [];
	/** undefined once the disk has refused a line. */
	private fd: number | undefined;

	/** @throws Error when the file cannot be created in the folder */
	constructor(folder: string) {
		const started = joinFile(folder) ?? startFile(folder);
		this.file = started.file;
		this.fd = started.fd;
		this.origin = started.originMonotonicNs;
	}

	/** Opens a range; the notes are marks that speak of it. */
	open(name: string, domain: string | undefined, notes: readonly string[]): void {
		const label = `${JSON.stringify(name)},${JSON.stringify(domain ?? null)}`;
		this.write(`["open",${this.tid},${this.now()},${label}]\n`);
		const start = this.now();
		this.starts.push(start);
		this.writeMarks(start, notes);
	}

	/** Ends the innermost range. Without one: nothing, as NVTX does. */
	close(notes: readonly string[]): void {
		const end = this.now();
		const start = this.starts.pop();
		if (start !== undefined) {
			this.writeMarks(end, notes);
			this.write(`["close",${this.tid},${start},${end}]\n`);
		}
	}

	mark(text: string): void {
		this.writeMarks(this.now(), [text]);
	}

	private writeMarks(at: number, texts: readonly string[]): void {
		for (const text of texts) {
			this.write(`["mark",${this.tid},${at},${JSON.stringify(text)}]\n`);
		}
	}

	private now(): number {
		return Number(process.hrtime.bigint() - this.origin);
	}

	/** A line that is cut short would spoil the next one: the first refusal ends the recording, not the program. */
	private write(line: string): void {
		if (this.fd === undefined) {
			return;
		}

		try {
			if (writeSync(this.fd, line) < line.length) {
				this.stop('the disk took only a part of a line');
			}
		} catch (error) {
			this.stop(messageOf(error));
		}
	}

	private stop(reason: string): void {
		this.fd = undefined;
		process.emitWarning(`recording into ${this.file} has stopped: ${reason}`, {
			code: 'NSYS_BENCHMARK_RECORDING',
		});
	}
}
