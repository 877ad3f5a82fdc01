/**
 * The header of NumPy's .npy, versions 1.0 to 3.0 (numpy.lib.format, "A simple file format for NumPy arrays"). Our own, as what there is
 * in the registry reads neither big-endian nor Fortran order, or holds 64-bit integers as doubles.
 *
 *     \x93NUMPY  major minor  length of the header  {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }  data
 */

import {UserError} from '../../base/errors.ts';
import type {Datatype, Element} from './datatypes.ts';
import {toFloat16} from './half-precision.ts';

export interface NpyHeader {
	readonly type: Datatype;
	readonly shape: readonly number[];
	/** Bytes of an element. */
	readonly size: number;
	readonly isFortran: boolean;
	/** Of the first element, in the file. */
	readonly offset: number;
	/** Of the bytes at an offset. */
	readonly read: (view: DataView, at: number) => Element;
}

const magic = '\u0093NUMPY';

/** Bytes. A header has some hundred. */
export const longestHeader = 1 << 20;

type ReadElement = NpyHeader['read'];

const decoders: Readonly<Record<string, (little: boolean) => ReadElement>> = {
	b1: () => (view, at) => view.getUint8(at) !== 0,
	i1: () => (view, at) => view.getInt8(at),
	u1: () => (view, at) => view.getUint8(at),
	i2: (little) => (view, at) => view.getInt16(at, little),
	u2: (little) => (view, at) => view.getUint16(at, little),
	i4: (little) => (view, at) => view.getInt32(at, little),
	u4: (little) => (view, at) => view.getUint32(at, little),
	i8: (little) => (view, at) => view.getBigInt64(at, little),
	u8: (little) => (view, at) => view.getBigUint64(at, little),
	f2: (little) => (view, at) => toFloat16.value(view.getUint16(at, little)),
	f4: (little) => (view, at) => view.getFloat32(at, little),
	f8: (little) => (view, at) => view.getFloat64(at, little),
};

const typeNames: Readonly<Record<string, Datatype>> = {
	b1: 'BOOL',
	i1: 'INT8',
	u1: 'UINT8',
	i2: 'INT16',
	u2: 'UINT16',
	i4: 'INT32',
	u4: 'UINT32',
	i8: 'INT64',
	u8: 'UINT64',
	f2: 'FP16',
	f4: 'FP32',
	f8: 'FP64',
};

/** Texts of fixed length, filled up with NULs. */
const readBytesText =
	(size: number): ReadElement =>
	(view, at) =>
		Buffer.from(view.buffer, view.byteOffset + at, size)
			.toString('utf8')
			.replace(/\0+$/, '');

const readWideText =
	(size: number, little: boolean): ReadElement =>
	(view, at) => {
		let text = '';
		for (let place = 0; place < size; place += 4) {
			const code = view.getUint32(at + place, little);
			text += code > 0x10ffff ? '\uFFFD' : String.fromCodePoint(code);
		}

		return text.replace(/\0+$/, '');
	};

const readDescription = (
	descr: string,
	fail: (problem: string) => UserError,
): Pick<NpyHeader, 'type' | 'size' | 'read'> => {
	const [, order = '', kind = '', digits = ''] = /^([<>|=]?)([a-zA-Z])(\d{1,9})$/.exec(descr) ?? [];
	const little = order !== '>';
	const decoder = decoders[`${kind}${digits}`];
	const type = typeNames[`${kind}${digits}`];
	if (decoder !== undefined && type !== undefined) {
		return {type, size: Number(digits), read: decoder(little)};
	}

	const length = Number(digits);
	if ((kind === 'S' || kind === 'U') && length > 0) {
		const size = kind === 'U' ? length * 4 : length;
		const read = kind === 'U' ? readWideText(size, little) : readBytesText(size);
		return {type: 'BYTES', size, read};
	}

	throw fail(
		descr.includes('O')
			? 'its elements are pickled Python objects'
			: `its elements are of the type ${JSON.stringify(descr.slice(0, 40))}, which no tensor has`,
	);
};

const readShape = (text: string, fail: (problem: string) => UserError): readonly number[] => {
	const inside = /'shape'\s*:\s*\(([\dL,\s]*)\)/.exec(text)?.[1];
	if (inside === undefined) {
		throw fail('its header has no shape');
	}

	// Python 2 wrote whole numbers as 3L.
	const shape = inside
		.split(',')
		.map((part) => part.trim().replace(/L$/, ''))
		.filter((part) => part !== '')
		.map(Number);
	const count = shape.reduce((product, dimension) => product * dimension, 1);
	if (!Number.isSafeInteger(count) || shape.some((dimension) => !Number.isSafeInteger(dimension))) {
		throw fail('its shape is no shape');
	}

	return shape;
};

/** @param head from the start of the file; @throws UserError for what is no .npy, or one of a kind that no tensor is of */
export const parseNpyHeader = (head: Uint8Array, file: string): NpyHeader => {
	const fail = (problem: string): UserError =>
		new UserError(`${file} is no array that can be sent: ${problem}`, {
			next: 'Save one with numpy.save, of booleans, integers, floats or texts.',
		});
	const bytes = Buffer.from(head);
	if (bytes.length < 12 || bytes.toString('latin1', 0, 6) !== magic) {
		throw fail('it does not begin as a .npy file does');
	}

	const major = bytes.readUInt8(6);
	const start = major === 1 ? 10 : 12;
	const length = major === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8);
	if (major < 1 || major > 3) {
		throw fail(`it is of version ${major}`);
	}

	if (length > longestHeader || bytes.length < start + length) {
		throw fail('it ends inside its header');
	}

	const text = bytes.toString(major === 3 ? 'utf8' : 'latin1', start, start + length);
	const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
	const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
	if (descr === undefined || order === undefined) {
		throw fail(
			/'descr'\s*:\s*\[/.test(text) ? 'its elements are records' : 'its header is damaged',
		);
	}

	return {
		...readDescription(descr, fail),
		shape: readShape(text, fail),
		isFortran: order === 'True',
		offset: start + length,
	};
};
