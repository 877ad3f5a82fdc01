/** Title and subtitle above a picture, notes below it; and how wide every picture is. */

import {fontSizes} from './style.ts';
import {writeText} from './svg-parts.ts';
import {fitText, wrapText} from './text-width.ts';

/** Pixels. */
export const figureWidth = 780;
export const pageMargin = 16;

/** With the height that it takes. */
export interface DrawnText {
	readonly height: number;
	readonly content: string;
}

export const drawHead = (title: string, subtitle: string): DrawnText => {
	const room = figureWidth - 2 * pageMargin;
	const lines = subtitle === '' ? [] : wrapText(subtitle, room / 1.04, fontSizes.subtitle);
	const top = pageMargin + fontSizes.title;
	return {
		height: top + lines.length * 16 + 10,
		content: [
			writeText(fitText(title, room / 1.08, fontSizes.title), {
				x: pageMargin,
				y: top,
				look: 'title',
			}),
			...lines.map((line, index) =>
				writeText(line, {x: pageMargin, y: top + (index + 1) * 16 + 2, look: 'faint'}),
			),
		].join(''),
	};
};

const noteHeight = 14;

/** @returns with the height that it takes */
export const drawNotes = (notes: readonly string[], top: number): DrawnText => {
	const room = (figureWidth - 2 * pageMargin) / 1.04;
	const lines = notes.flatMap((note) => wrapText(note, room, fontSizes.small));
	return {
		height: lines.length === 0 ? 0 : lines.length * noteHeight + 4,
		content: lines
			.map((line, index) =>
				writeText(line, {x: pageMargin, y: top + (index + 1) * noteHeight, look: 'small faint'}),
			)
			.join(''),
	};
};
