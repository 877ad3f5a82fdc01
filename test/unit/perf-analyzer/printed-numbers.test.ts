import {expect, it} from 'vitest';
import {readReal} from '../../../perf-analyzer/printed-numbers.ts';

it.each([
	['19.8874', 19.8874],
	['1.23457e+06', 1_234_570],
	['0', 0],
	['-1', undefined],
	['nan', undefined],
	// A bit flip in an exponent: statistics square it.
	['5.7e+204', undefined],
	['1e400', undefined],
])('%s', (text, value) => {
	expect(readReal(text)).toBe(value);
});
