/**
 * Protobuf's text format, cut into tokens by its public specification (protobuf.dev, "Text Format Language
 * Specification"). White space and comments are tokens too: put together, the tokens are the text, to the byte.
 */

import {UserError} from '../../base/errors.ts';

export type TokenKind = 'white-space' | 'comment' | 'name' | 'number' | 'string' | 'symbol';

/** A piece of the text, by offsets in UTF-16 units; the end is exclusive. */
export interface Span {
	readonly start: number;
	readonly end: number;
}

export interface Token extends Span {
	readonly kind: TokenKind;
	readonly text: string;
}

/** A text and what it is called in messages. */
export interface TextSource {
	readonly text: string;
	readonly file: string;
}

/** Points at a place, as editors count: from 1. */
export const errorAt = (
	{text, file}: TextSource,
	offset: number,
	problem: string,
	next?: string,
): UserError => {
	const before = text.slice(0, offset);
	const line = before.split('\n').length;
	const column = offset - (before.lastIndexOf('\n') + 1) + 1;
	return new UserError(
		`${file}, line ${line}, column ${column}: ${problem}`,
		next === undefined ? {} : {next},
	);
};

/** In the order of trying. A decimal number is tried after the longer forms, since the longest match counts. */
const patterns: readonly (readonly [TokenKind, RegExp])[] = [
	// A byte order mark is skipped by protobuf's own tokenizer; read as bytes it is three characters.
	['white-space', /(?:[ \n\t\v\f\r]+|(?<![^])(?:\uFEFF|\u00EF\u00BB\u00BF))/y],
	['comment', /#[^\n\0]*/y],
	['name', /[A-Za-z_][A-Za-z_0-9]*/y],
	[
		'number',
		/(?:\.\d+(?:[eE][+-]?\d+)?|(?:0|[1-9]\d*)(?:\.\d*(?:[eE][+-]?\d+)?|[eE][+-]?\d+))[fF]?|(?:0|[1-9]\d*)[fF]|0[xX][0-9A-Fa-f]+|0[0-7]+|0|[1-9]\d*/y,
	],
	[
		'string',
		/"(?:[^"\\\n\0]|\\(?:[abfnrtv?\\'"]|[0-7]{1,3}|[xX][0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{4}|U(?:000[0-9A-Fa-f]|0010)[0-9A-Fa-f]{4}))*"|'(?:[^'\\\n\0]|\\(?:[abfnrtv?\\'"]|[0-7]{1,3}|[xX][0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{4}|U(?:000[0-9A-Fa-f]|0010)[0-9A-Fa-f]{4}))*'/y,
	],
	['symbol', /[{}<>[\]:;,.\-/]/y],
];

const matchAt = (text: string, offset: number): Token | undefined => {
	for (const [kind, pattern] of patterns) {
		pattern.lastIndex = offset;
		const match = pattern.exec(text)?.[0];
		if (match !== undefined) {
			return {kind, text: match, start: offset, end: offset + match.length};
		}
	}

	return undefined;
};

/** Why nothing fits here. */
const explain = ({text}: TextSource, offset: number): string => {
	const character = text.charAt(offset);
	if (character === '"' || character === "'") {
		return 'a string that does not end on its line, or has an escape that there is not';
	}

	return character < ' ' || character > '~'
		? `the character U+${(text.codePointAt(offset) ?? 0).toString(16).toUpperCase().padStart(4, '0')} has no place outside of strings and comments`
		: `"${character}" has no place here`;
};

/** @throws UserError with line and column */
export const readTokens = (source: TextSource): readonly Token[] => {
	const {text} = source;
	const tokens: Token[] = [];
	for (let offset = 0; offset < text.length;) {
		const token = matchAt(text, offset);
		if (token === undefined) {
			throw errorAt(source, offset, explain(source, offset));
		}

		if (token.kind === 'number' && /[A-Za-z_0-9]/.test(text.charAt(token.end))) {
			throw errorAt(source, token.end, `a number cannot go on with "${text.charAt(token.end)}"`);
		}

		tokens.push(token);
		offset = token.end;
	}

	return tokens;
};

export const isBlank = ({kind}: Token): boolean => kind === 'white-space' || kind === 'comment';
