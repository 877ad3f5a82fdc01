/**
 * What a child process costs: wall time, CPU time, peak memory, its descendants' included. Node cannot ask for another
 * process's, so python3 waits for it, or GNU time where there is no python3; where neither is, only wall time is known.
 */

import {execFile, execFileSync} from 'node:child_process';
import {promisify} from 'node:util';

export interface ChildCost {
	/** s. */
	readonly wall: number;
	/** User and system, s; null: unknown. */
	readonly cpu: number | null;
	/** Largest resident size, MiB, and never less than the waiting process's own when it started; null: unknown. */
	readonly peak: number | null;
}

export interface Failure {
	readonly failure: string;
}

export interface Meter {
	/** Who measures. */
	readonly name: string;
	/** Runs a command, its output thrown away. */
	readonly measure: (command: readonly string[]) => Promise<ChildCost | Failure>;
}

const run = promisify(execFile);

const mebibyte = 1024 * 1024;

/** Prints wall, user and system seconds, peak memory in its system's unit, and the exit status. */
const waitingProgram = `
import os, sys, time
start = time.monotonic()
child = os.fork()
if child == 0:
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.execvp(sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(child, 0)
wall = time.monotonic() - start
print(wall, usage.ru_utime, usage.ru_stime, usage.ru_maxrss, os.waitstatus_to_exitcode(status))
`;

const python: Meter = {
	name: 'python3',
	measure: async (command) => {
		const {stdout, stderr} = await run('python3', ['-S', '-c', waitingProgram, ...command]);
		const [wall = 0, user = 0, system = 0, peak = 0, exitCode] = stdout.split(' ').map(Number);
		// Apple counts bytes, others KiB.
		const unit = process.platform === 'darwin' ? 1 : 1024;
		return exitCode === 0
			? {wall, cpu: user + system, peak: (peak * unit) / mebibyte}
			: {failure: explainExit(exitCode, stderr)};
	},
};

const explainExit = (exitCode: number | undefined, stderr: string): string =>
	`exit code ${exitCode}: ${stderr.trim().split('\n')[0] ?? ''}`;

/** execFile's error. */
const failureOf = (error: unknown): Failure => {
	if (error instanceof Error && 'stderr' in error && 'code' in error) {
		return {failure: explainExit(Number(error.code), String(error.stderr))};
	}

	throw error;
};

const quiet = {maxBuffer: Infinity} as const;

const gnuTime: Meter = {
	name: 'GNU time, CPU to 10 ms',
	measure: async (command) => {
		const start = performance.now();
		try {
			const {stderr} = await run('/usr/bin/time', ['-q', '-f', '%U %S %M', ...command], quiet);
			const wall = (performance.now() - start) / 1000;
			const last = stderr.trimEnd().split('\n').at(-1) ?? '';
			const [user = 0, system = 0, peak = 0] = last.split(' ').map(Number);
			return {wall, cpu: user + system, peak: peak / 1024};
		} catch (error) {
			return failureOf(error);
		}
	},
};

const clock: Meter = {
	name: 'a clock alone, as neither python3 nor GNU time is here',
	measure: async ([program = '', ...args]) => {
		const start = performance.now();
		try {
			await run(program, args, quiet);
			return {wall: (performance.now() - start) / 1000, cpu: null, peak: null};
		} catch (error) {
			return failureOf(error);
		}
	},
};

/** Whether a command runs and succeeds. */
export const canRun = (program: string, args: readonly string[]): boolean => {
	try {
		execFileSync(program, args, {stdio: 'ignore'});
		return true;
	} catch {
		return false;
	}
};

/** The best that this machine has. */
export const findMeter = (): Meter => {
	if (canRun('python3', ['-c', 'import os; os.wait4, os.waitstatus_to_exitcode'])) {
		return python;
	}

	return canRun('/usr/bin/time', ['-f', '%M', 'true']) ? gnuTime : clock;
};
