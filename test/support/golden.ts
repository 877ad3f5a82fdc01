/** Golden files: `expected.json` in a folder of its own below test/golden. A miss leaves `got.txt` beside it. */

import {existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {expect} from 'vitest';

export const expectGolden = (folder: string, value: unknown): void => {
	const golden = path.resolve(import.meta.dirname, '../golden', folder);
	const got = path.join(golden, 'got.txt');
	const text = `${JSON.stringify(value, null, '\t')}\n`;
	if (text !== readFileSync(path.join(golden, 'expected.json'), 'utf8')) {
		writeFileSync(got, text);
	} else if (existsSync(got)) {
		rmSync(got);
	}

	expect(existsSync(got), `differs from expected.json in ${golden}: see got.txt there`).toBe(false);
};
