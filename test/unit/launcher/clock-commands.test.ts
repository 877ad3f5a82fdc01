/** What would be said to nvidia-smi, on recorded GPUs, and what its recorded answers mean. Nothing is sent. */

import {describe, expect, it} from 'vitest';
import {UserError} from '../../../base/errors.ts';
import {
	chooseClock,
	composeClockCommands,
	composeRestoreCommands,
	formatSmiCommand,
	judgeReply,
	type ClockFacts,
} from '../../../launcher/clock-commands.ts';
import {parseAutoBoost} from '../../../launcher/read-clock-facts.ts';
import {clockSettings, type ClockWish} from '../../../schemas/clocks.ts';

const a100: ClockFacts = {
	index: 0,
	uuid: 'GPU-a1',
	name: 'NVIDIA A100-SXM4-40GB',
	settings: {
		persistence: false,
		autoBoost: null,
		powerLimitWatts: 250,
		applicationClocks: {graphicsMhz: 1095, memoryMhz: 1215},
	},
	maxPowerLimitWatts: 400,
	maxGraphicsMhz: 1410,
	maxMemoryMhz: 1215,
	defaultGraphicsMhz: 1095,
};

/** Kepler: auto-boost is there, locks are not, which only sending them would tell. */
const k80: ClockFacts = {
	...a100,
	uuid: 'GPU-80',
	settings: {...a100.settings, autoBoost: true},
};

/** As drivers from 590 on tell it, or a GeForce card: no application clocks. */
const geforce: ClockFacts = {
	...a100,
	uuid: 'GPU-2080',
	name: 'NVIDIA GeForce RTX 2080 SUPER',
	settings: {persistence: null, autoBoost: null, powerLimitWatts: 250, applicationClocks: null},
	maxGraphicsMhz: 2280,
	maxMemoryMhz: 7751,
	defaultGraphicsMhz: null,
};

/** A laptop whose driver tells neither clocks nor power. */
const laptop: ClockFacts = {
	...geforce,
	uuid: 'GPU-940',
	settings: {...geforce.settings, powerLimitWatts: null},
	maxPowerLimitWatts: null,
	maxGraphicsMhz: null,
	maxMemoryMhz: null,
};

const typed = (facts: ClockFacts, wish: ClockWish): readonly string[] =>
	composeClockCommands(facts, wish).map(formatSmiCommand);

describe('-m', () => {
	it('sets what the origin sets, in its order', () => {
		expect(typed(k80, 'maximize')).toEqual([
			'nvidia-smi -i GPU-80 -pm 1',
			'nvidia-smi -i GPU-80 --auto-boost-default=0',
			'nvidia-smi -i GPU-80 -pl 400',
			'nvidia-smi -i GPU-80 -lgc 1410,1410',
			'nvidia-smi -i GPU-80 -lmc 1215,1215',
			'nvidia-smi -i GPU-80 -ac 1215,1410',
		]);
	});

	it('leaves out what the GPU does not have', () => {
		expect(typed(geforce, 'maximize')).toEqual([
			'nvidia-smi -i GPU-2080 -pl 400',
			'nvidia-smi -i GPU-2080 -lgc 2280,2280',
			'nvidia-smi -i GPU-2080 -lmc 7751,7751',
		]);
		expect(typed(laptop, 'maximize')).toEqual([]);
	});
});

describe('--lock-clocks', () => {
	it.each([
		['base', 1095],
		['max', 1410],
		[900, 900],
	] as const)('%s locks the graphics clock alone, and keeps the driver loaded', (wish, clock) => {
		expect(typed(a100, wish)).toEqual([
			'nvidia-smi -i GPU-a1 -pm 1',
			`nvidia-smi -i GPU-a1 -lgc ${clock},${clock}`,
		]);
	});

	it('takes a number also where the GPU tells nothing', () => {
		expect(typed(laptop, 900)).toEqual(['nvidia-smi -i GPU-940 -lgc 900,900']);
	});

	it.each([
		['base', geforce, /does not tell its base clock/, /--lock-clocks 1710/],
		['base', laptop, /does not tell its base clock/, /--lock-clocks 1200/],
		['max', laptop, /does not tell its highest clock/, /--lock-clocks 1200/],
		[1411, a100, /highest clock of GPU 0 \(NVIDIA A100-SXM4-40GB\) is 1410/, /--lock-clocks max/],
	] as const)('%s is refused where there is none, with what to type', (wish, facts, what, next) => {
		const choose = (): unknown => chooseClock(facts, wish);
		expect(choose).toThrow(UserError);
		expect(choose).toThrow(what);
		try {
			choose();
		} catch (error) {
			expect((error as UserError).next).toMatch(next);
		}
	});
});

