/** How the words of a comparison look where they stand: colours on a terminal, code in Markdown. */

import {formatText} from './cell-text.ts';
import {writeCode, writeCodeSpan} from './row-markdown.ts';

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green';
export type Decorate = (style: Style, text: string) => string;

export interface TextStyle {
	readonly decorate: Decorate;
	/** Names of ranges, files, kernels: in one line, and nothing in them taken for commands or markup. */
	readonly name: (text: string) => string;
	/** The same in a column beside others. */
	readonly cell: (text: string) => string;
	/** Text that shall be read to its end, like a command line. */
	readonly value: (text: string) => string;
	/** Sentences that may hold such names. */
	readonly sentence: (text: string) => string;
}

/** A line of a terminal. */
const widest = 100;

/** Of a kernel's name beside its numbers. */
const widestCell = 48;

/** No warning is longer; what quotes half a file is cut. */
const longestSentence = 1000;

export const undecorated: Decorate = (_style, text) => text;

export const terminalStyle = (decorate: Decorate): TextStyle => ({
	decorate,
	name: (text) => formatText(text, widest - 2),
	cell: (text) => formatText(text, widestCell),
	value: (text) => formatText(text, longestSentence),
	sentence: (text) => formatText(text, longestSentence),
});

/**
 * Backslashes before all that Markdown could take for markup. Mentions, issues and emoji are found in what was rendered:
 * only a comment between the sign and the name keeps GitHub from them.
 */
const escapeMarkdown = (text: string): string =>
	text
		.replaceAll(/[\\`*_{}[\]<>()#+!|~&$-]/g, String.raw`\$&`)
		.replaceAll(/@|:(?=\w+:)/g, '$&<!-- -->')
		.replaceAll(String.raw`\#`, String.raw`\#<!-- -->`);

export const markdownStyle: TextStyle = {
	decorate: (style, text) => (style === 'bold' ? `**${text}**` : text),
	name: (text) => writeCodeSpan(formatText(text, widest)),
	cell: (text) => writeCode(formatText(text, widest)),
	value: (text) => writeCode(formatText(text, longestSentence)),
	sentence: (text) => escapeMarkdown(formatText(text, longestSentence)),
};
