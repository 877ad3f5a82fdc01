/**
 * Takes the rows of a leaf page apart, in AssemblyScript: TypeScript's syntax with the machine's own numbers. Whole
 * numbers of 64 bits and unchecked memory make it faster than JavaScript, above all in its first tenths of a second.
 *
 *     leaf page   type 13 | free block (2) | cells (2) | content (2) | fragments (1) | cell pointers (2 each) | ... cells
 *     cell        payload length (varint) | rowid (varint) | record | first overflow page (4), if it does not fit
 *     record      header length (varint) | a type per column (varint each) | the columns' values
 *     type        0 NULL   1-6 a whole number of 1, 2, 3, 4, 6, 8 bytes   7 a float   8 the number 0   9 the number 1
 *                 12 and above: a blob (even) of (type - 12) / 2 bytes or a text (odd) of (type - 13) / 2
 *     varint      7 bits a byte, the highest first, while the top bit is set; the ninth byte has 8 bits
 *
 * All memory is its owner's (leaf-rows.ts above): pages, lanes and scratch space lie where it says. Whatever a damaged page
 * holds, nothing is read or written outside of it: lengths are checked before they are used.
 */

import {behind, mostInDouble, readVarint, readWhole} from './numbers';
import {
	assemble,
	cellTooLong,
	internText,
	notAText,
	notALeaf,
	refuse,
	standInFor,
	valuesTooLong,
} from './owner';

const leafPage: u8 = 13;
const nullType: u64 = 0;
const firstBlob: u64 = 12;

/** What is to be done with a column, as its owner numbers it. */
const time: u32 = 1;
const id: u32 = 2;
const thread: u32 = 3;
const text: u32 = 4;
const columnSize: usize = 12;

/** By type below 12: bytes of a value. 10 and 11 are reserved. */
const sizes = memory.data<u8>([0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0]);

let base: i64 = 0;
let usableSize: u32 = 0;
let mostCells: u32 = 0;
let rowIds: usize = 0;
let columns: usize = 0;
let columnsEnd: usize = 0;
let wanted: usize = 0;
/** The description of the column that rows are chosen by; 0 for all rows. */
let chosenBy: usize = 0;

/**
 * @param columnTable where the descriptions of the table's columns lie, up to the last one that matters: what to do with it
 *        (0: nothing), where its lane lies, and where the lane of its lower parts does; 4 bytes each
 * @param chosen the description of the column that rows are chosen by; 0 for all rows
 * @param wantedValues by value of that column, below 256: 1 where the row is wanted
 * @param pageCells there are never more of them in a page; lanes have room for so many
 */
export function begin(
	baseNs: i64,
	usablePageSize: u32,
	pageCells: u32,
	rowIdLane: usize,
	columnTable: usize,
	columnTableEnd: usize,
	chosen: usize,
	wantedValues: usize,
): void {
	base = baseNs;
	usableSize = usablePageSize;
	mostCells = pageCells;
	rowIds = rowIdLane;
	columns = columnTable;
	columnsEnd = columnTableEnd;
	chosenBy = chosen;
	wanted = wantedValues;
}

function kindOf(column: usize): u32 {
	return load<u32>(column);
}

/** Where a value of a row belongs. */
function placeOf(column: usize, row: usize): usize {
	return <usize>load<u32>(column, 4) + (row << 3);
}

function lowPlaceOf(column: usize, row: usize): usize {
	return <usize>load<u32>(column, 8) + (row << 2);
}

/** Its distance to the base. Infinite where a double does not hold that. */
function asTime(value: i64): f64 {
	const distance = value - base;
	// The difference of two numbers of different signs can overflow: then it has not the first one's.
	const overflows = ((value ^ base) & (value ^ distance)) < 0;
	if (overflows || distance > mostInDouble || distance < -mostInDouble) {
		return (overflows ? value < 0 : distance < 0) ? -Infinity : Infinity;
	}

	return <f64>distance;
}

function asId(value: i64): f64 {
	return value > mostInDouble || value < -mostInDouble
		? standInFor(<i32>(value >> 32), <u32>value)
		: <f64>value;
}

