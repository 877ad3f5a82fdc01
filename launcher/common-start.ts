/**
 * `--sync-start`: the workers of a repeat begin their first batches together. nsys can only be started one at a time, so
 * their programs start one after another; the annotation libraries hold each one's first batch (start-line.ts, _start.py).
 *
 *   <run's scratch folder>/start-<repeat>/
 *     0, 1, ...     made by a worker that is about to begin its first batch
 *     go            made by us: when all begin, and why then
 *
 * A folder that both sides look into serves every kind of process, and nothing in it can hang: where we die, the reaper
 * ends the workers and removes the folder, and without either each one's own clock ends its wait.
 */

import {mkdirSync, readdirSync, renameSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {messageOf, ToolError} from '../base/errors.ts';
import type {StartEnd} from '../schemas/annotation-mark.ts';
import {isRaised, type StopSignal} from './stop-signal.ts';
import {removeScratch} from './worker-scratch.ts';

/** What is known of the workers of a repeat. */
export interface StartState {
	readonly workers: number;
	/** Numbers of those that came to their first batch. */
	readonly arrived: ReadonlySet<number>;
	/** Numbers of those whose program has ended. */
	readonly ended: ReadonlySet<number>;
	/** Since the first one came. */
	readonly waitedMs: number;
	readonly timeoutMs: number;
	readonly stopped: boolean;
}

/** Why those that wait should go on now; null while there is someone to wait for. */
export const decideStart = (state: StartState): Exclude<StartEnd, 'late' | 'abandoned'> | null => {
	const {workers, arrived, ended, stopped} = state;
	if (stopped) {
		return 'stopped';
	}

	if (arrived.size === 0) {
		return null;
	}

	const gone = [...ended].filter((worker) => !arrived.has(worker)).length;
	if (arrived.size + gone >= workers) {
		return gone === 0 ? 'together' : 'partly';
	}

	return state.waitedMs >= state.timeoutMs ? 'timed-out' : null;
};

export interface CommonStartOptions {
	/** To be made. */
	readonly folder: string;
	/** How many there are; they are known by their numbers, from 0. */
	readonly workers: number;
	/** From the first one's arrival until it goes on without the others. */
	readonly timeoutMs: number;
	readonly stop: StopSignal;
	/** A worker waits for the others, or goes on. */
	readonly onPhase: (worker: number, phase: 'held' | 'running') => void;
}

const lookMs = 20;
/** Until all that wait have looked: the libraries look every 50 ms at least. */
const leadMs = 150;
/** For a library whose launcher does not answer any more. */
const graceMs = 10_000;

const goFile = 'go';

export class CommonStart {
	readonly #options: CommonStartOptions;
	/** By number: when it was seen, performance.now(). */
	readonly #arrivals = new Map<number, number>();
	readonly #ended = new Set<number>();
	readonly #timer: NodeJS.Timeout;
	/** When those that waited went on. */
	#goneAt: number | null = null;

	/** @throws ToolError when the folder cannot be made */
	constructor(options: CommonStartOptions) {
		this.#options = options;
		try {
			mkdirSync(options.folder);
		} catch (error) {
			throw new ToolError(`the workers cannot meet at their start: ${messageOf(error)}`, {
				next: 'Make room there, or leave out --sync-start.',
				cause: error,
			});
		}

		this.#timer = setInterval(() => this.#look(), lookMs);
	}

	/** What the annotation library in that worker is told. */
	lineOf(worker: number): {readonly file: string; readonly timeoutSeconds: number} {
		const {folder, timeoutMs} = this.#options;
		return {
			file: path.join(folder, String(worker)),
			timeoutSeconds: (timeoutMs + graceMs) / 1000,
		};
	}

	/** Its program has ended, or never started: nobody waits for it. */
	leave(worker: number): void {
		this.#ended.add(worker);
	}

	/** How long that worker has waited so far: no time of its own. */
	waitedMs(worker: number): number {
		const arrivedAt = this.#arrivals.get(worker);
		return arrivedAt === undefined
			? 0
			: Math.max(0, (this.#goneAt ?? performance.now()) - arrivedAt);
	}

	[Symbol.dispose](): void {
		clearInterval(this.#timer);
	}

	/** Without the folder nobody waits: a disk that fails us must not hold the workers up until they lose patience. */
	#look(): void {
		try {
			this.#decide();
		} catch {
			clearInterval(this.#timer);
			this.#goneAt ??= performance.now();
			removeScratch(this.#options.folder);
		}
	}

	#decide(): void {
		const {folder, workers, timeoutMs, stop, onPhase} = this.#options;
		const now = performance.now();
		for (const name of readdirSync(folder)) {
			const worker = Number(name);
			if (Number.isInteger(worker) && !this.#arrivals.has(worker)) {
				this.#arrivals.set(worker, now);
				onPhase(worker, 'held');
			}
		}

		const why = decideStart({
			workers,
			arrived: new Set(this.#arrivals.keys()),
			ended: this.#ended,
			waitedMs: now - Math.min(now, ...this.#arrivals.values()),
			timeoutMs,
			stopped: isRaised(stop),
		});
		if (why !== null) {
			this.#go(why);
		}
	}

	/** Renamed into its place: nobody reads half of it. */
	#go(why: StartEnd): void {
		clearInterval(this.#timer);
		const file = path.join(this.#options.folder, goFile);
		const atNs = process.hrtime.bigint() + BigInt(leadMs * 1e6);
		writeFileSync(`${file}.tmp`, `${atNs} ${why}\n`);
		renameSync(`${file}.tmp`, file);
		this.#goneAt = performance.now();
		for (const worker of this.#arrivals.keys()) {
			if (!this.#ended.has(worker)) {
				this.#options.onPhase(worker, 'running');
			}
		}
	}
}
