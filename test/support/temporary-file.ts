/** A path in a fresh folder that goes when the test ends. */

import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {onTestFinished} from 'vitest';

export const temporaryFile = (name: string): string => {
	const folder = mkdtempSync(path.join(tmpdir(), 'nsys-benchmark-test-'));
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
	return path.join(folder, name);
};
