/**
 * The few lines of shell between nsys and the program. They tell the launcher, by files, that the program has started
 * (its process id) and how it ended (its exit status: nsys's own exit code does not tell), and they send its output
 * straight to the logs, so that no profiler has to carry it.
 *
 * The program runs as the shim's child, not in its place: only so does anyone learn its status. Measured under nsys, the
 * second process costs less than the noise (1067 against 1069 ms for `true`).
 */

import path from 'node:path';
import type {WorkerScratch} from './worker-scratch.ts';

/** Begins every message of the shim itself: a program that cannot be executed is told from one that fails. */
export const shimName = 'benchmark-shim';

/**
 * - A trapped signal, unlike an ignored one, is not inherited: the shim outlives what is meant for the program.
 * - nsys's launcher clears the umask; the program gets back the user's.
 * - /proc/self in a redirection is the process that opens it: the subshell, which becomes the program.
 * - A failed redirection (disk full) ends the subshell with no pid written.
 */
const script = `
trap : HUP INT QUIT TERM
umask "$2"
echo "$$" >"$1/shim"
(
	exec </dev/null >"$3" 2>"$4"
	read -r pid rest </proc/self/stat
	echo "$pid" >"$1/pid"
	shift 4
	exec "$@"
)
status=$?
echo "$status" >"$1/status"
exit "$status"
`;

export interface ShimOrder {
	readonly scratch: WorkerScratch;
	/** The user's file mode mask, octal. */
	readonly umask: string;
	readonly stdoutLog: string;
	readonly stderrLog: string;
	/** The program and all of its arguments. */
	readonly command: readonly string[];
}

export const shimCommand = (order: ShimOrder): readonly string[] => [
	'/bin/sh',
	'-c',
	script,
	shimName,
	order.scratch.folder,
	order.umask,
	path.resolve(order.stdoutLog),
	path.resolve(order.stderrLog),
	...order.command,
];
