/**
 * Rows of a table, some thousands at a time, column by column: what both readers of an export fill (scan-pages.ts from
 * the file's pages, scan-sql.ts through SQLite) and all that computes from bulk rows reads.
 *
 *     kind     of                     values                                        low
 *     time     ns                     ns since the base; NaN: NULL; infinite: far off -
 *     id       any whole number       itself; a fraction past 2^53; NaN: NULL        -
 *     thread   globalTid, globalPid   its process part (all but 24 bits); NaN: NULL  thread id (24 bits)
 *     text     text                   its number among the texts; NaN: NULL          -
 */

import {Texts} from './texts.ts';

export type LaneKind = 'time' | 'id' | 'thread' | 'text';

/** Column -> its kind. */
export type LaneKinds = Readonly<Record<string, LaneKind>>;

export interface Lane {
	readonly kind: LaneKind;
	readonly values: Float64Array;
	readonly low: Uint32Array;
}

/** The arrays are filled anew for the next block: take from them what is to stay. */
export interface RowBlock<Kinds extends LaneKinds = LaneKinds> {
	/** Rows; the arrays are longer. */
	length: number;
	readonly rowId: Float64Array;
	readonly lanes: {readonly [Column in keyof Kinds]: Lane};
}

/** What is asked of a table. */
export interface TableScan<Kinds extends LaneKinds = LaneKinds> {
	readonly table: string;
	/** NULL for a column that the table lacks. */
	readonly columns: Kinds;
	/** Only rows whose column, one of those asked for, holds one of these values, each below 256. */
	readonly where?: {readonly column: string; readonly values: readonly number[]};
}

/** What the rows of one export, of all its tables, have in common. */
export interface RowContext {
	/** Times are counted from here, in the file's own clock. */
	readonly baseNs: bigint;
	readonly texts: Texts;
	readonly largeIds: LargeIds;
}

export const makeContext = (baseNs: bigint): RowContext => ({
	baseNs,
	texts: new Texts(),
	largeIds: new LargeIds(),
});

/** More than the cells of any page (65,536 bytes, at least 6 each), so that a page always fits into an empty block. */
export const blockCapacity = 16_384;

/** Where a block's columns come from. */
export interface LaneRoom {
	doubles(length: number): Float64Array;
	words(length: number): Uint32Array;
}

const ownRoom: LaneRoom = {
	doubles: (length) => new Float64Array(length),
	words: (length) => new Uint32Array(length),
};

export const makeBlock = <Kinds extends LaneKinds>(
	{columns}: TableScan<Kinds>,
	room: LaneRoom = ownRoom,
): RowBlock<Kinds> => {
	const lanes = Object.entries(columns).map(([column, kind]) => [
		column,
		{
			kind,
			values: room.doubles(blockCapacity),
			low: room.words(kind === 'thread' ? blockCapacity : 0),
		},
	]);
	return {
		length: 0,
		rowId: room.doubles(blockCapacity),
		lanes: Object.fromEntries(lanes) as RowBlock<Kinds>['lanes'],
	};
};

/** 2^32: a whole number of 64 bits is `high * word + low`, with a signed high half. */
const word = 0x1_0000_0000;

/**
 * Ids that no double holds. Each distinct one gets a number with a fraction, which no other id has: equal ids are equal,
 * different ones differ, and that is all that is ever asked of an id.
 */
export class LargeIds {
	private readonly standIns = new Map<bigint, number>();

	standInFor(high: number, low: number): number {
		const id = (BigInt(high) << 32n) | BigInt(low);
		const known = this.standIns.get(id) ?? this.standIns.size + 0.5;
		this.standIns.set(id, known);
		return known;
	}

	/** The number that a lane's value stands for. */
	exact(id: number): bigint {
		if (Number.isInteger(id)) {
			return BigInt(id);
		}

		const found = [...this.standIns].find(([, standIn]) => standIn === id);
		return found?.[0] ?? 0n;
	}
}

/** A lane's value of a time, from its distance to the base. Infinite where a double does not hold that: beyond 104 days. */
export const asTime = (ns: number): number =>
	Number.isSafeInteger(ns) ? ns : ns < 0 ? -Infinity : Infinity;

/** A lane's value of a 64-bit number, a signed high and an unsigned low half. */
export const idOf = (high: number, low: number, largeIds: LargeIds): number => {
	const value = high * word + low;
	return Number.isSafeInteger(value) ? value : largeIds.standInFor(high, low);
};
