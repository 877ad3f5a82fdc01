/**
 * Sets the clocks of the GPUs that a run uses, and holds them until it ends. In this order, so that there is no moment at
 * which a kill would leave a GPU changed: a guardian waits; what each GPU had is on the disk; then, one by one, a setting is
 * recorded as changed and its command is sent.
 */

import {setTimeout as sleep} from 'node:timers/promises';
import type {ClockWish, RunClocks} from '../schemas/clocks.ts';
import type {SmiOptions} from './ask-nvidia-smi.ts';
import {ClockAcquisition, type GpuReport} from './clock-acquisition.ts';
import {composeClockCommands} from './clock-commands.ts';
import {startClockGuardian, type ClockGuardian} from './clock-guardian.ts';
import {
	describeHolder,
	isSameHolder,
	openClockRecords,
	removeUnfinishedRecords,
} from './clock-records.ts';
import {readClockFacts, readToldClocks} from './read-clock-facts.ts';
import {
	lockPollMs,
	lockWaitMs,
	restoreGpus,
	type RestoredGpu,
	type RestorePlace,
} from './restore-clocks.ts';
import {acquireStartLock} from './start-lock.ts';
import {isRaised, StopSwitch, type StopSignal} from './stop-signal.ts';

export interface HoldOrder {
	/** Of the GPUs that the run uses, each once. */
	readonly uuids: readonly string[];
	readonly wish: ClockWish;
	readonly env: NodeJS.ProcessEnv;
	readonly stop: StopSignal;
	/** The command that the guardian becomes, given what names our process. */
	readonly restoreCommand: (self: {pid: number; startTicks: number}) => readonly string[];
	readonly smi?: SmiOptions;
}

export interface HeldClocks {
	readonly report: RunClocks;
	/** What people should know: GPUs left as they are, other runs that hold them. Full sentences. */
	readonly notes: readonly string[];
	/** Restores what nobody else holds. Whatever has been raised: this is not stopped. */
	release(): Promise<readonly RestoredGpu[]>;
}

const settleMs = 2000;
const settlePollMs = 100;
/** Clocks come in steps of 15 MHz or less. */
const settleMhz = 30;

/**
 * A command has returned when the driver has taken it, and a busy GPU follows within milliseconds. We wait until each tells
 * its clock, but no longer than that: an idle one may sleep until it gets work.
 */
const awaitClocks = async (
	reports: readonly GpuReport[],
	stop: StopSignal,
	smi: SmiOptions,
): Promise<readonly GpuReport[]> => {
	const wanted = reports.filter(({targetMhz}) => targetMhz !== null);
	if (wanted.length === 0) {
		return reports;
	}

	const startedAt = performance.now();
	for (;;) {
		const told = await readToldClocks(smi);
		const isThere = ({uuid, targetMhz}: GpuReport): boolean =>
			Math.abs((told.get(uuid) ?? Infinity) - (targetMhz ?? 0)) <= settleMhz;
		const late = performance.now() - startedAt > settleMs;
		if (wanted.every(isThere) || late || told.size === 0 || isRaised(stop)) {
			return reports.map((one) => ({...one, toldMhz: told.get(one.uuid) ?? null}));
		}

		await sleep(settlePollMs);
	}
};

interface Acquired {
	readonly reports: readonly GpuReport[];
	readonly notes: readonly string[];
}

/** @returns what stands in the way, as a sentence. @throws UserError for a clock that a GPU does not have */
const acquire = async (folder: string, order: HoldOrder): Promise<Acquired | string> => {
	const {uuids, stop, smi = {}} = order;
	const attempt = await acquireStartLock({folder, stop, waitMs: lockWaitMs, pollMs: lockPollMs});
	if (attempt.kind !== 'held') {
		return attempt.kind === 'failed' ? attempt.message : 'it was stopped before.';
	}

	try {
		// Under the lock: what another run has set must not be taken for what was before.
		const {gpus, silent, failure} = await readClockFacts(uuids, smi);
		removeUnfinishedRecords(folder);
		gpus.forEach((facts) => composeClockCommands(facts, order.wish));
		const acquisition = new ClockAcquisition({folder, lock: attempt.lock, smi}, order);
		for (const facts of gpus) {
			await acquisition.take(facts);
		}

		const notes = silent.map(
			(uuid) =>
				`The clocks of ${uuid} are left as they are: nvidia-smi does not tell them${failure === null ? '' : ` (${failure})`}.`,
		);
		return {reports: acquisition.reports, notes: [...notes, ...acquisition.notes]};
	} finally {
		attempt.lock.release();
	}
};

const release = async (
	folder: string,
	uuids: readonly string[],
	{smi = {}}: HoldOrder,
): Promise<readonly RestoredGpu[]> => {
	const stop = new StopSwitch();
	const attempt = await acquireStartLock({folder, stop, waitMs: lockWaitMs, pollMs: lockPollMs});
	if (attempt.kind !== 'held') {
		const reason = attempt.kind === 'failed' ? attempt.message : 'stopped';
		return [{kind: 'unusable', file: folder, reason}];
	}

	try {
		const self = describeHolder('max');
		const place: RestorePlace = {folder, lock: attempt.lock, smi};
		return await restoreGpus(place, uuids, (holder) => isSameHolder(holder, self));
	} finally {
		attempt.lock.release();
	}
};

const holdUnderGuard = async (
	folder: string,
	order: HoldOrder,
	guardian: ClockGuardian,
): Promise<HeldClocks | string> => {
	let acquired: Acquired | string;
	try {
		acquired = await acquire(folder, order);
	} catch (error) {
		await release(folder, order.uuids, order);
		throw error;
	}

	if (typeof acquired === 'string') {
		return acquired;
	}

	const {reports, notes} = acquired;
	const taken = reports.flatMap(({uuid, before}) => (before === null ? [] : [uuid]));
	const gpus = await awaitClocks(reports, order.stop, order.smi ?? {});
	return {
		report: {requested: order.wish, gpus: [...gpus]},
		notes,
		release: async () => {
			try {
				return await release(folder, taken, order);
			} finally {
				await guardian.dismiss();
			}
		},
	};
};

/**
 * @returns why no clock was touched, as a sentence, where none was
 * @throws UserError for a clock that a GPU does not have; ToolError when nothing can be recorded
 */
export const holdClocks = async (order: HoldOrder): Promise<HeldClocks | string> => {
	const folder = openClockRecords(order.env);
	const guardian = await startClockGuardian(order.restoreCommand(describeHolder(order.wish)));
	if (guardian === null) {
		return 'no shell could be started that would restore them, were we killed.';
	}

	let held: HeldClocks | string | undefined;
	try {
		held = await holdUnderGuard(folder, order, guardian);
		return held;
	} finally {
		if (held === undefined || typeof held === 'string') {
			await guardian.dismiss();
		}
	}
};
