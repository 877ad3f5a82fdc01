/** `benchmark triton import`: what perf_analyzer printed and wrote, of whatever kind, as one study. */

import path from 'node:path';
import type {Argv} from 'yargs';
import {ExitCode, UserError} from '../base/errors.ts';
import {plural} from '../base/plural.ts';
import {buildStudy, parseFile, type KnownFacts} from '../perf-analyzer/study.ts';
import {holdsSweeps, sweepFiles} from '../perf-analyzer/sweep-store.ts';
import {rowFormats} from '../report/row-formats.ts';
import {listModelRows} from '../report/study-models.ts';
import {listStudyRows} from '../report/study-rows.ts';
import {isTuningLog, listStepRows, listSteps, type StudyStep} from '../report/study-steps.ts';
import {changeInterval, throughputInterval} from '../results/study/step-intervals.ts';
import {writeJsonFile} from '../schemas/json-file.ts';
import type {ReportRows} from '../schemas/report-rows.ts';
import {Study} from '../schemas/study.ts';
import type {Command} from './command.ts';
import {
	choiceOption,
	countOption,
	optionParser,
	readOptions,
	textOption,
	withLogLevel,
} from './options.ts';
import type {Parsed} from './options.ts';
import {sloDescription, sloOption} from './slo-option.ts';
import {printAnswers, withAnswers} from './study-answers.ts';
import {plotKindsOption, withPlotOptions, writeStudyPlots} from './study-plots.ts';
import {sayStudyReasons} from './study-reasons.ts';
import {sayWarnings} from './warning-lines.ts';
import {printRows} from './print-rows.ts';

const usage = `benchmark triton import [options] <file>...

Reads what perf_analyzer printed (logs, also pasted into Markdown), its CSVs (-f) and its request
exports (--profile-export-file), and makes one study of them. What a file is, its content tells.`;

const views = ['auto', 'point', 'step', 'model'] as const;

const importParser = (): Argv =>
	withLogLevel(
		withPlotOptions(optionParser(usage))
			.option('output_dir', {
				alias: ['o', 'output-dir'],
				type: 'string',
				requiresArg: true,
				describe: 'a folder for study.json and its pictures',
			})
			.option('by', {
				type: 'string',
				requiresArg: true,
				default: 'auto',
				describe:
					'a row per point, per step of a tuning log, per model of an ensemble: auto, point, step, model',
			})
			.option('against', {
				type: 'string',
				requiresArg: true,
				describe:
					'with steps: also the change against these: numbers, variants or models, with commas',
			})
			.option('model', {type: 'string', requiresArg: true, describe: 'the model, of all files'})
			.option('batch-size', {
				alias: 'b',
				type: 'string',
				requiresArg: true,
				describe: 'the batch size, of all files: request exports do not tell it',
			})
			.option('slo', {type: 'string', requiresArg: true, describe: sloDescription})
			.option('format', {
				type: 'string',
				requiresArg: true,
				default: 'table',
				describe: rowFormats.join(', '),
			})
			.option('all', {type: 'boolean', describe: 'every row of a table, not the first 40 only'}),
	);

const readStudy = (files: readonly string[], facts: KnownFacts, cwd: string): Study => {
	if (files.length === 0) {
		throw new UserError('no file was given', {
			next: "Give perf_analyzer's output, its CSV or its request export.",
		});
	}

	const parsed = new Map(
		files.map((file) => [file, parseFile(path.resolve(cwd, file), file, facts)] as const),
	);
	return Study.parse(buildStudy(parsed, facts));
};

const findStep = (steps: readonly StudyStep[], wanted: string): StudyStep => {
	const found =
		steps.find(({name}) => name === wanted) ??
		steps.find(({label}) => label === wanted) ??
		steps.find(({model}) => model === wanted) ??
		(/^\d+$/.test(wanted) ? steps[Number(wanted) - 1] : undefined);
	if (found === undefined) {
		throw new UserError(`--against ${wanted}: there is no such step`, {
			next: `There are ${plural(steps.length, 'step')}; give a number, a variant or a model of the table.`,
		});
	}

	return found;
};

const chooseRows = (study: Study, parsed: Parsed): ReportRows => {
	const view = choiceOption(parsed, 'by', views);
	const against = textOption(parsed, 'against')?.split(',') ?? [];
	if (view === 'model') {
		return listModelRows(study);
	}

	const asSteps =
		view === 'step' || (view === 'auto' && (against.length > 0 || isTuningLog(study)));
	if (!asSteps) {
		return listStudyRows(study);
	}

	const steps = listSteps(study);
	return listStepRows(
		steps,
		against.map((wanted) => findStep(steps, wanted)),
		{
			throughput: ({points}) => throughputInterval(points),
			change: (base, step) => changeInterval(base.points, step.points),
		},
	);
};

/** @throws UserError where no file had any: what was wrong with them has been said */
const requireNumbers = ({points}: Study): void => {
	if (points.length === 0) {
		throw new UserError('nothing usable was measured: none of the files holds a measurement', {
			next: "Give perf_analyzer's output, its CSV or its request export as a whole.",
		});
	}
};

/** @throws UserError for one that belongs to a sweep, whose study would be lost */
const outputFolder = (parsed: Parsed, cwd: string): string | undefined => {
	const named = textOption(parsed, 'output_dir');
	if (named === undefined) {
		if (textOption(parsed, 'plots') !== undefined) {
			throw new UserError('--plots needs a folder', {next: 'Name one with -o.'});
		}

		return undefined;
	}

	const folder = path.resolve(cwd, named);
	if (holdsSweeps(folder)) {
		throw new UserError(`${folder} holds a sweep with a study of its own`, {
			next: 'Name another folder with -o.',
		});
	}

	return folder;
};

export const tritonImportCommand: Command = async (argv, terminal, {cwd}) => {
	const parsed = await readOptions(importParser(), argv, terminal);
	if (parsed === null) {
		return {exitCode: ExitCode.done};
	}

	const format = choiceOption(parsed, 'format', rowFormats);
	const slo = sloOption(parsed);
	const kinds = plotKindsOption(parsed);
	const batch = textOption(parsed, 'batch-size');
	const imported = readStudy(
		parsed._.map(String),
		{
			model: textOption(parsed, 'model') ?? null,
			batchSize: batch === undefined ? null : countOption(parsed, 'batch-size', 1),
		},
		cwd,
	);
	const folder = outputFolder(parsed, cwd);
	const study = withAnswers(imported, slo);
	sayWarnings(study.warnings, terminal);
	sayStudyReasons(study, terminal);
	requireNumbers(study);
	if (folder !== undefined) {
		const file = path.join(folder, sweepFiles.study);
		writeJsonFile(Study, file, study);
		terminal.say('info', `study      ${file}`);
		await writeStudyPlots(folder, study, {kinds, terminal});
	}

	await printRows(chooseRows(study, parsed), parsed, terminal);
	printAnswers(study, format, terminal);
	return {exitCode: ExitCode.done};
};
