import {describe, expect, it} from 'vitest';
import {elapsed, nanoseconds, toMilliseconds, traceTime} from '../../../base/units.ts';

describe('quantities', () => {
	it('measure from an earlier point to a later one', () => {
		expect(elapsed(traceTime(-5), traceTime(7))).toBe(12);
		expect(() => elapsed(traceTime(7), traceTime(6))).toThrow(RangeError);
	});

	it.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('refuse %s', (value) => {
		expect(() => nanoseconds(value)).toThrow(RangeError);
		expect(() => traceTime(value)).toThrow(RangeError);
	});

	it('become milliseconds without a rounding tail', () => {
		expect(toMilliseconds(601_373_000)).toBe(601.373);
		expect(toMilliseconds(1)).toBe(0.000001);
		expect(toMilliseconds(1_805_027_123)).toBe(1805.027123);
		expect(toMilliseconds(1_000_000 / 3)).toBe(0.333333);
	});
});
