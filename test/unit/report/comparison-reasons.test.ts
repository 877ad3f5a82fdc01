import {describe, expect, it} from 'vitest';
import {describeReasons} from '../../../report/comparison-reasons.ts';
import {ComparisonReason} from '../../../schemas/comparison.ts';

const all: readonly (readonly [ComparisonReason, string])[] = [
	[{kind: 'no-samples', side: 'candidate'}, 'The candidate has no value of it.'],
	[
		{kind: 'too-few', side: 'baseline', unit: 'process', have: 2, need: 3},
		'There is no verdict from 2 processes of the baseline, 3 are needed: run it with --repeat 3.',
	],
	[
		{kind: 'too-few', side: null, unit: 'round', have: 1, need: 3},
		'There is no verdict from 1 round, 3 are needed: allow more rounds or more time.',
	],
	[
		{kind: 'bad-values', side: 'candidate', value: 'not-a-number', count: 1},
		'1 value of the candidate is no number: such a file cannot be right, and is not judged.',
	],
	[
		{kind: 'bad-values', side: 'candidate', value: 'not-a-number', count: 7},
		'7 values of the candidate are no numbers: such a file cannot be right, and is not judged.',
	],
	[
		{kind: 'bad-values', side: 'baseline', value: 'negative', count: 2},
		'2 values of the baseline are negative: such a file cannot be right, and is not judged.',
	],
	[
		{kind: 'zero', side: 'baseline', count: 5, of: 5},
		'The baseline is 0: no change can be stated in percent of nothing.',
	],
	[
		{kind: 'zero', side: 'candidate', count: 1, of: 5},
		'1 of 5 processes of the candidate is 0: no change can be stated in percent of nothing.',
	],
	[
		{kind: 'no-variance'},
		'On each side all units are equal, as with a coarse clock: how far they vary is not known, and p is that of the exact permutation test.',
	],
	[
		{kind: 'rests-on-model', have: 3, exactFrom: 4},
		'With 3 units a side the verdict rests on a model of how times vary; from 4 on, tests without one can confirm it.',
	],
	[
		{kind: 'repeats-not-unit', side: 'baseline', repeats: 1, need: 3},
		'The baseline has 1 repeat: what all processes of a repeat have in common is not seen, and false alarms are likelier. With --repeat 3 it is.',
	],
	[
		{kind: 'processes-missing', side: 'candidate', have: 4, of: 10},
		'Only 4 of 10 processes of the candidate have it: the others are not in its numbers.',
	],
	[
		{kind: 'items-unknown', side: 'baseline', verdict: 'slower'},
		'It is slower, but how many items it had is not known of the baseline: more items take more time. Named with --metric, times are compared as they are.',
	],
	[
		{kind: 'items-unknown', side: null, verdict: 'same'},
		'The numbers alone would say same, but how many items it had is not known, and around it their numbers differ: more items take more time. Named with --metric, times are compared as they are.',
	],
	[
		{kind: 'same-measurement', count: 5},
		'5 processes are on both sides, copied: that they are the same as themselves proves nothing.',
	],
	[
		{kind: 'same-measurement', count: 1},
		'1 process is on both sides, copied: that it is the same as itself proves nothing.',
	],
	[
		{kind: 'rounds-dropped', count: 2},
		'2 rounds were left out, since one side has no value there.',
	],
	[
		{kind: 'not-after-correction', tests: 1400},
		'Its own p would be small enough, but among 1,400 tests some are so by chance.',
	],
	[
		{kind: 'below-noise-floor', floor: 0.0123},
		'The change is proven, but no larger than what this machine shows between identical programs (1.2 %).',
	],
	[
		{
			kind: 'clock-explained',
			verdict: 'slower',
			withdrawn: true,
			clock: -0.1,
			rest: 0.001,
			low: -0.009,
			high: 0.011,
		},
		'It is slower, and the clock alone explains it: the SM clock was 10.0 % lower, and time x clock changed by +0.10% (-0.90% to +1.1%). Lock the clock or measure in turn (benchmark ab); --despite-differences gives the verdict all the same.',
	],
	[
		{
			kind: 'clock-explained',
			verdict: 'faster',
			withdrawn: false,
			clock: 0.05,
			rest: 0,
			low: null,
			high: null,
		},
		'It is faster, and the clock alone explains it: the SM clock was 5.0 % higher, and time x clock changed by 0.0%. Work that waits for memory does not follow the clock.',
	],
	[
		{kind: 'clock-differs', clock: -0.05, rest: 0.06},
		'The SM clock was 5.0 % lower, which may be a part of it: of compute-bound work, +6.0% is left to explain.',
	],
	[
		{kind: 'clock-differs', clock: -0.1, rest: -0.07},
		'The SM clock was 10.0 % lower, by more than it would take: work that waits for memory follows the clock in part, so the clock may be the cause, and may not.',
	],
	[
		{kind: 'sides-differ', verdict: 'slower', facts: ['driver', 'gpu']},
		'It is slower, but the sides differ in driver, gpu, which could be the cause: --despite-differences gives the verdict all the same.',
	],
	[
		{kind: 'sides-differ', verdict: 'same', facts: ['driver']},
		'The numbers alone would say same, but the sides differ in driver, which could be the cause: --despite-differences gives the verdict all the same.',
	],
	[
		{kind: 'means-only', side: 'baseline'},
		"Of the baseline only means over processes are known, not how far they vary: give the run's folder, if it is still there.",
	],
];

describe('reasons of a verdict', () => {
	it.each(all)('%o', (reason, sentence) => {
		expect(describeReasons([ComparisonReason.parse(reason)])).toEqual([sentence]);
	});

	it('are all in the table above', () => {
		const kinds = ComparisonReason.options.map((option) => option.shape.kind.value);
		expect([...new Set(all.map(([{kind}]) => kind))].toSorted()).toEqual(kinds.toSorted());
	});

	it('are said once of both sides, and apart where they are not the same', () => {
		const few = (side: 'baseline' | 'candidate', have: number): ComparisonReason => ({
			kind: 'too-few',
			side,
			unit: 'process',
			have,
			need: 3,
		});
		expect(describeReasons([few('baseline', 1), few('candidate', 1)])).toEqual([
			'There is no verdict from 1 process of either side, 3 are needed: run it with --repeat 3.',
		]);
		expect(describeReasons([few('baseline', 1), few('candidate', 2)])).toHaveLength(2);
		expect(
			describeReasons([
				{kind: 'repeats-not-unit', side: 'baseline', repeats: 2, need: 3},
				{kind: 'repeats-not-unit', side: 'candidate', repeats: 2, need: 3},
			]),
		).toEqual([expect.stringMatching(/^Either side has 2 repeats: /)]);
	});
});
