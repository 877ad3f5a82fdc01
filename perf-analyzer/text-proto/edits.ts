/** Changes of a text by places, so that all else stays as it is. */

import type {Field, MessageValue} from './document.ts';
import type {Span, Token} from './tokens.ts';

/** The text at this place becomes another; an empty place inserts. */
export interface Edit extends Span {
	readonly text: string;
}

/** @param edits that do not overlap, in any order */
export const applyEdits = (text: string, edits: readonly Edit[]): string => {
	const parts: string[] = [];
	let at = 0;
	for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
		parts.push(text.slice(at, edit.start), edit.text);
		at = edit.end;
	}

	return [...parts, text.slice(at)].join('');
};

export const replaceSpan = ({start, end}: Span, text: string): Edit => ({start, end, text});

/** White space before an offset, up to the start of its line; undefined where something else stands on the line. */
const indentBefore = (text: string, offset: number): string | undefined =>
	/(?:^|\n)([ \t]*)$/.exec(text.slice(0, offset))?.[1];

/** A field out of its message; its line goes with it where nothing else stands there. */
export const removeField = (text: string, {start, end}: Field): Edit => {
	const indent = indentBefore(text, start);
	const rest = /^[ \t\r]*(?:\n|$)/.exec(text.slice(end))?.[0];
	if (indent !== undefined && rest !== undefined) {
		return {start: start - indent.length, end: end + rest.length, text: ''};
	}

	const blank = /[ \t]*$/.exec(text.slice(0, start))?.[0].length ?? 0;
	return {start: indent === undefined ? start - blank : start, end, text: ''};
};

/** A field at the end of a message: on a line of its own where the others have theirs. */
export const appendField = (
	text: string,
	tokens: readonly Token[],
	message: MessageValue,
	written: string,
): Edit => {
	const {close} = message;
	const last = tokens.findLast(({kind, end}) => kind !== 'white-space' && end <= close.start);
	const at = last?.end ?? close.start;
	const closeIndent = indentBefore(text, close.start);
	if (closeIndent === undefined) {
		return {start: at, end: at, text: ` ${written}`};
	}

	const newline = text.includes('\r\n') ? '\r\n' : '\n';
	const field = message.fields.at(-1);
	const indent =
		(field === undefined ? undefined : indentBefore(text, field.start)) ?? `${closeIndent}  `;
	return {start: at, end: at, text: `${newline}${indent}${written}`};
};

/** Fields at the end of the whole text. */
export const appendToDocument = (text: string, written: string): Edit => ({
	start: text.length,
	end: text.length,
	text: `${text === '' || text.endsWith('\n') ? '' : '\n'}${written}\n`,
});
