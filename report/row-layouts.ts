/** How the formats for other programs set rows down: what stands between their cells, and how text is written. */

import {plainExcept} from './text-buffer.ts';
import {jsonText, type TextFormat} from './text-writer.ts';

export interface RowLayout extends TextFormat {
	/** Before all rows, and after them. */
	readonly head: string;
	readonly foot: string;
	/** Before the first row, and before every other. */
	readonly beforeFirst: string;
	readonly beforeNext: string;
	/** Before each cell, in the order of the columns. */
	readonly beforeCells: readonly string[];
	readonly afterRow: string;
	/** In place of null, and of NaN and the infinities. */
	readonly absent: string;
}

/** RFC 4180. In quotes too: what a reader may trim or take for a line's end, and an empty text, which is not null. */
const rewriteForCsv = (text: string): string =>
	/[",\r\n]|^\s|\s$|^$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

export const layOutCsv = (titles: readonly string[]): RowLayout => ({
	head: `${titles.map(rewriteForCsv).join(',')}\n`,
	foot: '',
	beforeFirst: '',
	beforeNext: '',
	beforeCells: titles.map((_, index) => (index === 0 ? '' : ',')),
	afterRow: '\n',
	// An empty field that is alone in its row would make an empty line, which readers skip.
	absent: titles.length === 1 ? '""' : '',
	plain: plainExcept(', "'),
	quoted: false,
	rewrite: rewriteForCsv,
});

const tsvEscapes: Readonly<Record<string, string>> = {
	'\t': String.raw`\t`,
	'\n': String.raw`\n`,
	'\r': String.raw`\r`,
	'\\': String.raw`\\`,
};

const rewriteForTsv = (text: string): string =>
	text.replaceAll(/[\t\n\r\\]/g, (character) => tsvEscapes[character] ?? character);

/** Escapes as in PostgreSQL's text format. */
export const layOutTsv = (titles: readonly string[]): RowLayout => ({
	head: `${titles.map(rewriteForTsv).join('\t')}\n`,
	foot: '',
	beforeFirst: '',
	beforeNext: '',
	beforeCells: titles.map((_, index) => (index === 0 ? '' : '\t')),
	afterRow: '\n',
	absent: '',
	plain: plainExcept('\\'),
	quoted: false,
	rewrite: rewriteForTsv,
});

/** One object per line. */
export const layOutJsonLines = (titles: readonly string[]): RowLayout => ({
	head: '',
	foot: '',
	beforeFirst: '{',
	beforeNext: '{',
	beforeCells: titles.map((title, index) => `${index === 0 ? '' : ','}${JSON.stringify(title)}:`),
	afterRow: '}\n',
	absent: 'null',
	...jsonText,
});

/** One array, an object per line. */
export const layOutJson = (titles: readonly string[]): RowLayout => ({
	...layOutJsonLines(titles),
	head: '[',
	foot: '\n]\n',
	beforeFirst: '\n{',
	beforeNext: ',\n{',
	afterRow: '}',
});
