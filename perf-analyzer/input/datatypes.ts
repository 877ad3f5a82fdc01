/**
 * Triton's data types, and their values as perf_analyzer takes them (data_loader.cc, perf_utils.cc of
 * triton-inference-server/perf_analyzer): a number for FP32 must have a decimal point or an exponent, one for an integer
 * must not, and half precision goes as bytes only.
 */

import {UserError} from '../../base/errors.ts';
import {toBfloat16, toFloat16} from './half-precision.ts';

export const datatypes = [
	'BOOL',
	'UINT8',
	'UINT16',
	'UINT32',
	'UINT64',
	'INT8',
	'INT16',
	'INT32',
	'INT64',
	'FP16',
	'BF16',
	'FP32',
	'FP64',
	'BYTES',
] as const;
export type Datatype = (typeof datatypes)[number];

/** A bigint where a double would round; a text for BYTES. */
export type Element = number | bigint | boolean | string;

/** Bytes of an element; null where each has its own. */
export const sizeOf = (type: Datatype): number | null =>
	type === 'BYTES' ? null : type === 'BOOL' ? 1 : Number(/\d+$/.exec(type)?.[0]) / 8;

export const isInteger = (type: Datatype): boolean => /^U?INT/.test(type);

/** Half precision has no form of its own in the JSON. */
export const needsBytes = (type: Datatype): boolean => type === 'FP16' || type === 'BF16';

const refuse = (type: Datatype, element: Element, why: string): UserError =>
	new UserError(`${String(element).slice(0, 60)} is no ${type}: ${why}`);

/** Least and largest value. */
export const rangeOf = (type: Datatype): readonly [bigint, bigint] => {
	const bits = BigInt((sizeOf(type) ?? 1) * 8);
	return type.startsWith('U')
		? [0n, (1n << bits) - 1n]
		: [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n];
};

/** "5.0" is a whole number to whoever exports tables with missing values. */
const readInteger = (type: Datatype, element: Element): bigint => {
	const text = typeof element === 'string' ? element.trim() : element;
	if (typeof text === 'string' && /^[+-]?\d+(?:\.0*)?$/.test(text)) {
		return BigInt(text.replace(/^\+|\.0*$/g, ''));
	}

	const value = typeof text === 'string' && text !== '' ? Number(text) : text;
	if (typeof value === 'bigint' || typeof value === 'boolean') {
		return BigInt(value);
	}

	if (typeof value === 'string' || !Number.isInteger(value)) {
		throw refuse(type, element, 'it is not whole');
	}

	if (!Number.isSafeInteger(value)) {
		throw refuse(type, element, 'a double of that size holds no exact whole number');
	}

	return BigInt(value);
};

const toInteger = (type: Datatype, element: Element): bigint => {
	const value = readInteger(type, element);
	const [least, largest] = rangeOf(type);
	if (value < least || value > largest) {
		throw refuse(type, element, `it lies outside ${least} to ${largest}`);
	}

	return value;
};

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const notFinite = /^[+-]?(?:nan|inf(?:inity)?)$/i;

const narrow = {FP16: toFloat16.round, BF16: toBfloat16.round, FP32: Math.fround, FP64: Number};

const toNumber = (type: keyof typeof narrow, element: Element): number => {
	const text = typeof element === 'string' ? element.trim() : '';
	const isSpecial =
		notFinite.test(text) || (typeof element === 'number' && !Number.isFinite(element));
	if (isSpecial) {
		throw refuse(type, element, 'perf_analyzer sends it, and no server answers with a number');
	}

	if (typeof element === 'string' && !decimal.test(text)) {
		throw refuse(type, element === '' ? 'an empty cell' : element, 'it is no number');
	}

	const value = typeof element === 'string' ? Number(text) : Number(element);
	if (!Number.isFinite(narrow[type](value))) {
		throw refuse(type, element, 'it is too large');
	}

	return value;
};

/** What a float32 needs: nine digits always do, seven often. */
const shortenFloat = (value: number): number => {
	const short = Number(value.toPrecision(7));
	return Math.fround(short) === value ? short : Number(value.toPrecision(9));
};

const writeFloat = (value: number): string => {
	if (Object.is(value, -0)) {
		return '-0.0';
	}

	const text = String(value);
	return /^-?\d+$/.test(text) ? `${text}.0` : text;
};

const toBoolean = (element: Element): boolean => {
	const known = new Map<Element, boolean>([
		['true', true],
		['1', true],
		[1, true],
		[1n, true],
		[true, true],
		['false', false],
		['0', false],
		[0, false],
		[0n, false],
		[false, false],
	]);
	const found = known.get(typeof element === 'string' ? element.trim().toLowerCase() : element);
	if (found === undefined) {
		throw refuse('BOOL', element, 'it is neither true nor false');
	}

	return found;
};

const toText = (element: Element): string => {
	const text = String(element);
	if (text.includes('\0')) {
		throw refuse(
			'BYTES',
			text.replaceAll('\0', String.raw`\0`),
			'perf_analyzer cuts a text at its first NUL: give it with --base64',
		);
	}

	return text;
};

/**
 * As JSON.
 * @param single whether a number comes from a float32: fewer digits tell it
 * @throws UserError for what the type cannot hold
 */
export const writeElement = (type: Datatype, element: Element, single = false): string => {
	if (type === 'BOOL') {
		return String(toBoolean(element));
	}

	if (type === 'BYTES') {
		return JSON.stringify(toText(element));
	}

	if (type === 'FP16' || type === 'BF16' || type === 'FP32' || type === 'FP64') {
		const value = toNumber(type, element);
		// Digits do not keep the sign of -0.
		return writeFloat(single && type === 'FP32' && value !== 0 ? shortenFloat(value) : value);
	}

	return toInteger(type, element).toString();
};

const encodeText = (element: Element): Uint8Array => {
	const text = Buffer.from(String(element), 'utf8');
	const bytes = Buffer.alloc(4 + text.length);
	bytes.writeUInt32LE(text.length);
	text.copy(bytes, 4);
	return bytes;
};

/** Little-endian, as the protocol has it; a text with its length before it. @throws UserError as `writeElement` */
export const encodeElement = (type: Datatype, element: Element): Uint8Array => {
	if (type === 'BYTES') {
		return encodeText(element);
	}

	const bytes = new Uint8Array(sizeOf(type) ?? 1);
	const view = new DataView(bytes.buffer);
	if (type === 'BOOL') {
		view.setUint8(0, Number(toBoolean(element)));
	} else if (type === 'FP64') {
		view.setFloat64(0, toNumber(type, element), true);
	} else if (type === 'FP32') {
		view.setFloat32(0, toNumber(type, element), true);
	} else if (type === 'FP16' || type === 'BF16') {
		const bits = type === 'FP16' ? toFloat16.bits : toBfloat16.bits;
		view.setUint16(0, bits(toNumber(type, element)), true);
	} else {
		const value = BigInt.asUintN(bytes.length * 8, toInteger(type, element));
		bytes.forEach((_, at) => (bytes[at] = Number((value >> BigInt(8 * at)) & 0xffn)));
	}

	return bytes;
};
