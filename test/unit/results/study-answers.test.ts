/** What the answers of a study say of points that a reader should doubt, and of no points at all. */

import {describe, expect, it} from 'vitest';
import {describeStudy} from '../../../report/study-answers.ts';
import type {StudyPoint} from '../../../schemas/study.ts';
import {answer, answerLine, codesOf, server} from '../../support/study-answers.ts';
import {makePoint, type PointFacts} from '../../support/study-points.ts';

describe('points that a reader should doubt', () => {
	it.each<readonly [string, readonly PointFacts[]]>([
		['cold-windows', [{at: 1, throughput: 100, rates: [60, 80, 100]}]],
		[
			'slow-outliers',
			[
				{
					at: 1,
					throughput: 100,
					p99: 11,
					client: {
						std: 5,
						percentiles: [
							{percentile: 50, time: 10},
							{percentile: 99, time: 11},
						],
					},
				},
			],
		],
		[
			'cold-repeat',
			[60, 100, 101].map((throughput, place) => ({at: 1, throughput, repeat: place + 1})),
		],
		[
			'cold-start',
			[
				{at: 1, throughput: 10},
				{at: 2, throughput: 100},
			],
		],
		['client-bound', [{at: 1, throughput: 10, client: {overhead: 0.6}}]],
		['cache-hits', [{at: 1, throughput: 10, server: server({cacheHitCount: 3})}]],
	])('%s', (code, facts) => {
		expect(codesOf(answerLine(facts))).toContain(code);
	});

	it('are none in an even sweep', () => {
		const line = answerLine([
			{at: 1, throughput: 100, rates: [100, 101, 99]},
			{at: 2, throughput: 190, rates: [190, 191, 189]},
		]);
		expect(codesOf(line)).toEqual(['still-growing', 'windows-only']);
	});
});

describe('a study without anything', () => {
	it('has no answers', () => {
		expect(describeStudy({answers: answer([])})).toEqual([]);
		expect(describeStudy({})).toEqual([]);
	});

	it('of a point that failed says so', () => {
		const answers = answer([makePoint({at: 1, throughput: 5, status: 'failed'})]);
		expect(describeStudy({answers})[0]).toBe('v: nothing usable was measured');
	});
});

describe('variants', () => {
	const namesOf = (points: readonly StudyPoint[]): readonly string[] =>
		describeStudy({answers: answer(points)}).flatMap((line) => /^(.*?): /.exec(line)?.[1] ?? []);
	const all = {at: 1, throughput: 100, sharedMemory: 'none'} as const;

	it('of one label are named after what differs, and no more', () => {
		const points = [makePoint(all), makePoint({...all, throughput: 200, protocol: 'grpc'})];
		expect(describeStudy({answers: answer(points)})).toContain(
			'highest of 2 variants: v, grpc with 200.0 infer/s',
		);
		const facts: readonly Partial<PointFacts>[] = [
			{},
			{batchSize: 8, sharedMemory: 'cuda'},
			{label: 'w', model: 'n'},
		];
		expect(namesOf(facts.map((each) => makePoint({...all, ...each}))).slice(0, 3)).toEqual([
			'v, batch 1, no shared memory',
			'v, batch 8, cuda shared memory',
			'w',
		]);
	});

	it('of which both concurrencies and rates were measured are one, and two lines', () => {
		const load = {kind: 'request-rate', value: 50} as const;
		const points = [makePoint(all), {...makePoint(all), load}];
		expect(namesOf(points).slice(0, 2)).toEqual(['v, by concurrency', 'v, by rate']);
		expect(describeStudy({answers: answer(points)}).join('\n')).not.toContain('highest of');
	});
});
