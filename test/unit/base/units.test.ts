import {describe, expect, it} from 'vitest';
import {toMilliseconds} from '../../../base/units.ts';

describe('nanoseconds', () => {
	it('become milliseconds without a rounding tail', () => {
		expect(toMilliseconds(601_373_000)).toBe(601.373);
		expect(toMilliseconds(1)).toBe(0.000001);
		expect(toMilliseconds(1_805_027_123)).toBe(1805.027123);
		expect(toMilliseconds(1_000_000 / 3)).toBe(0.333333);
	});
});
