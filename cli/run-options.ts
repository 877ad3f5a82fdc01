/** The command line of `benchmark [run]`: everything before the program is ours, all after it is the program's. */

import path from 'node:path';
import type {Argv} from 'yargs';
import {UserError} from '../base/errors.ts';
import {splitNsysArguments} from '../launcher/nsys-command.ts';
import {defaultTrace, type RunOptions} from '../launcher/run-options.ts';
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
} from './options.ts';
import type {LogLevel} from './terminal.ts';

export interface RunRequest {
	readonly options: RunOptions;
	/** --nsys; null: the newest that is found. */
	readonly nsys: string | null;
	readonly json: boolean;
	/** --all: the whole table. */
	readonly all: boolean;
	readonly logLevel: LogLevel;
}

const usage = `benchmark [run] [options] <program> [program's arguments]

Runs the program in N processes under Nsight Systems and reports the CPU and GPU time of every NVTX range, batch by batch.
A program is a .py, .js, .mjs, .ts or .mts file, or anything executable.`;

const value = (describe: string, extra: {alias?: string[]; default?: string} = {}) =>
	({type: 'string', requiresArg: true, describe, ...extra}) as const;

export const runParser = (): Argv =>
	withCommonOptions(
		optionParser(usage)
			.option(
				'num-processes',
				value('processes per GPU', {alias: ['np', 'num_processes'], default: '1'}),
			)
			.option('num-gpus', value('GPUs', {alias: ['ng', 'num_gpus'], default: '1'}))
			.option('gpu-offset-id', value('first GPU', {alias: ['go', 'gpu_offset_id'], default: '0'}))
			.option(
				'warmup-batches',
				value('batches that do not count, at each end', {
					alias: ['w', 'warmup_batches'],
					default: '1',
				}),
			)
			.option(
				'output-dir',
				value('folder for the results', {alias: ['o', 'output_dir'], default: '/tmp'}),
			)
			.option('repeat', value('run it all this many times', {default: '1'}))
			.option(
				'batch',
				value('batches by name, where the program does not mark them', {
					default: defaultBatchPattern,
				}),
			)
			.option('timeout', value('seconds after which a program is stopped'))
			.option('profiler', value('auto, nsys or builtin', {default: 'auto'}))
			.option('nsys', value('the nsys to use (else $NSYS, else the newest found)'))
			.option('trace', value('what nsys traces', {default: defaultTrace.join(',')}))
			.option('nsys-args', value('more arguments for nsys profile: --nsys-args="..."'))
			.option('python', value('interpreter for .py programs'))
			.option(
				'script-args',
				value('auto, always or never: give the program --output_dir and --device_id', {
					default: 'auto',
				}),
			)
			.option('keep-sqlite', {type: 'boolean', describe: 'keep the SQLite export of each report'})
			.option('maximize-clocks', {
				type: 'boolean',
				alias: ['m', 'maximize_clocks'],
				describe: 'refused: lock the clocks yourself, see docs/running.md',
			}),
	);

const traceOption = (parsed: Readonly<Record<string, unknown>>): readonly string[] => {
	const trace = (textOption(parsed, 'trace') ?? '').split(',').map((word) => word.trim());
	if (!trace.includes('nvtx')) {
		throw new UserError(`--trace ${trace.join(',')} leaves out nvtx: no range would be seen`, {
			next: 'Add it: --trace cuda,nvtx.',
		});
	}

	return trace;
};

const refuseClocks = (parsed: Readonly<Record<string, unknown>>): void => {
	if (flagOption(parsed, 'maximize-clocks')) {
		throw new UserError('-m/--maximize_clocks: this version does not touch GPU clocks', {
			next: 'Lock them around the run: sudo nvidia-smi -lgc <MHz>, afterwards sudo nvidia-smi -rgc.',
		});
	}
};

const optionNames: OptionNames = {
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
	splitArguments(argv, optionNames).own.includes('--json');

/** @returns null when only help was asked for. @throws UserError */
export const parseRunRequest = (argv: readonly string[], cwd: string): RunRequest | null => {
	const {own, program} = splitArguments(argv, optionNames);
	const parsed = runParser().parseSync([...own]);
	if (flagOption(parsed, 'help')) {
		return null;
	}

	refuseClocks(parsed);
	return {
		nsys: textOption(parsed, 'nsys') ?? null,
		json: flagOption(parsed, 'json'),
		all: flagOption(parsed, 'all'),
		logLevel: logLevelOption(parsed),
		options: {
			programArgv: program,
			processesPerGpu: countOption(parsed, 'num-processes', 1),
			gpus: countOption(parsed, 'num-gpus', 1),
			gpuOffset: countOption(parsed, 'gpu-offset-id', 0),
			repeats: countOption(parsed, 'repeat', 1),
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
		},
	};
};
