import {describe, expect, it} from 'vitest';
import {compareRounds, compareSides} from '../../../results/comparison/compared-ranges.ts';
import type {ComparisonOptions} from '../../../results/comparison/judged-changes.ts';
import type {ComparedSamples} from '../../../results/comparison/measured-change.ts';
import type {Replicates} from '../../../results/comparison/replicates.ts';
import {RangeComparison} from '../../../schemas/comparison.ts';
import {processesOf, repeatsOf, samplesOf} from '../../support/compared-samples.ts';

const noisy = repeatsOf(10, 10.1, 9.9, 10.05, 9.97);
const slower = repeatsOf(10.5, 10.6, 10.4, 10.45, 10.57);

const compare = (
	baseline: Replicates,
	candidate: Replicates,
	more: Partial<ComparedSamples> = {},
	options: Partial<ComparisonOptions> = {},
): RangeComparison => {
	const [row] = compareSides([samplesOf(baseline, candidate, more)], options);
	return RangeComparison.parse(row);
};

const kinds = ({reasons}: RangeComparison): readonly string[] => reasons.map(({kind}) => kind);

describe('the verdict', () => {
	it('names the direction', () => {
		expect(compare(noisy, slower)).toMatchObject({verdict: 'slower', reasons: []});
		expect(compare(slower, noisy)).toMatchObject({verdict: 'faster', reasons: []});
	});

	it('takes more throughput for faster', () => {
		expect(compare(noisy, slower, {metric: 'throughput'}).verdict).toBe('faster');
	});

	it('calls the same only what the whole interval proves', () => {
		const steady = repeatsOf(10, 10.01, 9.99, 10.005, 9.995);
		expect(compare(steady, steady).verdict).toBe('same');
		expect(compare(noisy, noisy).verdict).toBe('inconclusive');
		expect(compare(noisy, noisy, {}, {margin: 0.05}).verdict).toBe('same');
		expect(compare(steady, steady, {}, {margin: 0}).verdict).toBe('inconclusive');
	});

	it('calls a proven change a change, however small', () => {
		const a = repeatsOf(10, 10.001, 9.999, 10.0005, 9.9995);
		const b = repeatsOf(10.05, 10.051, 10.049, 10.0505, 10.0495);
		expect(compare(a, b)).toMatchObject({verdict: 'slower'});
	});

	it('weighs a p against all other ranges', () => {
		const barely = samplesOf(noisy, repeatsOf(10.1, 10.2, 10.0, 10.15, 10.16));
		const [alone] = compareSides([barely]);
		const [among] = compareSides([
			barely,
			...Array.from({length: 9}, () => samplesOf(noisy, noisy)),
		]);
		expect(alone?.verdict).toBe('slower');
		expect(among).toMatchObject({verdict: 'inconclusive', p: alone?.p, interval: alone?.interval});
		expect(among?.reasons).toEqual([{kind: 'not-after-correction', tests: 10}]);
		expect(among?.detectable).toBeGreaterThan(alone?.detectable ?? 1);
	});

	it('calls nothing changed that lies below the noise floor', () => {
		const row = compare(noisy, slower, {noiseFloor: 0.06});
		expect(row).toMatchObject({verdict: 'inconclusive', noiseFloor: 0.06});
		expect(row.reasons).toEqual([{kind: 'below-noise-floor', floor: 0.06}]);
		expect(row.detectable).toBeGreaterThan(0.06);
		expect(row.moreRepeats).toEqual({target: 0.01, repeats: null});
		// Proven is proven: that the floor holds the whole interval makes it no less of a change.
		expect(compare(noisy, slower, {noiseFloor: 0.07}).verdict).toBe('inconclusive');
		expect(compare(noisy, slower, {noiseFloor: 0.02}).verdict).toBe('slower');
	});

	it('calls the same what no change is proven of, within a floor wider than the margin', () => {
		const wide = repeatsOf(10, 10.3, 9.7, 10.15, 9.9);
		expect(compare(wide, wide)).toMatchObject({verdict: 'inconclusive', reasons: []});
		expect(compare(wide, wide, {noiseFloor: 0.1})).toMatchObject({verdict: 'same', reasons: []});
	});

	it('says when it rests on the model alone', () => {
		const row = compare(repeatsOf(10, 10.1, 9.9), repeatsOf(12, 12.1, 11.9));
		expect(row).toMatchObject({verdict: 'slower'});
		expect(row.reasons).toEqual([{kind: 'rests-on-model', have: 3, exactFrom: 4}]);
	});
});

