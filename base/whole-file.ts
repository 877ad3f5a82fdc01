/** Files that are replaced as a whole: written beside the target and renamed, so that no reader ever sees half of one. */

import {closeSync, existsSync, openSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {messageOf, systemCodeOf, ToolError} from './errors.ts';
import {makeFolder} from './folders.ts';

/** Not writeSync: that may write a part of a piece where the disk is nearly full, and says so only by its result. */
const writePieces = (file: string, pieces: Iterable<string | Uint8Array>): void => {
	const descriptor = openSync(file, 'w');
	try {
		for (const piece of pieces) {
			writeFileSync(descriptor, piece);
		}
	} finally {
		closeSync(descriptor);
	}
};

/**
 * Makes the folder where it is missing. Whatever goes wrong, the target stays as it was and nothing lies beside it.
 * @param content of pieces, one after the other: what making them throws is thrown on
 * @param next what the user can do where the disk refuses
 * @throws ToolError when the disk refuses
 */
export const writeWholeFile = (
	file: string,
	content: string | Uint8Array | Iterable<string>,
	next = 'Make room on that disk or choose another folder with -o.',
): void => {
	const temporary = `${file}.${process.pid}.tmp`;
	try {
		makeFolder(path.dirname(file));
		const whole = typeof content === 'string' || content instanceof Uint8Array;
		writePieces(temporary, whole ? [content] : content);
		renameSync(temporary, file);
	} catch (error) {
		// No rmSync with force: it would throw where a folder of the path is a file, and hide what went wrong.
		if (existsSync(temporary)) {
			rmSync(temporary);
		}

		throw systemCodeOf(error) === undefined
			? error
			: new ToolError(`${file} cannot be written: ${messageOf(error)}`, {next, cause: error});
	}
};
