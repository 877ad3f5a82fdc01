/** What is named as the bottleneck, and the advice beside it. */

import {describe, expect, it} from 'vitest';
import type {LineAnswer} from '../../../schemas/study-answers.ts';
import {answerLine, codesOf, loadAt, server} from '../../support/study-answers.ts';
import type {PointFacts} from '../../support/study-points.ts';

describe('the bottleneck', () => {
	const at = (facts: Partial<PointFacts>): LineAnswer['bottleneck'] =>
		answerLine([{at: 8, throughput: 100, mean: 20, ...facts}]).bottleneck;

	it.each([
		[
			'queue',
			{server: server({requestTime: 20, queue: 12, computeInfer: 7})},
			/more instances of m .*dynamic batching.*a GPU/,
		],
		[
			'queue',
			{
				device: 'gpu',
				server: server({
					requestTime: 20,
					queue: 12,
					computeInfer: 7,
					inferenceCount: 100,
					executionCount: 50,
				}),
			},
			/more instances of m \(instance_group\), or a faster engine/,
		],
		['compute', {server: server({requestTime: 20, computeInfer: 18})}, /faster engine/],
		[
			'copies',
			{server: server({requestTime: 20, computeInput: 9, computeOutput: 8, computeInfer: 2})},
			/--shared-memory/,
		],
		[
			'network',
			{
				client: {sendReceive: 1, responseWait: 18},
				server: server({requestTime: 4, computeInfer: 2.5}),
			},
			/same machine/,
		],
		[
			'client',
			{
				client: {sendReceive: 15, responseWait: 5},
				server: server({requestTime: 4, computeInfer: 2.5}),
			},
			/--shared-memory/,
		],
		[
			'client',
			{client: {overhead: 0.7}, server: server({requestTime: 20, computeInfer: 18})},
			/more or faster client/,
		],
		[
			'client',
			{client: {delayed: 0.3}, server: server({requestTime: 20, computeInfer: 18})},
			/more or faster client/,
		],
		// Late because the server is busy.
		[
			'queue',
			{client: {delayed: 0.3}, server: server({requestTime: 20, queue: 12, computeInfer: 7})},
			/more instances/,
		],
	] as const)('%s', (kind, facts, advice) => {
		const found = at(facts);
		expect(found?.kind).toBe(kind);
		expect(found?.advice).toMatch(advice);
	});

	it('is the largest share, and each number is of what the sentence names', () => {
		const small = {
			client: {requestTime: 1.048, sendReceive: 0.113, responseWait: 0.935},
			server: {
				...{successCount: 9, requestTime: 0.51, overhead: 0.002, queue: 0.165},
				...{computeInput: 0.018, computeInfer: 0.297, computeOutput: 0.026},
			},
		};
		// A queue of 16 % is that of two requests that come at once: without it the network is the largest.
		expect(at({mean: 1.059, ...small})).toMatchObject({
			kind: 'network',
			message: 'the way between client and server takes 40 % of the latency (0.425 ms).',
		});
		const near = {sendReceive: 0.1, responseWait: 0.6};
		expect(at({mean: 0.7, ...small, client: near})).toMatchObject({kind: 'queue'});
		const alone = {...small.server, queue: 0.1, requestTime: 0.445};
		expect(at({mean: 0.6, client: {}, server: alone})).toMatchObject({
			kind: 'compute',
			message: 'm computes: 0.297 ms, 50 % of the latency.',
		});
		const copying = {...alone, computeInput: 0.2, computeOutput: 0.2, computeInfer: 0.1};
		expect(at({mean: 0.8, client: {}, server: copying})).toMatchObject({
			kind: 'copies',
			message: 'copying to and from m takes 0.400 ms, 50 % of the latency.',
		});
		expect(
			at({mean: 10, client: {}, server: server({overhead: 6, computeInfer: 2})}),
		).toMatchObject({
			kind: 'overhead',
			message: "the server's own overhead at m takes 6.00 ms, 60 % of the latency.",
		});
	});

	it.each([
		[
			{protocol: 'grpc', sharedMemory: 'system'},
			'the client on the same machine, smaller tensors;',
		],
		[{protocol: 'http'}, 'the client on the same machine, --shared-memory, gRPC, smaller tensors;'],
	] as const)('the advice leaves out what the point has: %j', (facts, advice) => {
		const far = {sendReceive: 1, responseWait: 18};
		const found = at({...facts, client: far, server: server({requestTime: 4, computeInfer: 2.5})});
		expect(found?.advice.startsWith(advice)).toBe(true);
	});

	it('of a CSV alone may be queues that it calls network', () => {
		const facts: PointFacts = {
			...{at: 8, throughput: 20, mean: 400, client: {network: 390, send: 1}},
			server: {queue: 0.1, computeInput: 1, computeInfer: 7, computeOutput: 0.5},
			sources: [{kind: 'csv', file: 'f', line: 2}],
		};
		const {bottleneck} = answerLine([facts]);
		expect(bottleneck).toMatchObject({kind: 'network'});
		expect(bottleneck?.message).toMatch(/its models' queues are in this/);
		expect(bottleneck?.advice).toMatch(/its models' CSVs/);
		// With them: 380 ms of it are the model's queue, and 10 remain.
		const composing = [
			{
				...{name: 'pre', version: '1', depth: 1},
				...{overhead: 0, queue: 380.1, computeInput: 1, computeInfer: 7, computeOutput: 0.5},
			},
		];
		const line = answerLine([{...facts, composing}]);
		expect(line.bottleneck).toMatchObject({kind: 'queue', model: 'pre'});
		const parts = line.time.at(-1)?.parts ?? [];
		expect(parts.find(({part}) => part === 'network')?.time).toBeCloseTo(10, 6);
		expect(parts.find(({part}) => part === 'queue')?.time).toBeCloseTo(380.1, 6);
		expect(parts.reduce((sum, {time}) => sum + time, 0)).toBeCloseTo(400, 0);
	});

	it('is found at the largest load, stable or not', () => {
		const busy = server({requestTime: 20, queue: 12, computeInfer: 7});
		const line = answerLine([
			{at: 1, throughput: 100, server: server({})},
			{at: 8, throughput: 100, mean: 20, status: 'unstable', server: busy},
		]);
		expect(line.bottleneck).toMatchObject({kind: 'queue', load: 8});
		expect(line.loads.map(({load}) => load)).toEqual([1]);
		const alone = answerLine([
			{at: 8, throughput: 100, mean: 20, status: 'unstable', server: busy},
		]);
		expect([loadAt(alone, alone.best), codesOf(alone)]).toEqual([8, ['unstable-only']]);
	});

	it('is not named where the server told nothing', () => {
		expect(at({})).toBeNull();
	});
});
