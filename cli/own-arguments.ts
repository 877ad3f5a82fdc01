/**
 * Where our own options end and the program begins. Everything from the first word that is neither an option of ours nor
 * an option's value belongs to the program, whatever it looks like; a `--` may stand between.
 *
 * Our own words are brought into the one form that yargs cannot misread, `--name=value`: a value may begin with a dash
 * (--nsys-args "--sample=cpu"), and a short option's may be attached, as argparse allows (-w0).
 */

export interface SplitArguments {
	readonly own: readonly string[];
	readonly program: readonly string[];
}

/** Names with their dashes. */
export interface OptionNames {
	/** Options that take no value. */
	readonly flags: readonly string[];
	/** Short options with a value. */
	readonly short: readonly string[];
}

const attached = (word: string, short: readonly string[]): readonly [string, string] | null => {
	const name = short.find(
		(candidate) => /^\d+$/.test(word.slice(candidate.length)) && word.startsWith(candidate),
	);
	return name === undefined ? null : [name, word.slice(name.length)];
};

/** @returns the option in one word, and how many words it took */
const readOption = (
	[word = '', value]: readonly string[],
	{flags, short}: OptionNames,
): readonly [string, number] => {
	const parts = attached(word, short);
	if (parts !== null) {
		return [`${parts[0]}=${parts[1]}`, 1];
	}

	return flags.includes(word) || word.includes('=') || value === undefined
		? [word, 1]
		: [`${word}=${value}`, 2];
};

export const splitArguments = (argv: readonly string[], names: OptionNames): SplitArguments => {
	const own: string[] = [];
	let at = 0;
	while (at < argv.length && argv[at] !== '--' && argv[at]?.startsWith('-') === true) {
		const [option, words] = readOption(argv.slice(at, at + 2), names);
		own.push(option);
		at += words;
	}

	return {own, program: argv.slice(argv[at] === '--' ? at + 1 : at)};
};
