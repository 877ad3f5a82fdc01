/**
 * Where the values stand in a record. A record's header names the type, and so the size, of each of its values:
 *
 *     header length (varint) | a type per column (varint each) | the columns' values
 *
 *     type    0 NULL   1-6 a whole number of 1, 2, 3, 4, 6, 8 bytes   7 a float   8 the number 0   9 the number 1
 *             12 and above: a blob (even) of (type - 12) / 2 bytes or a text (odd) of (type - 13) / 2
 *
 * A table of a million rows has a few distinct headers: each is taken apart once, and recognized by its bytes.
 */

import type {ByteSource} from '../texts.ts';
import {refuse, slack} from './page-file.ts';
import {VarintReader} from './varint.ts';

export const valueTypes = {null: 0, int48: 5, int64: 6, zero: 8, one: 9, firstBlob: 12} as const;

/** By type up to 9, in bytes. */
const sizes = Uint8Array.of(0, 1, 2, 3, 4, 6, 8, 8, 0, 0);

/** More than a table has headers by right; a hostile one could have one for each row. */
const mostLayouts = 1 << 14;

/** Twice as many: a hash table with room. */
const slotCount = mostLayouts * 2;

/** Bytes of a header that are compared, word by word: as many as nsys's tables need. */
const quickBytes = slack;

export class RecordLayouts {
	/** Columns from the first one up to the last one that matters. */
	readonly columns: number;
	/** By layout * columns + column: the value's offset behind the header. */
	offsets = new Int32Array(0);
	/** Likewise: its type. */
	types = new Int32Array(0);
	/** By layout: bytes of the values up to the last one that matters. */
	lengths = new Int32Array(0);
	/** By layout * 4: the header's first 16 bytes, as far as they matter, and ones for the bits that do. */
	private words = new Int32Array(0);
	private masks = new Int32Array(0);
	/** Layout + 1, by hash of the header's first bytes; 0 where free. Open addressing. */
	private readonly slots = new Uint16Array(slotCount);
	private count = 0;
	private readonly varints = new VarintReader();
	/** The last row's: most rows are like the one before. */
	private last = 0;

	constructor(columns: number) {
		this.columns = columns;
	}

	/** The layout of the record whose header stands from at up to headerEnd. */
	find({bytes, view}: ByteSource, at: number, headerEnd: number): number {
		if (this.count > 0 && this.follows(this.last, view, at)) {
			return this.last;
		}

		let slot = hashHeader(view, at, headerEnd) & (slotCount - 1);
		let layout = Number(this.slots[slot]) - 1;
		while (layout >= 0 && !this.follows(layout, view, at)) {
			slot = (slot + 1) & (slotCount - 1);
			layout = Number(this.slots[slot]) - 1;
		}

		if (layout < 0) {
			layout = this.takeApart(bytes, at, headerEnd);
			this.keepHeader(layout, bytes.subarray(at, this.varints.at));
			this.slots[slot] = layout + 1;
		}

		this.last = layout;
		return layout;
	}

	private follows(layout: number, view: DataView, at: number): boolean {
		const {words, masks} = this;
		const first = layout * 4;
		return (
			(view.getInt32(at) & Number(masks[first])) === words[first] &&
			(view.getInt32(at + 4) & Number(masks[first + 1])) === words[first + 1] &&
			(view.getInt32(at + 8) & Number(masks[first + 2])) === words[first + 2] &&
			(view.getInt32(at + 12) & Number(masks[first + 3])) === words[first + 3]
		);
	}

	/** The header's own length is its first byte, so that a shorter one with the same types is another layout. */
	private keepHeader(layout: number, header: Uint8Array): void {
		if (header.length > quickBytes) {
			refuse('a record with a long header');
		}

		const bytes = new DataView(new ArrayBuffer(2 * quickBytes));
		for (const [at, byte] of header.entries()) {
			bytes.setUint8(at, byte);
			bytes.setUint8(quickBytes + at, 0xff);
		}

		for (let place = 0; place < 4; place++) {
			this.words[layout * 4 + place] = bytes.getInt32(4 * place);
			this.masks[layout * 4 + place] = bytes.getInt32(quickBytes + 4 * place);
		}
	}

	private takeApart(bytes: Uint8Array, header: number, headerEnd: number): number {
		const layout = this.count;
		this.makeRoom(layout);
		const {varints} = this;
		varints.at = header;
		varints.read(bytes);
		let offset = 0;
		for (let column = 0; column < this.columns; column++) {
			// Columns that were added to a table later: older rows do without.
			const type = varints.at < headerEnd ? varints.read(bytes) : valueTypes.null;
			this.offsets[layout * this.columns + column] = offset;
			this.types[layout * this.columns + column] = type;
			offset += sizeOfType(type);
		}

		this.lengths[layout] = offset;
		this.count++;
		return layout;
	}

	private makeRoom(layout: number): void {
		if (layout >= mostLayouts) {
			refuse('records of too many kinds');
		}

		if (layout * this.columns < this.offsets.length) {
			return;
		}

		const capacity = Math.max(64, layout * 2);
		this.offsets = enlarge(this.offsets, capacity * this.columns);
		this.types = enlarge(this.types, capacity * this.columns);
		this.lengths = enlarge(this.lengths, capacity);
		this.words = enlarge(this.words, capacity * 4);
		this.masks = enlarge(this.masks, capacity * 4);
	}
}

const enlarge = (column: Int32Array, length: number): Int32Array<ArrayBuffer> => {
	const larger = new Int32Array(length);
	larger.set(column);
	return larger;
};

/** From bytes that surely belong to the header: those behind it differ from row to row. */
const hashHeader = (view: DataView, at: number, headerEnd: number): number => {
	let hash = headerEnd - at;
	if (headerEnd - at >= 8) {
		hash = Math.imul(hash ^ view.getInt32(at), 0x9e37_79b1) ^ view.getInt32(at + 4);
	}

	hash = Math.imul(hash, 0x85eb_ca6b);
	return hash ^ (hash >>> 15);
};

/** Longer values are left to SQLite. nsys cuts names long before. */
const longestValue = 1 << 24;

const sizeOfType = (type: number): number => {
	if (type < 10) {
		return Number(sizes[type]);
	}

	const size = (type - valueTypes.firstBlob - (type & 1)) / 2;
	return size >= 0 && size <= longestValue ? size : refuse(`a value of type ${type}`);
};

/** The size of a text or blob, in bytes. */
export const sizeOfText = (type: number): number => (type - valueTypes.firstBlob - (type & 1)) / 2;
