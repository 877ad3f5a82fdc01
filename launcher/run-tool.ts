/**
 * Runs a tool of nsys that only reads and writes files (export, import) to its end: unless the run is stopped at once, or
 * the tool hangs, which is told by its CPU time: a long report may need long.
 */

import {execa} from 'execa';
import {IdleClock} from './idle-clock.ts';
import {listProcesses, type ProcessEntry} from './process-table.ts';
import type {StopSignal} from './stop-signal.ts';
import {defaultTimings} from './timings.ts';
import {signalProcesses, withDescendants} from './worker-processes.ts';

export interface ToolOrder {
	readonly argv: readonly string[];
	/**
	 * Where given, the tool is detached: Ctrl-C in a terminal reaches us and not it, and we decide by this whether it goes
	 * on. Where absent, nobody may be listening, and the terminal's signals end it together with us.
	 */
	readonly stop?: StopSignal | undefined;
	/** Added to our own environment. */
	readonly env?: Readonly<Record<string, string>>;
	/** Without CPU time, until it is killed; in ms. */
	readonly hangMs?: number | undefined;
}

export interface ToolEnd {
	/** Why we ended it, or did not let it start; null: it ended by itself. */
	readonly intervention: 'stopped' | 'hung' | null;
	readonly failed: boolean;
	/** "exit code 1", or what went wrong instead. */
	readonly ending: string;
	/** Both outputs. */
	readonly words: string;
}

/** Between two looks at the tool's CPU time. Others are being measured meanwhile: rarely. */
const lookMs = 1000;

const neverStarted: ToolEnd = {
	intervention: 'stopped',
	failed: true,
	ending: 'never started',
	words: '',
};

/** A detached tool leads a session, which also holds what lost its parent. */
const processesOf = (root: number): readonly ProcessEntry[] => {
	const all = listProcesses();
	return withDescendants(
		all.filter(({pid, session}) => pid === root || session === root),
		all,
	);
};

const watchIdleness = (root: number, hangMs: number, onHang: () => void): NodeJS.Timeout => {
	const clock = new IdleClock(processesOf(root), performance.now());
	return setInterval(
		() => {
			if (clock.observe(processesOf(root), performance.now()) > hangMs) {
				onHang();
			}
		},
		Math.min(lookMs, hangMs),
	);
};

/** Of all detached tools that run: one listener for all, since Node warns of more than ten. */
const ends = new Set<() => void>();
const endAll = (): void => ends.forEach((end) => end());

/** execa itself spares detached children when we exit. @returns the way to take it back */
const endOnExit = (end: () => void): (() => void) => {
	if (ends.size === 0) {
		process.on('exit', endAll);
	}

	ends.add(end);
	return () => {
		ends.delete(end);
		if (ends.size === 0) {
			process.off('exit', endAll);
		}
	};
};

export const runTool = async (order: ToolOrder): Promise<ToolEnd> => {
	const {argv, stop, env = {}, hangMs = defaultTimings.hangMs} = order;
	if (stop?.level === 'at-once') {
		return neverStarted;
	}

	const [file = '', ...rest] = argv;
	const tool = execa(file, rest, {
		reject: false,
		all: true,
		stdin: 'ignore',
		detached: stop !== undefined,
		env,
	});
	const root = tool.pid;
	let intervention: ToolEnd['intervention'] = null;
	const end = (why: ToolEnd['intervention']): void => {
		intervention ??= why;
		signalProcesses(root === undefined ? [] : processesOf(root), 'SIGKILL');
	};

	const forgetExit = endOnExit(() => end('stopped'));
	const forgetStop = stop?.onRaise((level) => level === 'at-once' && end('stopped'));
	const watch = root === undefined ? undefined : watchIdleness(root, hangMs, () => end('hung'));
	try {
		const {failed, all, shortMessage, exitCode} = await tool;
		const ending = exitCode === undefined ? (shortMessage ?? '') : `exit code ${exitCode}`;
		return {intervention, failed, ending, words: all};
	} finally {
		clearInterval(watch);
		forgetStop?.();
		forgetExit();
	}
};
