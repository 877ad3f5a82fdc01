/** Where the time of a request goes: client, network, and the parts of each model on the server. */

import {describe, expect, it} from 'vitest';
import type {LineAnswer} from '../../../schemas/study-answers.ts';
import type {ComposingModel} from '../../../schemas/study.ts';
import {answerLine, codesOf, server} from '../../support/study-answers.ts';

const called = (name: string, facts: Partial<ComposingModel>): ComposingModel => ({
	name,
	version: '1',
	depth: 1,
	...server({}),
	...facts,
});

const sumOf = (parts: LineAnswer['time'][number]['parts']): number =>
	parts.reduce((sum, {share}) => sum + share, 0);

describe('where the time goes', () => {
	it('is client, network and the server, part by part', () => {
		const line = answerLine([
			{
				at: 1,
				throughput: 50,
				mean: 20,
				client: {requestTime: 19.9, sendReceive: 1.9, responseWait: 18},
				server: server({}),
			},
		]);
		const parts = line.time[0]?.parts ?? [];
		expect(parts.map(({part, time}) => [part, Math.round(time * 1000) / 1000])).toEqual([
			['client', 2],
			['network', 8],
			['overhead', 0.1],
			['queue', 0.4],
			['input', 0.5],
			['infer', 8.5],
			['output', 0.5],
		]);
		expect(sumOf(parts)).toBeCloseTo(1, 12);
	});

	// As perf_analyzer 2.60 told of a small model over HTTP: its Network has the 11 us around the request in it.
	it.each([
		[
			'a report with its CSV',
			{requestTime: 1.048, responseWait: 0.935},
			{client: 0.124, network: 0.425},
		],
		[
			'a CSV with --verbose-csv',
			{sendReceive: 0.113, responseWait: 0.946},
			{client: 0.113, network: 0.437},
		],
		['a CSV', {}, {client: 0.113, network: 0.437}],
	] as const)('counts no time twice: %s', (_, client, wanted) => {
		const compute = {computeInput: 0.018, computeInfer: 0.297, computeOutput: 0.026};
		const line = answerLine([
			{
				at: 2,
				throughput: 1855,
				mean: 1.059,
				client: {send: 0.113, receive: 0, network: 0.437, ...client},
				server: {
					...{queue: 0.165, ...compute},
					...('requestTime' in client ? {requestTime: 0.51, overhead: 0.002} : {}),
				},
			},
		]);
		const parts = line.time[0]?.parts ?? [];
		const timeOf = (wantedPart: string): number | undefined =>
			parts.find(({part}) => part === wantedPart)?.time;
		expect(timeOf('client')).toBeCloseTo(wanted.client, 9);
		expect(timeOf('network')).toBeCloseTo(wanted.network, 9);
		expect(parts.reduce((sum, {time}) => sum + time, 0)).toBeCloseTo(1.059, 9);
	});

	it('takes what is too much from the network first, then from the server', () => {
		const partsOf = (mean: number): ReadonlyMap<string, number> => {
			const line = answerLine([
				{
					at: 1,
					throughput: 50,
					mean,
					client: {sendReceive: 1, responseWait: 12},
					server: server({}),
				},
			]);
			const parts = line.time[0]?.parts ?? [];
			expect(parts.reduce((sum, {time}) => sum + time, 0)).toBeCloseTo(mean, 9);
			return new Map(parts.map(({part, time}) => [part, time]));
		};
		expect([partsOf(12).get('network'), partsOf(12).get('infer')]).toEqual([1, 8.5]);
		const short = partsOf(6);
		expect([short.get('network'), short.get('client')]).toEqual([undefined, 1]);
		expect(short.get('infer')).toBeCloseTo(4.25, 9);
	});

	it("weighs an ensemble's models with their calls, and they add up to the request's time", () => {
		const line = answerLine([
			{
				at: 1,
				throughput: 50,
				mean: 20,
				client: {sendReceive: 0, responseWait: 20},
				server: {successCount: 100, requestTime: 20, overhead: 1, queue: 0.8, compute: 18},
				composing: [
					// Called twice for each request: 2 x 5 ms.
					called('twice', {
						successCount: 200,
						requestTime: 5,
						queue: 0,
						overhead: 0,
						computeInput: 0,
						computeInfer: 5,
						computeOutput: 0,
					}),
					called('once', {requestTime: 8}),
				],
			},
		]);
		const parts = line.time[0]?.parts ?? [];
		const timeOf = (model: string): number =>
			parts.filter((part) => part.model === model).reduce((sum, {time}) => sum + time, 0);
		expect(
			[timeOf('twice'), timeOf('once'), timeOf('m')].map((time) => Number(time.toFixed(6))),
		).toEqual([10, 8, 2]);
		expect(sumOf(parts)).toBeCloseTo(1, 12);
		expect(line.bottleneck).toMatchObject({kind: 'compute', model: 'twice'});
	});

	it('puts what a nested ensemble calls into its time', () => {
		const line = answerLine([
			{
				at: 1,
				throughput: 50,
				mean: 10,
				server: {successCount: 10, requestTime: 10, overhead: 0, queue: 0, compute: 10},
				composing: [
					called('inner', {
						successCount: 10,
						requestTime: 8,
						overhead: 1,
						queue: 0,
						computeInput: undefined,
						computeInfer: undefined,
						computeOutput: undefined,
						compute: 7,
					}),
					called('deep', {depth: 2, successCount: 10, requestTime: 7}),
				],
			},
		]);
		const parts = line.time[0]?.parts ?? [];
		expect(parts.find(({model}) => model === 'inner')).toMatchObject({part: 'overhead', time: 1});
		expect(parts.find(({model, part}) => model === 'deep' && part === 'infer')?.time).toBeCloseTo(
			5.95,
			6,
		);
	});

	it('scales models that run side by side, and says so', () => {
		const line = answerLine([
			{
				at: 1,
				throughput: 50,
				mean: 10,
				server: {successCount: 10, requestTime: 10, overhead: 0, queue: 0, compute: 20},
				composing: [called('a', {successCount: 10}), called('b', {successCount: 10})],
			},
		]);
		expect(sumOf(line.time[0]?.parts ?? [])).toBeCloseTo(1, 12);
		expect(codesOf(line)).toContain('models-overlap');
	});
});
