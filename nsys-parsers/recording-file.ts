/**
 * Reads one file of a built-in recording (schemas/recording.ts), line by line: it can be larger than the longest string
 * that JavaScript can hold.
 */

import {closeSync, openSync, readSync} from 'node:fs';
import {messageOf, UserError} from '../base/errors.ts';
import {RecordingLine} from '../schemas/recording.ts';
import type {RecordingHeader} from '../schemas/recording.ts';
import type * as z from 'zod';

const chunkBytes = 1 << 20;
const newline = 0x0a;

interface TextLine {
	readonly text: string;
	/** Whether its end was written: a crash can cut the last line short. */
	readonly complete: boolean;
}

/** Lines of a file, decoded one at a time, so that no chunk's edge can split a character. */
function* readLines(file: string): Generator<TextLine> {
	const descriptor = openSync(file, 'r');
	try {
		let rest = Buffer.alloc(0);
		for (;;) {
			const chunk = Buffer.alloc(chunkBytes);
			const read = readSync(descriptor, chunk, 0, chunkBytes, null);
			if (read === 0) {
				break;
			}

			const bytes = Buffer.concat([rest, chunk.subarray(0, read)]);
			let from = 0;
			for (let to = bytes.indexOf(newline); to >= 0; to = bytes.indexOf(newline, from)) {
				yield {text: bytes.toString('utf8', from, to), complete: true};
				from = to + 1;
			}

			rest = bytes.subarray(from);
		}

		if (rest.length > 0) {
			yield {text: rest.toString('utf8'), complete: false};
		}
	} finally {
		closeSync(descriptor);
	}
}

const parseLine = (text: string): RecordingLine | undefined => {
	try {
		return RecordingLine.safeParse(JSON.parse(text)).data;
	} catch {
		return undefined;
	}
};

export interface RecordedRange {
	readonly tid: number;
	readonly name: string;
	readonly domain: string | null;
	startNs: number;
	/** null while it is open. */
	endNs: number | null;
	/** Line numbers: they tell more exactly than times what stands in what. */
	readonly openLine: number;
	closeLine: number;
}

export interface RecordedMark {
	readonly tid: number;
	readonly line: number;
	readonly atNs: number;
	readonly text: string;
}

export interface RecordedProcess {
	readonly header: z.infer<typeof RecordingHeader>;
	/** In the order in which they were opened. Times count from the header's origin. */
	readonly ranges: readonly RecordedRange[];
	readonly marks: readonly RecordedMark[];
	/** The last time in the file, since the header's origin. */
	readonly lastNs: number;
	readonly lines: number;
	/** Lines in the midst of the file that are none, and closings of nothing. */
	readonly damaged: number;
	readonly cutShort: boolean;
}

type Entry = Exclude<RecordingLine, ['header', unknown]>;

/** A process as far as its lines have been read. */
interface Progress {
	/** By thread: the open ranges, the innermost last. */
	readonly open: Map<number, RecordedRange[]>;
	readonly ranges: RecordedRange[];
	readonly marks: RecordedMark[];
	lastNs: number;
}

const openRange = (
	progress: Progress,
	[, tid, startNs, name, domain]: Extract<Entry, ['open', ...unknown[]]>,
	line: number,
): void => {
	const range = {tid, name, domain, startNs, endNs: null, openLine: line, closeLine: Infinity};
	const stack = progress.open.get(tid) ?? [];
	stack.push(range);
	progress.open.set(tid, stack);
	progress.ranges.push(range);
};

const closeRange = (
	progress: Progress,
	[, tid, startNs, endNs]: Extract<Entry, ['close', ...unknown[]]>,
	line: number,
): boolean => {
	const range = endNs < startNs ? undefined : progress.open.get(tid)?.pop();
	if (range === undefined) {
		return false;
	}

	Object.assign(range, {startNs, endNs, closeLine: line});
	return true;
};

/** Whether the line makes sense where it stands. */
const followLine = (progress: Progress, entry: Entry, line: number): boolean => {
	const [kind, tid, time] = entry;
	progress.lastNs = Math.max(progress.lastNs, kind === 'close' ? entry[3] : time);
	switch (kind) {
		case 'open': {
			openRange(progress, entry, line);
			return true;
		}

		case 'close': {
			return closeRange(progress, entry, line);
		}

		case 'mark': {
			progress.marks.push({tid, line, atNs: time, text: entry[3]});
			return true;
		}
	}
};

type Header = z.infer<typeof RecordingHeader>;

const requireHeader = (file: string, line: RecordingLine | undefined): Header => {
	if (line?.[0] !== 'header') {
		throw new UserError(`${file} is not a recording of this version: its first line is no header`, {
			next: 'Run the program again with the annotation library of this version.',
		});
	}

	return line[1];
};

const readProcess = (file: string): RecordedProcess | undefined => {
	const progress: Progress = {open: new Map(), ranges: [], marks: [], lastNs: 0};
	let header: Header | undefined;
	let lines = 0;
	let damaged = 0;
	let cutShort = false;
	for (const {text, complete} of readLines(file)) {
		const line = parseLine(text);
		if (line === undefined && !complete) {
			cutShort = true;
		} else if (header === undefined) {
			header = requireHeader(file, line);
			lines++;
		} else {
			lines++;
			const fits = line !== undefined && line[0] !== 'header' && followLine(progress, line, lines);
			damaged += fits ? 0 : 1;
		}
	}

	const {ranges, marks, lastNs} = progress;
	return header && {header, ranges, marks, lastNs, lines, damaged, cutShort};
};

/** undefined: the process was stopped before its first line was written. @throws UserError when it is no recording */
export const readRecordingFile = (file: string): RecordedProcess | undefined => {
	try {
		return readProcess(file);
	} catch (error) {
		throw error instanceof UserError
			? error
			: new UserError(`${file} cannot be read: ${messageOf(error)}`, {cause: error});
	}
};
