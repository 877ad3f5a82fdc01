/**
 * The leaf pages of a table, in the order of its rows. A table is a B-tree: interior pages hold the numbers of the pages
 * below them, leaves hold rows, and all leaves lie equally deep.
 *
 *     interior page   type 5 | free block | cells (2 bytes) | content | fragments | right-most child (4) | cell pointers
 *     its cell        child page (4 bytes) | rowid (varint)
 */

import type {PageFile} from './page-file.ts';
import {refuse} from './refusal.ts';

export const interiorPage = 5;
export const leafPage = 13;

/** Deeper than any tree of 2^31 pages. */
const deepest = 20;

const typeOf = (view: DataView): number => view.getUint8(0);

/** @param children gets the pages below an interior page, in order */
const listChildren = (view: DataView, usableSize: number, children: number[]): void => {
	if (typeOf(view) !== interiorPage) {
		refuse('an interior page is none');
	}

	const cells = view.getUint16(3);
	if (12 + 2 * cells > usableSize) {
		refuse('an interior page holds more cells than fit');
	}

	for (let cell = 0; cell < cells; cell++) {
		const at = view.getUint16(12 + 2 * cell);
		if (at + 5 > usableSize) {
			refuse('a cell lies outside of its page');
		}

		children.push(view.getUint32(at));
	}

	children.push(view.getUint32(8));
};

/** Levels of interior pages above the leaves. */
const measureDepth = (file: PageFile, root: number, page: Uint8Array): number => {
	const view = new DataView(page.buffer);
	let at = root;
	for (let depth = 0; depth < deepest; depth++) {
		file.readPage(at, page);
		if (typeOf(view) === leafPage) {
			return depth;
		}

		const children: number[] = [];
		listChildren(view, file.usableSize, children);
		at = Number(children[0]);
	}

	return refuse('a tree without leaves');
};

/**
 * Page numbers; that these are leaves is not checked here.
 * @throws PageRefusal
 */
export const listLeaves = (file: PageFile, root: number): readonly number[] => {
	const page = new Uint8Array(file.pageSize);
	const view = new DataView(page.buffer);
	let level = [root];
	for (let depth = measureDepth(file, root, page); depth > 0; depth--) {
		const below: number[] = [];
		for (const at of level) {
			file.readPage(at, page);
			listChildren(view, file.usableSize, below);
			// A damaged tree can lead in circles.
			if (below.length > file.pages) {
				refuse('a tree with more pages than its file');
			}
		}

		level = below;
	}

	return level;
};
