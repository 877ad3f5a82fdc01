/** What runs on this machine, from /proc. */

import {readdirSync, readFileSync, readlinkSync} from 'node:fs';

export interface ProcessEntry {
	readonly pid: number;
	readonly parent: number;
	readonly session: number;
	/** The kernel's letter: R, S, D (waits for a disk), Z (dead, not yet collected), ... */
	readonly state: string;
	/** CPU time used, in clock ticks. */
	readonly cpuTicks: number;
	/** Start, in clock ticks since the machine's. With the pid it names a process for good. */
	readonly startTicks: number;
}

/** Linux has shown ticks of 10 ms to programs for as long as it runs on anything that has a GPU. */
export const ticksPerSecond = 100;

/** A process may end between any two of our looks at it: then there is nothing to read. */
const readOrNull = <Value>(read: () => Value): Value | null => {
	try {
		return read();
	} catch {
		// Gone, or another user's: neither is ours to follow.
		return null;
	}
};

/** @param text of /proc/<pid>/stat; the second field, a name in parentheses, may hold spaces and parentheses */
export const parseProcessStat = (text: string): ProcessEntry => {
	const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
	const number = (index: number): number => Number(fields[index]);
	return {
		pid: Number.parseInt(text, 10),
		state: fields[0] ?? '',
		parent: number(1),
		session: number(3),
		cpuTicks: number(11) + number(12),
		startTicks: number(19),
	};
};

/** null when there is no such process. */
export const readProcess = (pid: number): ProcessEntry | null => {
	const text = readOrNull(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
	return text === null ? null : parseProcessStat(text);
};

const isAlive = ({state}: ProcessEntry): boolean => state !== 'Z' && state !== 'X';

/** Every living process that we may see. */
export const listProcesses = (): readonly ProcessEntry[] =>
	readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.map((name) => readProcess(Number(name)))
		.filter((entry): entry is ProcessEntry => entry !== null && isAlive(entry));

/** Its words; empty where there is no such process, or nothing to see. */
export const readCommandLine = (pid: number): readonly string[] =>
	(readOrNull(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')) ?? '').split('\0').slice(0, -1);

/** Whether the process was started with this variable; false where we may not look. */
export const hasVariable = (pid: number, name: string, value: string): boolean => {
	const environment = readOrNull(() => readFileSync(`/proc/${pid}/environ`, 'latin1'));
	return environment?.split('\0').includes(`${name}=${value}`) ?? false;
};

/** The file that the process runs; null where we may not look. */
export const executableOf = (pid: number): string | null =>
	readOrNull(() => readlinkSync(`/proc/${pid}/exe`));

/** When it started, in ms since 1970; null when there is no such process. */
export const processStartMs = (pid: number): number | null => {
	const entry = readProcess(pid);
	const boot = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1];
	return entry === null || boot === undefined
		? null
		: (Number(boot) + entry.startTicks / ticksPerSecond) * 1000;
};

export const isRunning = (pid: number): boolean => {
	const entry = readProcess(pid);
	return entry !== null && isAlive(entry);
};

/** Our own file mode mask, octal. (process.umask() cannot read it without setting it for a moment.) */
export const readUmask = (): string =>
	/^Umask:\s*([0-7]+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? '0022';
