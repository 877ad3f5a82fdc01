/** What `benchmark ranges` does (ranges.ts). */

import path from 'node:path';
import type {Argv} from 'yargs';
import {ExitCode, UserError} from '../base/errors.ts';
import {rowFormats} from '../report/row-formats.ts';
import type {Cell, ReportRows} from '../schemas/report-rows.ts';
import type {Command} from './command.ts';
import {withExport} from './evidence.ts';
import {isExport, isReport} from './trace-files.ts';
import {
	attributeThreadsOption,
	choiceOption,
	optionParser,
	readOptions,
	textOption,
	withLogLevel,
} from './options.ts';
import {readRangeInput} from './range-input.ts';
import type {RangeInput} from './range-input.ts';
import {chooseReport, inputNeeds, makeReports, sayOfInput} from './range-report.ts';
import {printRows} from './print-rows.ts';

const usage = `benchmark ranges [options] <report | export>...

CPU and GPU times of NVTX push/pop ranges from .nsys-rep and .qdrep reports and .sqlite exports, over all threads and
processes. Several inputs make one table with a column that names the file.`;

const rangesParser = (): Argv =>
	withLogLevel(
		optionParser(usage)
			.option('summary', {type: 'boolean', describe: 'a row per path or name (the default)'})
			.option('by', {
				type: 'string',
				requiresArg: true,
				default: 'path',
				describe: 'what the summary goes by: path, or name (columns of nvtx_gpu_proj_sum)',
			})
			.option('trace', {
				type: 'boolean',
				describe: 'a row per range (columns of nvtx_pushpop_trace and nvtx_gpu_proj_trace)',
			})
			.option('kernels', {
				type: 'boolean',
				describe: 'a row per range name, thread and kernel (columns of nvtx_kern_sum)',
			})
			.option('detail', {
				type: 'boolean',
				describe: 'also operations by kind, copies by direction, overlap, queue times',
			})
			.option('attribute-threads', attributeThreadsOption)
			.option('format', {
				type: 'string',
				requiresArg: true,
				default: 'table',
				describe: rowFormats.join(', '),
			})
			.option('all', {type: 'boolean', describe: 'every row of a table, not the first 40 only'})
			.option('chrome-trace', {
				type: 'string',
				requiresArg: true,
				describe: 'a file that Perfetto opens: ranges, calls, operations (one input only)',
			})
			.option('nvidia-rules', {
				type: 'boolean',
				describe:
					'only what NVIDIA counts, as NVIDIA counts it: without CUDA graphs traced as a whole',
			})
			.option('nsys', {type: 'string', requiresArg: true, describe: 'the nsys to use'}),
	);

/** @throws UserError where there is none, or one is neither a report nor an export */
const listFiles = (parsed: {readonly _: readonly unknown[]}, cwd: string): readonly string[] => {
	const files = parsed._.map((file) => path.resolve(cwd, String(file)));
	const odd = files.find((file) => !isReport(file) && !isExport(file));
	if (files.length === 0 || odd !== undefined) {
		throw new UserError(odd === undefined ? 'no input was given' : `${odd} is no trace`, {
			next: 'Give .nsys-rep or .qdrep reports, or .sqlite exports.',
		});
	}

	return files;
};

/** Reports of several files as one: a column with the file's name goes before the others. */
const mergeReports = (files: readonly string[], reports: readonly ReportRows[]): ReportRows => {
	const [first] = reports;
	if (first === undefined || reports.length === 1) {
		return first ?? {columns: [], rows: []};
	}

	const merge = function* (): Generator<readonly Cell[]> {
		for (const [place, {rows}] of reports.entries()) {
			for (const row of rows) {
				yield [files[place] ?? null, ...row];
			}
		}
	};

	return {
		columns: [{title: 'File', kind: 'text', short: 'file'}, ...first.columns],
		length: reports.reduce((sum, {length = 0}) => sum + length, 0),
		rows: merge(),
	};
};

/** Exports are read without it, and without the time that its modules take to load. */
const findExporter = async (
	explicit: string | null,
	env: NodeJS.ProcessEnv,
): Promise<string | null> => {
	const {findNsys} = await import('../launcher/find-nsys.ts');
	return (await findNsys({explicit, env})).chosen?.path ?? null;
};

export const printRanges: Command = async (argv, terminal, {env, cwd}) => {
	const parsed = await readOptions(rangesParser(), argv, terminal);
	if (parsed === null) {
		return {exitCode: ExitCode.done};
	}

	choiceOption(parsed, 'format', rowFormats);
	const report = chooseReport(parsed);
	const files = listFiles(parsed, cwd);
	const timeline = textOption(parsed, 'chrome-trace');
	if (timeline !== undefined && files.length > 1) {
		throw new UserError('--chrome-trace takes one input', {next: 'Write one file for each.'});
	}

	const explicit = textOption(parsed, 'nsys') ?? null;
	const nsys = files.some(isReport) ? await findExporter(explicit, env) : null;
	const written = timeline === undefined ? undefined : path.resolve(cwd, timeline);
	const options = {...inputNeeds(report), timeline: written};
	const inputs: (RangeInput & {file: string})[] = [];
	for (const file of files) {
		const input = await withExport(file, {nsys, keepSqlite: false}, (exported) =>
			readRangeInput(exported, options),
		);
		const name = path.relative(cwd, file);
		sayOfInput(input, files.length > 1 ? `${name}: ` : '', report, terminal);
		inputs.push({file: name, ...input});
	}

	if (written !== undefined) {
		terminal.say('info', `timeline   ${written}`);
	}

	const reports = makeReports(inputs, report);
	const names = inputs.map(({file}) => file);
	await printRows(mergeReports(names, reports), parsed, terminal);
	return {exitCode: ExitCode.done};
};
