/**
 * Logs of programs: what a file's name says of its run, and the numbers that its text holds. By default names such as
 * "gpu_mu100.log", and the lines of traccc (acts-project/traccc, performance/src/performance):
 *
 *               Event processing  3.61 ms/event, 277.008 events/s      throughput of its throughput examples
 *          Clusterization (cuda)  103 ms                               times of its sequence examples
 */

import path from 'node:path';
import type {LoggedMetric} from '../schemas/program-logs.ts';

export interface LogName {
	readonly label: string;
	/** "mu"; null where the name has none. */
	readonly parameter: string | null;
	readonly value: number | null;
}

const number = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`;

const device = String.raw`(?<![a-z])(?<label>cpu|gpu)(?![a-z])`;
const setting = String.raw`(?<![a-z])(?!cpu|gpu)(?<parameter>[a-z]+)[-_=]?(?<value>\d+(?:\.\d+)?)`;

/** The device and then the parameter, the other way round, or one of the two. */
const usualNames: readonly RegExp[] = [
	`${device}.*?${setting}`,
	`${setting}.*?${device}`,
	device,
	setting,
].map((pattern) => new RegExp(pattern, 'iu'));

const stemOf = (file: string): string => path.basename(file).replace(/\.[a-z]+$/i, '');

/**
 * @param pattern with groups named label, parameter and value, as far as there are any; else the usual names
 * @returns null where it does not fit
 */
export const readLogName = (file: string, pattern: RegExp | null): LogName | null => {
	const name = pattern === null ? stemOf(file) : path.basename(file);
	const patterns = pattern === null ? usualNames : [pattern];
	const groups = patterns.map((each) => each.exec(name)).find((match) => match !== null)?.groups;
	if (groups === undefined) {
		return pattern === null ? {label: name, parameter: null, value: null} : null;
	}

	const {label, parameter, value} = groups;
	const amount = Number(value);
	return {
		label: pattern === null ? (label ?? 'all').toLowerCase() : (label ?? 'all'),
		parameter: parameter ?? (value === undefined ? null : 'parameter'),
		value: value === undefined || !Number.isFinite(amount) ? null : amount,
	};
};

/** How a number is found, and what it is. */
export interface ValuePattern {
	readonly metric: LoggedMetric;
	/** With a group named value. Global. @param label of the file: programs write their device into the line */
	readonly pattern: (label: string) => RegExp;
}

const throughput = new RegExp(
	String.raw`Event processing\s+${number}\s+ms/event,\s+(?<value>${number}|-?nan|-?inf)\s*events/s`,
	'giu',
);

/** One log can have both: "--compare-with-cpu" runs the other one for comparison. */
const clusterization = (label: string): RegExp => {
	const where = label === 'gpu' ? String.raw`\((?!cpu)[a-z]+\)` : String.raw`(?:\(cpu\))?`;
	return new RegExp(String.raw`Clusterization\s*${where}\s+(?<value>${number})\s*ms\b`, 'giu');
};

/** In this order: the first that any file has. */
export const usualValues: readonly ValuePattern[] = [
	{
		metric: {name: 'Throughput', unit: 'events/s', better: 'higher'},
		pattern: () => throughput,
	},
	{
		metric: {name: 'Clusterization', unit: 'ms', better: 'lower'},
		pattern: clusterization,
	},
];

export interface FoundValues {
	readonly values: readonly number[];
	/** Hits that are no finite number. */
	readonly unusable: number;
}

/** @param pattern global; its group named value, else its first group, else all of it is the number */
export const findValues = (text: string, pattern: RegExp): FoundValues => {
	const found = [...text.matchAll(pattern)].map((match) => {
		const digits = (match.groups?.['value'] ?? match[1] ?? match[0]).trim();
		return digits === '' ? Number.NaN : Number(digits);
	});
	const values = found.filter(Number.isFinite);
	return {values, unusable: found.length - values.length};
};
