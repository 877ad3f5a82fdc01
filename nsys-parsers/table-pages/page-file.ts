/**
 * The pages of a SQLite file, as its file format (sqlite.org/fileformat2.html) lays them out, read from the disk itself.
 * Only plain files are taken; everything else is refused and left to SQLite: a write-ahead log, a rollback journal,
 * another text encoding than UTF-8.
 */

import {closeSync, existsSync, fstatSync, openSync, readSync} from 'node:fs';
import {byteSource} from '../texts.ts';
import type {ByteSource} from '../texts.ts';

/** The file or one of its tables is not as plain as this reader wants it, or damaged: SQLite has to read it, or to refuse. */
export class PageRefusal extends Error {
	override name = 'PageRefusal';
}

export const refuse = (why: string): never => {
	throw new PageRefusal(why);
};

/** Bytes that are read at once: few enough to stay in a core's own cache until they are decoded. */
const windowBytes = 1 << 18;

/** Bytes behind the last page, and behind the scratch space: whoever reads whole words there reads a little too far. */
export const slack = 16;

export interface PageFile extends Disposable {
	readonly pageSize: number;
	/** Bytes of a page that hold data: some extensions reserve a few at its end. */
	readonly usableSize: number;
	readonly pages: number;
	/** The pages that were loaded last, and behind them scratch space. */
	readonly window: ByteSource;
	/** How many pages the window holds. */
	readonly windowPages: number;
	/** Reads the pages first..last (numbered from 1) into the window's beginning. */
	load(first: number, last: number): void;
	/** Room for bytes in the window, behind its pages. @returns their offset. Replaces `window` where it is too small. */
	reserveScratch(bytes: number): number;
	/** All of it is free again. */
	dropScratch(): void;
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
	const loadable = Math.max(windowBytes, pageSize);
	const scratchStart = loadable + slack;
	let window = byteSource(new Uint8Array(scratchStart));
	let scratchEnd = scratchStart;
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
		get window() {
			return window;
		},
		windowPages: Math.floor(loadable / pageSize),
		load: (first, last) => read(first, last, window.bytes.subarray(0, loadable)),
		reserveScratch(bytes) {
			const at = scratchEnd;
			scratchEnd += bytes;
			// Records of one leaf lie in pages of their own: more than the file holds are a trap.
			if (scratchEnd - scratchStart > pages * pageSize) {
				refuse('a page whose records are longer than its file');
			}

			if (scratchEnd + slack > window.bytes.length) {
				const larger = new Uint8Array(scratchEnd * 2 + slack);
				larger.set(window.bytes);
				window = byteSource(larger);
			}

			return at;
		},
		dropScratch() {
			scratchEnd = scratchStart;
		},
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