describe('restoring', () => {
	it('gives back what was there, in the opposite order', () => {
		const commands = composeRestoreCommands('GPU-80', k80.settings, clockSettings);
		expect(commands.map(formatSmiCommand)).toEqual([
			'nvidia-smi -i GPU-80 -ac 1215,1095',
			'nvidia-smi -i GPU-80 -rmc',
			'nvidia-smi -i GPU-80 -rgc',
			'nvidia-smi -i GPU-80 -pl 250',
			'nvidia-smi -i GPU-80 --auto-boost-default=1',
			'nvidia-smi -i GPU-80 -pm 0',
		]);
	});

	it('touches only what was changed, and nothing that was not known before', () => {
		const settings = {...k80.settings, powerLimitWatts: null};
		expect(
			composeRestoreCommands('GPU-80', settings, ['power-limit', 'graphics-clock']).map(
				formatSmiCommand,
			),
		).toEqual(['nvidia-smi -i GPU-80 -rgc']);
	});
});

/** Recorded answers; test/support/clock-smi.ts names where they are from. */
describe('an answer', () => {
	it.each([
		[
			'done',
			0,
			'GPU clocks set to "(gpuClkMin 1000, gpuClkMax 1000)" for GPU 00000000:07:00.0\nAll done.',
		],
		['done', 0, 'All done.'],
		['done', 0, 'Persistence mode is already Enabled for GPU 00000000:08:00.0.\nAll done.'],
		// The daemon does what nvidia-smi may not.
		[
			'done',
			0,
			'Unable to set persistence mode for GPU 00000000:08:00.0: Insufficient Permissions\nEnabled Legacy persistence mode for GPU 00000000:08:00.0.\nAll done.',
		],
		[
			'done',
			0,
			'GPU clocks set to "(gpuClkMin tdp, gpuClkMax tdp)" for GPU 00000009:01:00.0\n\nWarning: persistence mode is disabled on device 00000009:01:00.0. See the Known Issues section of the nvidia-smi(1) man page for more information.',
		],
		[
			'not-supported',
			0,
			'Setting locked Memory clocks is not supported for GPU 00000000:01:00.0.\nTreating as warning and moving on.\nAll done.',
		],
		[
			'not-supported',
			0,
			'Changing power management limit is not supported in current scope for GPU: 00000000:01:00.0.\nTreating as warning and moving on.\nAll done.',
		],
		['not-supported', 3, ''],
		['not-supported', 0, 'The requested functionality has been deprecated.'],
		[
			'no-permission',
			4,
			'The current user does not have permission to change clocks for GPU 00000000:C1:00.0.\nTerminating early due to previous errors.',
		],
		[
			'no-permission',
			4,
			'Failed to set power management limit for GPU 00000000:01:00.0: Insufficient Permissions\nTerminating early due to previous errors.',
		],
		['failed', 255, 'Unable to set persistence mode for GPU 00000000:11:00.0: Unknown Error'],
		[
			'failed',
			2,
			'Provided power limit 10.00 W is not a valid power limit which should be between 100.00 W and 242.00 W for GPU 00000000:29:00.0',
		],
		['failed', null, 'no answer for 30 s'],
	] as const)('that is %s', (outcome, exitCode, text) => {
		expect(judgeReply({text, exitCode})).toBe(outcome);
	});

	it('tells auto-boost as `-q -d CLOCK` does', () => {
		const clockPolicy = (value: string): string =>
			`    Clock Policy\n        Auto Boost                        : ${value}\n        Auto Boost Default                : ${value}\n`;
		expect(['On', 'Off', 'N/A'].map((value) => parseAutoBoost(clockPolicy(value)))).toEqual([
			true,
			false,
			null,
		]);
		expect(parseAutoBoost('')).toBeNull();
	});
});
