/** `benchmark reprocess`: the numbers of `run` again, from saved reports, with other warm-up or batch rules if wanted. */

import path from 'node:path';
import type {Argv} from 'yargs';
import {ExitCode, UserError} from '../base/errors.ts';
import {findNsys} from '../launcher/find-nsys.ts';
import {StopSwitch} from '../launcher/stop-signal.ts';
import {workerFiles} from '../schemas/run-files.ts';
import type {Command} from './command.ts';
import {isReport} from './trace-files.ts';
import {writeGpuPlots} from './gpu-plots.ts';
import {InterruptListener} from './interrupt.ts';
import {writeMean, type MeasuredWorker} from './measured-run.ts';
import {dropThrottledOption} from './metrics-options.ts';
import {
	attributeThreadsOption,
	batchPatternOption,
	countOption,
	flagOption,
	optionParser,
	readOptions,
	textOption,
	withCommonOptions,
} from './options.ts';
import {listInputs, type Input, type Inputs} from './reprocess-inputs.ts';
import {chooseTarget, removeResults} from './reprocess-target.ts';
import {summarizeRun} from './run-summary.ts';
import {readWorkerGpu} from './worker-gpu.ts';
import {sayWarnings} from './warning-lines.ts';
import {measureWorker, writeWorkerResult, type MeasureOptions} from './worker-result.ts';

const usage = `benchmark reprocess [options] <run folder | report | export>...

The numbers of \`run\` from saved .nsys-rep or .qdrep reports and .sqlite exports. A run folder is written in place, other
inputs only where -o says; without -o they are shown.`;

const reprocessParser = (): Argv =>
	withCommonOptions(
		optionParser(usage)
			.option('warmup-batches', {
				alias: ['w', 'warmup_batches'],
				type: 'string',
				requiresArg: true,
				describe: "batches that do not count, at each end (the run's own, else 1)",
			})
			.option('batch', {
				type: 'string',
				requiresArg: true,
				describe: "batches by name (the run's own, else names such as batch_0)",
			})
			.option('output-dir', {
				alias: ['o', 'output_dir'],
				type: 'string',
				requiresArg: true,
				describe: 'folder for the results',
			})
			.option('nsys', {type: 'string', requiresArg: true, describe: 'the nsys to use'})
			.option('keep-sqlite', {type: 'boolean', describe: 'keep the export beside each report'})
			.option('attribute-threads', attributeThreadsOption)
			.option('drop-throttled', dropThrottledOption)
			.option('keep-throttled', {
				type: 'boolean',
				describe: 'count throttled batches, also where the run left them out',
			}),
	);

type Parsed = Readonly<Record<string, unknown>>;

/** @returns undefined: as the run did. @throws UserError */
const readDropThrottled = (parsed: Parsed): boolean | undefined => {
	const drops = flagOption(parsed, 'drop-throttled');
	const keeps = flagOption(parsed, 'keep-throttled');
	if (drops && keeps) {
		throw new UserError('--drop-throttled and --keep-throttled contradict each other');
	}

	return drops ? true : keeps ? false : undefined;
};

const measureOptions = (parsed: Parsed, {run}: Inputs, nsys: string | null): MeasureOptions => {
	const own = run?.manifest.options;
	return {
		nsys,
		keepSqlite: flagOption(parsed, 'keep-sqlite'),
		warmupBatches:
			textOption(parsed, 'warmup-batches') === undefined
				? (own?.warmupBatches ?? 1)
				: countOption(parsed, 'warmup-batches', 0),
		batchPattern:
			own === undefined || textOption(parsed, 'batch') !== undefined
				? batchPatternOption(parsed)
				: new RegExp(own.batchPattern, 'u'),
		attributeThreads: flagOption(parsed, 'attribute-threads') || (own?.attributeThreads ?? false),
		dropThrottled: readDropThrottled(parsed) ?? own?.dropThrottled ?? false,
	};
};

/** Exports and recordings are read without it: then a broken $NSYS is nobody's concern. */
const findNsysFor = async (
	{list}: Inputs,
	explicit: string | null,
	env: NodeJS.ProcessEnv,
): Promise<string | null> =>
	list.some(({evidence}) => isReport(evidence))
		? ((await findNsys({explicit, env})).chosen?.path ?? null)
		: null;

