/**
 * The common start: holds the first batch until the run's other workers are at theirs. Only in a worker of
 * `benchmark --sync-start`. Two files in one folder, and no process that anyone must ask:
 *
 *     BENCHMARK_SYNC   made empty by this worker: its first batch is about to begin
 *     go beside it     "<ns of the monotonic clock> <why>", from the launcher: when all begin
 *
 * The moment lies a little ahead, so that all begin together however long each of them sleeps between two looks. The wait
 * blocks its thread: push and pop are no promises, and whatever ran meanwhile would run into the measurement.
 */

import {closeSync, existsSync, openSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {messageOf, systemCodeOf} from '../../base/errors.ts';
import {startTimeoutSeconds, startLineFile} from './listeners.ts';
import {isTracing, writeNote} from './nvtx.ts';

const shortestPauseMs = 1;
const longestPauseMs = 50;
/** A moment that lies farther ahead comes from another clock: a time namespace, say. */
const farthestMs = 1000;
const nsPerMs = 1e6;

interface Go {
	/** Monotonic clock. */
	readonly atNs: bigint;
	readonly why: string;
}

/** null: not yet. */
const readGo = (file: string): Go | null => {
	try {
		const found = /^(\d+) ([a-z-]+)\n$/.exec(readFileSync(file, 'utf8'));
		return found?.[1] === undefined || found[2] === undefined
			? null
			: {atNs: BigInt(found[1]), why: found[2]};
	} catch (error) {
		if (systemCodeOf(error) === 'ENOENT') {
			return null;
		}

		throw error;
	}
};

/** @returns whether this is the first one of the worker's threads and processes */
const arrive = (file: string): boolean => {
	try {
		closeSync(openSync(file, 'wx'));
		return true;
	} catch (error) {
		if (systemCodeOf(error) === 'EEXIST') {
			return false;
		}

		throw error;
	}
};

const sleeper = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** Node lets the main thread wait too, as browsers do not. */
const sleep = (ms: number): void => {
	Atomics.wait(sleeper, 0, 0, ms);
};

const msUntil = (atNs: bigint): number => Number(atNs - process.hrtime.bigint()) / nsPerMs;

/** @returns why it ended: the launcher's word, or "abandoned" */
const awaitGo = (file: string): string => {
	const deadline = performance.now() + startTimeoutSeconds() * 1000;
	for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
		const go = readGo(file);
		if (go !== null) {
			const aheadMs = msUntil(go.atNs);
			if (aheadMs > 0 && aheadMs < farthestMs) {
				sleep(aheadMs);
			}

			return go.why;
		}

		if (performance.now() >= deadline || !existsSync(path.dirname(file))) {
			return 'abandoned';
		}

		sleep(pauseMs);
	}
};

const noteStart = (waitedNs: bigint, end: string): void => {
	if (isTracing()) {
		writeNote(JSON.stringify({sync: {waitedNs: Number(waitedNs), end}}));
	}
};

const hold = (file: string): void => {
	const cameNs = process.hrtime.bigint();
	const first = arrive(file);
	const goFile = path.join(path.dirname(file), 'go');
	const go = readGo(goFile);
	if (go === null || go.atNs > cameNs) {
		const end = awaitGo(goFile);
		noteStart(process.hrtime.bigint() - cameNs, end);
	} else if (first) {
		noteStart(0n, 'late');
	}
};

/** Whether this thread's first batch has begun. */
let begun = false;

/** To be called when a batch is about to begin, before its push: no batch holds the wait. */
export const awaitCommonStart = (): void => {
	if (begun) {
		return;
	}

	begun = true;
	const file = startLineFile();
	try {
		if (file !== undefined) {
			hold(file);
		}
	} catch (error) {
		process.emitWarning(`this program does not wait for the others to start: ${messageOf(error)}`, {
			code: 'NSYS_BENCHMARK_SYNC',
		});
	}
};
