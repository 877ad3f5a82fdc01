/**
 * Stays with a worker from its program's start until nothing is left to wait for.
 *
 *   running     the program runs; a stop or the time limit asks it to end, then kills it
 *   finishing   it has ended, nsys writes the report and waits for children that outlive the program;
 *               children that only sleep are ended, a nsys that does nothing is killed
 */

import {IdleClock} from './idle-clock.ts';
import {pollUntil} from './poll.ts';
import {isRunning, type ProcessEntry} from './process-table.ts';
import type {WorkerChild} from './spawn-worker.ts';
import {findWorkerProcesses, selectProgram, signalProcesses} from './worker-processes.ts';
import {marksOf} from './worker-marks.ts';
import {readBatches, readShimPid, readStatus} from './worker-scratch.ts';
import type {WorkerTask} from './worker-task.ts';

/** Why we ended what would have gone on; null: it ended by itself. */
export type Intervention = 'stopped' | 'timed-out' | 'profiler-hung' | null;

class Follower {
	readonly #task: WorkerTask;
	readonly #child: WorkerChild;
	readonly #startedAt = performance.now();
	#intervention: Intervention = null;
	#programEnded = false;
	#batches: number | null = null;
	/** When processes that were asked to end are killed; null before they were asked. */
	#killAt: number | null = null;
	#stoppedAt: number | null = null;
	#clock: IdleClock | null = null;
	#lookAgainAt = 0;

	constructor(task: WorkerTask, child: WorkerChild) {
		this.#task = task;
		this.#child = child;
		task.onPhase('running', null);
	}

	/** One look, and what follows from it. @returns undefined while there is something to wait for */
	step(): {readonly intervention: Intervention} | undefined {
		this.#observe();
		const nowMs = performance.now();
		if (this.#task.stop.level === 'at-once') {
			return this.#endAtOnce(nowMs);
		}

		if (this.#task.stop.level === 'gently') {
			this.#askToEnd(this.#task.stop.signal, 'stopped');
		}

		if (this.#child.ending !== null && this.#profiled) {
			return {intervention: this.#intervention};
		}

		if (nowMs >= this.#lookAgainAt) {
			this.#lookAgainAt = nowMs + this.#task.timings.idlePollMs;
			return this.#watch(nowMs);
		}

		return undefined;
	}

	get #profiled(): boolean {
		return this.#task.profiler.kind === 'nsys';
	}

	#all(): readonly ProcessEntry[] {
		return findWorkerProcesses(marksOf(this.#task, this.#child));
	}

	#program(all = this.#all()): readonly ProcessEntry[] {
		return selectProgram(all, marksOf(this.#task, this.#child));
	}

	#observe(): void {
		const {scratch, onPhase} = this.#task;
		const batches = readBatches(scratch);
		const shim = readShimPid(scratch);
		// The shim tells the status; one that was killed cannot.
		const ended = readStatus(scratch) !== null || (shim !== null && !isRunning(shim));
		if (ended !== this.#programEnded || batches !== this.#batches) {
			onPhase(ended ? 'finishing' : 'running', batches);
		}

		if (ended && !this.#programEnded) {
			this.#lookAgainAt = 0;
		}

		this.#programEnded = ended;
		this.#batches = batches;
	}

	/** Once. A program that has ended by itself is not called stopped because its children are. */
	#askToEnd(signal: NodeJS.Signals, why: Intervention): void {
		if (this.#killAt === null) {
			this.#intervention ??= this.#programEnded ? null : why;
			this.#killAt = performance.now() + this.#task.timings.graceMs;
			signalProcesses(this.#program(), signal);
		}
	}

	#endAtOnce(nowMs: number): {readonly intervention: Intervention} | undefined {
		this.#intervention ??= this.#programEnded ? null : 'stopped';
		this.#stoppedAt ??= nowMs;
		const all = this.#all();
		signalProcesses(all, 'SIGKILL');
		const gaveUp = nowMs - this.#stoppedAt > this.#task.timings.deadlineMs;
		return (all.length === 0 && this.#child.ending !== null) || gaveUp
			? {intervention: this.#intervention}
			: undefined;
	}

	#watch(nowMs: number): {readonly intervention: Intervention} | undefined {
		const {timeoutSeconds} = this.#task;
		if (this.#killAt !== null && nowMs >= this.#killAt) {
			signalProcesses(this.#program(), 'SIGKILL');
		}

		const ranMs = nowMs - this.#startedAt - this.#task.heldMs();
		if (timeoutSeconds !== null && ranMs > timeoutSeconds * 1000) {
			this.#endOverdue();
		}

		return this.#programEnded ? this.#watchEnd(nowMs) : undefined;
	}

	/** The limit holds for the program and its children; not for nsys, which may need long for a long report. */
	#endOverdue(): void {
		if (this.#program().length > 0) {
			this.#intervention ??= 'timed-out';
			this.#askToEnd('SIGTERM', 'timed-out');
		}
	}

	#watchEnd(nowMs: number): {readonly intervention: Intervention} | undefined {
		const {timings} = this.#task;
		const all = this.#all();
		const survivors = this.#program(all);
		if (!this.#profiled && this.#child.ending !== null && survivors.length === 0) {
			return {intervention: this.#intervention};
		}

		this.#clock ??= new IdleClock(all, nowMs);
		const idleMs = this.#clock.observe(all, nowMs);
		if (survivors.length > 0) {
			if (idleMs > timings.survivorMs) {
				this.#askToEnd('SIGTERM', null);
			}
		} else if (idleMs > timings.hangMs) {
			this.#intervention ??= 'profiler-hung';
			signalProcesses(all, 'SIGKILL');
		}

		return undefined;
	}
}

export const followWorker = async (task: WorkerTask, child: WorkerChild): Promise<Intervention> => {
	const follower = new Follower(task, child);
	const {intervention} = await pollUntil(() => follower.step(), task.timings.pollMs);
	return intervention;
};
