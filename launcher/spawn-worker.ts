/** Starts the process that stands for a worker: nsys, or the shim alone. */

import {spawn} from 'node:child_process';
import {closeSync, openSync} from 'node:fs';

export interface WorkerChild {
	/** null when it could not be started. */
	readonly pid: number | null;
	/** null while it runs. */
	readonly ending: Ending | null;
}

export interface Ending {
	readonly exitCode: number | null;
	readonly signal: string | null;
	/** Why it could not be started. */
	readonly spawnError: string | null;
}

export interface SpawnOrder {
	readonly argv: readonly string[];
	readonly env: Readonly<Record<string, string>>;
	/** Both outputs go there; an earlier attempt's words are kept. */
	readonly log: string;
}

/**
 * Detached: in a session of its own, so that Ctrl-C reaches us and not nsys, which would leave its program behind.
 * Node's own spawn: execa takes no bare file descriptors, and its clean-up would kill nsys alone, ours follows the tree.
 */
export const spawnWorker = ({argv, env, log}: SpawnOrder): WorkerChild => {
	const [file = '', ...rest] = argv;
	const fd = openSync(log, 'a');
	try {
		const child = spawn(file, rest, {env, detached: true, stdio: ['ignore', fd, fd]});
		const state: {pid: number | null; ending: Ending | null} = {
			pid: child.pid ?? null,
			ending: null,
		};
		child.once('error', (error) => {
			state.ending ??= {exitCode: null, signal: null, spawnError: error.message};
		});
		child.once('exit', (exitCode, signal) => {
			state.ending ??= {exitCode, signal, spawnError: null};
		});
		return state;
	} finally {
		closeSync(fd);
	}
};
