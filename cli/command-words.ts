/** A command in one text, such as `--a "python3 train.py --lr '1e-3'"`, as words: split as a shell does, without a shell. */

import {split} from 'shlex';
import {messageOf, UserError} from '../base/errors.ts';

/** What would do something in a shell and is an argument like any other here. */
const shellWords: ReadonlySet<string> = new Set([
	'|',
	'||',
	'&&',
	'&',
	';',
	'>',
	'>>',
	'<',
	'2>',
	'2>&1',
]);

/** @throws UserError for an open quote, an empty text, or a word that only a shell understands */
export const splitCommand = (text: string, flag: string): readonly string[] => {
	let words: readonly string[];
	try {
		words = split(text);
	} catch (error) {
		throw new UserError(`${flag} ${text}: a quote is opened and never closed`, {
			next: `Quote the whole once for your shell and words inside it once more: ${flag} "program 'two words'".`,
			cause: messageOf(error),
		});
	}

	if (words[0] === undefined || words[0] === '') {
		throw new UserError(`${flag} is empty: it takes the program and its arguments in one text`);
	}

	const shellWord = words.find((word) => shellWords.has(word));
	if (shellWord !== undefined) {
		throw new UserError(`${flag} ${text}: no shell runs this, and ${shellWord} needs one`, {
			next: `Ask for one: ${flag} "bash -c '...'". Variables are better given with --env-a and --env-b.`,
		});
	}

	return words;
};
