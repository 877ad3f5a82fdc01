/**
 * The pages of a SQLite file, as its file format (sqlite.org/fileformat2.html) lays them out, read from the disk itself.
 * Only plain files are taken; everything else is refused and left to SQLite: a write-ahead log, a rollback journal,
 * another text encoding than UTF-8.
 */

import {closeSync, existsSync, fstatSync, openSync, readSync} from 'node:fs';
import {PageMemory} from './page-memory.ts';
import {refuse} from './refusal.ts';

/** Bytes that are read at once: few enough to stay in a core's own cache until they are decoded. */
const windowBytes = 1 << 18;

/** A damaged page can point so far behind its own beginning. */
const furthestPointer = 1 << 16;

/** Longer records are left to SQLite. nsys cuts names long before. */
export const mostPayload = 1 << 24;

/** For the lanes of a scan: more than any of ours needs. */
const laneBytes = 1 << 22;

export interface PageFile extends Disposable {
	readonly pageSize: number;
	/** Bytes of a page that hold data: some extensions reserve a few at its end. */
	readonly usableSize: number;
	readonly pages: number;
	readonly memory: PageMemory;
	/** Where in memory the pages lie that were loaded last. */
	readonly window: number;
	/** How many pages the window holds. */
	readonly windowPages: number;
	/** Where in memory a record of several pages is put together. */
	readonly scratch: number;
	/** Reads the pages first..last (numbered from 1) into the window's beginning. */
	load(first: number, last: number): void;
	/** Reads one page elsewhere than into the window. */
	readPage(page: number, into: Uint8Array): void;
}

interface Header {
	readonly pageSize: number;
	readonly reserved: number;
}

const readHeader = (head: DataView): Header => {
	const rawSize = head.getUint16(16);
	const pageSize = rawSize === 1 ? 65_536 : rawSize;
	if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0) {
		refuse(`page size ${rawSize}`);
	}

	const isLegacyJournal = head.getUint8(18) === 1 && head.getUint8(19) === 1;
	if (!isLegacyJournal) {
		refuse('a write-ahead log');
	}

	// The schema format tells of features from before 2006 that change how a record reads.
	if (head.getUint32(44) !== 4 || head.getUint32(56) !== 1) {
		refuse('an old schema format or another encoding than UTF-8');
	}

	return {pageSize, reserved: head.getUint8(20)};
};

const readFully = (descriptor: number, into: Uint8Array, at: number): number => {
	let length = 0;
	while (length < into.length) {
		const read = readSync(descriptor, into, length, into.length - length, at + length);
		if (read === 0) {
			break;
		}

		length += read;
	}

	return length;
};

const pagesOf = (descriptor: number, {pageSize, reserved}: Header): PageFile => {
	const pages = Math.floor(fstatSync(descriptor).size / pageSize);
	const windowSize = Math.max(windowBytes, pageSize);
	const memory = new PageMemory(windowSize + furthestPointer + mostPayload + laneBytes);
	const window = memory.reserve(windowSize + furthestPointer);
	const scratch = memory.reserve(mostPayload);
	const windowView = memory.all.bytes.subarray(window, window + windowSize);
	const requirePage = (page: number): void => {
		if (!(page >= 2 && page <= pages)) {
			refuse(`page ${page} of ${pages}`);
		}
	};

	const read = (first: number, last: number, into: Uint8Array): void => {
		requirePage(first);
		requirePage(last);
		const bytes = (last - first + 1) * pageSize;
		if (readFully(descriptor, into.subarray(0, bytes), (first - 1) * pageSize) < bytes) {
			refuse(`page ${last} is cut short`);
		}
	};

	return {
		pageSize,
		usableSize: pageSize - reserved,
		pages,
		memory,
		window,
		windowPages: Math.floor(windowSize / pageSize),
		scratch,
		load: (first, last) => read(first, last, windowView),
		readPage: (page, into) => read(page, page, into),
		[Symbol.dispose]: () => closeSync(descriptor),
	};
};

/**
 * Whoever calls this holds a read transaction of SQLite's: it keeps writers out.
 * @throws PageRefusal
 */
export const openPages = (file: string): PageFile => {
	if (existsSync(`${file}-journal`) || existsSync(`${file}-wal`)) {
		refuse('a journal');
	}

	const descriptor = openSync(file, 'r');
	try {
		const head = new Uint8Array(100);
		readFully(descriptor, head, 0);
		return pagesOf(descriptor, readHeader(new DataView(head.buffer)));
	} catch (error) {
		closeSync(descriptor);
		throw error;
	}
};
