/** Elements of .npy files, in C order whatever their own is. */

import {closeSync, fstatSync, openSync, readSync} from 'node:fs';
import {messageOf, UserError} from '../../base/errors.ts';
import type {Element} from './datatypes.ts';
import {longestHeader, parseNpyHeader, type NpyHeader} from './npy-header.ts';

export const countElements = (shape: readonly number[]): number =>
	shape.reduce((product, dimension) => product * dimension, 1);

const openFile = (path: string, file: string): number => {
	try {
		return openSync(path, 'r');
	} catch (error) {
		throw new UserError(`${file} cannot be read: ${messageOf(error)}`, {cause: error});
	}
};

/** @param file as it was given. @throws UserError */
export const readNpyHeader = (path: string, file: string): NpyHeader => {
	const descriptor = openFile(path, file);
	try {
		const head = new Uint8Array(Math.min(fstatSync(descriptor).size, longestHeader + 12));
		const header = parseNpyHeader(
			head.subarray(0, readSync(descriptor, head, 0, head.length, 0)),
			file,
		);
		const needed = header.offset + countElements(header.shape) * header.size;
		if (fstatSync(descriptor).size < needed) {
			throw new UserError(`${file} ends before its last element`, {
				next: 'Was it copied while it was written? Save it again.',
			});
		}

		return header;
	} catch (error) {
		throw error instanceof UserError
			? error
			: new UserError(`${file} cannot be read: ${messageOf(error)}`, {cause: error});
	} finally {
		closeSync(descriptor);
	}
};

/** Of a place in C order, that in Fortran order. */
const fortranPlace = (place: number, shape: readonly number[]): number => {
	let rest = place;
	let result = 0;
	// The last index runs fastest in C order, the first one in Fortran order.
	let stride = countElements(shape);
	for (let axis = shape.length - 1; axis >= 0; axis--) {
		const length = shape[axis] ?? 1;
		stride /= length;
		result += (rest % length) * stride;
		rest = Math.floor(rest / length);
	}

	return result;
};

/** Elements read at once. */
const pieceLength = 1 << 16;

/** Elements in C order. @param from place of the first @param count how many */
export function* readNpyElements(
	path: string,
	file: string,
	header: NpyHeader,
	{from, count}: {readonly from: number; readonly count: number},
): Generator<Element> {
	const {size, offset, shape, isFortran, read} = header;
	const scattered = isFortran && shape.length > 1;
	const descriptor = openFile(path, file);
	try {
		// Scattered elements are all over the file: there it is read as a whole.
		const length = (scattered ? countElements(shape) : Math.min(pieceLength, count)) * size;
		const bytes = new Uint8Array(length);
		const view = new DataView(bytes.buffer);
		let first = scattered ? 0 : Number.NaN;
		if (scattered) {
			readSync(descriptor, bytes, 0, length, offset);
		}

		for (let place = from; place < from + count; place++) {
			if (!scattered && !(place < first + pieceLength)) {
				first = place;
				readSync(
					descriptor,
					bytes,
					0,
					Math.min(length, (from + count - place) * size),
					offset + place * size,
				);
			}

			yield read(view, (scattered ? fortranPlace(place, shape) : place - first) * size);
		}
	} finally {
		closeSync(descriptor);
	}
}
