/** Files that are replaced as a whole, or not at all. */

import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {beforeEach, describe, expect, it} from 'vitest';
import {ToolError, UserError} from '../../../base/errors.ts';
import {writeWholeFile} from '../../../base/whole-file.ts';
import {temporaryFolder} from '../../support/command.ts';

let folder: string;
beforeEach(() => {
	folder = temporaryFolder('whole-file');
});

const at = (...names: readonly string[]): string => path.join(folder, ...names);

/** Gives one piece, then throws. */
function* breakOff(error: Error): Generator<string> {
	yield 'half';
	throw error;
}

describe('a whole file', () => {
	it.each([
		['text', 'naïve', 'naïve'],
		['nothing', '', ''],
		['bytes', new Uint8Array([0x41, 0x42]), 'AB'],
		['pieces', ['one ', '', 'two'], 'one two'],
	])('of %s takes the place of what was there', (_, content, text) => {
		writeFileSync(at('file'), 'longer than what comes');
		writeWholeFile(at('file'), content);
		expect(readFileSync(at('file'), 'utf8')).toBe(text);
		expect(readdirSync(folder)).toEqual(['file']);
	});

	it('makes the folders above it', () => {
		writeWholeFile(at('a/b/file'), 'text');
		expect(readFileSync(at('a/b/file'), 'utf8')).toBe('text');
	});

	it.each([
		['in a folder that is a file', 'file/new', 'ENOTDIR'],
		['where a folder is', 'folder', 'EISDIR'],
		['where no folder can be made', '/proc/nowhere/file', 'ENOENT'],
	])('%s is an error with what to do, and leaves nothing', (_, name, code) => {
		writeFileSync(at('file'), 'kept');
		mkdirSync(at('folder'));
		const target = path.resolve(folder, name);
		let thrown: unknown;
		try {
			writeWholeFile(target, 'text', 'Name another.');
		} catch (error) {
			thrown = error;
		}

		expect(thrown).toBeInstanceOf(ToolError);
		expect(thrown).toMatchObject({
			message: expect.stringContaining(`${target} cannot be written: ${code}`) as string,
			failure: {next: 'Name another.', cause: {code}},
		});
		expect(readFileSync(at('file'), 'utf8')).toBe('kept');
		expect(readdirSync(folder).toSorted()).toEqual(['file', 'folder']);
		expect(readdirSync(at('folder'))).toEqual([]);
	});

	it.each([new UserError('row 3 is none'), new TypeError('a bug')])(
		'whose content breaks off with %s is not begun',
		(error) => {
			writeFileSync(at('file'), 'kept');
			expect(() => writeWholeFile(at('file'), breakOff(error))).toThrow(error);
			expect(readFileSync(at('file'), 'utf8')).toBe('kept');
			expect(readdirSync(folder)).toEqual(['file']);
		},
	);
});
