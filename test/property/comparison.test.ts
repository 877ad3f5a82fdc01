import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {compareRounds, compareSides} from '../../results/comparison/compared-ranges.ts';
import {adjustForDiscoveries} from '../../results/comparison/false-discovery.ts';
import {parseGateLimits} from '../../results/comparison/gate-limits.ts';
import {evaluateGate} from '../../results/comparison/gate.ts';
import {compareGeometricMeans} from '../../results/comparison/geometric-mean.ts';
import type {Replicates} from '../../results/comparison/replicates.ts';
import {RangeComparison} from '../../schemas/comparison.ts';
import {samplesOf} from '../support/compared-samples.ts';

/** Times that differ by some percent: what a range's processes really look like. */
const time = fc.double({min: 9, max: 11, noNaN: true});
const side: fc.Arbitrary<Replicates> = fc.array(
	fc.array(fc.array(time, {maxLength: 4}), {maxLength: 5}),
	{maxLength: 5},
);
const wild = fc.oneof(
	fc.double(),
	fc.constantFrom(0, -0, 1, Number.NaN, Number.POSITIVE_INFINITY, 1e-308, 1.7e308),
);
const wildSide: fc.Arbitrary<Replicates> = fc.array(
	fc.array(fc.array(wild, {maxLength: 3}), {maxLength: 5}),
	{maxLength: 4},
);
const methods = [compareSides, compareRounds] as const;
const method = fc.constantFrom(...methods);

const near = (value: number | null | undefined): unknown =>
	typeof value === 'number' ? expect.closeTo(value, 7) : value;

const opposite = {faster: 'slower', slower: 'faster', same: 'same', inconclusive: 'inconclusive'};

const compareOne = (
	compare: (typeof methods)[number],
	baseline: Replicates,
	candidate: Replicates,
): RangeComparison | undefined => compare([samplesOf(baseline, candidate)])[0];

const map = (from: Replicates, change: (value: number) => number): Replicates =>
	from.map((processes) => processes.map((samples) => samples.map(change)));

/** A p this near to the level may fall to either side of it by rounding. */
const isBorderline = (row: RangeComparison | undefined): boolean =>
	Math.abs((row?.p ?? 0) - 0.05) < 1e-6;

describe('a comparison', () => {
	it('turns round when its sides are swapped', () => {
		fc.assert(
			fc.property(method, side, side, (compare, a, b) => {
				const row = compareOne(compare, a, b);
				const back = compareOne(compare, b, a);
				fc.pre(!isBorderline(row));
				expect(back).toMatchObject({
					verdict: opposite[row?.verdict ?? 'same'],
					p: near(row?.p),
					change: row?.change == null ? null : near(1 / (1 + row.change) - 1),
					detectable: near(row?.detectable),
					baseline: {...row?.candidate, center: near(row?.candidate.center)},
				});
				if (row?.interval != null) {
					expect(back?.interval?.low).toEqual(near(1 / (1 + row.interval.high) - 1));
				}
			}),
		);
	});

	it('does not depend on the order of processes and batches, nor, unpaired, of repeats', () => {
		fc.assert(
			fc.property(method, side, side, (compare, a, b) => {
				const turn = (from: Replicates): Replicates => {
					const inside = from.map((processes) =>
						processes.map((samples) => samples.toReversed()).toReversed(),
					);
					return compare === compareSides ? inside.toReversed() : inside;
				};

				const row = compareOne(compare, a, b);
				fc.pre(!isBorderline(row));
				expect(compareOne(compare, turn(a), turn(b))).toMatchObject({
					verdict: row?.verdict,
					p: near(row?.p),
					change: near(row?.change),
					reasons: row?.reasons,
				});
			}),
		);
	});

	it('does not depend on the unit', () => {
		fc.assert(
			fc.property(method, side, side, fc.constantFrom(1e-6, 3, 1e6), (compare, a, b, unit) => {
				const row = compareOne(compare, a, b);
				fc.pre(!isBorderline(row));
				const scale = (value: number): number => value * unit;
				expect(compareOne(compare, map(a, scale), map(b, scale))).toMatchObject({
					verdict: row?.verdict,
					p: near(row?.p),
					change: near(row?.change),
					detectable: near(row?.detectable),
				});
			}),
		);
	});

	it('is the surer of "slower" the slower the candidate is', () => {
		fc.assert(
			fc.property(method, side, side, (compare, a, b) => {
				const rows = [1.5, 2, 3].map((factor) =>
					compareOne(
						compare,
						a,
						map(b, (value) => value * factor),
					),
				);
				const [first, second, third] = rows.map((row) => row?.p ?? 1);
				expect(second).toBeLessThanOrEqual((first ?? 0) + 1e-12);
				expect(third).toBeLessThanOrEqual((second ?? 0) + 1e-12);
			}),
		);
	});

	it('has a verdict only with an interval on one side of 0, or within the margin', () => {
		fc.assert(
			fc.property(method, side, side, (compare, a, b) => {
				const row = compareOne(compare, a, b);
				const {low = 0, high = 0} = row?.interval ?? {};
				const hasVariance = (row?.estimate?.standardError ?? 0) > 0;
				fc.pre(!isBorderline(row) && hasVariance);
				expect(row?.verdict === 'slower').toBe(low > 0);
				expect(row?.verdict === 'faster').toBe(high < 0);
				if (row?.verdict === 'same') {
					expect(Math.max(high, -low)).toBeLessThanOrEqual(0.01 + 1e-9);
				}
			}),
		);
	});

	it('of anything at all is as its schema says: no NaN, no infinity, and a reason for no change', () => {
		fc.assert(
			fc.property(
				method,
				fc.array(fc.tuple(wildSide, wildSide), {maxLength: 4}),
				(compare, all) => {
					const samples = all.map(([a, b], index) => ({
						...samplesOf(a, b),
						path: `range_${index}`,
					}));
					const rows = compare(samples);
					expect(rows.map(({path}) => path)).toEqual(samples.map(({path}) => path));
					for (const row of rows) {
						RangeComparison.parse(row);
						expect(row.change !== null || row.reasons.length > 0).toBe(true);
						expect(row.interval !== null || row.reasons.length > 0).toBe(true);
					}

					const gate = evaluateGate(rows, parseGateLimits('1%'));
					expect(gate.ranges).toHaveLength(rows.length);
					const {comparison} = compareGeometricMeans(samples, compare === compareRounds);
					RangeComparison.nullable().parse(comparison);
				},
			),
			{numRuns: 300},
		);
	});
});

describe('corrected p-values', () => {
	const ps = fc.array(fc.option(fc.double({min: 0, max: 1, noNaN: true})), {maxLength: 30});

	it('are never smaller, keep their order, and are at most 1', () => {
		fc.assert(
			fc.property(ps, (values) => {
				const adjusted = adjustForDiscoveries(values);
				for (const [index, p] of values.entries()) {
					const own = adjusted[index] ?? null;
					expect(own === null).toBe(p === null);
					expect(own ?? 1).toBeGreaterThanOrEqual((p ?? 1) - 1e-15);
					expect(own ?? 1).toBeLessThanOrEqual(1);
					for (const [other, q] of values.entries()) {
						expect(p === null || q === null || p > q || (own ?? 0) <= (adjusted[other] ?? 0)).toBe(
							true,
						);
					}
				}
			}),
		);
	});
});
