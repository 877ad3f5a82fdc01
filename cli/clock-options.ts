/** Options that set GPU clocks for a run: `-m` as the origin does, `--lock-clocks` for steady comparisons. */

import type {Argv} from 'yargs';
import {UserError} from '../base/errors.ts';
import type {ClockRequest} from '../launcher/run-options.ts';
import type {ClockWish} from '../schemas/clocks.ts';
import {flagOption, textOption, valueOption, type Parsed} from './options.ts';

export const withClockOptions = (parser: Argv): Argv =>
	parser
		.option('maximize-clocks', {
			type: 'boolean',
			alias: ['m', 'maximize_clocks'],
			describe: 'highest clocks and power limit while it runs; needs root',
		})
		.option(
			'lock-clocks',
			valueOption('base, max or MHz: a fixed graphics clock while it runs; needs root'),
		)
		.option('dry-run', {
			type: 'boolean',
			describe: 'with -m or --lock-clocks: print what would be sent to the GPUs, and end',
		});

/** Those that take no value. */
export const clockFlags: readonly string[] = [
	'-m',
	'--maximize-clocks',
	'--maximize_clocks',
	'--dry-run',
];

const parseClock = (text: string): ClockWish => {
	if (text === 'base' || text === 'max') {
		return text;
	}

	const clock = /^(\d{2,5})(?: ?MHz)?$/i.exec(text)?.[1];
	if (clock === undefined || Number(clock) === 0) {
		throw new UserError(`--lock-clocks takes base, max or a number of MHz, not "${text}"`, {
			next: 'For example: --lock-clocks 1410. `nvidia-smi -q -d SUPPORTED_CLOCKS` lists what a GPU can do.',
		});
	}

	return Number(clock);
};

/** @returns null where clocks are to be left alone. @throws UserError */
export const readClockOptions = (parsed: Parsed): ClockRequest | null => {
	const clock = textOption(parsed, 'lock-clocks');
	const dryRun = flagOption(parsed, 'dry-run');
	const maximize = flagOption(parsed, 'maximize-clocks');
	if (maximize && clock !== undefined) {
		throw new UserError(`-m and --lock-clocks ${clock} both set the graphics clock`, {
			next: '-m takes the highest of all; --lock-clocks leaves power limit and memory clock alone. Give one.',
		});
	}

	if (clock === undefined && !maximize) {
		if (dryRun) {
			throw new UserError(
				'--dry-run shows what -m or --lock-clocks would send, and neither is given',
				{
					next: 'For example: --lock-clocks base --dry-run.',
				},
			);
		}

		return null;
	}

	return {wish: clock === undefined ? 'maximize' : parseClock(clock), dryRun};
};
