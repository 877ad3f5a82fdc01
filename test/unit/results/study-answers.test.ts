import {describe, expect, it} from 'vitest';
import {describeStudy} from '../../../report/study-answers.ts';
import {answerStudy} from '../../../results/study/answers.ts';
import {StudyAnswers, type LineAnswer, type SloLimit} from '../../../schemas/study-answers.ts';
import type {ComposingModel, ServerStatistics, StudyPoint} from '../../../schemas/study.ts';
import {makePoint, type PointFacts} from '../../support/study-points.ts';

const answer = (points: readonly StudyPoint[], slo: readonly SloLimit[] = []): StudyAnswers =>
	StudyAnswers.parse(answerStudy({points: [...points]}, slo));

const answerLine = (facts: readonly PointFacts[], slo: readonly SloLimit[] = []): LineAnswer => {
	const {lines} = answer(facts.map(makePoint), slo);
	const [line] = lines;
	if (line === undefined || lines.length > 1) {
		throw new Error(`${lines.length} lines`);
	}

	return line;
};

const codesOf = ({notes}: LineAnswer): readonly string[] => notes.map(({code}) => code);

const loadAt = ({loads}: LineAnswer, place: number | null): number | undefined =>
	place === null ? undefined : loads[place]?.load;

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

const server = (facts: Partial<ServerStatistics>): ServerStatistics => ({
	successCount: 100,
	requestTime: 10,
	overhead: 0.1,
	queue: 0.4,
	computeInput: 0.5,
	computeInfer: 8.5,
	computeOutput: 0.5,
	...facts,
});

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
