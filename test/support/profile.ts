/** Runs a program under a real nsys, without the launcher, for tests of what lies on either side of it. */

import {spawnSync} from 'node:child_process';
import {existsSync, rmSync} from 'node:fs';

export interface ProfileOrder {
	readonly nsys: string;
	/** Path of the report, without its ending. */
	readonly report: string;
	readonly program: readonly string[];
	/** Besides the quiet ones. */
	readonly options?: readonly string[];
	readonly env?: Readonly<Record<string, string | undefined>>;
	readonly cwd?: string;
}

export interface Profiled {
	readonly status: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

/**
 * One start at a time on a machine, by the launcher's own lock (launcher/start-lock.ts); it is not handed on to nsys's
 * agent (-o), which would keep it. An agent that is lost all the same leaves no report: then once more, as the launcher
 * does. @throws Error when no report came of three attempts
 */
export const profileProgram = (order: ProfileOrder): Profiled => {
	const file = `${order.report}.nsys-rep`;
	const quiet = ['-t', 'nvtx', '-s', 'none', '--cpuctxsw=none', '-f', 'true'];
	const command = [order.nsys, 'profile', ...quiet, ...(order.options ?? []), '-o', order.report];
	rmSync(file, {force: true});
	let words = '';
	for (let attempt = 1; attempt <= 3; attempt++) {
		const run = spawnSync(
			'flock',
			['-o', '/dev/shm', 'timeout', '40', ...command, ...order.program],
			{encoding: 'utf8', env: {...process.env, ...order.env}, cwd: order.cwd},
		);
		if (existsSync(file)) {
			return run;
		}

		words += `${run.stdout}${run.stderr}\n`;
	}

	throw new Error(`nsys left no report, three times:\n${words}`);
};
