/**
 * Runs a program to its end with its output in files: perf_analyzer, one after another. It leads a session of its own, so
 * that Ctrl-C reaches us and not it; when its time is over or the user stops, all of the session goes.
 */

import {spawn, type ChildProcess} from 'node:child_process';
import {closeSync, openSync, readFileSync, rmSync} from 'node:fs';
import {workerEnvironment} from '../base/annotation-protocol.ts';
import type {ProgramEnd, ProgramOrder} from '../base/program-run.ts';
import {pollUntil} from './poll.ts';
import {listProcesses, type ProcessEntry} from './process-table.ts';
import type {StopLevel, StopSignal} from './stop-signal.ts';
import {signalProcesses, withDescendants} from './worker-processes.ts';

export interface ProgramSurroundings {
	readonly stop: StopSignal;
	/** What is left of us when we are killed is found by it (reaper.ts). */
	readonly token: string;
	/** From asking the program to end until it is killed. */
	readonly graceMs: number;
}

const lookMs = 500;
const endMs = 5000;

/** The session that the program leads, and what descends from it. */
const processesOf = (root: number): readonly ProcessEntry[] => {
	const all = listProcesses();
	return withDescendants(
		all.filter(({pid, session}) => pid === root || session === root),
		all,
	);
};

/** perf_analyzer removes its shared memory itself, unless it crashes or is killed. Its files, while it lives. */
const listSharedFiles = (pid: number): readonly string[] => {
	try {
		const maps = readFileSync(`/proc/${pid}/maps`, 'utf8');
		return [...maps.matchAll(/\s(\/dev\/shm\/.+)$/gm)]
			.map((match) => match[1] ?? '')
			.filter((file) => !file.endsWith(' (deleted)'));
	} catch {
		// It has just ended, and with it its maps.
		return [];
	}
};

type Ending = Pick<ProgramEnd, 'exitCode' | 'signal' | 'startError'>;

/** Resolves when it has ended, or could not be started. */
const awaitEnd = (child: ChildProcess): Promise<Ending> =>
	new Promise((resolve) => {
		child.once('error', (error) =>
			resolve({exitCode: null, signal: null, startError: error.message}),
		);
		child.once('exit', (exitCode, signal) => resolve({exitCode, signal, startError: null}));
	});

const start = ({argv, cwd, stdout, stderr}: ProgramOrder, token: string): ChildProcess => {
	const [file = '', ...rest] = argv;
	const out = openSync(stdout, 'a');
	const err = openSync(stderr, 'a');
	try {
		const env = {...process.env, [workerEnvironment.token]: `${token}.program`};
		return spawn(file, rest, {cwd, env, detached: true, stdio: ['ignore', out, err]});
	} finally {
		closeSync(out);
		closeSync(err);
	}
};

/** Asks once, kills when patience is over. */
class Ender {
	readonly root: number;
	readonly graceMs: number;
	reason: 'timed-out' | 'stopped' | undefined;
	private timer: NodeJS.Timeout | undefined;

	constructor(root: number, graceMs: number) {
		this.root = root;
		this.graceMs = graceMs;
	}

	end(reason: 'timed-out' | 'stopped', gently: boolean): void {
		this.reason ??= reason;
		if (!gently) {
			this.kill();
		} else if (this.timer === undefined) {
			signalProcesses(processesOf(this.root), 'SIGINT');
			this.timer = setTimeout(() => this.kill(), this.graceMs);
		}
	}

	private kill(): void {
		signalProcesses(processesOf(this.root), 'SIGKILL');
	}

	[Symbol.dispose](): void {
		clearTimeout(this.timer);
	}
}

/** What the program has left behind. */
const endRest = async (root: number, sharedFiles: ReadonlySet<string>): Promise<void> => {
	const startedAt = performance.now();
	await pollUntil(() => {
		const left = processesOf(root);
		signalProcesses(left, 'SIGKILL');
		return left.length === 0 || performance.now() - startedAt > endMs ? true : undefined;
	}, 20);
	sharedFiles.forEach((file) => rmSync(file, {force: true}));
};

const follow = async (
	child: ChildProcess,
	pid: number,
	order: ProgramOrder,
	{stop, graceMs}: ProgramSurroundings,
): Promise<Ending & {readonly reason: Ender['reason']}> => {
	using ender = new Ender(pid, graceMs);
	const sharedFiles = new Set<string>();
	const look = (): void => listSharedFiles(pid).forEach((file) => sharedFiles.add(file));
	const watch = setInterval(look, lookMs);
	const clock = setTimeout(() => ender.end('timed-out', true), order.timeoutMs);
	const onLevel = (level: StopLevel): void => {
		if (level !== 'none') {
			look();
			ender.end('stopped', level === 'gently');
		}
	};
	const forget = stop.onRaise(onLevel);
	try {
		const ending = await awaitEnd(child);
		return {...ending, reason: ender.reason};
	} finally {
		clearInterval(watch);
		clearTimeout(clock);
		forget();
		await endRest(pid, sharedFiles);
	}
};

/** Resolves when nothing of it is left. */
export const runProgram = async (
	order: ProgramOrder,
	surroundings: ProgramSurroundings,
): Promise<ProgramEnd> => {
	const startedAt = performance.now();
	if (surroundings.stop.level !== 'none') {
		return {kind: 'stopped', exitCode: null, signal: null, startError: null, wallSeconds: 0};
	}

	const child = start(order, surroundings.token);
	const {pid} = child;
	const {reason, ...ending} =
		pid === undefined
			? {...(await awaitEnd(child)), reason: undefined}
			: await follow(child, pid, order, surroundings);
	return {
		...ending,
		kind: reason ?? (ending.startError === null ? 'exited' : 'not-started'),
		wallSeconds: (performance.now() - startedAt) / 1000,
	};
};
