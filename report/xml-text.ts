/**
 * Text inside XML 1.0. Our own few lines: what XML forbids, control characters and half pairs of UTF-16, may not stand
 * there even as a reference; xmlbuilder2, fast-xml-parser and xml write it as it is, and readers refuse the file.
 */

import {escapeCharacter} from './cell-text.ts';

/** All that XML 1.0 has no way to write; and what turns the direction of text in a reader's browser. */
const forbidden =
	/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const references: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	// Readers would turn these into blanks or line feeds.
	'\t': '&#9;',
	'\n': '&#10;',
	'\r': '&#13;',
};

/** For the value of an attribute in double quotes, and for the content of an element. */
export const escapeXml = (text: string): string =>
	text
		.replaceAll(forbidden, escapeCharacter)
		.replaceAll(/[&<>"\t\n\r]/g, (character) => references[character] ?? character);

/** " name="value"" for each that has one. */
export const writeAttributes = (
	attributes: Readonly<Record<string, string | number | undefined>>,
): string =>
	Object.entries(attributes)
		.map(([name, value]) => (value === undefined ? '' : ` ${name}="${escapeXml(String(value))}"`))
		.join('');

/** In one line; `content` is markup already. */
export const writeElement = (
	name: string,
	attributes: Readonly<Record<string, string | number | undefined>>,
	content: string,
): string =>
	`<${name}${writeAttributes(attributes)}${content === '' ? '/>' : `>${content}</${name}>`}`;
