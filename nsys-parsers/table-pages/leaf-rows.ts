/**
 * The rows of a table's leaf page.
 *
 *     leaf page   type 13 | free block (2) | cells (2) | content (2) | fragments (1) | cell pointers (2 each) | ... cells
 *     cell        payload length (varint) | rowid (varint) | record | first overflow page (4), if it does not fit
 */

import type {RowBlock} from '../row-block.ts';
import {localPayload, mostPayload, readPayload} from './payload.ts';
import {refuse} from './page-file.ts';
import type {PageFile} from './page-file.ts';
import type {RecordColumns} from './record-columns.ts';
import {leafPage} from './table-leaves.ts';
import {VarintReader} from './varint.ts';

/** More cells than a page holds: each takes a pointer of 2 bytes and at least 4 of its own. */
export const mostCells = (pageSize: number): number => Math.floor(pageSize / 6);

const varints = new VarintReader();

/**
 * Takes the record of a cell that does not lie in its page whole.
 * @param at where its beginning lies in the window
 */
const takeMoved = (
	file: PageFile,
	columns: RecordColumns,
	at: number,
	[length, pageEnd]: readonly [number, number],
	row: number,
): boolean => {
	if (length > mostPayload) {
		refuse(`a record of ${length} bytes`);
	}

	const local = localPayload(length, file.usableSize);
	if (local >= length || at + local + 4 > pageEnd) {
		refuse('a cell that does not fit into its page');
	}

	const moved = readPayload(file, at, length, local);
	return columns.take(file.window, moved, moved + length, row);
};

/**
 * Appends the wanted rows of a leaf, which lies at an offset in the file's window, to a block with room for them.
 * @throws PageRefusal
 */
export const takeRows = (
	file: PageFile,
	leaf: number,
	columns: RecordColumns,
	block: RowBlock,
): void => {
	const source = file.window;
	const {bytes, view} = source;
	const {usableSize} = file;
	const pageEnd = leaf + usableSize;
	const cells = view.getUint16(leaf + 3);
	if (bytes[leaf] !== leafPage || 8 + 2 * cells > usableSize || cells > mostCells(file.pageSize)) {
		refuse('a leaf page is none');
	}

	// A record that is moved can bring a new window along: the leaf stays in the old one too.
	file.dropScratch();
	let row = block.length;
	for (let cell = 0; cell < cells; cell++) {
		varints.at = leaf + view.getUint16(leaf + 8 + 2 * cell);
		const length = varints.read(bytes);
		block.rowId[row] = varints.read(bytes);
		const {at} = varints;
		// Records longer than that go on elsewhere.
		const isWhole = length <= usableSize - 35;
		if (isWhole && at + length > pageEnd) {
			refuse('a cell that does not fit into its page');
		}

		const isWanted = isWhole
			? columns.take(source, at, at + length, row)
			: takeMoved(file, columns, at, [length, pageEnd], row);
		row += isWanted ? 1 : 0;
	}

	block.length = row;
};
