/**
 * Text and numbers of trace events: valid JSON, and such that no released Perfetto fails at it. One that it cannot read
 * makes it refuse the whole file, or show another number.
 */

import type {Cell} from '../schemas/report-rows.ts';
import {formatPlainNumber} from './number-text.ts';
import {plainExcept} from './text-buffer.ts';
import type {TextFormat} from './text-writer.ts';

/** Half a pair of UTF-16 fails even as an escape; a "\\" at the end did until google/perfetto#3369, version 53. */
const rewriteText = (text: string): string => {
	const json = JSON.stringify(text.replaceAll(/\p{Cs}/gu, '\ufffd'));
	return text.endsWith('\\') ? String.raw`${json.slice(0, -3)}\u005c"` : json;
};

export const traceText: TextFormat = {
	plain: plainExcept('"\\'),
	quoted: true,
	rewrite: rewriteText,
};

const fitsInt64 = (value: bigint): boolean => BigInt.asIntN(64, value) === value;

/** Whole numbers past 64 bits, and more than 19 decimals, overflow: those take an exponent, or quotes. */
export const formatTraceNumber = (value: number | bigint): string => {
	if (typeof value === 'bigint') {
		return fitsInt64(value) ? value.toString() : `"${value}"`;
	}

	const size = Math.abs(value);
	return size >= 2 ** 63 || (size < 1e-3 && size > 0)
		? value.toExponential()
		: formatPlainNumber(value);
};

/** Null, NaN and the infinities have no place among the details of a slice. */
export const isShown = (cell: Cell): cell is string | number | bigint =>
	cell !== null && (typeof cell !== 'number' || Number.isFinite(cell));
