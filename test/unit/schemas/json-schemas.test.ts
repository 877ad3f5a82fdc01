import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {formatNames, jsonSchemaText} from '../../../schemas/json-schemas.ts';

const folder = path.resolve(import.meta.dirname, '../../../schemas/json');

describe('schemas/json', () => {
	it.each(formatNames)('holds %s as its zod definition emits it (npm run schemas)', (name) => {
		expect(readFileSync(path.join(folder, `${name}.schema.json`), 'utf8')).toBe(
			jsonSchemaText(name),
		);
	});

	it('holds nothing else', () => {
		expect(readdirSync(folder).sort()).toEqual(
			formatNames.map((name) => `${name}.schema.json`).sort(),
		);
	});
});