describe('the unit', () => {
	const wide = [[10, 30, 10], [11]];

	it('is the process in a single repeat: its median counts, not its batches', () => {
		const row = compare([wide], [wide]);
		expect(row.baseline).toEqual({
			median: 10.5,
			center: Math.exp((Math.log(10) + Math.log(11)) / 2),
			n: 2,
			unit: 'process',
			repeats: 1,
			processes: 2,
		});
		expect(kinds(row)).toEqual(['too-few', 'repeats-not-unit', 'too-few', 'repeats-not-unit']);
	});

	it('is the repeat from three repeats on', () => {
		const row = compare([wide, wide, wide], [wide, wide, wide, wide]);
		expect(row.baseline).toMatchObject({n: 3, unit: 'repeat', processes: 6});
		expect(row.candidate).toMatchObject({n: 4, unit: 'repeat', processes: 8});
	});

	it('is the process in a single repeat, and that is said', () => {
		const row = compare(processesOf(10, 10.1, 9.9, 10), repeatsOf(10, 11, 12));
		expect(row.reasons).toEqual([
			{kind: 'repeats-not-unit', side: 'baseline', repeats: 1, need: 3},
		]);
	});

	it('stays the process with two repeats, and that is said', () => {
		const row = compare([wide, wide], repeatsOf(10, 11, 12));
		expect(row.baseline).toMatchObject({n: 4, unit: 'process', repeats: 2});
		expect(row.candidate).toMatchObject({n: 3, unit: 'process', repeats: 3});
		expect(row.reasons).toEqual([
			{kind: 'repeats-not-unit', side: 'baseline', repeats: 2, need: 3},
		]);
	});

	it('leaves a process out that lacks the range', () => {
		const holes = [[[10], [], [10.1], [9.9]], [[]]];
		expect(compare(holes, noisy).baseline).toMatchObject({n: 3, repeats: 1, processes: 3});
	});
});

describe('samples that cannot be compared', () => {
	const some = repeatsOf(10, 10.1, 9.9);

	it.each([
		['no processes', [], [{kind: 'no-samples', side: 'candidate'}]],
		['no batches', [[[], []]], [{kind: 'no-samples', side: 'candidate'}]],
		[
			'NaN',
			repeatsOf(10, Number.NaN, 9),
			[{kind: 'bad-values', side: 'candidate', value: 'not-a-number', count: 1}],
		],
		[
			'infinity',
			repeatsOf(10, Number.POSITIVE_INFINITY, 9),
			[{kind: 'bad-values', side: 'candidate', value: 'infinite', count: 1}],
		],
		[
			'negative times',
			repeatsOf(10, -1, -2),
			[{kind: 'bad-values', side: 'candidate', value: 'negative', count: 2}],
		],
		[
			'processes of time 0',
			repeatsOf(0, 0, 9),
			[{kind: 'zero', side: 'candidate', count: 2, of: 3}],
		],
	])('have no change and a reason: %s', (_, candidate, reasons) => {
		expect(compare(some, candidate)).toMatchObject({
			verdict: 'inconclusive',
			change: null,
			interval: null,
			p: null,
			adjustedP: null,
			detectable: null,
			moreRepeats: null,
			reasons,
		});
	});

	it('have a change but no interval where one process stands alone', () => {
		const row = compare(repeatsOf(10), repeatsOf(11));
		expect(row).toMatchObject({verdict: 'inconclusive', interval: null, p: null});
		expect(row.change).toBeCloseTo(0.1, 12);
		expect(row.reasons).toEqual([
			{kind: 'too-few', side: 'baseline', unit: 'process', have: 1, need: 3},
			{kind: 'too-few', side: 'candidate', unit: 'process', have: 1, need: 3},
		]);
	});

	it('are no tests: the others are not corrected for them', () => {
		const [row, empty] = compareSides([samplesOf(noisy, slower), samplesOf([], [])]);
		expect(row?.adjustedP).toBe(row?.p);
		expect(empty?.reasons).toHaveLength(2);
	});
});

