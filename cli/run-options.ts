/** The command line of `benchmark [run]`: everything before the program is ours, all after it is the program's. */

import type {Argv} from 'yargs';
import {UserError} from '../base/errors.ts';
import type {RunOptions} from '../launcher/run-options.ts';
import {parsePrecisionWish, type PrecisionWish} from '../results/comparison/precision-target.ts';
import {launchOptionNames, readLaunchOptions, withLaunchOptions} from './launch-options.ts';
import {splitArguments} from './own-arguments.ts';
import {
	countOption,
	flagOption,
	logLevelOption,
	optionParser,
	textOption,
	valueOption,
	withCommonOptions,
	type Parsed,
} from './options.ts';
import {durationOption, shareOption} from './quantity-options.ts';
import type {LogLevel} from './terminal.ts';

/** --repeat auto. */
export interface AutoRepeat {
	/** Half the interval's width as a share of its center. */
	readonly precision: number;
	readonly wish: PrecisionWish;
	/** No repeat starts that would end later, by the longest so far; null: no limit. */
	readonly maxSeconds: number | null;
}

/** Who has not got there by now will not for long: the interval shrinks with the root of the repeats. */
export const mostRepeats = 60;

export interface RunRequest {
	readonly options: RunOptions;
	/** --nsys; null: the newest that is found. */
	readonly nsys: string | null;
	readonly json: boolean;
	/** --all: the whole table. */
	readonly all: boolean;
	readonly logLevel: LogLevel;
	/** --repeat auto; null: as many as `options.repeats` says. Then that is the most there may be. */
	readonly auto: AutoRepeat | null;
}

const usage = `benchmark [run] [options] <program> [program's arguments]

Runs the program in N processes under Nsight Systems and reports the CPU and GPU time of every NVTX range, batch by batch.
A program is a .py, .js, .mjs, .ts or .mts file, or anything executable.`;

export const runParser = (): Argv =>
	withCommonOptions(
		withLaunchOptions(optionParser(usage), '/tmp')
			.option('repeat', valueOption('run it all this many times, or auto: until it is known (1)'))
			.option('precision', valueOption('with --repeat auto: how well it shall be known (1%)'))
			.option(
				'precision-metric',
				valueOption("with --repeat auto: what shall be (the batches' CPU time per item)"),
			)
			.option(
				'max-time',
				valueOption('with --repeat auto: no longer than this, such as 90s or 10m'),
			),
	);

/** Whether --json stands among our own options, also where the rest of them is wrong. */
export const asksForJson = (argv: readonly string[]): boolean =>
	splitArguments(argv, launchOptionNames).own.includes('--json');

/** Options that mean something with --repeat auto only. */
const autoOptions = ['precision', 'precision-metric', 'max-time'] as const;

const readAuto = (parsed: Parsed): AutoRepeat | null => {
	if (textOption(parsed, 'repeat') === 'auto') {
		return {
			precision: shareOption(parsed, 'precision') ?? 0.01,
			wish: parsePrecisionWish(textOption(parsed, 'precision-metric')),
			maxSeconds: durationOption(parsed, 'max-time') ?? null,
		};
	}

	const given = autoOptions.find((name) => textOption(parsed, name) !== undefined);
	if (given !== undefined) {
		throw new UserError(`--${given} needs --repeat auto: any other number of repeats is fixed`);
	}

	return null;
};

const readRepeats = (parsed: Parsed): number => {
	switch (textOption(parsed, 'repeat')) {
		case 'auto':
			return mostRepeats;
		case undefined:
			return 1;
		default:
			return countOption(parsed, 'repeat', 1);
	}
};

/** @returns null when only help was asked for. @throws UserError */
export const parseRunRequest = (argv: readonly string[], cwd: string): RunRequest | null => {
	const {own, program} = splitArguments(argv, launchOptionNames);
	const parsed = runParser().parseSync([...own]);
	if (flagOption(parsed, 'help')) {
		return null;
	}

	return {
		nsys: textOption(parsed, 'nsys') ?? null,
		json: flagOption(parsed, 'json'),
		all: flagOption(parsed, 'all'),
		logLevel: logLevelOption(parsed),
		auto: readAuto(parsed),
		options: readLaunchOptions(parsed, program, {cwd, repeats: readRepeats(parsed)}),
	};
};
