import {describe, expect, it} from 'vitest';
import {compareSides} from '../../../results/comparison/compared-ranges.ts';
import {errorMargin} from '../../../results/comparison/estimate.ts';
import {planMultiple} from '../../../results/comparison/detectable-change.ts';
import {adjustForDiscoveries, listLevels} from '../../../results/comparison/false-discovery.ts';
import {criticalT, twoSidedP, upperTail} from '../../../results/comparison/student.ts';
import {createRandom, drawNormal} from '../../../results/random.ts';
import type {RangeComparison} from '../../../schemas/comparison.ts';
import {drawProcesses, processesOf, samplesOf} from '../../support/compared-samples.ts';

describe("Student's t", () => {
	it.each([
		[0.05, 1, 12.706],
		[0.05, 2, 4.303],
		[0.05, 3, 3.182],
		[0.05, 4, 2.776],
		[0.05, 8, 2.306],
		[0.05, 30, 2.042],
		[0.05, 120, 1.98],
		[0.01, 5, 4.032],
		[0.001, 4, 8.61],
		[0.001, 10, 4.587],
	])('is at a level of %f with %i degrees of freedom what the tables print', (alpha, free, t) => {
		expect(criticalT(alpha, free)).toBeCloseTo(t, 3);
		expect(Math.abs(twoSidedP(t, free) / alpha - 1)).toBeLessThan(0.001);
	});

	it('has no edges where the library has them', () => {
		expect(twoSidedP(0, 3)).toBe(1);
		expect(upperTail(Number.POSITIVE_INFINITY, 3)).toBe(0);
		expect(upperTail(Number.NEGATIVE_INFINITY, 3)).toBe(1);
		expect(upperTail(-2, 3) + upperTail(2, 3)).toBeCloseTo(1, 12);
	});
});

describe('the false discovery rate', () => {
	/** Table 1 of Benjamini and Hochberg (1995), who find four at 5 % where Bonferroni finds three. */
	const published = [
		0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719,
		0.6528, 0.759, 1,
	];

	it('finds what the paper finds, in any order', () => {
		const adjusted = adjustForDiscoveries(published.toReversed()).toReversed();
		expect(adjusted.filter((p) => (p ?? 1) <= 0.05)).toHaveLength(4);
		expect(adjusted[3]).toBeCloseTo((0.0095 * 15) / 4, 12);
		expect(adjusted.at(-1)).toBe(1);
	});

	it('counts no test that was not made', () => {
		expect(adjustForDiscoveries([0.04, null, 0.5, null])).toEqual([0.08, null, 0.5, null]);
		expect(adjustForDiscoveries([])).toEqual([]);
	});

	it('tells the level that each test had to reach', () => {
		const levels = listLevels(adjustForDiscoveries(published), 0.05);
		expect(levels[0]).toBeCloseTo((0.05 * 4) / 15, 12);
		expect(levels[10]).toBeCloseTo((0.05 * 5) / 15, 12);
	});
});

describe("Welch's test on logarithms", () => {
	/** Without the margin, as the textbook has it. */
	const plainly = ({estimate, interval}: RangeComparison) => {
		const {logChange = NaN, standardError = NaN, degreesOfFreedom = NaN} = estimate ?? {};
		const reach = (Math.log1p(interval?.high ?? NaN) - logChange) / errorMargin;
		return {
			p: twoSidedP((logChange * errorMargin) / standardError, degreesOfFreedom),
			low: logChange - reach,
			high: logChange + reach,
		};
	};

	// Computed with @stdlib/stats-base-dists-t-{cdf,quantile}, from the textbook's formulas.
	it('gives another library’s numbers, a margin wider', () => {
		const [row] = compareSides([
			samplesOf(
				processesOf(10, 10.1, 9.9, 10.05, 9.97),
				processesOf(10.5, 10.6, 10.4, 10.45, 10.57, 10.2),
			),
		]) as [RangeComparison];
		const {p, low, high} = plainly(row);
		expect(row.estimate?.degreesOfFreedom).toBeCloseTo(7.971975757737419, 9);
		expect(p).toBeCloseTo(0.00016724257346156766, 9);
		expect(Math.expm1(low)).toBeCloseTo(0.029014909493216466, 8);
		expect(Math.expm1(high)).toBeCloseTo(0.06094092340089186, 8);
		// By the incomplete beta function of mpmath 1.3: Welch's with an error 1.05 times as large.
		expect(row.p).toBeCloseTo(0.0002332710398370938, 9);
		expect(row).toMatchObject({verdict: 'slower', baseline: {n: 5, median: 10}, candidate: {n: 6}});
	});

	it('does so for long and uneven times too', () => {
		const first = [
			27.5, 21, 19, 23.6, 17, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19, 21.7, 21.4,
		];
		const second = [
			27.1, 22, 20.8, 23.4, 23.4, 23.5, 25.8, 22, 24.8, 20.2, 21.9, 22.1, 22.9, 30.2, 24.4,
		];
		const [row] = compareSides([samplesOf(processesOf(...first), processesOf(...second))]) as [
			RangeComparison,
		];
		const {p, low} = plainly(row);
		expect(p).toBeCloseTo(0.005979502292523587, 9);
		expect(low).toBeCloseTo(0.04057650685702022, 8);
		expect(row.p).toBeCloseTo(0.008433581197339598, 9);
	});
});

