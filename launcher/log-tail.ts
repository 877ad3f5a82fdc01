/** The end of a log, as a person would want to read it in a message. */

import {closeSync, fstatSync, openSync, readSync} from 'node:fs';

const tailBytes = 16_384;
const tailLines = 15;

const readEnd = (file: string): string => {
	const fd = openSync(file, 'r');
	try {
		const {size} = fstatSync(fd);
		const buffer = Buffer.alloc(Math.min(size, tailBytes));
		readSync(fd, buffer, 0, buffer.length, size - buffer.length);
		return buffer.toString('utf8');
	} finally {
		closeSync(fd);
	}
};

/** nsys redraws its progress bar with \\r, and ends no line with it: only what stays visible counts. */
const withoutRedrawing = (line: string): string => line.slice(line.lastIndexOf('\r') + 1);

const isProgressBar = (line: string): boolean => /^\[\d+\/\d+\] \[[= \d%]*\]/.test(line);

/** "" when there is no such file, or nothing in it. */
export const readLogTail = (file: string): string => {
	let text: string;
	try {
		text = readEnd(file);
	} catch {
		// The log was never made: the failure has its own message.
		return '';
	}

	return text
		.split(/\r?\n/)
		.map(withoutRedrawing)
		.filter((line) => line.trim() !== '' && !isProgressBar(line))
		.slice(-tailLines)
		.join('\n');
};
