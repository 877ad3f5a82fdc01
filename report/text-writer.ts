/** Writes texts as a format has them. Names repeat by the million: what had to be rewritten is looked up the next time. */

import {plainExcept, type PlainCharacters, type TextBuffer} from './text-buffer.ts';

export interface TextFormat {
	/** Text of these characters alone is written as it is. */
	readonly plain: PlainCharacters;
	/** Plain text stands between quotes. */
	readonly quoted: boolean;
	/** Any text as the format has it, quotes included. */
	readonly rewrite: (text: string) => string;
}

export const jsonText: TextFormat = {
	plain: plainExcept('"\\'),
	quoted: true,
	// Well-formed: a lone surrogate becomes an escape.
	rewrite: (text) => JSON.stringify(text),
};

/** Characters up to which writing a text takes no longer than looking it up. */
const shortText = 32;
/** Texts of which the written form is kept: names repeat. */
const keptTexts = 1 << 14;

export type WriteText = (text: string) => void;

export const chooseTextWriter = (
	out: TextBuffer,
	{plain, quoted, rewrite}: TextFormat,
): WriteText => {
	const known = new Map<string, Uint8Array>();
	return (text) => {
		if (text !== '' && text.length <= shortText && out.writePlain(text, plain, quoted)) {
			return;
		}

		let written = known.get(text);
		if (written === undefined) {
			written = Buffer.from(rewrite(text));
			if (known.size === keptTexts) {
				known.clear();
			}

			known.set(text, written);
		}

		out.writeBytes(written);
	};
};
