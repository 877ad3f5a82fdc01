/**
 * A report as a Markdown table for comments on GitHub, with what the table for terminals shows. Text stands in code spans:
 * in them nothing is markup, and no name mentions a user, links to an issue or becomes an emoji.
 */

import {formatDecimal} from '../base/decimal-text.ts';
import type {ReportRows} from '../schemas/report-rows.ts';
import {showRows} from './row-table.ts';

/** Outside a table. */
export const writeCodeSpan = (text: string): string => {
	if (text === '') {
		return '';
	}

	const longestRun = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
	const fence = '`'.repeat(longestRun + 1);
	// Of text that is not all blank, one blank on either side belongs to the fence.
	const blank = text !== ' ' && /^[ `]|[ `]$/.test(text) ? ' ' : '';
	return `${fence}${blank}${text}${blank}${fence}`;
};

/** A table takes a "|" for a border even inside code, unless a "\\" stands before it. */
export const writeCode = (text: string): string =>
	writeCodeSpan(text).replaceAll('|', String.raw`\|`);

export const writeHeader = (title: string): string =>
	title.replaceAll(/[\\`*_<>[\]|~&]/g, String.raw`\$&`);

export const writeLine = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;

/** @param limit rows at most, the first ones */
export function* formatRowMarkdown(report: ReportRows, limit: number): Generator<string> {
	const {columns, lines, hidden} = showRows(report, limit);
	if (columns.length > 0) {
		yield writeLine(columns.map(({short}) => writeHeader(short)));
		yield writeLine(columns.map(({align}) => (align === 'left' ? '---' : '---:')));
	}

	for (const line of lines) {
		yield writeLine(
			line.map((cell, place) => (columns[place]?.align === 'left' ? writeCode(cell) : cell)),
		);
	}

	if (hidden > 0) {
		yield `\n... and ${formatDecimal(hidden)} more\n`;
	}
}
