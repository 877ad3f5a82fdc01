/**
 * HTML that cannot be written unescaped by mistake: what `markup` is given is text, unless it is Markup, and only this file
 * makes Markup.
 *
 *     markup`<td>${name}</td>`          name is escaped
 *     markup`<tr>${cells}</tr>`         cells are Markup, or a list of it
 *
 * Our own few lines, looked at beside hono/html (its tag may return a promise, and a web framework comes with it),
 * @kitajs/html (escapes only where an attribute `safe` asks for it) and htm with vhtml (not typed): none of them keeps
 * what turns the direction of text out of a page, and none refuses attributes without quotes.
 */

import {escapeXml} from '../xml-text.ts';

export class Markup {
	/** Nominal: an object from JSON is none. */
	readonly #text: string;

	/** @param text that is HTML already: never a name, a message or anything else that was read */
	constructor(text: string) {
		this.#text = text;
	}

	toString(): string {
		return this.#text;
	}
}

export type Content = string | number | Markup | readonly Content[];

export const nothing = new Markup('');

/** For text, and for values of attributes in quotes of either kind. */
export const escapeHtml = (text: string): string => escapeXml(text).replaceAll("'", '&#39;');

const write = (content: Content): string => {
	if (content instanceof Markup) {
		return content.toString();
	}

	return typeof content === 'object' ? content.map(write).join('') : escapeHtml(String(content));
};

/** Inside a tag without quotes, or inside a script or a style, escaping helps nothing. */
const isSafePlace = (before: string): boolean =>
	!/=\s*$/.test(before) && !/<(?:script|style)\b[^>]*>[^<]*$/i.test(before);

const checked = new WeakSet<TemplateStringsArray>();

const checkPlaces = (strings: TemplateStringsArray): void => {
	if (!checked.has(strings)) {
		const unsafe = strings.slice(0, -1).find((before) => !isSafePlace(before));
		if (unsafe !== undefined) {
			throw new Error(`no value may stand here: ${unsafe.slice(-40)}`);
		}

		checked.add(strings);
	}
};

export const markup = (strings: TemplateStringsArray, ...contents: readonly Content[]): Markup => {
	checkPlaces(strings);
	return new Markup(
		strings
			.map((text, place) => (place === 0 ? '' : write(contents[place - 1] ?? '')) + text)
			.join(''),
	);
};

/** `name="value"` with a blank before it; nothing where there is no value. */
export const attribute = (name: string, value: string | number | undefined): Markup =>
	value === undefined ? nothing : new Markup(` ${name}="${escapeHtml(String(value))}"`);
