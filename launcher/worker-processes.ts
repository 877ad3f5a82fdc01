/**
 * The processes that belong to a worker, found again at any time. nsys starts agents whose parent is pid 1, and programs
 * leave children behind, so no process group holds them all. Ours is
 *
 *   - what was started with the worker's token in its environment (nsys's helpers inherit it),
 *   - what is in the program's session (a child with an emptied environment),
 *   - what descends from either.
 */

import {workerEnvironment} from '../base/annotation-protocol.ts';
import {messageOf, systemCodeOf, ToolError} from '../base/errors.ts';
import {pollUntil} from './poll.ts';
import {executableOf, hasVariable, listProcesses, type ProcessEntry} from './process-table.ts';

export interface WorkerMarks {
	readonly token: string;
	/** The shim's pid, which leads the program's session; null until it has started. */
	readonly session: number | null;
	/** nsys itself and the folders of its executables; null for the built-in profiler. */
	readonly profiler: {readonly pid: number | null; readonly folders: readonly string[]} | null;
	/** Every pid that was ever found; grows. Files that the killed leave behind carry them in their names. */
	readonly seen: Set<number>;
}

/** These processes and all that descend from them. */
export const withDescendants = (
	roots: readonly ProcessEntry[],
	all: readonly ProcessEntry[],
): readonly ProcessEntry[] => {
	const found = new Set(roots);
	const pids = new Set(roots.map(({pid}) => pid));
	for (let grown = true; grown;) {
		const children = all.filter((entry) => !found.has(entry) && pids.has(entry.parent));
		children.forEach((child) => {
			found.add(child);
			pids.add(child.pid);
		});
		grown = children.length > 0;
	}

	return [...found];
};

/** All that is alive of a worker, the profiler's processes included. */
export const findWorkerProcesses = ({
	token,
	session,
	seen,
}: WorkerMarks): readonly ProcessEntry[] => {
	const all = listProcesses().filter(({pid}) => pid !== process.pid);
	const roots = all.filter(
		(entry) => entry.session === session || hasVariable(entry.pid, workerEnvironment.token, token),
	);
	const found = withDescendants(roots, all);
	found.forEach(({pid}) => seen.add(pid));
	return found;
};

/** nsys leads a session of its own, which its launcher shares; its agent is known by its executable. */
const isOfProfiler = (entry: ProcessEntry, profiler: WorkerMarks['profiler']): boolean =>
	profiler !== null &&
	(entry.session === profiler.pid ||
		profiler.folders.some((folder) => executableOf(entry.pid)?.startsWith(`${folder}/`)));

/** The program and its children: neither the profiler nor the shim, which must live to tell the program's status. */
export const selectProgram = (
	processes: readonly ProcessEntry[],
	{session, profiler}: WorkerMarks,
): readonly ProcessEntry[] => {
	const shim = processes.filter(({pid}) => pid === session);
	const below = new Set(withDescendants(shim, processes));
	return processes.filter(
		(entry) =>
			entry.pid !== session &&
			(below.has(entry) || entry.session === session || !isOfProfiler(entry, profiler)),
	);
};

/** A process that has just ended is no error. */
export const signalProcesses = (
	processes: readonly ProcessEntry[],
	signal: NodeJS.Signals,
): void => {
	for (const {pid} of processes) {
		try {
			process.kill(pid, signal);
		} catch (error) {
			if (systemCodeOf(error) !== 'ESRCH' && systemCodeOf(error) !== 'EPERM') {
				throw new ToolError(`process ${pid} cannot be ended: ${messageOf(error)}`);
			}
		}
	}
};

/**
 * Ends whatever lives of a worker: waits a moment for what is ending by itself, then kills, also what is born meanwhile.
 * @returns the pids that would not die, as when the kernel waits for a broken disk or GPU
 */
export const endWorkerProcesses = async (
	marks: WorkerMarks,
	{patienceMs, deadlineMs}: {readonly patienceMs: number; readonly deadlineMs: number},
): Promise<readonly number[]> => {
	const startedAt = performance.now();
	return pollUntil(() => {
		const left = findWorkerProcesses(marks);
		const waitedMs = performance.now() - startedAt;
		if (left.length === 0 || waitedMs > deadlineMs) {
			return left.map(({pid}) => pid);
		}

		if (waitedMs >= patienceMs) {
			signalProcesses(left, 'SIGKILL');
		}

		return undefined;
	}, 20);
};
