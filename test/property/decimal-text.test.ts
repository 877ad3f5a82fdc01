import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {formatDecimal} from '../../base/decimal-text.ts';

const digits = fc.integer({min: 0, max: 6});

const asIntl = (value: number | bigint, fraction: number): string =>
	new Intl.NumberFormat('en-US', {
		minimumFractionDigits: fraction,
		maximumFractionDigits: fraction,
	}).format(value);

describe('numbers in English digits', () => {
	it.each([
		[0, 0, '0'],
		[-0, 1, '-0.0'],
		[0.0225, 3, '0.023'],
		[-1234.5, 3, '-1,234.500'],
		[999.9995, 3, '1,000.000'],
		[12_345_678_901_234_567_890n, 0, '12,345,678,901,234,567,890'],
	])('%s with %s digits', (value, fraction, text) => {
		expect(formatDecimal(value, fraction)).toBe(text);
		expect(asIntl(value, fraction)).toBe(text);
	});

	it('are what Intl writes', () => {
		const ofAllSizes = fc.double();
		const nearHalves = fc
			.tuple(fc.integer(), fc.integer({min: 0, max: 7}))
			.map(([whole, places]) => whole / 10 ** places);
		fc.assert(
			fc.property(fc.oneof(ofAllSizes, nearHalves, fc.bigInt()), digits, (value, fraction) => {
				expect(formatDecimal(value, fraction)).toBe(asIntl(value, fraction));
			}),
			{numRuns: 3000},
		);
	});
});
