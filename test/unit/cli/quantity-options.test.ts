import {describe, expect, it} from 'vitest';
import {durationOption, shareOption} from '../../../cli/quantity-options.ts';

describe('a length of time', () => {
	it.each([
		['90', 90],
		['90s', 90],
		['10m', 600],
		['1.5h', 5400],
		['.5 m', 30],
	])('%s is %d s', (text, seconds) => {
		expect(durationOption({'max-time': text}, 'max-time')).toBe(seconds);
	});

	it.each(['', '0', '-5', '10 min', 'm', '1e3', '5d', 'Infinity'])('is not "%s"', (text) => {
		expect(() => durationOption({'max-time': text}, 'max-time')).toThrow(
			`--max-time takes a length of time above 0, not "${text}"`,
		);
	});

	it('is absent where it was not given', () => {
		expect(durationOption({}, 'max-time')).toBeUndefined();
	});
});

describe('a share', () => {
	it.each([
		['1%', 0.01],
		['0.5 %', 0.005],
		['.25%', 0.0025],
	])('%s is %d', (text, share) => {
		expect(shareOption({precision: text}, 'precision')).toBeCloseTo(share, 12);
	});

	it.each(['1', '0%', '100%', '-1%', '%', ''])('is not "%s"', (text) => {
		expect(() => shareOption({precision: text}, 'precision')).toThrow(/Write|percentage/);
	});
});
