import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {ProcessResult} from '../../../schemas/benchmark-result.ts';
import {readJsonFile, writeJsonFile} from '../../../schemas/json-file.ts';
import {at, codes, measure} from '../../support/measure.ts';
import {batch, range, traceOf, traceOfThreads} from '../../support/trace-ranges.ts';

/** Milliseconds as nanoseconds. */
const ms = (value: number): number => value * 1e6;

const messages = (result: ProcessResult, code: string): readonly string[] =>
	result.warnings.filter((warning) => warning.code === code).map(({message}) => message);

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

describe('warm-up', () => {
	const pipeline = (indices: readonly number[], items: readonly (number | undefined)[] = []) =>
		traceOf([
			range(
				'pipeline',
				0,
				ms(1000),
				{},
				indices.map((index, at) =>
					batch(index, at in items ? items[at] : 1, ms(at * 100), ms(at * 100 + 50 + at)),
				),
			),
		]);

	it('goes by the position in order of index, whatever the indices are', () => {
		const {result} = measure(pipeline([12, 40, 10, 11]));
		expect(at(result.data, 'pipeline')).toMatchObject({
			// 1000 less the 52 of batch 10 and the 51 of batch 40.
			cpu_time_minus_warmup: 897,
			total_items_minus_warmup: 2,
		});
		expect(result.mean_data['pipeline']?.cpu_time).toBe((53 + 50) / 2);
	});

	it('writes batches and samples in order of index', () => {
		const measured = measure(pipeline([2, 0, 1]), {warmup: 0});
		const batches = Object.keys(at(measured.result.data, 'pipeline') ?? {}).filter((key) =>
			key.startsWith('batch_'),
		);
		expect(batches).toEqual(['batch_0', 'batch_1', 'batch_2']);
		expect(measured.samples.get('pipeline/batch_*')?.values.cpu_time).toEqual([51, 52, 50].map(ms));
	});

	it('takes the time of batches of no items off, and says how much', () => {
		const {result} = measure(pipeline([0, 1, 2, 3, 4], [1, 1, 1, 1, 0]));
		expect(result.meta.total_batches).toEqual({pipeline: 4});
		// 1000 less the 50 of batch 0, the 53 of batch 3 and the 54 of batch 4.
		expect(at(result.data, 'pipeline')?.cpu_time_minus_warmup).toBe(843);
		expect(at(result.data, 'pipeline')?.cpu_time).toBe(1000);
		expect(at(result.data, 'pipeline', 'batch_4')).toEqual({
			cpu_time: 54,
			gpu_time: 0,
			gpu_busy_time: 0,
			instances: 1,
			total_items: 0,
		});
		expect(result.stats['pipeline/batch_*']?.cpu_time.count).toBe(2);
		expect(result.warnings).toEqual([
			{
				code: 'uncounted-batches',
				message:
					'Not counted: 1 batch of 0 items; CPU time of 54 ms is left out of *_minus_warmup and throughput.',
			},
		]);
	});

	it('takes the time of deleted batches off their holder, not that of other deleted ranges', () => {
		const gone = {note: {deleted: true}};
		const trace = traceOf([
			range('pipeline', 0, ms(100), {gpu: 60}, [
				batch(0, 1, 0, ms(10), {gpu: 10}),
				batch(1, undefined, ms(10), ms(40), {gpu: 20, ...gone}, [
					batch(0, 1, ms(10), ms(20), gone),
				]),
				range('other', ms(40), ms(45), gone, [batch(5, 1, ms(40), ms(44))]),
			]),
		]);
		const {result} = measure(trace, {warmup: 0});
		expect(at(result.data, 'pipeline')).toMatchObject({
			cpu_time: 100,
			cpu_time_minus_warmup: 70,
			gpu_time_minus_warmup: 0.00004,
		});
		expect(messages(result, 'uncounted-batches')[0]).toContain(
			'1 deleted batch; CPU time of 30 ms',
		);
		expect(result.stats['pipeline']?.throughput?.items_per_second).toBeCloseTo(1 / 0.07, 6);
	});

	it('takes uncounted batches off what no range holds, but only between those that count', () => {
		const trace = traceOf([
			batch(0, 0, 0, ms(5), {gpu: 9}),
			batch(1, 1, ms(10), ms(20), {gpu: 4}),
			batch(2, undefined, ms(20), ms(50), {gpu: 9}),
			batch(3, 9, ms(50), ms(60), {note: {deleted: true}, gpu: 9}),
			batch(4, 1, ms(60), ms(70), {gpu: 4}),
			batch(5, undefined, ms(70), ms(99), {unfinished: true, gpu: 9}),
		]);
		const {result} = measure(trace, {warmup: 0});
		expect(result.stats['/']?.cpu_time.mean).toBe(60);
		expect(result.stats['/']?.cpu_time_minus_warmup?.mean).toBe(20);
		expect(result.stats['/']?.gpu_time_minus_warmup?.mean).toBe(0.000008);
		expect(result.stats['/']?.throughput?.items_per_second).toBeCloseTo(2 / 0.02, 6);
		expect(codes(result)).toEqual([
			'unfinished-batches',
			'batches-without-items',
			'uncounted-batches',
		]);
	});

	it('keeps numbers where no batch counts and no range holds them', () => {
		const {result} = measure(traceOf([batch(0, 0, 0, 10), batch(1, 0, 20, 30)]), {warmup: 0});
		expect(result.stats['/']?.cpu_time.mean).toBe(0.00003);
		expect(result.stats['/']?.cpu_time_minus_warmup?.mean).toBe(0.00001);
	});

	it('passes over batches without items, and says how many', () => {
		const {result} = measure(pipeline([0, 1, 2], [1, undefined, undefined]), {warmup: 0});
		expect(result.meta.total_batches).toEqual({pipeline: 1});
		expect(at(result.data, 'pipeline', 'batch_1')).not.toHaveProperty('total_items');
		expect(messages(result, 'batches-without-items')[0]).toMatch(
			/^2 batches never got a number of items and do not count: .* CPU time of 103 ms /,
		);
		expect(at(result.data, 'pipeline')?.cpu_time_minus_warmup).toBe(897);
	});

	it('passes over an unfinished batch, and says so', () => {
		const trace = traceOf([
			range('pipeline', 0, 100, {unfinished: true}, [
				batch(0, 1, 0, 10),
				batch(1, undefined, 10, 100, {unfinished: true}),
			]),
		]);
		const {result} = measure(trace, {warmup: 0});
		expect(result.meta.total_batches).toEqual({pipeline: 1});
		expect(codes(result)).toEqual(['unfinished-batches']);
		expect(at(result.data, 'pipeline', 'batch_1')?.cpu_time).toBe(0.00009);
		expect(at(result.data, 'pipeline')?.cpu_time_minus_warmup).toBe(0.00001);
	});

	it('says loudly when it leaves nothing, and what would', () => {
		const {result, window} = measure(pipeline([0, 1, 2]), {warmup: 2});
		expect(at(result.data, 'pipeline')).toMatchObject({
			cpu_time_minus_warmup: 1000 - 50 - 51 - 52,
			total_items_minus_warmup: 0,
		});
		expect(at(result.data, 'pipeline')).not.toHaveProperty('cpu_time_per_item_minus_warmup');
		expect(result.mean_data).toEqual({pipeline: {}});
		expect(Object.keys(result.stats)).toEqual(['pipeline']);
		expect(result.stats['pipeline']).not.toHaveProperty('throughput');
		expect(window).toBeNull();
		const [message] = messages(result, 'no-batches-left');
		expect(message).toContain('NOTHING IS LEFT AFTER WARM-UP of "pipeline"');
		expect(message).toContain('Use -w 1, or run at least 5 batches.');
	});

	it('keeps a GPU time at 0 that overlapping batches would make negative', () => {
		const trace = traceOf([
			range('pipeline', 0, 100, {gpu: 50}, [
				batch(0, 1, 0, 10, {gpu: 40}),
				batch(1, 1, 10, 20, {gpu: 5}),
				batch(2, 1, 20, 30, {gpu: 40}),
			]),
		]);
		const {result} = measure(trace);
		expect(at(result.data, 'pipeline')?.gpu_time_minus_warmup).toBe(0);
		expect(codes(result)).toEqual(['warm-up-overlaps']);
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

describe('batches inside batches', () => {
	const outer = (index: number, from: number) =>
		batch(index, 8, from, from + 100, {}, [
			range('split', from, from + 90, {}, [
				range('tiles', from, from + 80, {}, [
					...[0, 1, 2].map((inner) =>
						batch(inner, 2, from + inner * 20, from + inner * 20 + 10 + index, {}, [
							range('kernel', from + inner * 20, from + inner * 20 + 5),
						]),
					),
				]),
			]),
		]);
	const measured = measure(
		traceOf([
			range(
				'run',
				0,
				400,
				{},
				[0, 1, 2].map((i) => outer(i, i * 100)),
			),
		]),
	);
	const {data, mean_data: means, stats, meta} = measured.result;

	it('each have their own holder', () => {
		expect(meta.total_batches).toEqual({
			run: 3,
			'run/batch_0/split/tiles': 3,
			'run/batch_1/split/tiles': 3,
			'run/batch_2/split/tiles': 3,
		});
		expect(Object.keys(means)).toEqual(Object.keys(meta.total_batches));
	});

	it('take the items of the innermost batch, their holder its own, the outer batch its own', () => {
		const [split, tiles] = [
			at(data, 'run', 'batch_1', 'split'),
			at(data, 'run', 'batch_1', 'split', 'tiles'),
		];
		expect(at(data, 'run')?.total_items).toBe(24);
		expect(at(data, 'run', 'batch_1')?.total_items).toBe(8);
		expect(split?.total_items).toBe(8);
		expect(tiles).toMatchObject({total_items: 6, total_items_minus_warmup: 2});
		expect(at(data, 'run', 'batch_1', 'split', 'tiles', 'batch_2', 'kernel')?.total_items).toBe(2);
	});

	it('leave the measured time to batches whose outer batch is measured too', () => {
		const trace = traceOf(
			[
				range(
					'run',
					0,
					400,
					{},
					[0, 1, 2].map((i) => outer(i, i * 100)),
				),
			],
			{originUnixNs: 0n},
		);
		expect(measure(trace).window).toEqual({startUnixNs: 100n, endUnixNs: 200n});
	});

	it('leave out the warm-up of both levels in statistics', () => {
		const path = 'run/batch_*/split/tiles/batch_*';
		expect(measured.samples.get(path)?.values.cpu_time).toEqual([11]);
		expect(stats[`${path}/kernel`]?.cpu_time.count).toBe(1);
		expect(stats['run/batch_*/split/tiles']?.throughput?.items_per_second).toBeCloseTo(
			2 / 58e-9,
			3,
		);
	});
});

describe('ranges that only some batches have', () => {
	it('are named once for each holder', () => {
		const stage = (name: string, from: number) => range(name, from, from + 1);
		const trace = traceOf([
			range('pipeline', 0, 100, {}, [
				batch(0, 1, 0, 10, {}, [stage('warm', 0)]),
				batch(1, 1, 10, 20, {}, [stage('all', 10), stage('some', 12)]),
				batch(2, 1, 20, 30, {}, [stage('all', 20), stage('few', 22)]),
				batch(3, 1, 30, 40),
			]),
			range(
				'other',
				100,
				200,
				{},
				[0, 1, 2].map((index) => batch(index, 1, 100 + index * 10, 105 + index * 10)),
			),
		]);
		const {result} = measure(trace);
		expect(messages(result, 'partial-ranges')).toEqual([
			'2 paths are not in every batch of "pipeline", such as "some": the mean is over the batches that have it.',
		]);
	});

	it('are named once for holders that differ only in the batch around them', () => {
		const inner = (from: number) =>
			range('tiles', from, from + 50, {}, [
				batch(0, 1, from, from + 10, {}, [range('odd', from, from + 1)]),
				batch(1, 1, from + 10, from + 20),
			]);
		const trace = traceOf([
			range(
				'run',
				0,
				200,
				{},
				[0, 1].map((index) =>
					batch(index, 1, index * 100, index * 100 + 90, {}, [inner(index * 100)]),
				),
			),
		]);
		const found = messages(measure(trace, {warmup: 0}).result, 'partial-ranges');
		expect(found).toHaveLength(1);
		expect(found[0]).toMatch(/"run\/batch_0\/tiles", such as "odd".* in 1 more holder\./);
	});
});

describe('batches that no range holds', () => {
	const batches = [0, 1, 2].map((index) => batch(index, 2, index * 100, index * 100 + 60));

	it('at the top have the holder "/"', () => {
		const {result} = measure(traceOf(batches));
		expect(Object.keys(result.data)).toEqual(['batch_0', 'batch_1', 'batch_2']);
		expect(result.meta.total_batches).toEqual({'/': 3});
		expect(result.mean_data['/']?.cpu_time).toBe(0.00006);
		// From the first start to the last end, less the two batches of warm-up.
		expect(result.stats['/']?.cpu_time.mean).toBe(0.00026);
		expect(result.stats['/']?.cpu_time_minus_warmup?.mean).toBe(0.00014);
		expect(result.stats['/']?.throughput?.items_per_second).toBeCloseTo(2 / 140e-9, 3);
		expect(Object.keys(result.stats)).toEqual(['/', 'batch_*']);
	});

	it('under an object have the object as holder, which carries only its children', () => {
		const marked = batches.map((literal) => ({
			...literal,
			note: {...literal.note, object: 'obj'},
		}));
		const {result} = measure(traceOf(marked));
		expect(Object.keys(result.data)).toEqual(['obj']);
		expect(Object.keys(at(result.data, 'obj') ?? {})).toEqual(['batch_0', 'batch_1', 'batch_2']);
		expect(result.meta.total_batches).toEqual({obj: 3});
		expect(Object.keys(result.stats)).toEqual(['obj', 'obj/batch_*']);
	});
});

describe('names', () => {
	it('give way to the keys of the format, and say so', () => {
		const trace = traceOf([
			range('top', 0, 100, {}, [
				range('cpu_time', 0, 10),
				range('cpu_time#range', 10, 30),
				range('gpu_time', 30, 60),
			]),
		]);
		const {result} = measure(trace);
		const top = at(result.data, 'top');
		expect(top?.cpu_time).toBe(0.0001);
		expect(at(result.data, 'top', 'cpu_time#range')?.cpu_time).toBe(0.00001);
		expect(at(result.data, 'top', 'cpu_time#range#range')?.cpu_time).toBe(0.00002);
		expect(result.stats['top/gpu_time#range']?.cpu_time.mean).toBe(0.00003);
		expect(messages(result, 'renamed-ranges')[0]).toContain(
			'"cpu_time", "cpu_time#range", "gpu_time"',
		);
	});

	it('of JavaScript’s own are safe, in the file as well', () => {
		const odd = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', ''];
		const children = odd.map((name, index) => range(name, index, index + 1));
		const trace = traceOf([
			...odd.map((name, index) => range(name, index * 10, index * 10 + 5)),
			range('top', 100, 200, {}, children),
		]);
		const folder = mkdtempSync(path.join(tmpdir(), 'results-'));
		const file = path.join(folder, 'benchmark.json');
		writeJsonFile(ProcessResult, file, measure(trace).result);
		const {data, stats} = readJsonFile(ProcessResult, file);
		rmSync(folder, {recursive: true});
		const written = odd.map((name) => (name === '__proto__' ? '__proto__#range' : name));
		expect(Object.keys(data)).toEqual([...written, 'top']);
		for (const name of written) {
			expect(at(data, name)?.cpu_time).toBe(0.000005);
			expect(at(data, 'top', name)?.cpu_time).toBe(0.000001);
			expect(stats[`top/${name === '' ? String.raw`\e` : name}`]?.cpu_time.mean).toBe(0.000001);
		}
	});

	it('of an object and of a range at the top stay apart', () => {
		const trace = traceOf([range('run', 0, 10, {note: {object: 'same'}}), range('same', 20, 50)]);
		const {result} = measure(trace);
		expect(at(result.data, 'same', 'run')?.cpu_time).toBe(0.00001);
		expect(at(result.data, 'same#range')?.cpu_time).toBe(0.00003);
		expect(codes(result)).toContain('renamed-ranges');
	});

	it('with a slash, a star or a backslash never share a path with others', () => {
		const trace = traceOf([
			range('a', 0, 100, {}, [
				range('b', 0, 10),
				batch(0, 1, 20, 30),
				range('batch_*', 40, 60),
				range('*_1', 60, 65, {note: {batch: 1, items: 1}}),
			]),
			range('a/b', 100, 130),
			range('a\\', 130, 170, {}, [range('b', 130, 131)]),
			range('', 200, 250, {}, [range('', 200, 202)]),
		]);
		const {result} = measure(trace, {warmup: 0});
		const means = Object.fromEntries(
			Object.entries(result.stats).map(([key, {cpu_time}]) => [key, cpu_time.mean * 1e6]),
		);
		expect(means).toEqual({
			a: 100,
			'a/b': 10,
			'a/batch_*': 10,
			'a/batch_\\*': 20,
			'a/\\*_*': 5,
			'a\\/b': 30,
			'a\\\\': 40,
			'a\\\\/b': 1,
			'\\e': 50,
			'\\e/\\e': 2,
		});
		expect(result.warnings).toEqual([]);
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
	const {result, window} = measure(traceOf([]));
	expect(ProcessResult.parse(result)).toMatchObject({data: {}, mean_data: {}, stats: {}});
	expect(window).toBeNull();
});
