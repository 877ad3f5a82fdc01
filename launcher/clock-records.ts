/**
 * The records of GPUs whose settings are to be restored, one file per GPU, by its UUID:
 *
 *     /dev/shm/nsys-benchmark-clocks/GPU-8a3f....json
 *
 * In memory, since the settings do not outlive a restart of the machine either; in one place for all users, since a GPU is
 * shared by them; elsewhere where $BENCHMARK_CLOCK_RECORDS says so, as for containers that share GPUs. Anyone may make files
 * in the folder, and remove no one else's. What is read there becomes commands, perhaps of root: a file counts that is a
 * plain one and belongs to root or to us. Files are read and written under a lock only.
 */

import {randomBytes} from 'node:crypto';
import {
	chmodSync,
	closeSync,
	constants,
	existsSync,
	fchmodSync,
	fchownSync,
	fstatSync,
	fsyncSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	renameSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {messageOf, systemCodeOf, ToolError} from '../base/errors.ts';
import {ClockHold, type ClockHolder, type ClockWish} from '../schemas/clocks.ts';
import {isRunning, readProcess} from './process-table.ts';

export const recordsVariable = 'BENCHMARK_CLOCK_RECORDS';

export const locateClockRecords = (env: NodeJS.ProcessEnv): string => {
	const given = env[recordsVariable] ?? '';
	const shared = existsSync('/dev/shm') ? '/dev/shm' : '/tmp';
	return path.isAbsolute(given) ? given : path.join(shared, 'nsys-benchmark-clocks');
};

const ownUser = (): number => process.getuid?.() ?? 0;
const isTrusted = (owner: number): boolean => owner === 0 || owner === ownUser();

/** Like /tmp: open to all, and nobody removes another's file. Root takes it over from whoever made it. */
const sharedMode = 0o1777;

const takeOver = (folder: string): void => {
	const fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
	try {
		if (ownUser() === 0 && fstatSync(fd).uid !== 0) {
			fchownSync(fd, 0, 0);
			fchmodSync(fd, sharedMode);
		}
	} finally {
		closeSync(fd);
	}
};

/** @throws ToolError when it cannot be made, or is no folder */
export const openClockRecords = (env: NodeJS.ProcessEnv): string => {
	const folder = locateClockRecords(env);
	try {
		if (!existsSync(folder)) {
			mkdirSync(folder, {recursive: true});
			chmodSync(folder, sharedMode);
		}

		takeOver(folder);
		return folder;
	} catch (error) {
		throw new ToolError(
			`${folder}, where GPU settings are recorded, cannot be used: ${messageOf(error)}`,
			{
				next: `Name another folder: ${recordsVariable}=/path.`,
				cause: error,
			},
		);
	}
};

const fileOf = (folder: string, uuid: string): string => path.join(folder, `${uuid}.json`);

export const readBootId = (): string =>
	readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();

const readNamespace = (): string => {
	try {
		return readlinkSync('/proc/self/ns/pid');
	} catch {
		// Not told: then numbers of processes are taken to be of one namespace.
		return '';
	}
};

export const describeHolder = (wish: ClockWish): ClockHolder => ({
	pid: process.pid,
	startTicks: readProcess(process.pid)?.startTicks ?? 0,
	pidNamespace: readNamespace(),
	wish,
});

export const isSameHolder = (a: ClockHolder, b: ClockHolder): boolean =>
	a.pid === b.pid && a.startTicks === b.startTicks && a.pidNamespace === b.pidNamespace;

/** One of another container cannot be looked at, and counts as alive. */
export const isHolding = (holder: ClockHolder): boolean =>
	holder.pidNamespace !== readNamespace() ||
	(readProcess(holder.pid)?.startTicks === holder.startTicks && isRunning(holder.pid));

export type FoundRecord =
	| {readonly kind: 'none'}
	/** From before the machine's last start: the settings went with it. */
	| {readonly kind: 'outdated'; readonly ours: boolean}
	/** Ours: we may write it. Otherwise root's. */
	| {readonly kind: 'hold'; readonly hold: ClockHold; readonly ours: boolean}
	/** Another user's, or nothing that we wrote. */
	| {readonly kind: 'unusable'; readonly file: string; readonly reason: string};

const readTrusted = (file: string): {text: string; ours: boolean} | null => {
	const fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
	try {
		const stat = fstatSync(fd);
		return stat.isFile() && isTrusted(stat.uid)
			? {text: readFileSync(fd, 'utf8'), ours: ownUser() === 0 || stat.uid === ownUser()}
			: null;
	} finally {
		closeSync(fd);
	}
};

const parseHold = (text: string): ClockHold | null => {
	try {
		return ClockHold.parse(JSON.parse(text));
	} catch {
		// Half a file is never there, so this is of another version, or nobody's.
		return null;
	}
};

export const readClockRecord = (folder: string, uuid: string): FoundRecord => {
	const file = fileOf(folder, uuid);
	try {
		const read = readTrusted(file);
		if (read === null) {
			return {kind: 'unusable', file, reason: 'it belongs to another user'};
		}

		const hold = parseHold(read.text);
		if (hold?.gpu.uuid !== uuid) {
			return {kind: 'unusable', file, reason: 'it is no record of this version'};
		}

		return hold.bootId === readBootId()
			? {kind: 'hold', hold, ours: read.ours}
			: {kind: 'outdated', ours: read.ours};
	} catch (error) {
		return systemCodeOf(error) === 'ENOENT'
			? {kind: 'none'}
			: {kind: 'unusable', file, reason: messageOf(error)};
	}
};

const syncFile = (file: string): void => {
	const fd = openSync(file, 'r');
	try {
		fsyncSync(fd);
	} finally {
		closeSync(fd);
	}
};

const unfinished = /\.[0-9a-f]{8}\.tmp$/;

/** On the disk when it returns. @throws ToolError when the disk refuses, or the file is another user's */
export const writeClockRecord = (folder: string, hold: ClockHold): void => {
	const file = fileOf(folder, hold.gpu.uuid);
	const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`;
	try {
		// A new file, always: one that was put there for us is not followed.
		writeFileSync(temporary, `${JSON.stringify(ClockHold.parse(hold), null, '\t')}\n`, {
			flag: 'wx',
			mode: 0o644,
		});
		syncFile(temporary);
		renameSync(temporary, file);
		syncFile(folder);
	} catch (error) {
		rmSync(temporary, {force: true});
		throw new ToolError(`${file} cannot be written: ${messageOf(error)}`, {
			next: `It is what GPU settings are restored by. Make room there, or name another folder: ${recordsVariable}=/path.`,
			cause: error,
		});
	}
};

/** @throws ToolError when the file is another user's */
export const removeClockRecord = (folder: string, uuid: string): void => {
	const file = fileOf(folder, uuid);
	try {
		rmSync(file, {force: true});
	} catch (error) {
		throw new ToolError(`${file} cannot be removed: ${messageOf(error)}`, {cause: error});
	}
};

/** Under the lock: what is half-written then has lost its writer. */
export const removeUnfinishedRecords = (folder: string): void => {
	for (const name of readdirSync(folder).filter((one) => unfinished.test(one))) {
		try {
			rmSync(path.join(folder, name), {force: true});
		} catch (error) {
			// Another user's: it is his to remove, and in nobody's way.
			if (!['EPERM', 'EACCES'].includes(systemCodeOf(error) ?? '')) {
				throw error;
			}
		}
	}
};

/** UUIDs of the GPUs that have one. */
export const listClockRecords = (folder: string): readonly string[] =>
	existsSync(folder)
		? readdirSync(folder)
				.filter((name) => name.endsWith('.json'))
				.map((name) => path.basename(name, '.json'))
		: [];
