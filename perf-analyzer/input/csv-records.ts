/**
 * The records of a CSV file, one at a time: files of events have millions of lines. Quoting as in RFC 4180. Cells stay
 * text, since a geometry id of 64 bits is no double.
 */

import {closeSync, openSync, readSync} from 'node:fs';
import {StringDecoder} from 'node:string_decoder';
import {messageOf, UserError} from '../../base/errors.ts';

export interface CsvRecord {
	readonly cells: readonly string[];
	/** 1-based, of its first line. */
	readonly line: number;
}

const chunkSize = 1 << 18;

function* readChunks(path: string, file: string): Generator<string> {
	let descriptor: number | undefined;
	try {
		descriptor = openSync(path, 'r');
		const bytes = new Uint8Array(chunkSize);
		const decoder = new StringDecoder('utf8');
		for (
			let length = readSync(descriptor, bytes);
			length > 0;
			length = readSync(descriptor, bytes)
		) {
			yield decoder.write(Buffer.from(bytes.subarray(0, length)));
		}

		yield decoder.end();
	} catch (error) {
		throw error instanceof UserError
			? error
			: new UserError(`${file} cannot be read: ${messageOf(error)}`, {cause: error});
	} finally {
		if (descriptor !== undefined) {
			closeSync(descriptor);
		}
	}
}

/** Cells of a line without its end. */
const splitLine = (line: string, delimiter: string): string[] => {
	if (!line.includes('"')) {
		return line.split(delimiter);
	}

	const cells: string[] = [];
	let cell = '';
	let quoted = false;
	for (let at = 0; at < line.length; at++) {
		const character = line[at] ?? '';
		if (quoted && character === '"' && line[at + 1] === '"') {
			cell += '"';
			at++;
		} else if (character === '"') {
			quoted = !quoted;
		} else if (character === delimiter && !quoted) {
			cells.push(cell);
			cell = '';
		} else {
			cell += character;
		}
	}

	return [...cells, cell];
};

const countQuotes = (line: string): number => line.split('"').length - 1;

/** Lines joined where a quoted cell goes over several. Blank ones are left out. */
function* joinLines(
	chunks: Iterable<string>,
	file: string,
): Generator<{readonly text: string; readonly line: number}> {
	let rest = '';
	let number = 0;
	let open = '';
	let openedAt = 0;
	const take = function* (line: string) {
		number++;
		const text = open === '' ? line : `${open}\n${line}`;
		openedAt = open === '' ? number : openedAt;
		if (text.includes('"') && countQuotes(text) % 2 === 1) {
			open = text;
		} else {
			open = '';
			if (text.trim() !== '') {
				yield {text, line: openedAt};
			}
		}
	};

	for (const chunk of chunks) {
		const lines = (rest + chunk).split(/\r?\n/);
		rest = lines.pop() ?? '';
		for (const line of lines) {
			yield* take(line);
		}

		if (rest.length > chunkSize * 4 || open.length > chunkSize * 4) {
			throw new UserError(
				`${file}, line ${number + 1}: a line of more than a megabyte is none of a table`,
			);
		}
	}

	yield* take(rest.replace(/\r$/, ''));
	if (open !== '') {
		throw new UserError(`${file}, line ${openedAt}: a quote is opened and never closed`);
	}
}

/** @param delimiter one character. @throws UserError where the file cannot be read or a row has other cells than the first */
export function* readCsvRecords(
	path: string,
	file: string,
	delimiter: string,
): Generator<CsvRecord> {
	let width: number | undefined;
	for (const {text, line} of joinLines(readChunks(path, file), file)) {
		const cells = splitLine(width === undefined ? text.replace(/^\uFEFF/, '') : text, delimiter);
		width ??= cells.length;
		if (cells.length !== width) {
			throw new UserError(
				`${file}, line ${line}: ${cells.length} cells, and the header has ${width}`,
			);
		}

		yield {cells, line};
	}
}
