/** The command line of `benchmark [run]`: everything before the program is ours, all after it is the program's. */

import path from 'node:path';
import type {Argv} from 'yargs';
import {UserError} from '../base/errors.ts';
import {splitNsysArguments} from '../launcher/nsys-command.ts';
import {defaultTrace, type RunOptions} from '../launcher/run-options.ts';
import {parsePrecisionWish, type PrecisionWish} from '../results/comparison/precision-target.ts';
import {splitArguments, type OptionNames} from './own-arguments.ts';
import {
	batchPatternOption,
	choiceOption,
	countOption,
	defaultBatchPattern,
	flagOption,
	logLevelOption,
	optionParser,
	secondsOption,
	textOption,
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

export const valueOption = (describe: string, extra: {alias?: string[]; default?: string} = {}) =>
	({type: 'string', requiresArg: true, describe, ...extra}) as const;

/** What `run` and `ab` take alike. */
export const withLaunchOptions = (parser: Argv, outputFolder: string): Argv =>
	parser
		.option(
			'num-processes',
			valueOption('processes per GPU', {alias: ['np', 'num_processes'], default: '1'}),
		)
		.option('num-gpus', valueOption('GPUs', {alias: ['ng', 'num_gpus'], default: '1'}))
		.option(
			'gpu-offset-id',
			valueOption('first GPU', {alias: ['go', 'gpu_offset_id'], default: '0'}),
		)
		.option(
			'warmup-batches',
			valueOption('batches that do not count, at each end', {
				alias: ['w', 'warmup_batches'],
				default: '1',
			}),
		)
		.option(
			'output-dir',
			valueOption('folder for the results', {alias: ['o', 'output_dir'], default: outputFolder}),
		)
		.option(
			'batch',
			valueOption('batches by name, where the program does not mark them', {
				default: defaultBatchPattern,
			}),
		)
		.option('timeout', valueOption('seconds after which a program is stopped'))
		.option('profiler', valueOption('auto, nsys or builtin', {default: 'auto'}))
		.option('nsys', valueOption('the nsys to use (else $NSYS, else the newest found)'))
		.option('trace', valueOption('what nsys traces', {default: defaultTrace.join(',')}))
		.option('nsys-args', valueOption('more arguments for nsys profile: --nsys-args="..."'))
		.option('python', valueOption('interpreter for .py programs'))
		.option(
			'script-args',
			valueOption('auto, always or never: give the program --output_dir and --device_id', {
				default: 'auto',
			}),
		)
		.option('keep-sqlite', {type: 'boolean', describe: 'keep the SQLite export of each report'})
		.option('maximize-clocks', {
			type: 'boolean',
			alias: ['m', 'maximize_clocks'],
			describe: 'refused: lock the clocks yourself, see docs/running.md',
		});

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

const traceOption = (parsed: Parsed): readonly string[] => {
	const trace = (textOption(parsed, 'trace') ?? '').split(',').map((word) => word.trim());
	if (!trace.includes('nvtx')) {
		throw new UserError(`--trace ${trace.join(',')} leaves out nvtx: no range would be seen`, {
			next: 'Add it: --trace cuda,nvtx.',
		});
	}

	return trace;
};

const refuseClocks = (parsed: Parsed): void => {
	if (flagOption(parsed, 'maximize-clocks')) {
		throw new UserError('-m/--maximize_clocks: this version does not touch GPU clocks', {
			next: 'Lock them around the run: sudo nvidia-smi -lgc <MHz>, afterwards sudo nvidia-smi -rgc.',
		});
	}
};

export const runOptionNames: OptionNames = {
	flags: [
		'--json',
		'--all',
		'--keep-sqlite',
		'-m',
		'--maximize-clocks',
		'--maximize_clocks',
		'-h',
		'--help',
	],
	short: ['-np', '-ng', '-go', '-w'],
};

/** Whether --json stands among our own options, also where the rest of them is wrong. */
export const asksForJson = (argv: readonly string[]): boolean =>
	splitArguments(argv, runOptionNames).own.includes('--json');

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

/** What `run` and `ab` have in common. @throws UserError */
export const readRunOptions = (
	parsed: Parsed,
	program: readonly string[],
	cwd: string,
): RunOptions => {
	refuseClocks(parsed);
	return {
		programArgv: program,
		processesPerGpu: countOption(parsed, 'num-processes', 1),
		gpus: countOption(parsed, 'num-gpus', 1),
		gpuOffset: countOption(parsed, 'gpu-offset-id', 0),
		repeats: readRepeats(parsed),
		warmupBatches: countOption(parsed, 'warmup-batches', 0),
		batchPattern: batchPatternOption(parsed).source,
		outputFolder: path.resolve(cwd, textOption(parsed, 'output-dir') ?? ''),
		trace: traceOption(parsed),
		nsysArguments: splitNsysArguments(textOption(parsed, 'nsys-args') ?? ''),
		timeoutSeconds: secondsOption(parsed, 'timeout') ?? null,
		python: textOption(parsed, 'python') ?? null,
		scriptArguments: choiceOption(parsed, 'script-args', ['auto', 'always', 'never']),
		keepSqlite: flagOption(parsed, 'keep-sqlite'),
		profiler: choiceOption(parsed, 'profiler', ['auto', 'nsys', 'builtin']),
	};
};

/** @returns null when only help was asked for. @throws UserError */
export const parseRunRequest = (argv: readonly string[], cwd: string): RunRequest | null => {
	const {own, program} = splitArguments(argv, runOptionNames);
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
		options: readRunOptions(parsed, program, cwd),
	};
};
