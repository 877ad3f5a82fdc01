/** Gets a worker's program started: one nsys at a time on the machine, again when it was lost on the way. */

import {rmSync} from 'node:fs';
import path from 'node:path';
import {workerFiles} from '../schemas/run-files.ts';
import {readLogTail} from './log-tail.ts';
import {clearRegistry, listAgents, removeShares} from './nsys-leftovers.ts';
import {pollUntil} from './poll.ts';
import {spawnWorker, type WorkerChild} from './spawn-worker.ts';
import {acquireStartLock} from './start-lock.ts';
import {endWorkerProcesses} from './worker-processes.ts';
import {marksOf} from './worker-marks.ts';
import {clearMarks, readProgramPid, readStatus} from './worker-scratch.ts';
import type {WorkerTask} from './worker-task.ts';

export type Start =
	| {readonly kind: 'started'; readonly child: WorkerChild}
	| {readonly kind: 'stopped'}
	/** The program never ran; mayRetry is false where it may have after all. */
	| {readonly kind: 'failed'; readonly message: string; readonly mayRetry: boolean};

/** How often. Where the program never ran, nothing is lost by trying again. */
const attempts = 3;

/** nsys prints its usage when it does not like its arguments: it will not like them the next time. */
const refusesArguments = (log: string): boolean => /^usage: nsys/m.test(log);

const describeFailure = (child: WorkerChild, task: WorkerTask): Start => {
	const {ending} = child;
	if (ending === null) {
		const strangers = listAgents();
		const hint =
			strangers.length === 0
				? ''
				: ` Agents of nsys are running as process ${strangers.join(', ')}.`;
		return {
			kind: 'failed',
			message: `The profiler did not start the program within ${task.timings.startMs / 1000} s.${hint}`,
			mayRetry: true,
		};
	}

	if (ending.spawnError !== null) {
		return {
			kind: 'failed',
			message: `The profiler could not be run: ${ending.spawnError}.`,
			mayRetry: false,
		};
	}

	const mayRetry = !refusesArguments(readLogTail(path.join(task.folder, workerFiles.nsysLog)));
	const ended =
		ending.signal === null ? `with exit code ${ending.exitCode ?? 0}` : `by ${ending.signal}`;
	return {
		kind: 'failed',
		message: mayRetry
			? `The profiler ended ${ended} before it had started the program.`
			: 'The profiler refused its arguments.',
		mayRetry,
	};
};

/** Until the program runs, the profiler ends, or patience does. A status without a pid: the shim could not open the logs. */
const awaitProgram = async (child: WorkerChild, task: WorkerTask): Promise<Start> => {
	const {scratch, stop, timings} = task;
	const startedAt = performance.now();
	return pollUntil((): Start | undefined => {
		if (readProgramPid(scratch) !== null || readStatus(scratch) !== null) {
			return {kind: 'started', child};
		}

		if (stop.level !== 'none') {
			return {kind: 'stopped'};
		}

		const late = performance.now() - startedAt > timings.startMs;
		return child.ending !== null || late ? describeFailure(child, task) : undefined;
	}, timings.startPollMs);
};

/** What an earlier attempt or run has left must not be taken for this one's. */
const removeReports = (folder: string): void => {
	rmSync(path.join(folder, workerFiles.report), {force: true});
	rmSync(path.join(folder, workerFiles.unimported), {force: true});
};

/** Ends all of a start that came to nothing. @returns whether nothing of it lives on */
const endAttempt = async (task: WorkerTask, child: WorkerChild): Promise<boolean> => {
	const left = await endWorkerProcesses(marksOf(task, child), {...task.timings, patienceMs: 0});
	removeShares(task.seenPids);
	if (left.length > 0) {
		return false;
	}

	await pollUntil(() => child.ending ?? undefined, task.timings.startPollMs);
	return true;
};

/** The program may have begun between our last look and its end: what it did in that time must not be done twice. */
const judgeAttempt = (start: Start, task: WorkerTask, isOver: boolean): Start => {
	if (start.kind !== 'failed') {
		return start;
	}

	return readProgramPid(task.scratch) === null
		? {...start, mayRetry: start.mayRetry && isOver}
		: {
				kind: 'failed',
				message: `${start.message} The program started after all, just before it was ended for that: it was not started again, since it may have done a part of its work.`,
				mayRetry: false,
			};
};

const attempt = async (task: WorkerTask): Promise<Start> => {
	removeReports(task.folder);
	clearMarks(task.scratch);
	const child = spawnWorker({
		argv: task.argv,
		env: task.env,
		log: path.join(task.folder, workerFiles.nsysLog),
	});
	const start = await awaitProgram(child, task);
	return start.kind === 'started'
		? start
		: judgeAttempt(start, task, await endAttempt(task, child));
};

const attemptAlone = async (task: WorkerTask): Promise<Start> => {
	const {stop, timings} = task;
	const locking = await acquireStartLock({
		stop,
		waitMs: timings.lockMs,
		pollMs: timings.startPollMs,
	});
	if (locking.kind !== 'held') {
		return locking.kind === 'stopped'
			? locking
			: {kind: 'failed', message: `${locking.message}.`, mayRetry: false};
	}

	try {
		task.onPhase('starting', null);
		const start = await attempt(task);
		if (start.kind === 'failed') {
			clearRegistry();
		}

		return start;
	} finally {
		locking.lock.release();
	}
};

export const startWorker = async (task: WorkerTask): Promise<Start> => {
	if (task.profiler.kind === 'builtin') {
		task.onPhase('starting', null);
		return attempt(task);
	}

	let start: Start = {kind: 'stopped'};
	for (let number = 1; number <= attempts; number++) {
		start = await attemptAlone(task);
		if (start.kind !== 'failed' || !start.mayRetry) {
			break;
		}
	}

	return start;
};
