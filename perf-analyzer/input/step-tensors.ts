/** A tensor of one step: what it is made of, opened only when it is written. */

import {closeSync, openSync, readSync, statSync} from 'node:fs';
import {messageOf, UserError} from '../../base/errors.ts';
import {plural} from '../../base/plural.ts';
import {readCsvRecords} from './csv-records.ts';
import {sizeOf, type Datatype, type Element} from './datatypes.ts';
import {countElements, readNpyElements} from './npy-file.ts';
import type {NpyHeader} from './npy-header.ts';
import {drawElements, seedOf, type ValueRange} from './random-values.ts';

/** A file as it was given, and where it is. */
export interface NamedFile {
	readonly file: string;
	/** Absolute. */
	readonly path: string;
}

export interface StepTensor {
	readonly name: string;
	readonly type: Datatype;
	/** What the data are by themselves, once they have been counted. */
	readonly naturalShape: (count: number) => readonly number[];
	/** What it is to be; -1 where the data tell. null: as the data are. */
	readonly shape: readonly number[] | null;
	/** Row-major. Absent where it is bytes already. */
	readonly elements?: () => Iterable<Element>;
	/** Little-endian, as the protocol has it. */
	readonly bytes?: () => Iterable<Uint8Array>;
	/** Elements of `bytes`. */
	readonly byteElements?: number;
	/** Whether numbers come from float32. */
	readonly single: boolean;
	/** Where the element that came last stands: "cells.csv, line 7". */
	readonly where: () => string;
}

export interface CsvPart {
	readonly table: NamedFile;
	readonly delimiter: string;
	/** 0-based, without the header; the end is exclusive. */
	readonly from: number;
	readonly to: number;
}

export const readCsvHeader = ({path, file}: NamedFile, delimiter: string): readonly string[] => {
	for (const {cells} of readCsvRecords(path, file, delimiter)) {
		return cells.map((cell) => cell.trim());
	}

	throw new UserError(`${file} is empty`);
};

/** Rows without the header. */
export const countCsvRows = ({path, file}: NamedFile, delimiter: string): number => {
	let rows = -1;
	for (const {cells} of readCsvRecords(path, file, delimiter)) {
		rows += Math.sign(cells.length);
	}

	return rows;
};

/** @throws UserError for a column that the file does not have */
const findColumns = (
	columns: readonly string[],
	header: readonly string[],
	{file}: NamedFile,
): readonly number[] =>
	columns.map((column) => {
		const place = header.indexOf(column);
		if (place < 0) {
			throw new UserError(`${file} has no column ${column}`, {
				next: `It has: ${header.join(', ')}.`,
			});
		}

		return place;
	});

export const makeColumns = (
	tensor: Pick<StepTensor, 'name' | 'type' | 'shape'>,
	columns: readonly string[],
	{table, delimiter, from, to}: CsvPart,
): StepTensor => {
	let where = table.file;
	return {
		...tensor,
		single: false,
		naturalShape: (count) =>
			columns.length === 1 ? [count] : [count / columns.length, columns.length],
		where: () => where,
		*elements() {
			const places = findColumns(columns, readCsvHeader(table, delimiter), table);
			let row = -1;
			for (const {cells, line} of readCsvRecords(table.path, table.file, delimiter)) {
				if (row >= to) {
					return;
				}

				where = `${table.file}, line ${line}`;
				if (row >= from) {
					yield* places.map((place) => cells[place] ?? '');
				}

				row++;
			}
		},
	};
};

/** @param axis the place in the first axis that is the step; null where the whole array is */
export const makeArray = (
	tensor: Pick<StepTensor, 'name' | 'shape'> & {readonly type: Datatype | null},
	{path, file}: NamedFile,
	header: NpyHeader,
	axis: number | null,
): StepTensor => {
	const shape = axis === null ? header.shape : header.shape.slice(1);
	const count = countElements(shape);
	// A batch of one, as most arrays are saved.
	const hasBatch = tensor.shape?.length === shape.length - 1 && shape[0] === 1;
	return {
		...tensor,
		type: tensor.type ?? header.type,
		single: header.type === 'FP32' || header.type === 'FP16',
		naturalShape: () => (shape.length === 0 ? [1] : hasBatch ? shape.slice(1) : shape),
		where: () => file,
		elements: () => readNpyElements(path, file, header, {from: (axis ?? 0) * count, count}),
	};
};

const fileChunk = 3 << 16;

function* readBytes({path, file}: NamedFile): Generator<Uint8Array> {
	let descriptor: number | undefined;
	try {
		descriptor = openSync(path, 'r');
		for (;;) {
			const bytes = new Uint8Array(fileChunk);
			const length = readSync(descriptor, bytes);
			if (length === 0) {
				return;
			}

			yield bytes.subarray(0, length);
		}
	} catch (error) {
		throw new UserError(`${file} cannot be read: ${messageOf(error)}`, {cause: error});
	} finally {
		if (descriptor !== undefined) {
			closeSync(descriptor);
		}
	}
}

const measureFile = ({path, file}: NamedFile): number => {
	try {
		return statSync(path).size;
	} catch (error) {
		throw new UserError(`${file} cannot be read: ${messageOf(error)}`, {cause: error});
	}
};

/** A file's bytes as they are; one text of a BYTES tensor, its length before it. */
export const makeRaw = (
	tensor: Pick<StepTensor, 'name' | 'type' | 'shape'>,
	given: NamedFile,
): StepTensor => {
	const size = measureFile(given);
	const itemSize = sizeOf(tensor.type) ?? Math.max(1, size);
	if (size === 0 || size % itemSize > 0) {
		throw new UserError(
			`${given.file} has ${plural(size, 'byte')}: no whole number of ${tensor.type}`,
		);
	}

	return {
		...tensor,
		single: false,
		naturalShape: (count) => [count],
		where: () => given.file,
		byteElements: size / itemSize,
		*bytes() {
			if (tensor.type === 'BYTES') {
				const length = Buffer.alloc(4);
				length.writeUInt32LE(size);
				yield length;
			}

			yield* readBytes(given);
		},
	};
};

/** Of a shape without -1. */
export const makeRandom = (
	tensor: Pick<StepTensor, 'name' | 'type'> & {readonly shape: readonly number[]},
	{
		seed,
		step,
		range,
	}: {readonly seed: number; readonly step: number; readonly range: ValueRange | null},
): StepTensor => ({
	...tensor,
	single: true,
	naturalShape: () => tensor.shape,
	where: () => 'random values',
	elements: () =>
		drawElements(tensor.type, countElements(tensor.shape), seedOf(seed, tensor.name, step), range),
});

export const makeZero = (
	tensor: Pick<StepTensor, 'name' | 'type'> & {readonly shape: readonly number[]},
): StepTensor => ({
	...tensor,
	single: false,
	naturalShape: () => tensor.shape,
	where: () => 'zeros',
	*elements() {
		for (let left = countElements(tensor.shape); left > 0; left--) {
			yield tensor.type === 'BYTES' ? '' : 0;
		}
	},
});
