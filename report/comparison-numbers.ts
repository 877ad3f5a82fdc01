/** Numbers of a comparison as people read them: changes as percentages with a sign, values in their metric's unit. */

import type {ChangeInterval, ComparedMetric} from '../schemas/comparison.ts';
import {formatMilliseconds, formatRate} from './format.ts';

/** Made once: a formatter takes twenty times as long to make as to use. */
const withDigits = (digits: number): Intl.NumberFormat =>
	new Intl.NumberFormat('en-US', {minimumFractionDigits: digits, maximumFractionDigits: digits});

const whole = withDigits(0);
const oneDigit = withDigits(1);
const twoDigits = withDigits(2);

const fourSignificant = new Intl.NumberFormat('en-US', {maximumSignificantDigits: 4});

/** As many digits as tell something: "0.04", "8.1", "120", "1,234". Without a sign. */
const formatPercent = (share: number): string => {
	const size = Math.abs(share) * 100;
	const digits = size >= 99.95 ? whole : size >= 0.995 || size === 0 ? oneDigit : twoDigits;
	return digits.format(size);
};

/** A change: "+8.1%", "-0.04%", "0.0%". */
export const formatChange = (change: number): string => {
	const text = formatPercent(change);
	return /[1-9]/.test(text) ? `${change < 0 ? '-' : '+'}${text}%` : '0.0%';
};

/** A share in a table: "3.2%". In a sentence: "3.2 %". */
export const formatSize = (share: number, space = ''): string => `${formatPercent(share)}${space}%`;

/** A share that someone typed, in a sentence: "1 %", "2.5 %". */
export const formatLimit = (share: number): string => `${fourSignificant.format(share * 100)} %`;

/** "+5.2% to +11.0%". */
export const formatInterval = ({low, high}: ChangeInterval): string =>
	`${formatChange(low)} to ${formatChange(high)}`;

/** "0.012", "<0.001". */
export const formatP = (p: number): string => (p < 0.0005 ? '<0.001' : p.toFixed(3));

/** Of `stats`: milliseconds, or items per second. */
export const formatMetricValue = (metric: ComparedMetric, value: number): string =>
	metric === 'throughput' ? formatRate(value) : formatMilliseconds(value);
