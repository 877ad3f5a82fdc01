/**
 * What all commands' options share. yargs reads the command line; the rules that it has no word for stand here:
 * values are parsed by functions that throw UserError, and `-np` is one option.
 */

import yargs, {type Argv} from 'yargs';
import {UserError} from '../base/errors.ts';
import {logLevels, type LogLevel, type Terminal} from './terminal.ts';

export const valueOption = (describe: string, extra: {alias?: string[]; default?: string} = {}) =>
	({type: 'string', requiresArg: true, describe, ...extra}) as const;

/** A parser for one command. `usage` is its first line of help. */
export const optionParser = (usage: string): Argv =>
	yargs([])
		.parserConfiguration({
			'short-option-groups': false,
			'camel-case-expansion': false,
			'boolean-negation': false,
			// An option given twice has both values, so that those that add up lose none (listOption).
			'duplicate-arguments-array': true,
			'parse-numbers': false,
			'parse-positional-numbers': false,
		})
		// Its own words in the reader's language, between ours in English, would help nobody.
		.detectLocale(false)
		.usage(usage)
		.strictOptions()
		.exitProcess(false)
		.help(false)
		.version(false)
		.wrap(100)
		.fail((message: string | undefined, error: Error | undefined) => {
			throw error instanceof UserError
				? error
				: new UserError(message ?? error?.message ?? 'the command line is wrong', {
						next: '--help lists the options.',
					});
		})
		.option('help', {type: 'boolean', alias: 'h', describe: 'this text'});

/** yargs writes two dashes before every name of more than one letter; ours of two letters have one, as in the origin. */
export const helpText = async (parser: Argv): Promise<string> =>
	(await parser.getHelp()).replaceAll(/--(np|ng|go|ll)\b/g, '-$1');

export const withLogLevel = (parser: Argv): Argv =>
	parser.option('log-level', {
		alias: ['ll', 'log_level'],
		type: 'string',
		requiresArg: true,
		default: 'info',
		describe: `what stderr tells: ${logLevels.join(', ')}`,
	});

/** Options that `run` and `reprocess` have in common. */
export const withCommonOptions = (parser: Argv): Argv =>
	withLogLevel(parser)
		.option('json', {type: 'boolean', describe: 'results on stdout as one JSON document'})
		.option('all', {type: 'boolean', describe: 'every range in the table, not the costliest only'});

/** As PyTorch's autograd needs it, whose threads annotate nothing. */
export const attributeThreadsOption = {
	type: 'boolean',
	describe: "GPU work of threads without ranges goes to the process's main annotated thread",
} as const;

export type Parsed = Readonly<Record<string, unknown>>;

/** Of an option that may be repeated: all that was given, in that order. */
export const listOption = (parsed: Parsed, name: string): readonly string[] =>
	[parsed[name] ?? []].flat().filter((value) => typeof value === 'string');

/** @returns the last one that was given, so that a word behind a script's own wins; undefined without any */
export const textOption = (parsed: Parsed, name: string): string | undefined =>
	listOption(parsed, name).at(-1);

export const flagOption = (parsed: Parsed, name: string): boolean => parsed[name] === true;

/** @throws UserError when the value is no whole number or below the minimum */
export const countOption = (parsed: Parsed, name: string, minimum: number): number => {
	const text = textOption(parsed, name) ?? '';
	const value = Number(text);
	if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(value) || value < minimum) {
		throw new UserError(`--${name} takes a whole number of at least ${minimum}, not "${text}"`);
	}

	return value;
};

/** @throws UserError when the value is no positive number; undefined where the option was not given */
export const secondsOption = (parsed: Parsed, name: string): number | undefined => {
	const text = textOption(parsed, name);
	if (text === undefined) {
		return undefined;
	}

	const value = Number(text);
	if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
		throw new UserError(`--${name} takes a number of seconds above 0, not "${text}"`);
	}

	return value;
};

/** @throws UserError when the value is none of the choices */
export const choiceOption = <Choice extends string>(
	parsed: Parsed,
	name: string,
	choices: readonly Choice[],
): Choice => {
	const text = textOption(parsed, name) ?? '';
	const choice = choices.find((candidate) => candidate === text);
	if (choice === undefined) {
		throw new UserError(`--${name} takes one of ${choices.join(', ')}, not "${text}"`);
	}

	return choice;
};

export const logLevelOption = (parsed: Parsed): LogLevel =>
	choiceOption(parsed, 'log-level', logLevels);

/**
 * How most commands begin: --help wins over values that are missing or wrong, and stderr's level holds from here on.
 * @returns null where only help was asked for, which is printed then
 */
export const readOptions = async (
	parser: Argv,
	argv: readonly string[],
	terminal: Terminal,
): Promise<ReturnType<Argv['parseSync']> | null> => {
	const parsed = parser.parseSync([...argv]);
	if (flagOption(parsed, 'help')) {
		terminal.print(await helpText(parser));
		return null;
	}

	if (textOption(parsed, 'log-level') !== undefined) {
		terminal.setLevel(logLevelOption(parsed));
	}

	return parsed;
};

/** The default finds "batch_0", "batch_1", ... */
export const defaultBatchPattern = String.raw`^batch_(?<index>\d+)$`;

/** @throws UserError when the text is no regular expression or has no group named `index` */
export const batchPatternOption = (parsed: Parsed): RegExp => {
	const text = textOption(parsed, 'batch') ?? defaultBatchPattern;
	let pattern: RegExp;
	try {
		pattern = new RegExp(text, 'u');
	} catch (error) {
		throw new UserError(`--batch "${text}" is no regular expression: ${(error as Error).message}`);
	}

	if (!text.includes('(?<index>')) {
		throw new UserError(`--batch "${text}" has no group named index`, {
			next: String.raw`Write the batch's number as (?<index>\d+), for example --batch '^step (?<index>\d+)$'.`,
		});
	}

	return pattern;
};