describe('the smallest detectable change', () => {
	const drawDeviation = (random: () => number, free: number): number => {
		const squares = Array.from({length: free}, () => drawNormal(random) ** 2);
		return Math.sqrt(squares.reduce((a, b) => a + b, 0) / free);
	};

	it.each([
		[2, 0.05],
		[4, 0.05],
		[8, 0.001],
		[38, 0.05],
	])('is found in four of five cases or more, with %i degrees of freedom at %f', (free, alpha) => {
		const random = createRandom(free);
		const multiple = planMultiple(alpha, free);
		const critical = criticalT(alpha, free);
		const trials = 8000;
		const found = Array.from({length: trials}, () => {
			const change = multiple * drawDeviation(random, free);
			return change + drawNormal(random) > critical * drawDeviation(random, free);
		}).filter(Boolean).length;
		expect(found / trials).toBeGreaterThan(0.82);
		expect(found / trials).toBeLessThan(0.95);
	});

	it('needs as many more repeats as it says', () => {
		const random = createRandom(4);
		const [row] = compareSides([samplesOf(drawProcesses(random, 5), drawProcesses(random, 5))]);
		const more = row?.moreRepeats?.repeats ?? 0;
		expect(row?.detectable).toBeGreaterThan(0.01);
		expect(more).toBeGreaterThan(2);
		expect(more).toBeLessThan(30);
	});
});

describe('false alarms', () => {
	/** The binomial's spread allows for 3.7 deviations: one run in 10,000, were the seed not fixed. */
	const [pairs, most] = [600, 0.05 + 3.7 * Math.sqrt((0.05 * 0.95) / 600)];

	it.each([3, 5, 10])('are at most one in twenty null pairs of %i processes a side', (n) => {
		const random = createRandom(n);
		const rows = Array.from(
			{length: pairs},
			() => compareSides([samplesOf(drawProcesses(random, n), drawProcesses(random, n))])[0],
		);
		const alarms = rows.filter((row) => row?.verdict === 'faster' || row?.verdict === 'slower');
		const covered = rows.filter(
			(row) => (row?.interval?.low ?? 1) <= 0 && (row?.interval?.high ?? -1) >= 0,
		);
		expect(alarms.length / pairs).toBeLessThan(most);
		expect(covered.length / pairs).toBeGreaterThan(1 - most);
		// A test that never speaks would pass as well.
		const changed = samplesOf(drawProcesses(random, n), drawProcesses(random, n, 1.2));
		expect(compareSides([changed])[0]?.verdict).toBe('slower');
	});

	it('are at most one in twenty reports of twenty ranges', () => {
		const random = createRandom(20);
		const reports = 400;
		const alarms = Array.from({length: reports}, () =>
			compareSides(
				Array.from({length: 20}, () =>
					samplesOf(drawProcesses(random, 5), drawProcesses(random, 5)),
				),
			).some(({verdict}) => verdict === 'faster' || verdict === 'slower'),
		).filter(Boolean).length;
		expect(alarms / reports).toBeLessThan(0.05 + 3.7 * Math.sqrt((0.05 * 0.95) / reports));
	});
});
