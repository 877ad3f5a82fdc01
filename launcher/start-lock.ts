/**
 * One start of nsys at a time on this machine, whoever starts it: simultaneous starts lose their agents, whatever TMPDIR
 * says, and the program never runs.
 *
 * The lock is a flock(2) on the folder /dev/shm, where nsys keeps what its processes share, so both have the same reach:
 * the machine, or the container that has a /dev/shm of its own. A folder needs no lock file that would stay behind or
 * belong to the wrong user. The flock command locks our own open file and ends; the kernel lets go when we close it or
 * die, however we die.
 */

import {spawn} from 'node:child_process';
import {closeSync, existsSync, openSync} from 'node:fs';
import {pollUntil} from './poll.ts';
import type {StopSignal} from './stop-signal.ts';

export interface StartLock {
	/** Whoever inherits it holds the lock too, until it ends. */
	readonly fd: number;
	release(): void;
}

export type LockAttempt =
	| {readonly kind: 'held'; readonly lock: StartLock}
	| {readonly kind: 'stopped'}
	/** Another launcher held it all the time, or there is no flock command. */
	| {readonly kind: 'failed'; readonly message: string};

export interface LockOptions {
	readonly stop: StopSignal;
	readonly waitMs: number;
	readonly pollMs: number;
	/** Another folder to lock: for tests, and for other things that only one may do at a time. */
	readonly folder?: string;
}

const sharedFolder = (): string => (existsSync('/dev/shm') ? '/dev/shm' : '/tmp');

const openLock = (fd: number): StartLock => {
	let open = true;
	return {
		fd,
		release: () => {
			if (open) {
				open = false;
				closeSync(fd);
			}
		},
	};
};

interface Flock {
	/** undefined while it waits; "" when it holds the lock; else its complaint. */
	readonly complaint: string | undefined;
	/** Resolves when it is gone. */
	kill(): Promise<void>;
}

/** Node's own spawn: execa takes no bare file descriptors. */
const startFlock = (fd: number): Flock => {
	// Detached: Ctrl-C in a terminal is ours to answer.
	const child = spawn('flock', ['-x', '3'], {
		detached: true,
		stdio: ['ignore', 'ignore', 'ignore', fd],
	});
	const state: {complaint: string | undefined} = {complaint: undefined};
	const ended = new Promise<void>((resolve) => {
		child.once('error', (error) => {
			state.complaint ??= error.message;
			resolve();
		});
		child.once('exit', (exitCode, signal) => {
			state.complaint ??= exitCode === 0 ? '' : `it ended with ${signal ?? exitCode ?? 'nothing'}`;
			resolve();
		});
	});
	return {
		get complaint() {
			return state.complaint;
		},
		kill: async () => {
			child.kill('SIGKILL');
			await ended;
		},
	};
};

export const acquireStartLock = async (options: LockOptions): Promise<LockAttempt> => {
	const {stop, waitMs, pollMs, folder = sharedFolder()} = options;
	const fd = openSync(folder, 'r');
	const lock = openLock(fd);
	const flock = startFlock(fd);
	const startedAt = performance.now();
	const attempt = await pollUntil((): LockAttempt | undefined => {
		if (flock.complaint !== undefined) {
			return flock.complaint === ''
				? {kind: 'held', lock}
				: {kind: 'failed', message: `flock, of the package util-linux, failed: ${flock.complaint}`};
		}

		if (stop.level !== 'none') {
			return {kind: 'stopped'};
		}

		return performance.now() - startedAt > waitMs
			? {
					kind: 'failed',
					message: `another launcher held the lock (flock on ${folder}) all the time`,
				}
			: undefined;
	}, pollMs);
	if (attempt.kind !== 'held') {
		await flock.kill();
		lock.release();
	}

	return attempt;
};
