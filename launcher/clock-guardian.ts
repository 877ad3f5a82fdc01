/**
 * Restores GPU settings after a launcher that cannot: killed by SIGKILL, or by the machine for want of memory. A shell of
 * one megabyte waits at the end of a pipe whose other end only we hold. The word "done" sends it home; an end of the pipe
 * without a word means that we are gone, and it becomes the command that restores. No signal ends it, but SIGKILL.
 */

import {spawn} from 'node:child_process';

const script = `
trap '' HUP INT QUIT TERM
read -r word && exit 0
exec "$@"
`;

export interface ClockGuardian {
	/** We have restored ourselves, or changed nothing. Resolves when it is gone. */
	dismiss(): Promise<void>;
}

/**
 * @param restoreCommand restores what we hold: see restoreClocks
 * @returns null where it could not be started
 */
export const startClockGuardian = async (
	restoreCommand: readonly string[],
): Promise<ClockGuardian | null> => {
	const child = spawn('/bin/sh', ['-c', script, 'sh', ...restoreCommand], {
		detached: true,
		stdio: ['pipe', 'ignore', 'ignore'],
	});
	const ended = new Promise<void>((resolve) => {
		child.once('exit', () => resolve());
		child.once('error', () => resolve());
	});
	// It may die before us, by a hand that meant well: then there is no one to dismiss.
	child.stdin.on('error', () => undefined);
	const started = new Promise<boolean>((resolve) => {
		child.once('spawn', () => resolve(true));
		child.once('error', () => resolve(false));
	});
	if (!(await started)) {
		return null;
	}

	return {
		dismiss: async () => {
			child.stdin.end('done\n');
			await ended;
		},
	};
};
