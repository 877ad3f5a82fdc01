import {describe, expect, it} from 'vitest';
import {plural} from '../../../base/plural.ts';
import {
	formatElapsed,
	formatMilliseconds,
	formatRate,
	formatShare,
	shorten,
} from '../../../report/format.ts';

describe('numbers for people', () => {
	it.each([
		[0, '0.000'],
		[0.0416, '0.042'],
		[601.4023, '601.402'],
		[1805.027, '1,805.027'],
		[12_345.678, '12,345.7'],
	])('%s ms is %s', (ms, text) => expect(formatMilliseconds(ms)).toBe(text));

	it.each([
		[3.3241, '3.324'],
		[404, '404.0'],
		[0.00012344, '0.0001234'],
		[999.96, '1,000'],
		[12_870.4, '12,870'],
	])('%s per second is %s', (rate, text) => expect(formatRate(rate)).toBe(text));

	it.each([
		[8.44, '8.4s'],
		[59.96, '60.0s'],
		[125, '2m 05s'],
		[3725, '1h 02m'],
	])('%s seconds are %s', (seconds, text) => expect(formatElapsed(seconds)).toBe(text));

	it('shortens in the middle', () => {
		expect(shorten('exactly ten', 11)).toBe('exactly ten');
		expect(shorten('void kernel<float>(int)', 9)).toBe('void…int)');
	});

	it('counts and shares', () => {
		expect([plural(1, 'batch', 'batches'), plural(0, 'process', 'processes')]).toEqual([
			'1 batch',
			'0 processes',
		]);
		expect(formatShare(0.4994)).toBe('49.9%');
	});
});
