/** Shared memory that processes have a name for below /dev/shm, and leave there when they are killed. */

import {existsSync, readFileSync, rmSync} from 'node:fs';
import type {ProcessEntry} from './process-table.ts';

const readMaps = (pid: number): string => {
	try {
		return readFileSync(`/proc/${pid}/maps`, 'latin1');
	} catch {
		// It has ended.
		return '';
	}
};

/** Files that these processes hold. Sharing with strangers goes by agreed names too: whose they are, their users know. */
export const listSharedMemory = (processes: readonly ProcessEntry[]): readonly string[] => [
	...new Set(
		processes.flatMap(({pid}) => readMaps(pid).match(/\/dev\/shm\/\S+(?= \(deleted\)$|$)/gm) ?? []),
	),
];

/** Those of Triton's Python backend, which makes up their names anew for every model. */
export const isOfPythonBackend = (file: string): boolean =>
	file.startsWith('/dev/shm/triton_python_backend_shm_region_');

export const removeSharedMemory = (files: readonly string[]): void => {
	for (const file of files.filter((name) => existsSync(name))) {
		rmSync(file, {force: true});
	}
};
