/** Values of one column, of all rows of a leaf, into a lane of a block: one small loop for each kind of lane. */

import {asTime, idOf, word} from '../row-block.ts';
import type {Lane, RowContext} from '../row-block.ts';
import type {ByteSource} from '../texts.ts';
import type {LeafRows} from './leaf-rows.ts';
import {refuse} from './page-file.ts';
import {sizeOfText, valueTypes} from './record-layouts.ts';
import type {RecordLayouts} from './record-layouts.ts';

/** A column of a leaf. */
interface LeafColumn {
	readonly rows: LeafRows;
	readonly source: ByteSource;
	readonly layouts: RecordLayouts;
	readonly column: number;
}

/** @param first the block's row that the leaf's first one becomes */
type TakeColumn = (from: LeafColumn, lane: Lane, first: number, context: RowContext) => void;

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
		case valueTypes.zero:
			return 0;
		case valueTypes.one:
			return 1;
		default:
			return refuse(`a value of type ${type} where a whole number belongs`);
	}
};

const takeTimes: TakeColumn = ({rows, source, layouts, column}, {values}, first, context) => {
	const {view} = source;
	const {offsets, types, columns} = layouts;
	const {baseHigh, baseLow} = context;
	for (let row = 0; row < rows.count; row++) {
		const place = Number(rows.layout[row]) * columns + column;
		const at = Number(rows.valuesAt[row]) + Number(offsets[place]);
		const type = Number(types[place]);
		let high = 0;
		let low = 0;
		if (type === valueTypes.int64) {
			high = view.getInt32(at);
			low = view.getUint32(at + 4);
		} else if (type === valueTypes.int48) {
			high = view.getInt16(at);
			low = view.getUint32(at + 2);
		} else if (type !== valueTypes.null) {
			const small = readSmall(view, type, at);
			high = small < 0 ? -1 : 0;
			low = small >>> 0;
		}

		const ns = (high - baseHigh) * word + (low - baseLow);
		values[first + row] = type === valueTypes.null ? NaN : asTime(ns);
	}
};

const takeIds: TakeColumn = ({rows, source, layouts, column}, {values}, first, {largeIds}) => {
	const {view} = source;
	const {offsets, types, columns} = layouts;
	for (let row = 0; row < rows.count; row++) {
		const place = Number(rows.layout[row]) * columns + column;
		const at = Number(rows.valuesAt[row]) + Number(offsets[place]);
		const type = Number(types[place]);
		let id = NaN;
		if (type === valueTypes.int64) {
			id = idOf(view.getInt32(at), view.getUint32(at + 4), largeIds);
		} else if (type === valueTypes.int48) {
			id = idOf(view.getInt16(at), view.getUint32(at + 2), largeIds);
		} else if (type !== valueTypes.null) {
			id = readSmall(view, type, at);
		}

		values[first + row] = id;
	}
};

const takeThreads: TakeColumn = ({rows, source, layouts, column}, {values, low}, first) => {
	const {view} = source;
	const {offsets, types, columns} = layouts;
	for (let row = 0; row < rows.count; row++) {
		const place = Number(rows.layout[row]) * columns + column;
		const at = Number(rows.valuesAt[row]) + Number(offsets[place]);
		const type = Number(types[place]);
		let process = NaN;
		let lower = 0;
		if (type === valueTypes.int64) {
			lower = view.getInt32(at + 4);
			process = view.getInt32(at) * 256 + (lower >>> 24);
		} else if (type === valueTypes.int48) {
			lower = view.getInt32(at + 2);
			process = view.getInt16(at) * 256 + (lower >>> 24);
		} else if (type !== valueTypes.null) {
			lower = readSmall(view, type, at);
			process = lower >> 24;
		}

		values[first + row] = process;
		low[first + row] = lower & 0xff_ffff;
	}
};

const takeTexts: TakeColumn = ({rows, source, layouts, column}, {values}, first, {texts}) => {
	const {offsets, types, columns} = layouts;
	for (let row = 0; row < rows.count; row++) {
		const place = Number(rows.layout[row]) * columns + column;
		const at = Number(rows.valuesAt[row]) + Number(offsets[place]);
		const type = Number(types[place]);
		if (type >= valueTypes.firstBlob) {
			values[first + row] = texts.intern(source, at, at + sizeOfText(type));
		} else {
			values[first + row] = type === valueTypes.null ? NaN : refuse('a number where text belongs');
		}
	}
};

export const takeColumn: Readonly<Record<Lane['kind'], TakeColumn>> = {
	time: takeTimes,
	id: takeIds,
	thread: takeThreads,
	text: takeTexts,
};
