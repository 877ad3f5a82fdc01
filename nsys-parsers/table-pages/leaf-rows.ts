/**
 * The rows of a table's leaf page: where each one's values stand, to be taken column by column.
 *
 *     leaf page   type 13 | free block (2) | cells (2) | content (2) | fragments (1) | cell pointers (2 each) | ... cells
 *     cell        payload length (varint) | rowid (varint) | record | first overflow page (4), if it does not fit
 */

import {localPayload, mostPayload, readPayload} from './payload.ts';
import {refuse} from './page-file.ts';
import type {PageFile} from './page-file.ts';
import type {RecordLayouts} from './record-layouts.ts';
import {leafPage} from './table-leaves.ts';
import {VarintReader} from './varint.ts';

export interface LeafRows {
	count: number;
	readonly rowId: Float64Array;
	/** Offset in the file's window of what stands behind the record's header. */
	readonly valuesAt: Int32Array;
	readonly layout: Int32Array;
}

/** More cells than a page holds: each takes a pointer of 2 bytes and at least 4 of its own. */
export const mostCells = (pageSize: number): number => Math.floor(pageSize / 6);

export const makeLeafRows = ({pageSize}: PageFile): LeafRows => {
	const most = mostCells(pageSize);
	return {
		count: 0,
		rowId: new Float64Array(most),
		valuesAt: new Int32Array(most),
		layout: new Int32Array(most),
	};
};

const varints = new VarintReader();

/** A record from at to end in the window. */
const addRecord = (
	rows: LeafRows,
	{window}: PageFile,
	layouts: RecordLayouts,
	at: number,
	end: number,
): void => {
	varints.at = at;
	const headerEnd = at + varints.read(window.bytes);
	if (!(headerEnd <= end)) {
		refuse('a record whose header does not fit');
	}

	const layout = layouts.find(window, at, headerEnd);
	if (headerEnd + Number(layouts.lengths[layout]) > end) {
		refuse('a record whose values do not fit');
	}

	rows.layout[rows.count] = layout;
	rows.valuesAt[rows.count] = headerEnd;
	rows.count++;
};

/** @param leaf the page's offset in the window */
export const findRows = (
	file: PageFile,
	leaf: number,
	layouts: RecordLayouts,
	rows: LeafRows,
): void => {
	const {bytes, view} = file.window;
	const pageEnd = leaf + file.usableSize;
	const cells = view.getUint16(leaf + 3);
	if (bytes[leaf] !== leafPage || 8 + 2 * cells > file.usableSize || cells > rows.rowId.length) {
		refuse('a leaf page is none');
	}

	rows.count = 0;
	file.dropScratch();
	for (let cell = 0; cell < cells; cell++) {
		varints.at = leaf + view.getUint16(leaf + 8 + 2 * cell);
		const length = varints.read(bytes);
		rows.rowId[rows.count] = varints.read(bytes);
		const {at} = varints;
		if (length > mostPayload) {
			refuse(`a record of ${length} bytes`);
		}

		const local = localPayload(length, file.usableSize);
		if (local === length && at + length <= pageEnd) {
			addRecord(rows, file, layouts, at, at + length);
		} else if (local < length && at + local + 4 <= pageEnd) {
			const moved = readPayload(file, at, length, local);
			addRecord(rows, file, layouts, moved, moved + length);
		} else {
			refuse('a cell that does not fit into its page');
		}
	}
};

/** Keeps the rows whose value is wanted (by value: 1), and closes the gaps. */
export const keepRows = (
	rows: LeafRows,
	values: Float64Array,
	first: number,
	wanted: Uint8Array,
): void => {
	let kept = 0;
	for (let row = 0; row < rows.count; row++) {
		if (wanted[Number(values[first + row])] === 1) {
			rows.rowId[kept] = Number(rows.rowId[row]);
			rows.valuesAt[kept] = Number(rows.valuesAt[row]);
			rows.layout[kept] = Number(rows.layout[row]);
			kept++;
		}
	}

	rows.count = kept;
};
