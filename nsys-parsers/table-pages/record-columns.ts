/**
 * Takes a record apart: the values of the columns asked for go into the lanes of a block. A record's header names the
 * type, and so the size, of each of its values:
 *
 *     header length (varint) | a type per column (varint each) | the columns' values
 *
 *     type    0 NULL   1-6 a whole number of 1, 2, 3, 4, 6, 8 bytes   7 a float   8 the number 0   9 the number 1
 *             12 and above: a blob (even) of (type - 12) / 2 bytes or a text (odd) of (type - 13) / 2
 *
 * Columns behind the last one asked for are never looked at.
 */

import {asTime, idOf, word} from '../row-block.ts';
import type {Lane, LaneKind, RowBlock, RowContext, TableScan} from '../row-block.ts';
import type {Texts} from '../texts.ts';
import type {ByteSource} from '../texts.ts';
import {refuse} from './page-file.ts';
import {VarintReader} from './varint.ts';

const nullType = 0;
const int48 = 5;
const int64 = 6;
const zero = 8;
const one = 9;
const firstBlob = 12;

/** By type below 12, in bytes. 10 and 11 are reserved, and no column of nsys's is a float. */
const sizes = Uint8Array.of(0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0);

/** What to do with a column. 0: nothing. */
const kindNumbers: Readonly<Record<LaneKind, number>> = {time: 1, id: 2, thread: 3, text: 4};
const {time: timeKind, id: idKind, thread: threadKind} = kindNumbers;

/** Whole numbers of at most 4 bytes. */
const readSmall = (view: DataView, type: number, at: number): number => {
	switch (type) {
		case 1:
			return view.getInt8(at);
		case 2:
			return view.getInt16(at);
		case 3:
			return view.getInt16(at) * 256 + view.getUint8(at + 2);
		case 4:
			return view.getInt32(at);
		case zero:
			return 0;
		case one:
			return 1;
		default:
			return refuse(`a value of type ${type} where a whole number belongs`);
	}
};

const takeThread = (view: DataView, type: number, at: number, lane: Lane, row: number): void => {
	if (type === nullType) {
		lane.values[row] = NaN;
		lane.low[row] = 0;
		return;
	}

	const lower =
		type === int64
			? view.getInt32(at + 4)
			: type === int48
				? view.getInt32(at + 2)
				: readSmall(view, type, at);
	const upper =
		type === int64 ? view.getInt32(at) : type === int48 ? view.getInt16(at) : lower >> 31;
	lane.values[row] = upper * 256 + (lower >>> 24);
	lane.low[row] = lower & 0xff_ffff;
};

const readText = (source: ByteSource, type: number, at: number, texts: Texts): number => {
	if (type < firstBlob) {
		return type === nullType ? NaN : refuse('a number where text belongs');
	}

	return texts.intern(source, at, at + sizeOf(type));
};

const sizeOf = (type: number): number =>
	type < firstBlob ? Number(sizes[type]) : (type - firstBlob - (type & 1)) / 2;

/** By value of the column that rows are chosen by: 1 where the row is wanted. */
const wantedValues = ({where}: TableScan): Uint8Array => {
	const wanted = new Uint8Array(256);
	for (const value of where?.values ?? []) {
		wanted[value] = 1;
	}

	return wanted;
};

export class RecordColumns {
	/** By column of the table, up to the last one that matters. */
	private readonly kinds: Uint8Array;
	private readonly lanes: readonly (Lane | undefined)[];
	private readonly context: RowContext;
	/** The column that rows are chosen by; -1 for all rows. */
	private readonly chosenBy: number;
	private readonly wanted: Uint8Array;
	private readonly varints = new VarintReader();

	constructor(
		tableColumns: readonly string[],
		scan: TableScan,
		block: RowBlock,
		context: RowContext,
	) {
		const asked = tableColumns.map((name) => scan.columns[name]);
		const last = asked.findLastIndex((kind) => kind !== undefined);
		const needed = asked.slice(0, last + 1);
		this.kinds = Uint8Array.from(needed, (kind) => (kind === undefined ? 0 : kindNumbers[kind]));
		this.lanes = needed.map((_, column) => block.lanes[tableColumns[column] ?? '']);
		this.context = context;
		this.chosenBy = tableColumns.indexOf(scan.where?.column ?? '');
		this.wanted = wantedValues(scan);
	}

	/**
	 * Puts a record, which stands from at up to end in the source, into a row of the block.
	 * @returns whether the row is wanted
	 */
	take(source: ByteSource, at: number, end: number, row: number): boolean {
		const {bytes} = source;
		const {kinds, varints} = this;
		varints.at = at;
		const headerEnd = at + varints.read(bytes);
		let header = varints.at;
		let value = headerEnd;
		for (let column = 0; column < kinds.length; column++) {
			// Columns that were added to a table later: older rows do without.
			let type = header < headerEnd ? Number(bytes[header++]) : nullType;
			if (type >= 0x80) {
				varints.at = header - 1;
				type = varints.read(bytes);
				header = varints.at;
			}

			const next = value + sizeOf(type);
			if (next > end) {
				refuse('a record whose values do not fit');
			}

			if (kinds[column] !== 0) {
				this.takeValue(source, column, type, value, row);
				if (column === this.chosenBy && !this.isWanted(column, row)) {
					return false;
				}
			}

			value = next;
		}

		return true;
	}

	private takeValue(
		source: ByteSource,
		column: number,
		type: number,
		at: number,
		row: number,
	): void {
		const kind = Number(this.kinds[column]);
		const lane = this.lanes[column];
		if (lane === undefined) {
			return;
		}

		// They write by themselves: a fraction or a large number that a function returns costs an object.
		if (kind === timeKind) {
			this.takeTime(source.view, type, at, lane.values, row);
		} else if (kind === idKind) {
			this.takeId(source.view, type, at, lane.values, row);
		} else if (kind === threadKind) {
			takeThread(source.view, type, at, lane, row);
		} else {
			lane.values[row] = readText(source, type, at, this.context.texts);
		}
	}

	private takeTime(
		view: DataView,
		type: number,
		at: number,
		values: Float64Array,
		row: number,
	): void {
		const {baseHigh, baseLow} = this.context;
		if (type === int64) {
			values[row] = asTime(
				(view.getInt32(at) - baseHigh) * word + (view.getUint32(at + 4) - baseLow),
			);
		} else if (type === int48) {
			values[row] = asTime(
				(view.getInt16(at) - baseHigh) * word + (view.getUint32(at + 2) - baseLow),
			);
		} else if (type === nullType) {
			values[row] = NaN;
		} else {
			const small = readSmall(view, type, at);
			values[row] = asTime(((small < 0 ? -1 : 0) - baseHigh) * word + ((small >>> 0) - baseLow));
		}
	}

	private takeId(
		view: DataView,
		type: number,
		at: number,
		values: Float64Array,
		row: number,
	): void {
		if (type === int64) {
			values[row] = idOf(view.getInt32(at), view.getUint32(at + 4), this.context.largeIds);
		} else if (type === int48) {
			values[row] = view.getInt16(at) * word + view.getUint32(at + 2);
		} else {
			values[row] = type === nullType ? NaN : readSmall(view, type, at);
		}
	}

	private isWanted(column: number, row: number): boolean {
		return this.wanted[Number(this.lanes[column]?.values[row])] === 1;
	}
}