describe('samples without variance', () => {
	it('are the same where they are equal', () => {
		const row = compare(repeatsOf(5, 5, 5), repeatsOf(5, 5, 5));
		expect(row).toMatchObject({verdict: 'same', change: 0, p: 1, detectable: null});
		expect(row.interval).toEqual({low: 0, high: 0, level: 0.95});
		expect(kinds(row)).toEqual(['no-variance', 'rests-on-model']);
	});

	it('prove a change only as far as the permutation test does', () => {
		const few = compare(repeatsOf(5, 5, 5), repeatsOf(6, 6, 6));
		expect(few).toMatchObject({verdict: 'inconclusive', p: 0.1, interval: null});
		expect(kinds(few)).toEqual(['no-variance']);
		const more = compare(repeatsOf(5, 5, 5, 5), repeatsOf(6, 6, 6, 6));
		expect(more).toMatchObject({verdict: 'slower', interval: null});
		expect(more.p).toBeCloseTo(2 / 70, 12);
	});

	it('on one side only leave the variance to the other', () => {
		const row = compare(repeatsOf(5, 5, 5, 5), repeatsOf(6, 6.1, 5.9, 6.05));
		expect(row.estimate?.degreesOfFreedom).toBeCloseTo(3, 9);
		expect(row.verdict).toBe('slower');
	});
});

describe('options', () => {
	it.each([{alpha: 0}, {alpha: 1}, {margin: -0.1}, {margin: Number.NaN}, {target: 0}])(
		'that are none are refused: %o',
		(options) => {
			expect(() => compare(noisy, slower, {}, options)).toThrow(RangeError);
		},
	);

	it('refuse a noise floor that is none', () => {
		expect(() => compare(noisy, slower, {noiseFloor: Number.NaN})).toThrow('not a noise floor');
	});
});

describe('rounds in turn', () => {
	/** The machine slows down by half meanwhile; the candidate takes 2 % more in every round. */
	const drift = [10, 10.9, 12.1, 13, 14.2, 15];
	const jitter = [1.02, 1.019, 1.021, 1.0195, 1.0205, 1.02];
	const later = drift.map((time, round) => time * (jitter[round] ?? 1));

	it('are compared within each round, so that drift falls out', () => {
		const samples = samplesOf(repeatsOf(...drift), repeatsOf(...later));
		expect(compareRounds([samples])[0]).toMatchObject({
			verdict: 'slower',
			baseline: {n: 6, unit: 'round'},
			reasons: [],
		});
		expect(compareSides([samples])[0]?.verdict).toBe('inconclusive');
	});

	it('drop what one side lost', () => {
		const [row] = compareRounds([
			samplesOf([...repeatsOf(...drift.slice(0, 5)), [[]]], repeatsOf(...later)),
		]);
		expect(row?.baseline.n).toBe(5);
		expect(row?.reasons).toContainEqual({kind: 'rounds-dropped', count: 1});
	});

	it('need three', () => {
		const [row] = compareRounds([samplesOf(repeatsOf(10, 11), repeatsOf(10, 12))]);
		expect(row).toMatchObject({verdict: 'inconclusive', interval: null});
		expect(row?.reasons).toEqual([{kind: 'too-few', side: null, unit: 'round', have: 2, need: 3}]);
	});

	it('without any samples are no error', () => {
		expect(compareRounds([samplesOf([], [])])[0]?.reasons).toHaveLength(2);
		const apart = samplesOf([[[10]], [[]]], [[[]], [[10]]]);
		expect(compareRounds([apart])[0]).toMatchObject({change: null, verdict: 'inconclusive'});
	});
});
