/** The command line of `benchmark ab`: run's options, what the sides are, how many rounds, and compare's options. */

import {randomInt} from 'node:crypto';
import type {Argv} from 'yargs';
import {UserError} from '../base/errors.ts';
import type {ClockRequest, RunOptions} from '../launcher/run-options.ts';
import {roundOrders} from '../results/comparison/round-order.ts';
import type {RoundsWish} from './ab-rounds.ts';
import {readSides, type AbSide, type AbSides} from './ab-sides.ts';
import {
	readCompareRequest,
	withJudgement,
	withSelection,
	type CompareRequest,
} from './compare-options.ts';
import {
	choiceOption,
	countOption,
	flagOption,
	logLevelOption,
	optionParser,
	textOption,
	valueOption,
	withLogLevel,
	type Parsed,
} from './options.ts';
import {splitArguments, type OptionNames} from './own-arguments.ts';
import {durationOption} from './quantity-options.ts';
import {launchOptionNames, readLaunchOptions, withLaunchOptions} from './launch-options.ts';
import type {LogLevel} from './terminal.ts';

const usage = `benchmark ab [options] --a "<command>" --b "<command>"
benchmark ab [options] --env-a KEY=VALUE --env-b KEY=VALUE <program> [program's arguments]
benchmark ab --calibrate [options] <program> [program's arguments]

Measures two programs in turn on the same GPUs, again and again until the answer is clear, and compares them. OUT/a and
OUT/b are ordinary run folders. The commands are split as a shell does, but no shell runs them.`;

export interface AbRequest {
	readonly sides: AbSides;
	/** Of a side, but for its folder, which stands below this one's. */
	readonly optionsOf: (side: AbSide, folder: string) => RunOptions;
	/** -o, absolute. */
	readonly outputFolder: string;
	readonly profiler: RunOptions['profiler'];
	readonly cpuAffinity: RunOptions['cpuAffinity'];
	/** null: clocks are left alone. */
	readonly clocks: ClockRequest | null;
	readonly nsys: string | null;
	readonly rounds: RoundsWish;
	/** A against A, to be kept as this machine's noise floor. */
	readonly calibrates: boolean;
	/** --noise-floor; undefined: the one that is kept for these runs. */
	readonly noiseFloor: string | undefined;
	readonly compare: CompareRequest;
	readonly logLevel: LogLevel;
}

const withRounds = (parser: Argv): Argv =>
	parser
		.option('a', valueOption('the baseline: a command'))
		.option('b', valueOption('the candidate: a command'))
		.option('env-a', valueOption('a variable for the baseline only: KEY=VALUE; may be repeated'))
		.option('env-b', valueOption('a variable for the candidate only: KEY=VALUE; may be repeated'))
		.option('rounds', valueOption('at most so many times each side', {default: '10'}))
		.option('order', valueOption('abba, or random: drawn for each round', {default: 'abba'}))
		.option('seed', valueOption('of a random order (another one each time)'))
		.option('max-time', valueOption('no longer than this, such as 90s or 10m'))
		.option('calibrate', {
			type: 'boolean',
			describe: "measure a program against itself, and keep this machine's noise floor",
		})
		.option(
			'kernels',
			valueOption('reports of each side to read for kernels of ranges that changed', {
				default: '3',
			}),
		)
		.option('format', valueOption('table, markdown, csv, json, junit, bmf', {default: 'table'}))
		.option('json', {type: 'boolean', describe: 'the same as --format json'});

export const abParser = (): Argv =>
	withJudgement(
		withSelection(withRounds(withLaunchOptions(withLogLevel(optionParser(usage)), '/tmp/ab'))),
	);

export const abOptionNames: OptionNames = {
	flags: [...launchOptionNames.flags, '--calibrate', '--require-verdict', '--despite-differences'],
	short: launchOptionNames.short,
};

/** Whether --json stands among our own options, also where the rest of them is wrong. */
export const asksAbForJson = (argv: readonly string[]): boolean => {
	const {own} = splitArguments(argv, abOptionNames);
	return own.includes('--json') || own.includes('--format=json');
};

/** Below this even the plainest difference has no verdict. */
const fewestRounds = 3;

const readRounds = (parsed: Parsed): RoundsWish => ({
	order: choiceOption(parsed, 'order', roundOrders),
	seed:
		textOption(parsed, 'seed') === undefined ? randomInt(2 ** 31) : countOption(parsed, 'seed', 0),
	rounds: countOption(parsed, 'rounds', fewestRounds),
	maxSeconds: durationOption(parsed, 'max-time') ?? null,
});

/** Words of run that mean something else here, or nothing. */
const refuseRunWords = (own: readonly string[]): void => {
	const hints = {
		'--repeat': '--rounds is how many times each side is measured.',
		'--precision': '--rounds, --fail-on and --max-time say when it ends.',
	} as const;
	for (const [name, next] of Object.entries(hints)) {
		if (own.some((word) => word === name || word.startsWith(`${name}=`))) {
			throw new UserError(`ab takes no ${name}`, {next});
		}
	}
};

/** @returns null when only help was asked for. @throws UserError */
export const parseAbRequest = (argv: readonly string[], cwd: string): AbRequest | null => {
	const {own, program} = splitArguments(argv, abOptionNames);
	refuseRunWords(own);
	const parsed = abParser().parseSync([...own]);
	if (flagOption(parsed, 'help')) {
		return null;
	}

	const sides = readSides(parsed, own, program);
	const rounds = readRounds(parsed);
	const options = readLaunchOptions(parsed, [], {cwd, repeats: rounds.rounds});
	return {
		sides,
		optionsOf: ({programArgv}, outputFolder) => ({...options, programArgv, outputFolder}),
		outputFolder: options.outputFolder,
		profiler: options.profiler,
		cpuAffinity: options.cpuAffinity,
		clocks: options.clocks ?? null,
		nsys: textOption(parsed, 'nsys') ?? null,
		rounds,
		calibrates: flagOption(parsed, 'calibrate'),
		noiseFloor: textOption(parsed, 'noise-floor'),
		compare: readCompareRequest(parsed),
		logLevel: logLevelOption(parsed),
	};
};
