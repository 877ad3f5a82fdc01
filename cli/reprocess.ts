/** `benchmark reprocess`: the numbers of `run` again, from saved reports, with other warm-up or batch rules if wanted. */

import path from 'node:path';
import type {Argv} from 'yargs';
import {ExitCode, UserError} from '../base/errors.ts';
import {findNsys} from '../launcher/find-nsys.ts';
import {workerFiles} from '../schemas/run-files.ts';
import type {Command} from './command.ts';
import {writeMean, type MeasuredWorker} from './measured-run.ts';
import {
	batchPatternOption,
	countOption,
	flagOption,
	logLevelOption,
	optionParser,
	textOption,
	withCommonOptions,
} from './options.ts';
import {setPlaceholderAside} from './placeholder-file.ts';
import {listInputs, type Input, type Inputs} from './reprocess-inputs.ts';
import {summarizeRun} from './run-summary.ts';
import {sayWarnings} from './warning-lines.ts';
import {measureWorker, writeWorkerResult, type MeasureOptions} from './worker-result.ts';

const usage = `benchmark reprocess [options] <run folder | report | export>...

The numbers of \`run\` from saved .nsys-rep or .qdrep reports and .sqlite exports. A run folder is written in place, other
inputs only where -o says; without -o they are shown.`;

const reprocessParser = (): Argv =>
	withCommonOptions(
		optionParser(usage, {haltAtProgram: false})
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
			.option('keep-sqlite', {type: 'boolean', describe: 'keep the export beside each report'}),
	);

type Parsed = Readonly<Record<string, unknown>>;

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
	};
};

/** null: nothing is written. */
const chooseTarget = (parsed: Parsed, {run}: Inputs, cwd: string): string | null => {
	const wanted = textOption(parsed, 'output-dir');
	return wanted === undefined ? (run?.folder ?? null) : path.resolve(cwd, wanted);
};

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
		try {
			const measured = await measureWorker(input.evidence, options, input.label);
			if (target !== null) {
				const folder = path.join(target, input.folder);
				setPlaceholderAside(folder);
				writeWorkerResult(folder, measured);
				files.push(path.join(input.folder, workerFiles.result));
			}

			if (input.label === undefined) {
				whole.push({...input, measured});
			}
		} catch (error) {
			unreadable.set(target === null ? input.evidence : input.folder, error);
		}
	}

	return {whole, unreadable, files};
};

export const reprocessCommand: Command = async (argv, terminal, {env, cwd}) => {
	const parser = reprocessParser();
	const parsed = parser.parseSync([...argv]);
	if (flagOption(parsed, 'help')) {
		terminal.print(await parser.getHelp());
		return {exitCode: ExitCode.done};
	}

	terminal.setLevel(logLevelOption(parsed));
	const inputs = listInputs(parsed._.map((input) => path.resolve(cwd, String(input))));
	const search = await findNsys({explicit: textOption(parsed, 'nsys') ?? null, env});
	const options = measureOptions(parsed, inputs, search.chosen?.path ?? null);
	const target = chooseTarget(parsed, inputs, cwd);
	const {whole, unreadable, files} = await measureAll(inputs.list, options, target);
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
	};
	const mean = writeMean(target, whole, plan);
	if (mean === null && unreadable.size === 0) {
		throw new UserError('no worker of this run completed: there is nothing to take a mean of', {
			next: `Each worker's ${workerFiles.result} holds what it measured before it ended.`,
		});
	}

	// Workers that failed when they ran are told of by their labels: here only what fails now counts.
	return summarizeRun(
		{manifest: null, folder: target, mean, unreadable, files},
		{signalNumber: undefined, json: flagOption(parsed, 'json'), all: flagOption(parsed, 'all')},
		terminal,
	);
};
