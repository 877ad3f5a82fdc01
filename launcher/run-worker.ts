/** One worker from its turn to its end: start, follow, clean up, and tell how it went. */

import {messageOf, systemCodeOf} from '../base/errors.ts';
import type {WorkerOutcome} from '../schemas/manifest.ts';
import {followWorker, type Intervention} from './follow-worker.ts';
import {removeShares} from './nsys-leftovers.ts';
import type {WorkerChild} from './spawn-worker.ts';
import {startWorker} from './start-worker.ts';
import {collectEvidence} from './worker-evidence.ts';
import {marksOf} from './worker-marks.ts';
import {decideOutcome} from './worker-outcome.ts';
import {endWorkerProcesses} from './worker-processes.ts';
import type {WorkerTask} from './worker-task.ts';

const skipped: WorkerOutcome = {
	kind: 'skipped',
	message: 'The run was stopped before this worker started.',
};

/** What is known of a worker once it is over. */
interface Course {
	readonly child: WorkerChild | null;
	readonly intervention: Intervention;
	/** null when the program ran. */
	readonly startFailure: string | null;
}

/** Helpers of nsys end a moment after it; what has not by then is ended. */
const endLeftovers = async (task: WorkerTask, child: WorkerChild): Promise<void> => {
	const marks = marksOf(task, child);
	await endWorkerProcesses(marks, task.timings);
	const own = [marks.session, child.pid].filter((pid) => pid !== null);
	removeShares(new Set([...task.seenPids, ...own]));
};

/** @returns null when the run was stopped before the program started */
const takeCourse = async (task: WorkerTask): Promise<Course | null> => {
	const start = await startWorker(task);
	switch (start.kind) {
		case 'stopped':
			return null;
		case 'failed':
			return {child: null, intervention: null, startFailure: start.message};
		case 'started':
			try {
				const intervention = await followWorker(task, start.child);
				return {child: start.child, intervention, startFailure: null};
			} finally {
				await endLeftovers(task, start.child);
			}
	}
};

/** The disk refuses what the launcher itself writes: this worker's failure, not a bug. */
const explainSystemError = (error: unknown, startedAt: string): WorkerOutcome => {
	if (systemCodeOf(error) === undefined) {
		throw error;
	}

	return {
		kind: 'failed',
		report: null,
		startedAt,
		wallSeconds: 0,
		reason: 'disk',
		exitCode: null,
		signal: null,
		message: `A file of this worker could not be handled: ${messageOf(error)}.`,
		tail: '',
		next: 'Make room on that disk, or choose another folder with -o.',
	};
};

export const runWorker = async (task: WorkerTask): Promise<WorkerOutcome> => {
	task.onPhase('waiting', null);
	const startedAt = new Date();
	const startMs = performance.now();
	try {
		const course = await takeCourse(task);
		// Not by the clock on the wall, which may be set meanwhile.
		const wallSeconds = (performance.now() - startMs) / 1000;
		return course === null
			? skipped
			: decideOutcome({
					...course,
					evidence: await collectEvidence(task, course.child?.ending ?? null),
					profiler: task.profiler.kind,
					timeoutSeconds: task.timeoutSeconds,
					startedAt: startedAt.toISOString(),
					wallSeconds,
				});
	} catch (error) {
		return explainSystemError(error, startedAt.toISOString());
	}
};
