/**
 * Gives GPUs back the settings that they had, as soon as nobody holds them any more: at the end of a run, by the guardian
 * of a run that was killed, or by `benchmark doctor --restore`.
 */

import {ToolError} from '../base/errors.ts';
import type {ClockHold, ClockHolder, SentCommand} from '../schemas/clocks.ts';
import type {SmiOptions} from './ask-nvidia-smi.ts';
import {composeRestoreCommands, judgeReply, type SmiCommand} from './clock-commands.ts';
import {
	isHolding,
	listClockRecords,
	openClockRecords,
	readClockRecord,
	removeClockRecord,
	removeUnfinishedRecords,
	writeClockRecord,
} from './clock-records.ts';
import {firstWords, sendSmi} from './send-smi.ts';
import {acquireStartLock, type StartLock} from './start-lock.ts';
import {StopSwitch, type StopSignal} from './stop-signal.ts';

export type RestoredGpu =
	/** As before. `commands` is empty where nothing had been changed. */
	| {readonly kind: 'restored'; readonly index: number; readonly commands: readonly SentCommand[]}
	/** Others hold it: the last of them restores it. */
	| {readonly kind: 'held'; readonly index: number; readonly holders: readonly ClockHolder[]}
	/** `pending` is left to be sent; the record stays. */
	| {
			readonly kind: 'failed';
			readonly index: number;
			readonly message: string;
			readonly pending: readonly SmiCommand[];
	  }
	/** There is a file that may not be used. */
	| {readonly kind: 'unusable'; readonly file: string; readonly reason: string};

export interface RestorePlace {
	/** Of the records. */
	readonly folder: string;
	/** Held by the caller. */
	readonly lock: StartLock;
	readonly smi: SmiOptions;
}

export const sendSetting = async (
	{lock, smi}: RestorePlace,
	command: SmiCommand,
): Promise<SentCommand> => {
	const reply = await sendSmi(command.arguments, lock.fd, smi);
	return {
		...command,
		arguments: [...command.arguments],
		outcome: judgeReply(reply),
		message: firstWords(reply),
	};
};

/** What was sent and never answered may not have been done: then it cannot be undone either, and need not be. */
const isSettled = ({changed}: ClockHold, {setting, outcome}: SentCommand): boolean => {
	const {certain = true} = changed.find((one) => one.setting === setting) ?? {};
	return outcome === 'done' || (!certain && outcome !== 'failed');
};

const restoreSettings = async (place: RestorePlace, hold: ClockHold): Promise<RestoredGpu> => {
	const {gpu, before, changed} = hold;
	const commands = composeRestoreCommands(
		gpu.uuid,
		before,
		changed.map(({setting}) => setting),
	);
	const sent: SentCommand[] = [];
	for (const command of commands) {
		sent.push(await sendSetting(place, command));
	}

	const pending = sent.filter((one) => !isSettled(hold, one));
	if (pending.length === 0) {
		removeClockRecord(place.folder, gpu.uuid);
		return {kind: 'restored', index: gpu.index, commands: sent};
	}

	writeClockRecord(place.folder, {
		...hold,
		holders: [],
		changed: changed.filter(({setting}) => pending.some((one) => one.setting === setting)),
	});
	return {kind: 'failed', index: gpu.index, message: pending[0]?.message ?? '', pending};
};

/** @returns null where nothing is recorded. @throws ToolError when the disk refuses */
export const restoreGpu = async (
	place: RestorePlace,
	uuid: string,
	isGone: (holder: ClockHolder) => boolean,
): Promise<RestoredGpu | null> => {
	const found = readClockRecord(place.folder, uuid);
	if (found.kind === 'outdated' && found.ours) {
		removeClockRecord(place.folder, uuid);
	}

	if (found.kind !== 'hold') {
		return found.kind === 'unusable' ? found : null;
	}

	const {hold, ours} = found;
	const {index} = hold.gpu;
	const holders = hold.holders.filter((holder) => !isGone(holder) && isHolding(holder));
	if (!ours) {
		const names = hold.changed.map(({setting}) => setting);
		return holders.length > 0
			? {kind: 'held', index, holders}
			: {
					kind: 'failed',
					index,
					message: 'root has changed it',
					pending: composeRestoreCommands(uuid, hold.before, names),
				};
	}

	if (holders.length > 0) {
		writeClockRecord(place.folder, {...hold, holders});
		return {kind: 'held', index, holders};
	}

	return restoreSettings(place, hold);
};

/** Restoring takes seconds per GPU, and someone else may be at it. */
export const lockWaitMs = 120_000;
export const lockPollMs = 20;

/** Like restoreGpu for several, under the lock. A GPU whose record fails does not keep the others from theirs. */
export const restoreGpus = async (
	place: RestorePlace,
	uuids: readonly string[],
	isGone: (holder: ClockHolder) => boolean,
): Promise<readonly RestoredGpu[]> => {
	const restored: RestoredGpu[] = [];
	for (const uuid of uuids) {
		try {
			const one = await restoreGpu(place, uuid, isGone);
			restored.push(...(one === null ? [] : [one]));
		} catch (error) {
			if (!(error instanceof ToolError)) {
				throw error;
			}

			restored.push({
				kind: 'unusable',
				file: `${place.folder}/${uuid}.json`,
				reason: error.message,
			});
		}
	}

	return restored;
};

export interface RestoreOrder {
	readonly env: NodeJS.ProcessEnv;
	/** A launcher that has ended, though its process may still be seen for a moment; null: none. */
	readonly ended: Pick<ClockHolder, 'pid' | 'startTicks'> | null;
	readonly stop?: StopSignal;
	readonly smi?: SmiOptions;
}

export type Restoration =
	| {readonly kind: 'looked'; readonly gpus: readonly RestoredGpu[]}
	| {readonly kind: 'failed'; readonly message: string};

/** Every GPU that is recorded on this machine. @throws ToolError when the records cannot be reached */
export const restoreClocks = async (order: RestoreOrder): Promise<Restoration> => {
	const {env, ended, stop = new StopSwitch(), smi = {}} = order;
	const folder = openClockRecords(env);
	const attempt = await acquireStartLock({folder, stop, waitMs: lockWaitMs, pollMs: lockPollMs});
	if (attempt.kind !== 'held') {
		return {
			kind: 'failed',
			message: attempt.kind === 'failed' ? attempt.message : 'stopped while waiting for the lock',
		};
	}

	try {
		const gone = (holder: ClockHolder): boolean =>
			ended !== null && holder.pid === ended.pid && holder.startTicks === ended.startTicks;
		const place: RestorePlace = {folder, lock: attempt.lock, smi};
		removeUnfinishedRecords(folder);
		return {kind: 'looked', gpus: await restoreGpus(place, listClockRecords(folder), gone)};
	} finally {
		attempt.lock.release();
	}
};
