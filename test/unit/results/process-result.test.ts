import {describe, expect, it} from 'vitest';
import {ProcessResult} from '../../../schemas/benchmark-result.ts';
import {at, codes, measure, messages} from '../../support/measure.ts';
import {batch, range, traceOf, traceOfThreads} from '../../support/trace-ranges.ts';

describe('instances and threads', () => {
	it('adds the times of a path that comes again on its thread', () => {
		const stages = [
			range('stage', 0, 10, {gpu: 4, busy: 3}),
			range('stage', 20, 25, {gpu: 2, busy: 1}),
		];
		const {data} = measure(traceOf([range('top', 0, 100, {}, stages)])).result;
		expect(at(data, 'top', 'stage')).toEqual({
			cpu_time: 0.000015,
			gpu_time: 0.000006,
			gpu_busy_time: 0.000004,
			instances: 2,
		});
	});

	it('takes the mean over the threads that have a path, and counts all instances', () => {
		const threads = [
			{pid: 1, tid: 1, ranges: [range('work', 0, 10, {gpu: 6}), range('work', 20, 30)]},
			{pid: 2, tid: 1, ranges: [range('work', 0, 40)]},
			{pid: 2, tid: 2, ranges: [range('other', 0, 40)]},
		];
		const {data} = measure(traceOfThreads(threads)).result;
		expect(at(data, 'work')).toEqual({
			cpu_time: 0.00003,
			gpu_time: 0.000003,
			gpu_busy_time: 0.000003,
			instances: 3,
			threads: 2,
		});
		expect(at(data, 'other')).not.toHaveProperty('threads');
	});

	it('takes items as the mean over the threads that state them', () => {
		const pipeline = (items: number | undefined) => [
			range('pipeline', 0, 100, {}, [batch(0, items, 0, 50)]),
		];
		const threads = [4, 8, undefined].map((items, tid) => ({pid: 1, tid, ranges: pipeline(items)}));
		const {result} = measure(traceOfThreads(threads), {warmup: 0});
		expect(at(result.data, 'pipeline', 'batch_0')?.total_items).toBe(6);
		expect(codes(result)).toEqual(['mean-of-threads']);
	});

	it('takes times and items off each thread alike where threads share out the batches', () => {
		const thread = (tid: number, indices: readonly number[]) => ({
			pid: 1,
			tid,
			ranges: [
				range(
					'pipeline',
					0,
					100,
					{},
					indices.map((index, at) => batch(index, 1, at * 50, at * 50 + 40)),
				),
			],
		});
		const {result} = measure(traceOfThreads([thread(1, [0, 2]), thread(2, [1, 3])]));
		expect(at(result.data, 'pipeline')).toMatchObject({
			cpu_time: 0.0001,
			cpu_time_minus_warmup: 0.00006,
			total_items: 2,
			cpu_time_per_item: 0.00005,
			total_items_minus_warmup: 1,
		});
		expect(messages(result, 'mean-of-threads')[0]).toMatch(
			/^"pipeline" ran on 2 threads: its times and items are the mean/,
		);
	});

	it('takes items as times where every thread runs all batches', () => {
		const ranges = [range('pipeline', 0, 100, {}, [batch(0, 3, 0, 40), batch(1, 3, 50, 90)])];
		const both = [1, 2].map((tid) => ({pid: 1, tid, ranges}));
		const {data} = measure(traceOfThreads(both), {warmup: 0}).result;
		expect(at(data, 'pipeline')?.total_items).toBe(6);
		expect(at(data, 'pipeline', 'batch_0')?.total_items).toBe(3);
	});

	it('gives holders and their batches the same time per item where threads share them out', () => {
		const thread = (tid: number, indices: readonly number[]) => ({
			pid: 1,
			tid,
			ranges: indices.map((index, place) => batch(index, 2, place * 40, place * 40 + 40)),
		});
		const threads = [thread(1, [0, 2, 4]), thread(2, [1, 3, 5])];
		const held = threads.map(({ranges, ...ids}) => ({
			...ids,
			ranges: [range('pipeline', 0, 120, {}, ranges)],
		}));
		for (const [trace, holder] of [
			[threads, '/'],
			[held, 'pipeline'],
		] as const) {
			const {stats} = measure(traceOfThreads(trace), {warmup: 1}).result;
			expect(stats[holder]?.cpu_time_per_item?.mean).toBe(0.00002);
			expect(stats[holder]?.cpu_time_per_item_minus_warmup?.mean).toBe(0.00002);
			expect(stats[holder]?.throughput?.items_per_second).toBeCloseTo(2 / 40e-9, 3);
		}
	});

	it('shares out items above holders as well', () => {
		const thread = (tid: number, name: string, items: number) => ({
			pid: 1,
			tid,
			ranges: [range('app', 0, 100, {}, [range(name, 0, 90, {}, [batch(0, items, 0, 80)])])],
		});
		const {data} = measure(traceOfThreads([thread(1, 'read', 2), thread(2, 'infer', 6)]), {
			warmup: 0,
		}).result;
		expect(at(data, 'app')).toMatchObject({total_items: 4, cpu_time: 0.0001});
		expect(at(data, 'app', 'infer')?.total_items).toBe(6);
	});
});

