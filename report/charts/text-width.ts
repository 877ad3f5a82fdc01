/**
 * How wide text is. PNGs are drawn with Open Sans, whose advances these are; a browser without it takes a font of its own,
 * so that callers leave a little room.
 */

/** Thousandths of the font size, from U+0020 to U+007E. Source: Open Sans Regular, tables cmap and hmtx. */
const advances: readonly number[] = [
	260, 264, 398, 646, 572, 827, 729, 219, 295, 295, 551, 572, 259, 322, 263, 367, 572, 572, 572,
	572, 572, 572, 572, 572, 572, 572, 263, 263, 572, 572, 572, 432, 896, 632, 646, 630, 726, 556,
	516, 727, 737, 279, 269, 612, 522, 899, 753, 778, 602, 778, 617, 548, 551, 729, 596, 923, 578,
	559, 572, 327, 367, 327, 572, 438, 277, 556, 612, 479, 612, 562, 336, 543, 613, 252, 252, 525,
	252, 926, 613, 602, 612, 612, 409, 477, 356, 613, 500, 775, 523, 501, 469, 375, 549, 375, 572,
];
const firstKnown = 0x20;
const letterAdvance = 620;
/** East Asian letters and what lies beyond them fill a square. */
const wideFrom = 0x1100;
const wideAdvance = 1000;

const advanceOf = (character: string): number => {
	const code = character.codePointAt(0) ?? 0;
	return advances[code - firstKnown] ?? (code >= wideFrom ? wideAdvance : letterAdvance);
};

/** Pixels. @param size of the font, pixels */
export const measureText = (text: string, size: number): number => {
	let thousandths = 0;
	for (const character of text) {
		thousandths += advanceOf(character);
	}

	return (thousandths * size) / 1000;
};

const ellipsis = '...';

/** Cut in its middle: names that differ, differ at their ends more often. */
export const fitText = (text: string, width: number, size: number): string => {
	if (measureText(text, size) <= width) {
		return text;
	}

	const characters = Array.from(text);
	for (let kept = characters.length - 1; kept > 1; kept -= 1) {
		const head = Math.ceil(kept / 2);
		const tail = characters.slice(characters.length - (kept - head));
		const cut = `${characters.slice(0, head).join('')}${ellipsis}${tail.join('')}`;
		if (measureText(cut, size) <= width) {
			return cut;
		}
	}

	return '';
};

/** Lines of words, none wider than `width` where words allow it. */
export const wrapText = (text: string, width: number, size: number): readonly string[] => {
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(' ')) {
		const longer = line === '' ? word : `${line} ${word}`;
		if (line !== '' && measureText(longer, size) > width) {
			lines.push(line);
			line = word;
		} else {
			line = longer;
		}
	}

	return [...lines, line].filter((one) => one !== '').map((one) => fitText(one, width, size));
};
