/** Advice that the study itself knows better: more instances that were tried, and were no faster. */

import {describe, expect, it} from 'vitest';
import type {StudyPoint} from '../../../schemas/study.ts';
import {answer, server} from '../../support/study-answers.ts';
import {makePoint, type PointFacts} from '../../support/study-points.ts';

const busy = server({requestTime: 19, queue: 9, computeInfer: 9});
const slow = server({requestTime: 38, queue: 0.4, computeInfer: 36});

const withInstances = (
	instances: number,
	throughput: number,
	facts: Partial<PointFacts> = {},
): StudyPoint =>
	makePoint({
		...{at: 8, throughput, mean: 20, label: `m, ${instances}`, instances, device: 'cpu'},
		server: busy,
		...facts,
	});

const adviceOf = (points: readonly StudyPoint[], place = 0): string =>
	answer(points).lines[place]?.bottleneck?.advice ?? '';

describe('more instances', () => {
	const slower = [withInstances(1, 64.72), withInstances(2, 36.43, {mean: 40, server: slow})];

	it('that were tried and were slower are not advised, on either side', () => {
		const tried =
			'not more instances: here 2 came to 36.43 infer/s, 1 to 64.72 infer/s; computing took 37.0 ms instead of 10.0 ms, as where instances share the cores or the device';
		expect(adviceOf(slower)).toBe(
			`dynamic batching if it takes batches, or a GPU for it; ${tried}`,
		);
		const more = adviceOf(slower, 1);
		expect(more.endsWith(tried)).toBe(true);
		expect(more).not.toContain('with more instances');
	});

	it('that are not stable are told as such', () => {
		const [one, two] = [withInstances(1, 64.72), withInstances(2, 60, {status: 'unstable'})];
		expect(adviceOf([one, two])).toContain('here 2 came to 60 infer/s (not stable), 1 to 64.72');
	});

	it.each([
		['brought more', [withInstances(1, 60), withInstances(2, 90)]],
		[
			'brought more when there were many',
			[withInstances(1, 60), withInstances(2, 50), withInstances(4, 90)],
		],
		['were measured at another load', [withInstances(1, 60), withInstances(2, 50, {at: 4})]],
		['were on another device', [withInstances(1, 60), withInstances(2, 50, {device: 'gpu'})]],
		[
			'were of a batch size of their own',
			[withInstances(1, 60), withInstances(2, 50, {batchSize: 8})],
		],
		['nobody tried', [withInstances(1, 60)]],
	])('stay advised where they %s', (_, points) => {
		expect(adviceOf(points)).toMatch(/^more instances of m \(instance_group\)/);
	});

	it('of one model of an ensemble say nothing of another', () => {
		const composing = ['pre', 'net'].map((name) => ({name, version: '1', depth: 1, ...server({})}));
		const [waits, works] = [
			{successCount: 100, requestTime: 90, queue: 80, computeInfer: 9},
			{successCount: 100, requestTime: 9, queue: 0.4, computeInfer: 8},
		];
		const study = (busyModel: string): readonly StudyPoint[] =>
			[1, 2].map((instances) =>
				withInstances(instances, 60 / instances, {
					label: `ensemble, ${instances} of pre (cpu)`,
					mean: 100,
					server: {successCount: 100, requestTime: 99},
					composing: composing.map((model) => ({
						...model,
						...(model.name === busyModel ? waits : works),
					})),
				}),
			);
		expect(adviceOf(study('pre'))).toContain('not more instances');
		expect(adviceOf(study('net'))).toMatch(/^more instances of net/);
	});
});
