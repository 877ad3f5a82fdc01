/** What `run` and `ab` take alike: the options that say how a program is launched. */

import path from 'node:path';
import type {Argv} from 'yargs';
import {UserError} from '../base/errors.ts';
import {splitNsysArguments} from '../launcher/nsys-command.ts';
import {defaultTrace, type RunOptions} from '../launcher/run-options.ts';
import {clockFlags, readClockOptions, withClockOptions} from './clock-options.ts';
import {readGpuOptions, withGpuOptions} from './gpu-options.ts';
import {metricsFlags, readMetricsOptions, withMetricsOptions} from './metrics-options.ts';
import type {OptionNames} from './own-arguments.ts';
import {
	attributeThreadsOption,
	batchPatternOption,
	choiceOption,
	countOption,
	defaultBatchPattern,
	flagOption,
	listOption,
	secondsOption,
	textOption,
	valueOption,
	type Parsed,
} from './options.ts';
import {readSyncStart, withSyncOptions} from './sync-options.ts';

/** What `run` and `ab` take alike. */
export const withLaunchOptions = (parser: Argv, outputFolder: string): Argv =>
	withMetricsOptions(withClockOptions(withGpuOptions(withSyncOptions(parser))))
		.option(
			'num-processes',
			valueOption('processes per GPU', {alias: ['np', 'num_processes'], default: '1'}),
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
		.option(
			'trace',
			valueOption('what nsys traces; may be repeated', {default: defaultTrace.join(',')}),
		)
		.option(
			'nsys-args',
			valueOption('more arguments for nsys profile: --nsys-args="..."; may be repeated'),
		)
		.option('python', valueOption('interpreter for .py programs'))
		.option(
			'script-args',
			valueOption('auto, always or never: give the program --output_dir and --device_id', {
				default: 'auto',
			}),
		)
		.option('attribute-threads', attributeThreadsOption)
		.option('keep-sqlite', {type: 'boolean', describe: 'keep the SQLite export of each report'});

export const launchOptionNames: OptionNames = {
	flags: [
		'--json',
		'--all',
		'--attribute-threads',
		'--keep-sqlite',
		'--sync-start',
		...clockFlags,
		...metricsFlags,
		'-h',
		'--help',
	],
	short: ['-np', '-ng', '-go', '-w'],
};

const traceOption = (parsed: Parsed): readonly string[] => {
	const trace = listOption(parsed, 'trace').flatMap((list) =>
		list.split(',').map((word) => word.trim()),
	);
	if (!trace.includes('nvtx')) {
		throw new UserError(`--trace ${trace.join(',')} leaves out nvtx: no range would be seen`, {
			next: 'Add it: --trace cuda,nvtx.',
		});
	}

	return trace;
};

/** What `run` and `ab` have in common. @throws UserError */
export const readLaunchOptions = (
	parsed: Parsed,
	program: readonly string[],
	{cwd, repeats}: {cwd: string; repeats: number},
): RunOptions => {
	return {
		programArgv: program,
		processesPerGpu: countOption(parsed, 'num-processes', 1),
		...readGpuOptions(parsed),
		clocks: readClockOptions(parsed),
		...readMetricsOptions(parsed),
		repeats,
		warmupBatches: countOption(parsed, 'warmup-batches', 0),
		batchPattern: batchPatternOption(parsed).source,
		outputFolder: path.resolve(cwd, textOption(parsed, 'output-dir') ?? ''),
		trace: traceOption(parsed),
		nsysArguments: splitNsysArguments(listOption(parsed, 'nsys-args').join(' ')),
		timeoutSeconds: secondsOption(parsed, 'timeout') ?? null,
		python: textOption(parsed, 'python') ?? null,
		scriptArguments: choiceOption(parsed, 'script-args', ['auto', 'always', 'never']),
		attributeThreads: flagOption(parsed, 'attribute-threads'),
		keepSqlite: flagOption(parsed, 'keep-sqlite'),
		profiler: choiceOption(parsed, 'profiler', ['auto', 'nsys', 'builtin']),
		syncStartSeconds: readSyncStart(parsed),
	};
};
