/** Numbers as a person reads them: as many digits as tell something, no more. */

import {formatDecimal} from '../base/decimal-text.ts';

type FormatNumber = (value: number | bigint) => string;

const withDigits =
	(digits: number): FormatNumber =>
	(value) =>
		formatDecimal(value, digits);

/** "12,346". */
export const formatCount = withDigits(0);
/** "12,345.7". */
export const formatTenths = withDigits(1);
const formatThousandths = withDigits(3);

/** Made when there is a number: the first one of a program takes 20 ms. */
let fourDigits: Intl.NumberFormat | undefined;
const formatFourDigits: FormatNumber = (value) => {
	fourDigits ??= new Intl.NumberFormat('en-US', {
		minimumSignificantDigits: 4,
		maximumSignificantDigits: 4,
	});
	return fourDigits.format(value);
};

/** Milliseconds with digits down to the microsecond, fewer for long times: "0.042", "601.402", "12,345.7". */
export const formatMilliseconds = (ms: number): string => {
	return Math.abs(ms) >= 10_000 ? formatTenths(ms) : formatThousandths(ms);
};

/** A share of 1 as a percentage: "49.9%". */
export const formatShare = (share: number): string => `${(share * 100).toFixed(1)}%`;

/** Events per second with four significant digits: "3.324", "12,870". */
export const formatRate = (perSecond: number): string =>
	perSecond >= 1000 ? formatCount(perSecond) : formatFourDigits(perSecond);

/** Seconds as a clock that runs: "8.4s", "2m 05s", "1h 02m". */
export const formatElapsed = (seconds: number): string => {
	if (seconds < 60) {
		return `${seconds.toFixed(1)}s`;
	}

	const whole = Math.floor(seconds);
	const pad = (value: number): string => String(value).padStart(2, '0');
	return whole < 3600
		? `${Math.floor(whole / 60)}m ${pad(whole % 60)}s`
		: `${Math.floor(whole / 3600)}h ${pad(Math.floor(whole / 60) % 60)}m`;
};

/** Cut in the middle: names of templates and kernels differ at both ends. */
export const shorten = (text: string, longest: number): string => {
	if (text.length <= longest) {
		return text;
	}

	const head = Math.ceil((longest - 1) / 2);
	return `${text.slice(0, head)}…${text.slice(text.length - (longest - 1 - head))}`;
};
