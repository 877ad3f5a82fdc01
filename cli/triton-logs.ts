/** `benchmark triton logs`: a number out of the logs of programs, over what their names say, as a table and a plot. */

import path from 'node:path';
import type {Argv} from 'yargs';
import {ExitCode, messageOf, UserError} from '../base/errors.ts';
import {usualValues, type ValuePattern} from '../perf-analyzer/program-log.ts';
import {listLogRows} from '../report/log-rows.ts';
import {rowFormats} from '../report/row-formats.ts';
import {describeLogs} from '../results/study/log-series.ts';
import {writeJsonFile} from '../schemas/json-file.ts';
import {ProgramLogs, type LoggedMetric} from '../schemas/program-logs.ts';
import type {Command} from './command.ts';
import {
	choiceOption,
	optionParser,
	readOptions,
	textOption,
	valueOption,
	withLogLevel,
	type Parsed,
} from './options.ts';
import {chooseRuns, listFiles, nameLogs} from './log-inputs.ts';
import {printRows} from './print-rows.ts';
import {sayWarnings} from './warning-lines.ts';
import {writeLogPlots} from './log-plots.ts';

const usage = `benchmark triton logs [options] <log or folder>...

A number that programs printed, over what the names of their logs say: gpu_mu100.log is the label
gpu at mu = 100. Without --value it is the throughput that traccc prints ("Event processing ...
events/s"), or its time of clusterization.`;

const logsParser = (): Argv =>
	withLogLevel(
		optionParser(usage)
			.option('output_dir', {
				...valueOption('a folder for logs.json and the plot'),
				alias: ['o', 'output-dir'],
			})
			.option(
				'name',
				valueOption(
					'what to read from names: a regular expression with groups label, parameter, value',
				),
			)
			.option(
				'value',
				valueOption('what to read from the text: a regular expression with a group value'),
			)
			.option('metric', valueOption('with --value: what it is ("Throughput")'))
			.option('unit', valueOption('with --value: its unit ("events/s")'))
			.option('better', valueOption('with --value: higher or lower'))
			.option(
				'baseline',
				valueOption('the label that the others are divided by (cpu, else the first)'),
			)
			.option('format', valueOption(rowFormats.join(', '), {default: 'table'}))
			.option('all', {type: 'boolean', describe: 'every row of a table, not the first 40 only'}),
	);

/** @throws UserError for a text that is no regular expression */
const patternOption = (parsed: Parsed, name: string, flags: string): RegExp | null => {
	const text = textOption(parsed, name);
	if (text === undefined) {
		return null;
	}

	try {
		return new RegExp(text, flags);
	} catch (error) {
		throw new UserError(`--${name} "${text}" is no regular expression: ${messageOf(error)}`);
	}
};

const namePattern = (parsed: Parsed): RegExp | null => {
	const pattern = patternOption(parsed, 'name', 'u');
	if (pattern !== null && !/\(\?<(?:label|value)>/.test(pattern.source)) {
		throw new UserError(
			`--name "${pattern.source}" has neither a group named label nor one named value`,
			{
				next: String.raw`Such as --name '^(?<label>[a-z]+)_(?<parameter>mu)(?<value>\d+)'.`,
			},
		);
	}

	return pattern;
};

const valuePatterns = (parsed: Parsed): readonly ValuePattern[] => {
	const pattern = patternOption(parsed, 'value', 'gmu');
	if (pattern === null) {
		const lone = ['metric', 'unit', 'better'].find(
			(name) => textOption(parsed, name) !== undefined,
		);
		if (lone !== undefined) {
			throw new UserError(`--${lone} says what --value finds: it needs one`);
		}

		return usualValues;
	}

	const better =
		textOption(parsed, 'better') === undefined
			? null
			: choiceOption(parsed, 'better', ['higher', 'lower']);
	const metric: LoggedMetric = {
		name: textOption(parsed, 'metric') ?? 'Value',
		unit: textOption(parsed, 'unit') ?? '',
		better,
	};
	return [{metric, pattern: () => pattern}];
};

const readLogs = (parsed: Parsed, files: readonly string[], cwd: string): ProgramLogs => {
	const [name, values] = [namePattern(parsed), valuePatterns(parsed)];
	const logs = nameLogs(listFiles(files, cwd), name, cwd);
	const {metric, runs, warnings} = chooseRuns(logs, values);
	const wanted = textOption(parsed, 'baseline') ?? null;
	if (wanted !== null && !runs.some(({label}) => label === wanted)) {
		throw new UserError(`--baseline ${wanted}: there is no such label`, {
			next: `There is: ${[...new Set(runs.map(({label}) => label))].join(', ')}.`,
		});
	}

	const parameter = logs.find((log) => log.parameter !== null)?.parameter ?? null;
	return {...describeLogs(runs, {metric, parameter, wanted}), warnings: [...warnings]};
};

export const tritonLogsCommand: Command = async (argv, terminal, {cwd}) => {
	const parsed = await readOptions(logsParser(), argv, terminal);
	if (parsed === null) {
		return {exitCode: ExitCode.done};
	}

	choiceOption(parsed, 'format', rowFormats);
	const logs = readLogs(parsed, parsed._.map(String), cwd);
	sayWarnings(logs.warnings, terminal);
	const folder = textOption(parsed, 'output_dir');
	if (folder !== undefined) {
		const file = path.resolve(cwd, folder, 'logs.json');
		writeJsonFile(ProgramLogs, file, logs);
		terminal.say('info', `logs       ${file}`);
		const plots = await writeLogPlots(logs, path.dirname(file));
		plots.forEach((plot) => terminal.say('info', `plot       ${plot}`));
	}

	await printRows(listLogRows(logs), parsed, terminal);
	return {exitCode: ExitCode.done};
};
