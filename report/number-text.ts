/** Numbers as other programs read them: all digits, no exponent, no separators. */

const spellOutSmall = (text: string): string => {
	const [digits = '', power = ''] = text.split('e-');
	const sign = digits.startsWith('-') ? '-' : '';
	return `${sign}0.${'0'.repeat(Number(power) - 1)}${digits.replaceAll(/[-.]/g, '')}`;
};

/**
 * The shortest digits that read back as the same number; whole numbers in full. Never "1e-7": `sort -n` takes that for 1,
 * and some spreadsheets for text.
 */
export const formatPlainNumber = (value: number): string => {
	const size = Math.abs(value);
	if (size >= 1e21) {
		return BigInt(value).toString();
	}

	return size < 1e-6 && size > 0 ? spellOutSmall(String(value)) : String(value);
};