interface Measured {
	readonly whole: readonly MeasuredWorker[];
	readonly unreadable: ReadonlyMap<string, unknown>;
	readonly files: readonly string[];
}

const measureAll = async (
	inputs: readonly Input[],
	options: MeasureOptions,
	target: string | null,
): Promise<Measured> => {
	const whole: MeasuredWorker[] = [];
	const unreadable = new Map<string, unknown>();
	const files: string[] = [];
	for (const input of inputs) {
		if (options.stop?.level === 'at-once') {
			break;
		}

		try {
			const {label, watched} = input;
			const measured = await measureWorker(input.evidence, options, {
				label,
				readGpu: async () => Promise.resolve(watched === null ? null : readWorkerGpu(watched)),
			});
			if (target !== null) {
				writeWorkerResult(path.join(target, input.folder), measured);
				files.push(path.join(input.folder, workerFiles.result));
			}

			if (input.label === undefined) {
				whole.push({...input, measured});
			}
		} catch (error) {
			unreadable.set(input.evidence, error);
		}
	}

	return {whole, unreadable, files};
};

export const reprocessCommand: Command = async (argv, terminal, {env, cwd}) => {
	const parsed = await readOptions(reprocessParser(), argv, terminal);
	if (parsed === null) {
		return {exitCode: ExitCode.done};
	}

	const inputs = listInputs(parsed._.map((input) => path.resolve(cwd, String(input))));
	const nsys = await findNsysFor(inputs, textOption(parsed, 'nsys') ?? null, env);
	const stop = new StopSwitch();
	const options = {...measureOptions(parsed, inputs, nsys), stop};
	const target = chooseTarget(textOption(parsed, 'output-dir'), inputs, cwd);
	removeResults(target, inputs);
	using interrupt = new InterruptListener((name) => {
		// Nothing here is worth waiting for: both steps at once.
		stop.raise(name);
		stop.raise(name);
	});
	const {whole, unreadable, files} = await measureAll(inputs.list, options, target);
	if (interrupt.signalNumber !== undefined) {
		return {exitCode: ExitCode.signalled + interrupt.signalNumber};
	}

	sayWarnings(
		inputs.withoutEvidence.map((folder) => ({
			code: 'no-report',
			message: `${folder} left no report: it is not in the means.`,
		})),
		terminal,
	);

	const plan = {
		processesPlanned: inputs.list.length + inputs.withoutEvidence.length,
		repeats: inputs.run?.manifest.options.repeats ?? 1,
		warmupBatches: options.warmupBatches,
		gpuWatch: inputs.run?.manifest.gpuWatch,
		clocks: inputs.run?.manifest.clocks,
		gpus: inputs.run?.manifest.gpus,
		syncStart: (inputs.run?.manifest.options.syncStartSeconds ?? null) !== null,
	};
	const mean = writeMean(target, whole, plan);
	if (mean === null && unreadable.size === 0) {
		throw new UserError('no worker of this run completed: there is nothing to take a mean of', {
			next: 'What a worker measured before it ended can be read by itself: give its report instead of the folder.',
		});
	}

	if (inputs.run === null && inputs.list.length > 1) {
		const lines = inputs.list.map(({evidence}, index) => `process ${index} is ${evidence}`);
		terminal.say('info', lines.join('\n'));
	}

	const plots =
		target === null || inputs.run === null
			? []
			: await writeGpuPlots(
					{
						folder: target,
						source: inputs.run.folder,
						manifest: inputs.run.manifest,
						workers: whole,
					},
					terminal,
				);
	// Workers that failed when they ran are told of by their labels: here only what fails now counts.
	return summarizeRun(
		{
			manifest: inputs.run?.manifest ?? null,
			launched: false,
			folder: target,
			mean,
			unreadable,
			files: [...files, ...plots],
		},
		{signalNumber: undefined, json: flagOption(parsed, 'json'), all: flagOption(parsed, 'all')},
		terminal,
	);
};
