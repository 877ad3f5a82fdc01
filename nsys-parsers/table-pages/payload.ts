/**
 * Records that do not fit into their page. Their beginning is in the page, followed by the number of an overflow page;
 * each overflow page begins with the number of the next one (0 at the end) and goes on with the record.
 */

import {refuse} from './page-file.ts';
import type {PageFile} from './page-file.ts';

/** How much of a record's payload a leaf page holds itself: rules of section 1.6 of the file format. */
export const localPayload = (length: number, usableSize: number): number => {
	const most = usableSize - 35;
	if (length <= most) {
		return length;
	}

	const least = Math.floor(((usableSize - 12) * 32) / 255) - 23;
	const rest = least + ((length - least) % (usableSize - 4));
	return rest <= most ? rest : least;
};

/** Longer ones are left to SQLite. nsys cuts names long before. */
export const mostPayload = 1 << 24;

/**
 * Puts a whole payload together in the file's scratch space.
 * @param at where its beginning lies in the window
 * @param local bytes of it that lie there
 * @returns its offset in the window, which may be another array than before
 */
export const readPayload = (file: PageFile, at: number, length: number, local: number): number => {
	// What SQLite itself holds against a record; and a leaf's records together do not outgrow the file either.
	if (length > file.pages * file.pageSize) {
		refuse('a record that is longer than its file');
	}

	const page = new Uint8Array(file.pageSize);
	const view = new DataView(page.buffer);
	let next = file.window.view.getUint32(at + local);
	const target = file.reserveScratch(length);
	const {bytes} = file.window;
	bytes.copyWithin(target, at, at + local);
	for (let have = local; have < length;) {
		file.readPage(next, page);
		const part = page.subarray(4, Math.min(file.usableSize, 4 + length - have));
		bytes.set(part, target + have);
		have += part.length;
		next = view.getUint32(0);
	}

	return target;
};
