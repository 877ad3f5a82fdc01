/** Cells as people read them: times in ms, separators of thousands, names in one line that no terminal takes for commands. */

import type {Cell, CellKind} from '../schemas/report-rows.ts';
import {
	formatCount,
	formatMilliseconds,
	formatRate,
	formatShare,
	formatTenths,
	shorten,
} from './format.ts';

/** More would push the numbers off the screen. */
const longestText = 60;

/** "\x1b", "\u202e". */
export const escapeCharacter = (character: string): string => {
	const code = character.charCodeAt(0);
	return code < 0x100
		? String.raw`\x${code.toString(16).padStart(2, '0')}`
		: String.raw`\u${code.toString(16)}`;
};

/** What would move the cursor, turn the direction of the text, or is half a character. */
const unprintable = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** In one line, shortened in the middle, what cannot be seen as escapes. */
export const formatText = (text: string, longest = longestText): string =>
	shorten(text.replaceAll(/\s+/g, ' ').replaceAll(unprintable, escapeCharacter), longest)
		// The cut may have split a pair.
		.replaceAll(/\p{Cs}/gu, '');

const byteUnits = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** "512 B", "1.5 KiB", "24.0 GiB". */
export const formatBytes = (bytes: number): string => {
	let value = bytes;
	let unit = 'B';
	for (const larger of byteUnits) {
		if (Math.abs(value) < 1024) {
			break;
		}

		value /= 1024;
		unit = larger;
	}

	const text = unit === 'B' ? formatCount(value) : formatTenths(value);
	return `${text} ${unit}`;
};

const formatNumber = (kind: Exclude<CellKind, 'text'>, value: number): string => {
	switch (kind) {
		case 'count':
			return formatCount(value);
		case 'id':
			return String(value);
		case 'time':
		case 'duration':
			return formatMilliseconds(value / 1e6);
		case 'bytes':
			return formatBytes(value);
		case 'real':
			return formatRate(value);
		case 'share':
			return formatShare(value);
	}
};

/** "" where there is nothing to show: null, NaN, an infinity. */
export const formatCell = (kind: CellKind, cell: Cell): string => {
	if (cell === null || (typeof cell === 'number' && !Number.isFinite(cell))) {
		return '';
	}

	if (typeof cell === 'string' || kind === 'text') {
		return formatText(String(cell));
	}

	if (typeof cell === 'bigint' && (kind === 'count' || kind === 'id')) {
		return kind === 'id' ? cell.toString() : formatCount(cell);
	}

	return formatNumber(kind, Number(cell));
};
