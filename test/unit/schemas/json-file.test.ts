import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {afterAll, describe, expect, it} from 'vitest';
import * as z from 'zod';
import {ToolError, UserError} from '../../../base/errors.ts';
import {readJsonFile, writeJsonFile} from '../../../schemas/json-file.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'json-file-'));
afterAll(() => {
	rmSync(folder, {recursive: true});
});

const schema = z.strictObject({n: z.int()}).meta({title: 'a count'});
const inFolder = (name: string): string => path.join(folder, name);

describe('JSON files', () => {
	it('come back as they were written', () => {
		writeJsonFile(schema, inFolder('new/count.json'), {n: 3});
		expect(readJsonFile(schema, inFolder('new/count.json'))).toEqual({n: 3});
		expect(readdirSync(inFolder('new'))).toEqual(['count.json']);
	});

	it('are not written when the value breaks the schema, and the old file stays', () => {
		writeJsonFile(schema, inFolder('kept.json'), {n: 1});
		expect(() => writeJsonFile(schema, inFolder('kept.json'), {n: 1.5})).toThrow(z.ZodError);
		expect(readFileSync(inFolder('kept.json'), 'utf8')).toBe('{\n\t"n": 1\n}\n');
	});

	it('name the file and the reason when the disk refuses', () => {
		writeFileSync(inFolder('file'), '');
		expect(() => writeJsonFile(schema, inFolder('file/count.json'), {n: 1})).toThrow(ToolError);
	});

	it.each([
		['missing.json', undefined, /cannot be read/],
		['text.json', 'no json', /is not JSON/],
		['shape.json', '{"n": "three"}', /is not a count/],
	])('%s is a UserError that names it', (name, content, message) => {
		if (content !== undefined) {
			writeFileSync(inFolder(name), content);
		}

		const read = (): unknown => readJsonFile(schema, inFolder(name));
		expect(read).toThrow(UserError);
		expect(read).toThrow(message);
		expect(read).toThrow(name);
	});
});
