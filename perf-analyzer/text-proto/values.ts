/** What a scalar of the text format means: names, whole numbers, strings with their escapes. */

import type {Field, ScalarValue} from './document.ts';
import {valuesOf} from './document.ts';

const simpleEscapes: Readonly<Record<string, number>> = {
	a: 7,
	b: 8,
	f: 12,
	n: 10,
	r: 13,
	t: 9,
	v: 11,
};

const escapePattern =
	/\\(?:([0-7]{1,3})|[xX]([0-9A-Fa-f]{1,2})|[uU]((?<=u)[0-9A-Fa-f]{4}|(?<=U)[0-9A-Fa-f]{8})|(.))/g;

const decodeEscape = (match: RegExpExecArray): Buffer => {
	const [, octal, hex, codePoint, letter = ''] = match;
	if (codePoint !== undefined) {
		return Buffer.from(String.fromCodePoint(Number.parseInt(codePoint, 16)), 'utf8');
	}

	const byte =
		octal === undefined
			? hex === undefined
				? (simpleEscapes[letter] ?? letter.charCodeAt(0))
				: Number.parseInt(hex, 16)
			: Number.parseInt(octal, 8);
	return Buffer.from([byte & 0xff]);
};

/** The bytes between the quotes. @param encoding of the text that the token was cut from: a file read byte by byte is latin1 */
const decodeString = (quoted: string, encoding: 'utf8' | 'latin1'): Buffer => {
	const text = quoted.slice(1, -1);
	const parts: Buffer[] = [];
	let at = 0;
	for (const match of text.matchAll(escapePattern)) {
		parts.push(Buffer.from(text.slice(at, match.index), encoding), decodeEscape(match));
		at = match.index + match[0].length;
	}

	return Buffer.concat([...parts, Buffer.from(text.slice(at), encoding)]);
};

/** A string's text, or a name; a number as it was written. */
export const textOf = ({tokens}: ScalarValue, encoding: 'utf8' | 'latin1' = 'utf8'): string =>
	tokens[0]?.kind === 'string'
		? Buffer.concat(tokens.map(({text}) => decodeString(text, encoding))).toString('utf8')
		: tokens.map(({text}) => text).join('');

/** @returns undefined where the value is no whole number that a double holds */
export const integerOf = ({tokens}: ScalarValue): number | undefined => {
	const digits = tokens.at(-1)?.text ?? '';
	if (tokens.at(-1)?.kind !== 'number' || !/^(?:0[xX][0-9A-Fa-f]+|\d+)$/.test(digits)) {
		return undefined;
	}

	const value = Number(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
	const signed = tokens[0]?.text === '-' ? -value : value;
	return Number.isSafeInteger(signed) ? signed : undefined;
};

/** The last one, as protobuf takes it where a field that does not repeat is given twice. */
export const scalarOf = (fields: readonly Field[], name: string): ScalarValue | undefined => {
	const last = valuesOf(fields, name).at(-1);
	return last?.kind === 'scalar' ? last : undefined;
};