function takeValue(column: usize, type: u64, at: usize, size: u64, row: usize): void {
	const kind = kindOf(column);
	const place = placeOf(column, row);
	if (type == nullType) {
		store<f64>(place, NaN);
		if (kind == thread) {
			store<u32>(lowPlaceOf(column, row), 0);
		}
	} else if (kind == text) {
		if (type < firstBlob) {
			refuse(notAText);
		}

		store<f64>(place, internText(at, <usize>size));
	} else {
		const value = readWhole(type, at);
		if (kind == time) {
			store<f64>(place, asTime(value));
		} else if (kind == id) {
			store<f64>(place, asId(value));
		} else {
			store<f64>(place, <f64>(value >> 24));
			store<u32>(lowPlaceOf(column, row), (<u32>value) & 0xff_ffff);
		}
	}
}

function isWanted(row: usize): bool {
	const value = load<f64>(placeOf(chosenBy, row));
	return value >= 0 && value < 256 && value == floor(value) && load<u8>(wanted + <usize>value) == 1;
}

/** Puts the record from..end into a row. @returns whether the row is wanted */
function takeRecord(from: usize, end: usize, row: usize): bool {
	const headerLength = readVarint(from);
	let header = behind;
	let value: u64 = <u64>from + headerLength;
	const headerEnd = value;
	for (let column = columns; column < columnsEnd; column += columnSize) {
		// Columns that were added to a table later: older rows do without.
		let type = nullType;
		if (<u64>header < headerEnd) {
			type = readVarint(header);
			header = behind;
		}

		const size = type < firstBlob ? <u64>load<u8>(sizes + <usize>type) : (type - firstBlob) >> 1;
		const next = value + size;
		if (next > <u64>end) {
			refuse(valuesTooLong);
		}

		if (kindOf(column) != 0) {
			takeValue(column, type, <usize>value, size, row);
			if (column == chosenBy && !isWanted(row)) {
				return false;
			}
		}

		value = next;
	}

	return true;
}

/** How much of a record's payload a leaf page holds itself: rules of section 1.6 of the file format. */
function localPayload(length: u32): u32 {
	const most = usableSize - 35;
	const least = ((usableSize - 12) * 32) / 255 - 23;
	const rest = least + ((length - least) % (usableSize - 4));
	return rest <= most ? rest : least;
}

/** The record of a cell that does not lie in its page whole. */
function takeMoved(at: usize, pageEnd: usize, length: u64, row: usize): bool {
	if (length > <u64>i32.MAX_VALUE) {
		refuse(cellTooLong);
	}

	const local = localPayload(<u32>length);
	if (<u64>local >= length || at + local + 4 > pageEnd) {
		refuse(cellTooLong);
	}

	const moved = assemble(at, <u32>length, local);
	return takeRecord(moved, moved + <usize>length, row);
}

/** Puts the wanted rows of a leaf into the lanes, from a row on. @returns the row behind the last one */
export function takeRows(leaf: usize, firstRow: usize): usize {
	const pageEnd = leaf + usableSize;
	const cells = <u32>bswap<u16>(load<u16>(leaf + 3));
	if (load<u8>(leaf) != leafPage || (cells << 1) + 8 > usableSize || cells > mostCells) {
		refuse(notALeaf);
	}

	let row = firstRow;
	for (let cell: u32 = 0; cell < cells; cell++) {
		const length = readVarint(leaf + <usize>bswap<u16>(load<u16>(leaf + 8 + 2 * cell)));
		store<f64>(rowIds + (row << 3), <f64>readVarint(behind));
		const at = behind;
		// Records longer than that go on elsewhere.
		const isWhole = length <= <u64>(usableSize - 35);
		if (isWhole && <u64>at + length > <u64>pageEnd) {
			refuse(cellTooLong);
		}

		const isWantedRow = isWhole
			? takeRecord(at, at + <usize>length, row)
			: takeMoved(at, pageEnd, length, row);
		row += isWantedRow ? 1 : 0;
	}

	return row;
}
