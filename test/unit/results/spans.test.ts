/** Stretches of time against what each of their nanoseconds says. */

import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {
	cutSpans,
	joinSpans,
	lengthOf,
	lengthWithin,
	shareSpans,
	spanAll,
	type Span,
} from '../../../results/spans.ts';

const end = 60;
const spans = fc
	.array(fc.tuple(fc.nat(end), fc.nat(end)), {maxLength: 6})
	.map((pairs) => pairs.map(([a, b]): Span => ({startNs: Math.min(a, b), endNs: Math.max(a, b)})));

/** Which whole nanoseconds lie in any of them. */
const momentsOf = (list: readonly Span[]): readonly number[] =>
	Array.from({length: end}, (_, at) => at).filter((at) =>
		list.some(({startNs, endNs}) => startNs <= at && at < endNs),
	);

describe('spans', () => {
	it('joined hold the same moments, in order and apart', () => {
		fc.assert(
			fc.property(spans, (list) => {
				const joined = joinSpans(list);
				expect(momentsOf(joined)).toEqual(momentsOf(list));
				expect(lengthOf(joined)).toBe(momentsOf(list).length);
				for (const [index, {startNs}] of joined.entries()) {
					expect(startNs).toBeGreaterThan(joined[index - 1]?.endNs ?? -1);
				}
			}),
		);
	});

	it('shared and cut hold the moments of both, and of the first alone', () => {
		fc.assert(
			fc.property(spans, spans, (one, other) => {
				const [a, b] = [joinSpans(one), joinSpans(other)];
				const inB = new Set(momentsOf(b));
				expect(momentsOf(shareSpans(a, b))).toEqual(momentsOf(a).filter((at) => inB.has(at)));
				const left = momentsOf(a).filter((at) => !inB.has(at));
				expect(momentsOf(cutSpans(a, b))).toEqual(left);
				expect(lengthOf(cutSpans(a, b))).toBe(left.length);
			}),
		);
	});

	it('tell how much of one stretch they hold', () => {
		fc.assert(
			fc.property(spans, fc.tuple(fc.nat(end), fc.nat(end)), (list, [a, b]) => {
				const one = {startNs: Math.min(a, b), endNs: Math.max(a, b)};
				const joined = joinSpans(list);
				expect(lengthWithin(joined, one)).toBe(lengthOf(shareSpans(joined, [one])));
			}),
		);
	});

	it('reach from the first start to the last end', () => {
		expect(spanAll([])).toBeNull();
		expect(
			spanAll([
				{startNs: 5, endNs: 6},
				{startNs: 1, endNs: 2},
			]),
		).toEqual({
			startNs: 1,
			endNs: 6,
		});
	});
});
