/** C programs with NVTX ranges, compiled against the headers that come with nsys. */

import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, realpathSync} from 'node:fs';
import path from 'node:path';
import {noNsys, nsysForTests} from './nsys.ts';

const within = [
	'nvtx/include',
	'target-linux-x64/nvtx/include',
	'usr/lib/nsight-systems/target-linux-x64/nvtx/include',
];

/** nsys brings NVTX's headers with it, some folders above its real binary. */
const findHeaders = (nsys: string): string | undefined => {
	const file = execFileSync('sh', ['-c', 'command -v "$0"', nsys], {encoding: 'utf8'}).trim();
	for (
		let folder = path.dirname(realpathSync(file));
		folder !== '/';
		folder = path.dirname(folder)
	) {
		const found = within
			.map((place) => path.join(folder, place))
			.find((place) => existsSync(path.join(place, 'nvtx3/nvToolsExt.h')));
		if (found !== undefined) {
			return found;
		}
	}

	return undefined;
};

/** Why nothing can be compiled or measured here; undefined where all is at hand. */
export const findCompileObstacle = (): string | undefined => {
	const nsys = nsysForTests();
	if (nsys === undefined) {
		return noNsys;
	}

	if (spawnSync('gcc', ['--version']).status !== 0) {
		return 'no gcc on this machine';
	}

	return findHeaders(nsys.path) === undefined
		? 'this nsys has no NVTX headers beside it'
		: undefined;
};

/** @param name of a source in test/fixtures/programs */
export const compileProgram = (name: string, binary: string): void => {
	const source = path.resolve(import.meta.dirname, '../fixtures/programs', name);
	const headers = findHeaders(nsysForTests()?.path ?? '') ?? '';
	execFileSync('gcc', ['-I', headers, source, '-o', binary, '-ldl', '-lpthread']);
};
