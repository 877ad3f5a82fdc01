/** Asks nvidia-smi what must be known of GPUs before their clocks are set. Changes nothing. */

import {askNvidiaSmi, readSmiNumber, type SmiOptions} from './ask-nvidia-smi.ts';
import type {ClockFacts} from './clock-commands.ts';
import {queryGpus, type WantedFields} from './query-gpus.ts';

const fields = {
	index: ['index'],
	uuid: ['uuid'],
	name: ['name'],
	persistence: ['persistence_mode'],
	powerLimit: ['power.limit'],
	maxPowerLimit: ['power.max_limit'],
	// Deprecated in newer drivers, which answer "[Requested functionality has been deprecated]" or "[N/A]".
	applicationGraphics: ['clocks.applications.graphics'],
	applicationMemory: ['clocks.applications.memory'],
	defaultGraphics: ['clocks.default_applications.graphics'],
	maxGraphics: ['clocks.max.graphics', 'clocks.max.sm'],
	maxMemory: ['clocks.max.memory'],
} satisfies WantedFields<string>;

type FactRow = Readonly<Record<keyof typeof fields, string | null>>;

const readSwitch = (value: string | null, on: string, off: string): boolean | null =>
	value === on ? true : value === off ? false : null;

const readPositive = (cell: string | null): number | null => {
	const value = readSmiNumber(cell);
	return value === null || value <= 0 ? null : value;
};

/** `nvidia-smi -q -d CLOCK`: no field of a query tells it. */
export const parseAutoBoost = (text: string): boolean | null =>
	readSwitch(/Auto Boost Default\s*:\s*(.+)/.exec(text)?.[1]?.trim() ?? null, 'On', 'Off');

const buildFacts = (row: FactRow, uuid: string, autoBoost: boolean | null): ClockFacts => {
	const graphicsMhz = readPositive(row.applicationGraphics);
	const memoryMhz = readPositive(row.applicationMemory);
	return {
		index: Number(row.index),
		uuid,
		name: row.name ?? 'unknown',
		settings: {
			persistence: readSwitch(row.persistence, 'Enabled', 'Disabled'),
			autoBoost,
			powerLimitWatts: readPositive(row.powerLimit),
			applicationClocks:
				graphicsMhz === null || memoryMhz === null ? null : {graphicsMhz, memoryMhz},
		},
		maxPowerLimitWatts: readPositive(row.maxPowerLimit),
		maxGraphicsMhz: readPositive(row.maxGraphics),
		maxMemoryMhz: readPositive(row.maxMemory),
		defaultGraphicsMhz: readPositive(row.defaultGraphics),
	};
};

export interface ReadClockFacts {
	/** Of those that answered. */
	readonly gpus: readonly ClockFacts[];
	/** UUIDs of those that did not. */
	readonly silent: readonly string[];
	/** What nvidia-smi said instead; null: nothing. */
	readonly failure: string | null;
}

/** @param uuids in the order wanted. Never throws. */
export const readClockFacts = async (
	uuids: readonly string[],
	options: SmiOptions = {},
): Promise<ReadClockFacts> => {
	const {rows, failure} = await queryGpus(fields, options);
	const gpus: ClockFacts[] = [];
	const silent: string[] = [];
	for (const uuid of uuids) {
		const row = rows.find((one) => one.uuid === uuid);
		if (row === undefined || !/^\d+$/.test(row.index ?? '')) {
			silent.push(uuid);
		} else {
			const {text} = await askNvidiaSmi(['-i', uuid, '-q', '-d', 'CLOCK'], options);
			gpus.push(buildFacts(row, uuid, parseAutoBoost(text)));
		}
	}

	return {gpus, silent, failure};
};

const toldClock = {
	uuid: ['uuid'],
	graphics: ['clocks.current.graphics'],
} satisfies WantedFields<string>;

/** The graphics clock of this moment in MHz, by UUID, where it is told. Never throws. */
export const readToldClocks = async (
	options: SmiOptions = {},
): Promise<ReadonlyMap<string, number>> => {
	const {rows} = await queryGpus(toldClock, options);
	return new Map(
		rows.flatMap(({uuid, graphics}) => {
			const clock = readSmiNumber(graphics);
			return uuid === null || clock === null ? [] : [[uuid, clock] as const];
		}),
	);
};
