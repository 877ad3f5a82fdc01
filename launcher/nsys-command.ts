/** The command lines of nsys. Pure. */

import {UserError} from '../base/errors.ts';

export interface ProfileOrder {
	readonly nsys: string;
	/** What to trace: "cuda", "nvtx". */
	readonly trace: readonly string[];
	/** The user's own arguments. */
	readonly nsysArguments: readonly string[];
	/** Absolute path of the report, without its suffix. */
	readonly report: string;
	/** What nsys runs: the shim, which runs the program. */
	readonly command: readonly string[];
}

/** An argument of ours that gives way to the user's: nsys refuses to hear an option twice. */
interface Default {
	/** Any of these in the user's arguments replaces ours. */
	readonly unless: readonly string[];
	readonly argument: string;
}

const defaults = (trace: readonly string[]): readonly Default[] => [
	{unless: ['-t', '--trace'], argument: `--trace=${trace.join(',')}`},
	// Sampling and context switches cost seconds and megabytes, and made older versions hang.
	{unless: ['-s', '--sample'], argument: '--sample=none'},
	{unless: ['-s', '--sample', '--cpuctxsw'], argument: '--cpuctxsw=none'},
	{unless: ['--trace-fork-before-exec'], argument: '--trace-fork-before-exec=true'},
];

/** Without these the launcher would lose its worker: the report's place, and the environment that marks it. */
const refused: readonly string[] = [
	'-o',
	'--output',
	'-f',
	'--force-overwrite',
	'-n',
	'--inherit-environment',
	'-h',
	'--help',
];

const optionName = (argument: string): string =>
	argument.startsWith('--')
		? (argument.split('=')[0] ?? argument)
		: argument.startsWith('-')
			? argument.slice(0, 2)
			: '';

const namesOf = (given: readonly string[]): ReadonlySet<string> => new Set(given.map(optionName));

/** nsys expands %h, %n, %p and %q{...} in the report's path. */
const escapePercent = (file: string): string => file.replaceAll('%', '%%');

export const profileCommand = (order: ProfileOrder): readonly string[] => {
	const given = namesOf(order.nsysArguments);
	const ours = defaults(order.trace)
		.filter(({unless}) => !unless.some((name) => given.has(name)))
		.map(({argument}) => argument);
	return [
		order.nsys,
		'profile',
		...ours,
		...order.nsysArguments,
		'--force-overwrite=true',
		`--output=${escapePercent(order.report)}`,
		...order.command,
	];
};

export const exportCommand = (order: {
	readonly nsys: string;
	readonly report: string;
	readonly destination: string;
}): readonly string[] => [
	order.nsys,
	'export',
	'--type=sqlite',
	'--quiet=true',
	'--force-overwrite=true',
	`--output=${order.destination}`,
	order.report,
];

interface Splitting {
	readonly words: readonly string[];
	/** The word that is being read; null between words. */
	readonly word: string | null;
	readonly quote: string;
}

const readCharacter = ({words, word, quote}: Splitting, character: string): Splitting => {
	if (quote !== '') {
		return character === quote
			? {words, word, quote: ''}
			: {words, word: (word ?? '') + character, quote};
	}

	if (character === '"' || character === "'") {
		return {words, word: word ?? '', quote: character};
	}

	return /\s/.test(character)
		? {words: word === null ? words : [...words, word], word: null, quote}
		: {words, word: (word ?? '') + character, quote};
};

/**
 * One text to arguments, at spaces, as a shell does with quotes ("" and '') and without any other of its meanings.
 * @throws UserError for an open quote, for options that are the launcher's own, or when a word stands where nsys would
 * take it for the program
 */
export const splitNsysArguments = (text: string): readonly string[] => {
	const start: Splitting = {words: [], word: null, quote: ''};
	const {words, word, quote} = Array.from(text).reduce(readCharacter, start);
	if (quote !== '') {
		throw new UserError(`--nsys-args: a quote (${quote}) is opened and never closed`);
	}

	const split = word === null ? words : [...words, word];
	const culprit = split.find((argument) => refused.includes(optionName(argument)));
	if (culprit !== undefined) {
		throw new UserError(`--nsys-args: ${culprit} belongs to benchmark and cannot be given`);
	}

	if (split[0]?.startsWith('-') === false) {
		throw new UserError(`--nsys-args: ${split[0]} is no option of nsys profile`, {
			next: 'Options start with a dash: --nsys-args="--gpu-metrics-device=all".',
		});
	}

	return split;
};
