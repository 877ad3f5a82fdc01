/**
 * Takes hold of GPUs for a run, one after the other, under the lock: joins or begins a GPU's record, then, setting by
 * setting, records it as changed and sends its command.
 */

import {plural} from '../base/plural.ts';
import type {ClockHold, ClockWish, RunClocks, SentCommand} from '../schemas/clocks.ts';
import {
	chooseClock,
	composeClockCommands,
	composeRestoreCommands,
	type ClockFacts,
	type SmiCommand,
} from './clock-commands.ts';
import {
	describeHolder,
	isHolding,
	isSameHolder,
	readBootId,
	readClockRecord,
	removeClockRecord,
	writeClockRecord,
} from './clock-records.ts';
import {sendSetting, type RestorePlace} from './restore-clocks.ts';
import {isRaised, type StopSignal} from './stop-signal.ts';

export type GpuReport = RunClocks['gpus'][number];

const untouched = ({index, uuid}: ClockFacts): GpuReport => ({
	index,
	uuid,
	before: null,
	commands: [],
	targetMhz: null,
	toldMhz: null,
});

const beginHold = ({index, uuid, settings}: ClockFacts): ClockHold => ({
	formatVersion: 1,
	bootId: readBootId(),
	gpu: {index, uuid},
	recordedAt: new Date().toISOString(),
	before: settings,
	changed: [],
	holders: [],
});

/** One setting: recorded as changed, sent, and recorded as what came of it. */
const applyCommand = async (
	place: RestorePlace,
	hold: ClockHold,
	command: SmiCommand,
): Promise<{hold: ClockHold; sent: SentCommand}> => {
	const {setting} = command;
	const earlier = hold.changed.find((one) => one.setting === setting);
	const others = hold.changed.filter((one) => one.setting !== setting);
	const pending = earlier ?? {setting, certain: false};
	writeClockRecord(place.folder, {...hold, changed: [...others, pending]});
	const sent = await sendSetting(place, command);
	const after =
		sent.outcome === 'done'
			? {setting, certain: true}
			: sent.outcome === 'failed'
				? pending
				: earlier;
	return {hold: {...hold, changed: after === undefined ? others : [...others, after]}, sent};
};

export class ClockAcquisition {
	/** What people should know. Full sentences. */
	readonly notes: string[] = [];
	readonly reports: GpuReport[] = [];
	readonly #place: RestorePlace;
	readonly #order: {readonly wish: ClockWish; readonly stop: StopSignal};

	constructor(place: RestorePlace, order: {readonly wish: ClockWish; readonly stop: StopSignal}) {
		this.#place = place;
		this.#order = order;
	}

	async take(facts: ClockFacts): Promise<void> {
		const hold = this.#joinRecord(facts);
		if (hold === null) {
			this.reports.push(untouched(facts));
			return;
		}

		const {wish, stop} = this.#order;
		// What could not be restored is not changed.
		const commands = composeClockCommands(facts, wish).filter(
			({setting}) => composeRestoreCommands(facts.uuid, hold.before, [setting]).length > 0,
		);
		let current = hold;
		const sent: SentCommand[] = [];
		writeClockRecord(this.#place.folder, current);
		for (const command of commands) {
			if (!isRaised(stop)) {
				const applied = await applyCommand(this.#place, current, command);
				current = applied.hold;
				sent.push(applied.sent);
			}
		}

		this.#keep(current);
		this.#noteHighBase(facts);
		const isLocked = sent.some((one) => one.setting === 'graphics-clock' && one.outcome === 'done');
		this.reports.push({
			...untouched(facts),
			before: hold.before,
			commands: sent,
			targetMhz: isLocked ? chooseClock(facts, wish) : null,
		});
	}

	/** As on H100 and H200: their application clock is their highest. */
	#noteHighBase({index, defaultGraphicsMhz: base, maxGraphicsMhz: most}: ClockFacts): void {
		if (this.#order.wish === 'base' && base !== null && base === most) {
			this.notes.push(
				`The base clock that GPU ${index} tells is its highest, ${base} MHz, which its power limit may not hold under load: a lower number, as --lock-clocks ${Math.round((base * 0.75) / 15) * 15}, is steadier.`,
			);
		}
	}

	/** Where nothing was changed there is nothing to restore. */
	#keep(hold: ClockHold): void {
		if (hold.changed.length === 0 && hold.holders.length === 1) {
			removeClockRecord(this.#place.folder, hold.gpu.uuid);
		} else {
			writeClockRecord(this.#place.folder, hold);
		}
	}

	/** The first run's record of what was before is everyone's. @returns null where the GPU is to be left alone */
	#joinRecord(facts: ClockFacts): ClockHold | null {
		const {wish} = this.#order;
		const found = readClockRecord(this.#place.folder, facts.uuid);
		const self = describeHolder(wish);
		if (found.kind === 'none' || found.kind === 'outdated') {
			return {...beginHold(facts), holders: [self]};
		}

		if (found.kind === 'unusable' || !found.ours) {
			const why = found.kind === 'unusable' ? found.reason : 'root has set them for another run';
			this.notes.push(
				`The clocks of GPU ${facts.index} are left as they are: ${why} (${this.#place.folder}/${facts.uuid}.json).`,
			);
			return null;
		}

		const {hold} = found;
		const others = hold.holders.filter((one) => isHolding(one) && !isSameHolder(one, self));
		const different = others.filter((one) => one.wish !== wish);
		if (different.length > 0) {
			this.notes.push(
				`The clocks of GPU ${facts.index} were set by ${plural(different.length, 'other run')} (process ${different.map(({pid}) => pid).join(', ')}) to something else, and are now set anew for all.`,
			);
		}

		return {...hold, holders: [...others, self]};
	}
}
