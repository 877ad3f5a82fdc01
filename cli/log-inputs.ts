/** Logs that `benchmark triton logs` was given: their names, and the numbers in them. */

import {readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {messageOf, UserError} from '../base/errors.ts';
import {plural} from '../base/plural.ts';
import {
	findValues,
	readLogName,
	type LogName,
	type ValuePattern,
} from '../perf-analyzer/program-log.ts';
import type {LoggedRun} from '../results/study/log-series.ts';
import type {LoggedMetric} from '../schemas/program-logs.ts';
import type {Warning} from '../schemas/warning.ts';

/** A log of a benchmark; Node holds no text above 512 MiB. */
const largestLog = 256 * 1024 * 1024;

const readLog = (file: string, given: string): string => {
	try {
		if (statSync(file).size > largestLog) {
			throw new UserError(`${given} is larger than a log of 256 MiB`);
		}

		return readFileSync(file, 'utf8');
	} catch (error) {
		throw error instanceof UserError
			? error
			: new UserError(`${given} cannot be read: ${messageOf(error)}`, {cause: error});
	}
};

/** Logs of a folder, each file once. */
export const listFiles = (given: readonly string[], cwd: string): readonly string[] => {
	const files = given.flatMap((name) => {
		const isFolder = statSync(path.resolve(cwd, name), {throwIfNoEntry: false})?.isDirectory();
		return isFolder === true
			? readdirSync(path.resolve(cwd, name))
					.filter((entry) => /\.(?:log|txt|out)$/i.test(entry))
					.toSorted()
					.map((entry) => path.join(name, entry))
			: [name];
	});
	if (files.length === 0) {
		throw new UserError('no log was given', {
			next: 'Give logs such as gpu_mu100.log, or a folder of them.',
		});
	}

	return [...new Map(files.map((file) => [path.resolve(cwd, file), file])).values()];
};

export interface NamedLog extends LogName {
	readonly file: string;
	readonly text: string;
}

interface Read {
	readonly metric: LoggedMetric;
	readonly runs: readonly LoggedRun[];
	readonly warnings: readonly Warning[];
}

const listText = (files: readonly string[]): string =>
	`${files.slice(0, 5).join(', ')}${files.length > 5 ? ', ...' : ''}`;

const readRuns = (logs: readonly NamedLog[], {metric, pattern}: ValuePattern): Read => {
	const found = logs.map((log) => ({log, ...findValues(log.text, pattern(log.label))}));
	const without = found.filter(({values}) => values.length === 0).map(({log}) => log.file);
	const unusable = found.filter((each) => each.unusable > 0).map(({log}) => log.file);
	return {
		metric,
		runs: found
			.filter(({values}) => values.length > 0)
			.map(({log: {file, label, value}, values}) => ({
				file,
				label,
				parameter: value,
				values: [...values],
			})),
		warnings: [
			...(without.length > 0
				? [
						{
							code: 'no-value',
							message: `${plural(without.length, 'log')} without the number: ${listText(without)}`,
						},
					]
				: []),
			...(unusable.length > 0
				? [
						{
							code: 'unusable-value',
							message: `${plural(unusable.length, 'log')} with numbers that are none (nan, inf), left out: ${listText(unusable)}`,
						},
					]
				: []),
		],
	};
};

const describeLogs = (logs: readonly NamedLog[]): string =>
	logs.length === 1
		? `${logs[0]?.file ?? ''} does not hold`
		: `none of ${plural(logs.length, 'log')} holds`;

/** The first pattern that any log has. @throws UserError where no log has any */
export const chooseRuns = (logs: readonly NamedLog[], patterns: readonly ValuePattern[]): Read => {
	const read = patterns.map((pattern) => readRuns(logs, pattern));
	const chosen = read.find(({runs}) => runs.length > 0);
	if (chosen === undefined) {
		throw new UserError(`${describeLogs(logs)} the number`, {
			next: String.raw`Say how it looks: --value 'total time: (?<value>[\d.]+) s' --unit s`,
		});
	}

	return chosen;
};

/** @throws UserError for names that do not fit, or that speak of several parameters */
export const nameLogs = (
	files: readonly string[],
	pattern: RegExp | null,
	cwd: string,
): readonly NamedLog[] => {
	const logs = files.map((file) => {
		const name = readLogName(file, pattern);
		if (name === null) {
			throw new UserError(`the name of ${file} does not fit --name`, {
				next: 'Leave the file out, or make the expression fit.',
			});
		}

		return {...name, file, text: readLog(path.resolve(cwd, file), file)};
	});
	const parameters = [...new Set(logs.flatMap(({parameter}) => parameter ?? []))];
	if (parameters.length > 1) {
		throw new UserError(`the names speak of several parameters: ${parameters.join(', ')}`, {
			next: 'Give the logs of one at a time, or say with --name which number it is.',
		});
	}

	return logs;
};
