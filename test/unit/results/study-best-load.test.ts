/** The load to run at: the best, the least that is as good, the knee, and what limits of latency leave of them. */

import {describe, expect, it} from 'vitest';
import {describeStudy} from '../../../report/study-answers.ts';
import {answerLine, codesOf, loadAt} from '../../support/study-answers.ts';
import type {PointFacts} from '../../support/study-points.ts';

describe('the load to run at', () => {
	it('is the highest throughput, with the least load that is as good, and the knee', () => {
		const line = answerLine([
			{at: 1, throughput: 100},
			{at: 2, throughput: 190},
			{at: 4, throughput: 200},
			{at: 8, throughput: 205},
		]);
		expect([line.best, line.leastEqual, line.knee].map((place) => loadAt(line, place))).toEqual([
			8, 2, 2,
		]);
		expect(codesOf(line)).toContain('no-intervals');
	});

	it('is sorted by load, whatever the order of the points', () => {
		const line = answerLine([
			{at: 8, throughput: 205},
			{at: 1, throughput: 100},
			{at: 2, throughput: 190},
		]);
		expect(line.loads.map(({load}) => load)).toEqual([1, 2, 8]);
	});

	it.each([
		['is one of which every repeat holds', [10, 11], 'held', 2],
		['is not one of which a repeat does not', [10, 30], 'unsure', 1],
		['is not one of which none does', [30, 31], 'broken', 1],
	] as const)('%s', (_, times, state, best) => {
		const line = answerLine(
			[
				{at: 1, throughput: 100, p99: 9},
				...times.map((p99, place) => ({at: 2, throughput: 190, p99, repeat: place + 1})),
			],
			[{percentile: 99, time: 20}],
		);
		expect(line.loads[1]?.slo).toBe(state);
		expect(loadAt(line, line.best)).toBe(best);
		expect(codesOf(line).includes('slo-unsure')).toBe(state === 'unsure');
	});

	it('is none where the study does not have the latency', () => {
		const line = answerLine([{at: 1, throughput: 100}], [{percentile: 99.9, time: 20}]);
		expect([line.best, line.loads[0]?.slo]).toEqual([null, 'unknown']);
		expect(describeStudy({answers: {slo: [{percentile: 99.9, time: 20}], lines: [line]}})[1]).toBe(
			'v: whether p99.9 <= 20 ms holds is not known',
		);
	});

	it('is none over the limit that perf_analyzer was given', () => {
		const line = answerLine([
			{at: 1, throughput: 100},
			{at: 2, throughput: 150, status: 'over-limit'},
		]);
		expect(loadAt(line, line.best)).toBe(1);
	});

	it('leaves points that nobody can trust out, and says so', () => {
		const line = answerLine([
			{at: 1, throughput: 100},
			{at: 2, throughput: 900, status: 'unstable'},
			{at: 4, throughput: 900, status: 'failed'},
		]);
		expect(line.loads.map(({load}) => load)).toEqual([1]);
		expect(line.notes).toContainEqual({
			code: 'points-left-out',
			message:
				'points that are unstable or failed have no say in the best load and the knee: at 2, 4.',
		});
	});

	const repeated = (at: number, rates: readonly number[]): readonly PointFacts[] =>
		rates.map((throughput, place) => ({at, throughput, repeat: place + 1}));

	it('goes by intervals over repeats: five percent more are more where they are narrow', () => {
		const line = answerLine([
			...repeated(1, [100, 100.1, 99.9, 100]),
			...repeated(2, [105, 105.1, 104.9, 105]),
		]);
		expect([line.knee, codesOf(line)]).toEqual([null, ['still-growing']]);
		expect(line.loads[0]?.interval?.from).toBe('repeats');
	});

	it('says where the intervals are too wide to tell', () => {
		const line = answerLine([...repeated(1, [100, 80, 120]), ...repeated(2, [120, 90, 150])]);
		expect(loadAt(line, line.knee)).toBe(1);
		expect(codesOf(line)).toContain('knee-unsure');
	});

	it('takes windows where there are no repeats, and says that they hold less', () => {
		const line = answerLine([
			{at: 1, throughput: 100, rates: [50, 99, 100, 101]},
			{at: 2, throughput: 180, rates: [179, 180, 181]},
		]);
		expect(line.loads[0]?.interval).toMatchObject({from: 'windows'});
		// Of the last three windows: 100 +- 4.303 x 1 / sqrt(3).
		expect(line.loads[0]?.interval?.low).toBeCloseTo(97.516, 2);
		expect(codesOf(line)).toContain('windows-only');
	});

	it('looks for the knee between loads that lie far apart', () => {
		const line = answerLine([
			{at: 1, throughput: 500},
			{at: 65, throughput: 1463},
		]);
		expect([line.knee, codesOf(line)]).toEqual([null, ['knee-between', 'no-intervals']]);
	});
});
