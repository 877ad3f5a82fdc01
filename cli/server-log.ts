/**
 * What a server's log says of its end. Triton closes with tables and a farewell; what went wrong stands above them, in lines
 * that begin with E and in Python's tracebacks.
 */

import {closeSync, fstatSync, openSync, readSync} from 'node:fs';
import {ToolError} from '../base/errors.ts';
import {readLogTail} from '../launcher/log-tail.ts';
import type {ServerProcess} from '../launcher/server-process.ts';

const readBytes = 1 << 18;

/** Lines, and characters of each: a refused configuration is repeated in full. */
const mostLines = 12;
const longestLine = 400;

const troubles = /^[EF]\d{4} |^Traceback|^\w*Error: |^error: |UNAVAILABLE: /;

const readEnd = (log: string): string => {
	const descriptor = openSync(log, 'r');
	try {
		const {size} = fstatSync(descriptor);
		const bytes = Buffer.alloc(Math.min(size, readBytes));
		readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
		return bytes.toString('utf8');
	} finally {
		closeSync(descriptor);
	}
};

/** Its lines of trouble, else its last lines; "" where there is no log. */
export const readServerWords = (log: string): string => {
	const tail = readLogTail(log);
	if (tail === '') {
		return '';
	}

	const found = readEnd(log)
		.split('\n')
		.filter((line) => troubles.test(line) || /^\| .*UNAVAILABLE/.test(line))
		.map((line) => line.replace(/ {2,}/g, ' ').slice(0, longestLine));
	return found.length === 0 ? tail : [...new Set(found)].slice(-mostLines).join('\n');
};

/** Why a server is no more; undefined while it lives, or where there is none. */
export const describeDeath = (server: ServerProcess | null): ToolError | undefined => {
	const ending = server?.endingText;
	const isStarted = server?.ending?.spawnError === null;
	return server === null || ending === undefined
		? undefined
		: new ToolError(isStarted ? 'the server has ended' : 'the server cannot be started', {
				ending,
				tail: readServerWords(server.log),
				log: server.log,
			});
};
