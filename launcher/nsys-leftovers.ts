/** Files that nsys's processes share in /dev/shm, and that stay when one of them is killed. */

import {readdirSync, readFileSync, rmSync} from 'node:fs';
import path from 'node:path';
import {systemCodeOf} from '../base/errors.ts';
import {listProcesses} from './process-table.ts';

const sharedFolder = '/dev/shm';

const listShared = (): readonly string[] => {
	try {
		return readdirSync(sharedFolder);
	} catch {
		// A machine without it has nothing there to remove.
		return [];
	}
};

const removeShared = (name: string): void => {
	try {
		rmSync(path.join(sharedFolder, name), {force: true});
	} catch (error) {
		// Another user's: theirs to remove.
		if (systemCodeOf(error) !== 'EPERM' && systemCodeOf(error) !== 'EACCES') {
			throw error;
		}
	}
};

/**
 * What nsys's processes share while they run, and leave when they are killed:
 *
 *   sem.NSys-process_waiter-<pid>-...   2023: by which nsys waits for the process that it started
 *   sem.nsys_sem_<pid>                  2022: the same
 *   quadd-agent-instance-<pid>          2022: of the agent
 */
const ownedName = /^(?:sem\.NSys-process_waiter-|sem\.nsys_sem_|quadd-agent-instance-)(\d+)(?:-|$)/;

/** @param pids of processes that were ours and have ended */
export const removeShares = (pids: ReadonlySet<number>): void =>
	listShared()
		.filter((name) => pids.has(Number(ownedName.exec(name)?.[1])))
		.forEach(removeShared);

const isAgent = (pid: number): boolean => {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('\0--start-agent\0');
	} catch {
		// It has ended.
		return false;
	}
};

/** Agents of nsys on this machine, whoever started them. */
export const listAgents = (): readonly number[] =>
	listProcesses()
		.map(({pid}) => pid)
		.filter(isAgent);

/**
 * A registry that a dead agent has left locked blocks every later nsys on the machine. It may go once no agent lives;
 * call this with the start lock held, so that none is being born.
 */
export const clearRegistry = (): void => {
	if (listAgents().length === 0) {
		listShared()
			.filter((name) => name.startsWith('NSys-'))
			.forEach(removeShared);
	}
};
