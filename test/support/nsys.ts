/** The real nsys for contract tests: what `benchmark` itself would find. Absent: the test says so and is skipped. */

import {execFileSync} from 'node:child_process';
import {existsSync, readdirSync} from 'node:fs';
import path from 'node:path';
import {describe, it} from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

export interface NsysForTests {
	readonly path: string;
	readonly version: string;
}

const candidates = (): string[] => {
	const tools = path.join(root, '.tools');
	const own = existsSync(tools)
		? readdirSync(tools).map((folder) => path.join(tools, folder, 'bin/nsys'))
		: [];
	return [process.env['NSYS'], ...own, 'nsys'].filter(
		(candidate): candidate is string => candidate !== undefined && candidate !== '',
	);
};

const readVersion = (nsys: string): string | undefined => {
	try {
		return /\d+(\.\d+)+/.exec(execFileSync(nsys, ['--version'], {encoding: 'utf8'}))?.[0];
	} catch {
		return undefined;
	}
};

/** undefined where no nsys runs. */
export const nsysForTests = (): NsysForTests | undefined => {
	for (const candidate of candidates()) {
		const version = readVersion(candidate);
		if (version !== undefined) {
			return {path: candidate, version};
		}
	}

	return undefined;
};

export const noNsys = 'no nsys on this machine: `npm run nsys` fetches one';

/** A suite that needs the real nsys; where there is none, one skipped test that says so. */
export const describeWithNsys = (name: string, body: (nsys: NsysForTests) => void): void => {
	const nsys = nsysForTests();
	describe(name, () => {
		if (nsys === undefined) {
			it('needs nsys', ({skip}) => skip(noNsys));
		} else {
			body(nsys);
		}
	});
};
