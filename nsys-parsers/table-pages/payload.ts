/**
 * Records that do not fit into their page. Their beginning is in the page, followed by the number of an overflow page;
 * each overflow page begins with the number of the next one (0 at the end) and goes on with the record.
 */

import {mostPayload} from './page-file.ts';
import type {PageFile} from './page-file.ts';
import {refuse} from './refusal.ts';

/**
 * Puts a whole payload together in the file's scratch space, over the last one.
 * @param at where its beginning lies in memory
 * @param local bytes of it that lie there
 * @returns where it lies in memory
 */
export const readPayload = (file: PageFile, at: number, length: number, local: number): number => {
	if (length > mostPayload) {
		refuse(`a record of ${length} bytes`);
	}

	const page = new Uint8Array(file.pageSize);
	const pageView = new DataView(page.buffer);
	const {bytes, view} = file.memory.all;
	let next = view.getUint32(at + local);
	bytes.copyWithin(file.scratch, at, at + local);
	for (let have = local; have < length;) {
		file.readPage(next, page);
		const part = page.subarray(4, Math.min(file.usableSize, 4 + length - have));
		bytes.set(part, file.scratch + have);
		have += part.length;
		next = pageView.getUint32(0);
	}

	return file.scratch;
};
