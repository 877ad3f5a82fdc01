/**
 * What is said to nvidia-smi to set a GPU's clocks and to restore them, and what its answers mean. Pure: nothing is sent.
 *
 * The tool ends with exit code 0 also where a GPU has no such setting ("Setting locked Memory clocks is not supported for
 * GPU ...", "Treating as warning and moving on."), so its words are read. Exit codes 3 (not available on the device) and
 * 4 (no permission) are in its manual.
 */

import {UserError} from '../base/errors.ts';
import {
	clockSettings,
	type ClockOutcome,
	type ClockSetting,
	type ClockSettings,
	type ClockWish,
} from '../schemas/clocks.ts';

/** What must be known of a GPU to set its clocks. null: nvidia-smi does not tell. */
export interface ClockFacts {
	/** As nvidia-smi counts them. */
	readonly index: number;
	readonly uuid: string;
	readonly name: string;
	readonly settings: ClockSettings;
	readonly maxPowerLimitWatts: number | null;
	readonly maxGraphicsMhz: number | null;
	readonly maxMemoryMhz: number | null;
	/** The application clock that it comes with. */
	readonly defaultGraphicsMhz: number | null;
}

export interface SmiCommand {
	readonly setting: ClockSetting;
	/** Without the tool's own name. */
	readonly arguments: readonly string[];
}

const nameGpu = ({index, name}: ClockFacts): string => `GPU ${index} (${name})`;

/** A clock that most cards hold under load is about three quarters of their highest. */
const suggestClock = ({maxGraphicsMhz}: ClockFacts): string =>
	maxGraphicsMhz === null
		? 'Name a number of MHz instead, one that it holds under load: --lock-clocks 1200.'
		: `Name a number of MHz instead, one that it holds under load. Its highest is ${maxGraphicsMhz}: try --lock-clocks ${Math.round((maxGraphicsMhz * 0.75) / 15) * 15}.`;

/**
 * The graphics clock that is meant on this GPU; null: -m on a GPU that does not tell its highest.
 * @throws UserError where there is no such clock on this GPU
 */
export const chooseClock = (facts: ClockFacts, wish: ClockWish): number | null => {
	const {maxGraphicsMhz: most, defaultGraphicsMhz: base} = facts;
	if (wish === 'maximize') {
		return most;
	}

	if (wish === 'base') {
		if (base === null) {
			throw new UserError(
				`--lock-clocks base: ${nameGpu(facts)} does not tell its base clock, as GPUs without application clocks do not`,
				{next: suggestClock(facts)},
			);
		}

		return base;
	}

	if (wish === 'max') {
		if (most === null) {
			throw new UserError(`--lock-clocks max: ${nameGpu(facts)} does not tell its highest clock`, {
				next: suggestClock(facts),
			});
		}

		return most;
	}

	if (most !== null && wish > most) {
		throw new UserError(
			`--lock-clocks ${wish}: the highest clock of ${nameGpu(facts)} is ${most}`,
			{
				next: `Name ${most} or less, or: --lock-clocks max.`,
			},
		);
	}

	return wish;
};

const formatSwitch = (on: boolean): string => (on ? '1' : '0');

type SettingArguments = Readonly<Record<ClockSetting, readonly string[] | null>>;

const listCommands = (
	uuid: string,
	settings: SettingArguments,
	order: readonly ClockSetting[],
): readonly SmiCommand[] =>
	order.flatMap((setting) => {
		const words = settings[setting];
		return words === null ? [] : [{setting, arguments: ['-i', uuid, ...words]}];
	});

