/**
 * Numbers in English digits, as `Intl.NumberFormat('en-US')` writes them. The first one of those takes 10 to 25 ms of a
 * program, as long as a hundred thousand rows of a trace, so numbers of usual sizes go without.
 */

/** "1,234,567" of "1234567". */
const groupThousands = (digits: string): string => digits.replaceAll(/\B(?=(?:\d{3})+$)/g, ',');

/** More digits than every double holds: they are left to Intl. */
const mostDigits = 15;

/**
 * Times 10^digits, rounded: by the shortest digits that tell the number, a half up. So 0.0225 is "0.023", though the double
 * lies below it.
 */
const scale = (size: number, digits: number): number => {
	const [mantissa = '', exponent = '0'] = String(size).split('e');
	const [whole = '', fraction = ''] = mantissa.split('.');
	const all = whole + fraction;
	const point = whole.length + Number(exponent) + digits;
	if (point > mostDigits) {
		return NaN;
	}

	const kept = all.slice(0, Math.max(0, point)).padEnd(point, '0');
	return Number(kept) + (Number(all[point] ?? 0) >= 5 ? 1 : 0);
};

/** With so many digits behind the point, thousands separated: "-1,234.500". */
export const formatDecimal = (value: number | bigint, digits = 0): string => {
	const scaled =
		typeof value === 'bigint' || !Number.isFinite(value) ? NaN : scale(Math.abs(value), digits);
	if (Number.isNaN(scaled)) {
		const options = {minimumFractionDigits: digits, maximumFractionDigits: digits};
		return new Intl.NumberFormat('en-US', options).format(value);
	}

	const text = String(scaled).padStart(digits + 1, '0');
	const point = text.length - digits;
	const sign = value < 0 || Object.is(value, -0) ? '-' : '';
	return `${sign}${groupThousands(text.slice(0, point))}${digits === 0 ? '' : '.'}${text.slice(point)}`;
};
