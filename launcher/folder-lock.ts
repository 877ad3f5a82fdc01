/**
 * One call at a time in a folder: a flock(2) on the folder itself, so that no file is left behind, and the kernel lets go
 * however we end. On a disk that takes no locks, and without the flock command, there is none.
 */

import {spawnSync} from 'node:child_process';
import {closeSync, openSync} from 'node:fs';
import {messageOf, UserError} from '../base/errors.ts';
import {makeFolder} from '../base/folders.ts';

/** Of `flock -n`, where somebody else holds the lock. */
const heldStatus = 1;

const openFolder = (folder: string): number => {
	try {
		makeFolder(folder);
		return openSync(folder, 'r');
	} catch (error) {
		throw new UserError(`${folder} cannot be used: ${messageOf(error)}`, {
			next: 'Choose another folder with -o.',
			cause: error,
		});
	}
};

/**
 * Makes the folder where there is none.
 * @returns what lets go of it
 * @throws UserError where another call works in it, or where it cannot be made
 */
export const holdFolder = (folder: string): Disposable => {
	const fd = openFolder(folder);
	// Node's files close on exec: no program that we start keeps the lock.
	const {status} = spawnSync('flock', ['-n', '-x', '3'], {
		stdio: ['ignore', 'ignore', 'ignore', fd],
	});
	if (status === heldStatus) {
		closeSync(fd);
		throw new UserError(`${folder} is in use by another call`, {
			next: 'Wait for it, or choose another folder with -o.',
		});
	}

	return {[Symbol.dispose]: () => closeSync(fd)};
};
