/** `benchmark ranges`: what `nsys stats` tells of NVTX push/pop ranges, complete and fast, from reports and exports. */

import {closeSync, openSync, renameSync, rmSync, writeSync} from 'node:fs';
import path from 'node:path';
import type {Argv} from 'yargs';
import {ExitCode, UserError} from '../base/errors.ts';
import {findNsys} from '../launcher/find-nsys.ts';
import {listRanges, summarizeNames, summarizePaths} from '../nsys-parsers/range-reports.ts';
import {listTimeline} from '../nsys-parsers/range-timeline.ts';
import {readDetailedTrace} from '../nsys-parsers/read-trace.ts';
import type {DetailedTrace} from '../nsys-parsers/read-trace.ts';
import {writeChromeTrace} from '../report/chrome-trace.ts';
import {formatRows, rowFormats} from '../report/row-formats.ts';
import type {Cell, ReportRows} from '../schemas/report-rows.ts';
import type {Command} from './command.ts';
import {isExport, isReport, withExport} from './evidence.ts';
import {
	choiceOption,
	flagOption,
	helpText,
	logLevelOption,
	optionParser,
	textOption,
	withLogLevel,
} from './options.ts';
import type {Terminal} from './terminal.ts';
import {sayWarnings} from './warning-lines.ts';

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
				describe: 'a file that Perfetto opens: ranges, projections, operations (one input only)',
			})
			.option('nvidia-rules', {
				type: 'boolean',
				describe: 'only what NVIDIA counts: no CUDA graphs that were traced as a whole',
			})
			.option('nsys', {type: 'string', requiresArg: true, describe: 'the nsys to use'}),
	);

type Parsed = Readonly<Record<string, unknown>>;

const chooseReport = (parsed: Parsed): ((read: DetailedTrace) => ReportRows) => {
	const by = choiceOption(parsed, 'by', ['path', 'name']);
	if (!flagOption(parsed, 'trace')) {
		return by === 'path' ? summarizePaths : summarizeNames;
	}

	if (flagOption(parsed, 'summary')) {
		throw new UserError('--trace and --summary exclude each other');
	}

	return listRanges;
};

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
const mergeReports = (
	reports: readonly {readonly file: string; readonly report: ReportRows}[],
): ReportRows => {
	const [first] = reports;
	if (first === undefined || reports.length === 1) {
		return first?.report ?? {columns: [], rows: []};
	}

	const merge = function* (): Generator<readonly Cell[]> {
		for (const {file, report} of reports) {
			for (const row of report.rows) {
				yield [file, ...row];
			}
		}
	};

	return {
		columns: [{title: 'File', kind: 'text', short: 'file'}, ...first.report.columns],
		length: reports.reduce((sum, {report: {length = 0}}) => sum + length, 0),
		rows: merge(),
	};
};

/** Written under another name first: what stands under its own is whole. */
const writeTimeline = (read: DetailedTrace, file: string): void => {
	const unfinished = `${file}.${process.pid}.tmp`;
	const descriptor = openSync(unfinished, 'w');
	try {
		for (const piece of writeChromeTrace(listTimeline(read))) {
			writeSync(descriptor, piece);
		}

		renameSync(unfinished, file);
	} finally {
		closeSync(descriptor);
		rmSync(unfinished, {force: true});
	}
};

/** More than this is no answer at a glance. */
const tableRows = 40;

const printRows = async (report: ReportRows, parsed: Parsed, terminal: Terminal): Promise<void> => {
	const format = choiceOption(parsed, 'format', rowFormats);
	const limit = flagOption(parsed, 'all') ? Number.POSITIVE_INFINITY : tableRows;
	for (const piece of formatRows(report, format, limit)) {
		await terminal.write(piece);
	}
};

export const rangesCommand: Command = async (argv, terminal, {env, cwd}) => {
	const parser = rangesParser();
	const parsed = parser.parseSync([...argv]);
	if (flagOption(parsed, 'help')) {
		terminal.print(await helpText(parser));
		return {exitCode: ExitCode.done};
	}

	terminal.setLevel(logLevelOption(parsed));
	choiceOption(parsed, 'format', rowFormats);
	const makeReport = chooseReport(parsed);
	const files = listFiles(parsed, cwd);
	const timeline = textOption(parsed, 'chrome-trace');
	if (timeline !== undefined && files.length > 1) {
		throw new UserError('--chrome-trace takes one input', {next: 'Write one file for each.'});
	}

	const explicit = textOption(parsed, 'nsys') ?? null;
	const nsys = files.some(isReport)
		? ((await findNsys({explicit, env})).chosen?.path ?? null)
		: null;
	const cudaGraphs = !flagOption(parsed, 'nvidia-rules');
	const reports: {file: string; report: ReportRows}[] = [];
	for (const file of files) {
		const read = await withExport(file, {nsys, keepSqlite: false}, (exported) =>
			readDetailedTrace(exported, {cudaGraphs}),
		);
		sayWarnings(read.trace.warnings, terminal);
		if (timeline !== undefined) {
			writeTimeline(read, path.resolve(cwd, timeline));
			terminal.say('info', `timeline   ${path.resolve(cwd, timeline)}`);
		}

		reports.push({file: path.relative(cwd, file), report: makeReport(read)});
	}

	await printRows(mergeReports(reports), parsed, terminal);
	return {exitCode: ExitCode.done};
};