/** All that -m sets, which is what the origin sets, less what this GPU does not have. */
const maximizeArguments = (facts: ClockFacts): SettingArguments => {
	const {settings, maxPowerLimitWatts, maxGraphicsMhz, maxMemoryMhz} = facts;
	const {persistence, autoBoost, powerLimitWatts, applicationClocks} = settings;
	const knowsBoth = maxGraphicsMhz !== null && maxMemoryMhz !== null;
	return {
		persistence: persistence === null ? null : ['-pm', '1'],
		'auto-boost': autoBoost === null ? null : ['--auto-boost-default=0'],
		'power-limit':
			powerLimitWatts === null || maxPowerLimitWatts === null
				? null
				: ['-pl', String(maxPowerLimitWatts)],
		'graphics-clock':
			maxGraphicsMhz === null ? null : ['-lgc', `${maxGraphicsMhz},${maxGraphicsMhz}`],
		'memory-clock': maxMemoryMhz === null ? null : ['-lmc', `${maxMemoryMhz},${maxMemoryMhz}`],
		'application-clocks':
			applicationClocks === null || !knowsBoth
				? null
				: ['-ac', `${maxMemoryMhz},${maxGraphicsMhz}`],
	};
};

/** Without persistence mode the driver leaves the GPU when nvidia-smi ends, and forgets the clock with it. */
const lockArguments = ({settings}: ClockFacts, clock: number): SettingArguments => ({
	persistence: settings.persistence === null ? null : ['-pm', '1'],
	'auto-boost': null,
	'power-limit': null,
	'graphics-clock': ['-lgc', `${clock},${clock}`],
	'memory-clock': null,
	'application-clocks': null,
});

/** @throws UserError as chooseClock */
export const composeClockCommands = (facts: ClockFacts, wish: ClockWish): readonly SmiCommand[] => {
	const clock = chooseClock(facts, wish);
	const words =
		wish === 'maximize' || clock === null ? maximizeArguments(facts) : lockArguments(facts, clock);
	return listCommands(facts.uuid, words, clockSettings);
};

const restoreArguments = ({
	persistence,
	autoBoost,
	powerLimitWatts,
	applicationClocks,
}: ClockSettings): SettingArguments => ({
	persistence: persistence === null ? null : ['-pm', formatSwitch(persistence)],
	'auto-boost': autoBoost === null ? null : [`--auto-boost-default=${formatSwitch(autoBoost)}`],
	'power-limit': powerLimitWatts === null ? null : ['-pl', String(powerLimitWatts)],
	'graphics-clock': ['-rgc'],
	'memory-clock': ['-rmc'],
	'application-clocks':
		applicationClocks === null
			? null
			: ['-ac', `${applicationClocks.memoryMhz},${applicationClocks.graphicsMhz}`],
});

/** @param changed only these are touched */
export const composeRestoreCommands = (
	uuid: string,
	before: ClockSettings,
	changed: readonly ClockSetting[],
): readonly SmiCommand[] =>
	listCommands(
		uuid,
		restoreArguments(before),
		clockSettings.toReversed().filter((setting) => changed.includes(setting)),
	);

/** As it is typed in a shell; its words hold nothing that a shell would change. */
export const formatSmiCommand = ({arguments: words}: Pick<SmiCommand, 'arguments'>): string =>
	['nvidia-smi', ...words].join(' ');

export interface SmiReply {
	/** Both outputs. */
	readonly text: string;
	/** null: it was ended, or never started. */
	readonly exitCode: number | null;
}

/** Said also after a complaint, where nvidia-persistenced does what nvidia-smi itself may not. */
const persistenceDone =
	/(?:Enabled|Disabled) .*persistence mode for GPU|is already (?:Enabled|Disabled)/;
const permissionWords = /does not have permission|Insufficient Permissions/i;
const supportWords = /not supported|has been deprecated|not available on target/i;

export const judgeReply = ({text, exitCode}: SmiReply): ClockOutcome => {
	if (exitCode === 0 && persistenceDone.test(text)) {
		return 'done';
	}

	if (exitCode === 4 || permissionWords.test(text)) {
		return 'no-permission';
	}

	if (exitCode === 3 || supportWords.test(text)) {
		return 'not-supported';
	}

	return exitCode === 0 ? 'done' : 'failed';
};