describe('items', () => {
	const batches = (from: number, items: number) => [
		batch(0, items, from, from + 10, {}, [
			range('stage', from, from + 4, {}, [range('kernel', from, from + 2)]),
		]),
		batch(1, items, from + 10, from + 20),
	];
	const trace = traceOf([
		range('app', 0, 100, {}, [
			range('read', 0, 40, {}, batches(0, 2)),
			range('infer', 40, 80, {}, batches(40, 3)),
			range('setup', 80, 100),
		]),
	]);
	const {data, meta} = measure(trace, {warmup: 0}).result;

	it('sums all batch levels below a range further up', () => {
		expect(at(data, 'app')).toMatchObject({total_items: 10, cpu_time_per_item: 0.00001});
		expect(at(data, 'app')).not.toHaveProperty('total_items_minus_warmup');
		expect(meta.total_batches).toEqual({'app/read': 2, 'app/infer': 2});
	});

	it('gives ranges inside a batch that batch’s items', () => {
		expect(at(data, 'app', 'infer', 'batch_0', 'stage', 'kernel')).toMatchObject({
			total_items: 3,
			cpu_time_per_item: 0.000001,
		});
	});

	it('gives none to a range beside the batches', () => {
		expect(at(data, 'app', 'setup')).not.toHaveProperty('total_items');
		expect(at(data, 'app', 'setup')).not.toHaveProperty('cpu_time_per_item');
	});
});

describe('meta', () => {
	it('keeps every object’s own words', () => {
		const metas = [
			{pid: 1, meta: {obj_name: 'a', args: {batch: 4}, measurement_unit: 'hours'}},
			{pid: 1, meta: {obj_name: 'b'}},
		];
		const {meta} = measure(traceOf([batch(0, 1, 0, 1)], {metas})).result;
		expect(meta).toMatchObject({obj_name: 'a', args: {batch: 4}, measurement_unit: 'milliseconds'});
		expect(meta['annotation_objects']).toEqual([
			{pid: 1, obj_name: 'a', args: {batch: 4}, measurement_unit: 'hours'},
			{pid: 1, obj_name: 'b'},
		]);
	});

	it('tells the profiler, whether the GPU was seen, and what the trace warned of', () => {
		const warning = {code: 'lost-data', message: 'Some data was lost.'};
		const trace = traceOf([batch(0, 1, 0, 1, {gpu: 1})], {
			warnings: [warning],
			tool: {kind: 'builtin', library: 'x'},
		});
		const {meta, warnings} = measure(trace, {warmup: 0}).result;
		expect(meta).toMatchObject({profiler: 'builtin', gpu_traced: true, warmup_batches: 0});
		expect(warnings).toEqual([warning]);
	});
});

it('takes nothing from an empty trace', () => {
	const {result, originUnixNs} = measure(traceOf([]));
	expect(ProcessResult.parse(result)).toMatchObject({data: {}, mean_data: {}, stats: {}});
	expect(originUnixNs).toBeNull();
});
