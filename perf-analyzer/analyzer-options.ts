/**
 * perf_analyzer's own options, found in a command line beside ours. It also takes unique beginnings of long names, and
 * short ones with their value attached, as getopt_long does. Pure.
 */

import {UserError} from '../base/errors.ts';
import {kinds, passed, shorts, spellings, taken} from './analyzer-option-table.ts';

export interface AnalyzerOption {
	/** Long name, without dashes. */
	readonly name: string;
	/** As it was written. */
	readonly written: string;
	/** undefined for a flag. */
	readonly value: string | undefined;
}

export interface SplitArguments {
	/** perf_analyzer's, in their order. */
	readonly analyzer: readonly AnalyzerOption[];
	/** All others, in their order. */
	readonly own: readonly string[];
}

/** A unique beginning stands for the whole, unless it is one of our own names. */
const completeName = (name: string, isOwn: (name: string) => boolean): string | undefined => {
	if (Object.hasOwn(kinds, name)) {
		return name;
	}

	const found = Object.keys({...passed, ...taken}).filter((known) => known.startsWith(name));
	return isOwn(name) || found.length !== 1 ? undefined : found[0];
};

const needValue = (written: string, value: string | undefined): string => {
	if (value === undefined) {
		throw new UserError(`${written} takes a value, and none follows`);
	}

	return value;
};

interface ReadWords {
	readonly options: readonly AnalyzerOption[];
	/** Of the command line. */
	readonly words: number;
}

/** `-b4`, `-va`, `-H key:value`. @returns undefined where a letter is none of perf_analyzer's */
const readShorts = (word: string, next: string | undefined): ReadWords | undefined => {
	const options: AnalyzerOption[] = [];
	for (let place = 1; place < word.length; place++) {
		const letter = word[place] ?? '';
		const name = Object.hasOwn(shorts, letter) ? shorts[letter] : undefined;
		if (name === undefined) {
			return undefined;
		}

		const written = `-${letter}`;
		if (kinds[name] === 'flag') {
			options.push({name, written, value: undefined});
			continue;
		}

		const attached = word.slice(place + 1);
		const value = needValue(written, attached === '' ? next : attached);
		return {options: [...options, {name, written, value}], words: attached === '' ? 2 : 1};
	}

	return {options, words: 1};
};

const readLong = (
	word: string,
	next: string | undefined,
	isOwn: (name: string) => boolean,
): ReadWords | undefined => {
	const [, text = '', , attached] = /^--([^=]+)(=(.*))?$/s.exec(word) ?? [];
	const name = completeName(text, isOwn);
	if (name === undefined) {
		return undefined;
	}

	const written = `--${text}`;
	if (kinds[name] === 'flag') {
		return {options: [{name, written, value: undefined}], words: 1};
	}

	const value = needValue(written, attached ?? next);
	return {options: [{name, written, value}], words: attached === undefined ? 2 : 1};
};

/**
 * Takes perf_analyzer's options out of a command line. What is none of them, and all of `isOwn`, stays for our own parser.
 * @param isOwn whether a long name (without dashes) is ours
 * @param takesValue whether an option of ours, as it was written, takes the next word
 */
export const splitArguments = (
	argv: readonly string[],
	isOwn: (name: string) => boolean,
	takesValue: (word: string) => boolean,
): SplitArguments => {
	const analyzer: AnalyzerOption[] = [];
	const own: string[] = [];
	for (let place = 0; place < argv.length;) {
		const word = argv[place] ?? '';
		const next = argv[place + 1];
		const read = word.startsWith('--')
			? readLong(word, next, isOwn)
			: /^-[A-Za-z]/.test(word) && !isOwn(word.slice(1))
				? readShorts(word, next)
				: undefined;
		if (read !== undefined) {
			analyzer.push(...read.options);
			place += read.words;
		} else {
			const taken = takesValue(word) ? 2 : 1;
			own.push(...argv.slice(place, place + taken));
			place += taken;
		}
	}

	return {analyzer, own};
};

/** Whether an option goes to perf_analyzer as it is. */
export const isPassed = ({name}: AnalyzerOption): boolean =>
	Object.hasOwn(passed, name) || name === 'header' || name === 'zero-input';

const isBuiltInData = ({name, value}: AnalyzerOption): boolean =>
	name === 'input-data' && (value === 'random' || value === 'zero');

export const isPath = (option: AnalyzerOption): boolean =>
	kinds[option.name] === 'path' && !isBuiltInData(option);

/** As words of a command line. @param resolve from the user's folder */
export const writeOption = (
	option: AnalyzerOption,
	resolve: (file: string) => string,
): readonly string[] => {
	const flag = spellings[option.name] ?? `--${option.name}`;
	const {value} = option;
	return value === undefined ? [flag] : [flag, isPath(option) ? resolve(value) : value];
};
