import fc from 'fast-check';
import {mean, quantileSeq, std} from 'mathjs/number';
import {describe, expect, it} from 'vitest';
import {quantile, sortSamples, summarize} from '../../../results/summary.ts';

const samples = fc.array(fc.integer({min: 0, max: 2 ** 40}), {minLength: 2, maxLength: 200});

describe('a summary', () => {
	it('agrees with mathjs', () => {
		fc.assert(
			fc.property(samples, (values) => {
				const {
					count,
					mean: ours,
					std: spread,
					...percentiles
				} = summarize(sortSamples(values), null);
				const others = quantileSeq(values, [0.05, 0.16, 0.5, 0.84, 0.95, 0.99]);
				expect(count).toBe(values.length);
				expect(ours).toBeCloseTo(mean(values) / 1e6, 5);
				expect(spread).toBeCloseTo(Number(std(values)) / 1e6, 5);
				const {p5, p16, median, p84, p95, p99} = percentiles;
				for (const [index, value] of [p5, p16, median, p84, p95, p99].entries()) {
					expect(value).toBeCloseTo(Number((others as unknown as number[])[index]) / 1e6, 5);
				}
			}),
		);
	});

	it('interpolates between order statistics', () => {
		const sorted = sortSamples([40, 10, 30, 20]);
		expect([0, 0.25, 0.5, 1].map((at) => quantile(sorted, at))).toEqual([10, 17.5, 25, 40]);
	});

	it('of one sample has no standard deviation', () => {
		expect(summarize(sortSamples([5e6]), null)).toMatchObject({
			count: 1,
			mean: 5,
			std: null,
			min: 5,
			p99: 5,
		});
	});

	it('scales before it rounds', () => {
		expect(summarize(sortSamples([1e6, 2e6]), {low: 1e6, high: 2e6}, 1 / 3)).toMatchObject({
			median: 0.5,
			min: 0.333333,
			confidence_interval: {low: 0.333333, high: 0.666667},
		});
	});
});
