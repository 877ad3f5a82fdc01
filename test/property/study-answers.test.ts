/** Answers of any study fit their schema, have shares that add up to 1, and say nothing that is no number. */

import fc from 'fast-check';
import {expect, it} from 'vitest';
import {describeStudy} from '../../report/study-answers.ts';
import {answerStudy} from '../../results/study/answers.ts';
import {splitLatency} from '../../results/study/time-shares.ts';
import {compareStudies} from '../../results/study/study-comparison.ts';
import {defaultComparison} from '../../results/comparison/judged-changes.ts';
import {StudyAnswers} from '../../schemas/study-answers.ts';
import type {ServerStatistics, StudyPoint} from '../../schemas/study.ts';
import {makePoint} from '../support/study-points.ts';

/** Whole nanoseconds, as all sources have them. */
const time = fc.oneof(
	fc.constant(0),
	fc.integer({min: 1, max: 1e12}).map((ns) => ns / 1e6),
);
const count = fc.oneof(fc.constant(0), fc.nat({max: 1000}));

const server: fc.Arbitrary<ServerStatistics> = fc.record(
	{
		successCount: count,
		inferenceCount: count,
		executionCount: count,
		cacheHitCount: count,
		requestTime: time,
		overhead: time,
		queue: time,
		computeInput: time,
		computeInfer: time,
		computeOutput: time,
		compute: time,
		cache: time,
	},
	{requiredKeys: []},
);

const composing = fc.array(
	fc
		.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({min: 1, max: 4}), server)
		.map(([name, depth, own]) => ({name, version: '', depth, ...own})),
	{maxLength: 5},
);

const point: fc.Arbitrary<StudyPoint> = fc
	.record({
		at: fc.nat({max: 9}),
		throughput: time,
		mean: time,
		p99: time,
		label: fc.constantFrom('v', 'w'),
		status: fc.constantFrom('stable', 'unstable', 'over-limit', 'failed', 'unknown'),
		server: fc.option(server),
		composing,
		rates: fc.array(fc.double({min: 0.001, max: 1e6, noNaN: true}), {maxLength: 4}),
		client: fc.record(
			{
				...{send: time, receive: time, responseWait: time, network: time, std: time},
				...{requestTime: time, sendReceive: time, overhead: time},
			},
			{requiredKeys: []},
		),
		device: fc.constantFrom(null, 'cpu', 'gpu'),
	})
	.map(makePoint);

it('whatever was measured', () => {
	let bottlenecks = 0;
	fc.assert(
		fc.property(fc.array(point, {maxLength: 12}), fc.boolean(), (points, limited) => {
			const slo = limited ? [{percentile: 99, time: 100}] : [];
			const answers = StudyAnswers.parse(answerStudy({points}, slo));
			for (const {time: times, bottleneck, loads, best, leastEqual, knee} of answers.lines) {
				for (const {parts} of times) {
					expect(parts.reduce((sum, {share}) => sum + share, 0)).toBeCloseTo(1, 9);
				}

				bottlenecks += Number(bottleneck !== null);
				for (const place of [best, leastEqual, knee]) {
					expect(place === null || place < loads.length).toBe(true);
				}

				expect((leastEqual ?? 0) <= (best ?? 0)).toBe(true);
			}

			expect(describeStudy({answers}).join('\n')).not.toMatch(/NaN|undefined|Infinity/);
		}),
		{numRuns: 400},
	);
	expect(bottlenecks).toBeGreaterThan(100);
});

it('parts of the latency add up to its mean', () => {
	let told = 0;
	fc.assert(
		fc.property(fc.array(point, {minLength: 1, maxLength: 3}), (points) => {
			const known = points.filter((each) => each.server !== null);
			const mean = known.reduce((sum, {client}) => sum + (client.mean ?? 0), 0) / known.length;
			const parts = splitLatency(points);
			told += Number(parts.length > 0);
			expect(parts.every(({time: own}) => own > 0)).toBe(true);
			// To half a nanosecond of each point, and to what a double holds of 1e6 ms.
			const sum = parts.reduce((all, {time: own}) => all + own, 0);
			expect(Math.abs(sum - (known.length === 0 ? 0 : mean))).toBeLessThan(1e-6);
		}),
		{numRuns: 500},
	);
	expect(told).toBeGreaterThan(100);
});

it('a study against itself has no change', () => {
	fc.assert(
		fc.property(fc.array(point, {maxLength: 8}), fc.boolean(), (points, areVariants) => {
			const {rows, unmatched} = compareStudies(points, points, {
				areVariants,
				statistics: defaultComparison,
				metrics: null,
				fits: () => true,
				limits: [],
			});
			expect(unmatched).toEqual([]);
			for (const {comparison} of rows) {
				expect([null, 0]).toContain(comparison.change);
				expect(['same', 'inconclusive']).toContain(comparison.verdict);
			}
		}),
		{numRuns: 100},
	);
});
