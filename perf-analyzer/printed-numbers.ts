/**
 * Numbers as perf_analyzer prints them. It counts in unsigned 64-bit integers, and a difference below 0 or a division by 0
 * prints as a number near 2^64: none of them is a measurement.
 */

import {toMilliseconds} from '../base/units.ts';

/** A double in C++'s default form: "19.8874", "1.23457e+06". */
export const numberPattern = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`;

const wholeNumber = /^\d+$/;
const realNumber = new RegExp(`^${numberPattern}$`);

/** undefined for what is none, is negative, or wrapped. */
export const readCount = (text: string): number | undefined => {
	const value = Number(text);
	return wholeNumber.test(text) && Number.isSafeInteger(value) ? value : undefined;
};

/** No rate, power or memory is larger; a damaged exponent is, and its square overflows in statistics. */
const mostReal = 1e30;

/** undefined for what is no number of at least 0, or none that can have been measured. */
export const readReal = (text: string): number | undefined => {
	const value = Number(text);
	return realNumber.test(text) && value >= 0 && value <= mostReal ? value : undefined;
};

/** Whole microseconds as milliseconds. undefined for what is none or wrapped: the largest exact one is 104 days. */
export const readMicroseconds = (text: string): number | undefined => {
	const ns = Number(text) * 1000;
	return wholeNumber.test(text) && Number.isSafeInteger(ns) ? toMilliseconds(ns) : undefined;
};

/** Whether a number was printed that no measurement can have. */
export const isWrapped = (text: string): boolean =>
	wholeNumber.test(text) && readMicroseconds(text) === undefined;

/** "45.3%" without its sign, as a share: 0.453 and not 0.45299999999999996. */
export const readPercentage = (text: string): number | undefined =>
	readReal(text) === undefined || /e/i.test(text) ? scale(readReal(text)) : Number(`${text}e-2`);

const scale = (percent: number | undefined): number | undefined =>
	percent === undefined ? undefined : percent / 100;
