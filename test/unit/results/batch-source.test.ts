import {describe, expect, it} from 'vitest';
import {UserError} from '../../../base/errors.ts';
import {findBatches} from '../../../results/batch-source.ts';
import {batch, range, traceOf} from '../../support/trace-ranges.ts';
import {at, codes, measure} from '../../support/measure.ts';
import type {Placeholder} from '../../../schemas/placeholder.ts';

const defaultPattern = /^batch_(?<index>\d+)$/;

const placeholderOf = (
	paths: readonly string[],
	batches: Readonly<Record<string, [number, number]>>,
): Placeholder => ({
	data: Object.fromEntries(paths.map((path) => [path, [0, 0] as [number, number]])),
	batch_info: {...batches},
	inside_batch_info: [],
	meta: {obj_name: 'obj'},
});

describe('marks', () => {
	it('win over a placeholder and over the pattern', () => {
		const trace = traceOf([
			range('pipeline', 0, 100, {note: {object: 'mine'}}, [
				range('step_7', 0, 10, {note: {batch: 7, items: 2}}),
				range('batch_0', 10, 20),
			]),
		]);
		const placeholder = placeholderOf(['obj/pipeline'], {'obj/pipeline/batch_0': [0, 1]});
		const {result} = measure(trace, {warmup: 0, placeholder});
		expect(result.meta['batch_source']).toBe('marks');
		expect(result.meta.total_batches).toEqual({'mine/pipeline': 1});
		expect(Object.keys(result.stats)).toEqual([
			'mine/pipeline',
			'mine/pipeline/step_*',
			'mine/pipeline/batch_0',
		]);
	});

	it('keep their objects where no batch is marked and the pattern steps in', () => {
		const trace = traceOf([
			range('pipeline', 0, 100, {note: {object: 'mine'}}, [range('batch_0', 10, 20)]),
		]);
		const {result} = measure(trace, {warmup: 0});
		expect(result.meta['batch_source']).toBe('pattern');
		expect(result.meta.total_batches).toEqual({'mine/pipeline': 1});
	});

	it('start a new root for an object inside the range of another', () => {
		const inner = range('inner', 20, 40, {note: {object: 'b'}}, [range('deep', 25, 30)]);
		const trace = traceOf([range('outer', 0, 100, {note: {object: 'a'}}, [inner])]);
		const {data} = measure(trace).result;
		expect(Object.keys(data)).toEqual(['a', 'b']);
		expect(at(data, 'b', 'inner', 'deep')?.cpu_time).toBe(0.000005);
		expect(at(data, 'a', 'outer', 'inner')).toBeUndefined();
		expect(at(data, 'a', 'outer')?.cpu_time).toBe(0.0001);
	});

	it('let a deleted range vanish with all below, another object inside it too', () => {
		const other = range('other', 12, 14, {note: {object: 'b'}});
		const gone = range('gone', 10, 20, {note: {deleted: true}}, [range('below', 11, 12), other]);
		const trace = traceOf([
			range('pipeline', 0, 100, {note: {object: 'a'}}, [gone, batch(0, 1, 30, 40)]),
		]);
		const {result} = measure(trace, {warmup: 0});
		expect(Object.keys(result.data)).toEqual(['a']);
		expect(Object.keys(at(result.data, 'a', 'pipeline') ?? {})).not.toContain('gone');
	});
});

describe('a placeholder', () => {
	const trace = traceOf([
		range('pipeline', 0, 100, {}, [
			range('batch_0', 0, 10, {}, [range('pre/process', 1, 3), range('TRT:enqueue', 4, 5)]),
			range('batch_1', 10, 20, {}, [range('pre/process', 11, 13)]),
			range('batch_2', 20, 30, {}, [range('pre/process', 21, 23)]),
		]),
	]);
	const placeholder = placeholderOf(
		[
			'obj/pipeline/batch_0/pre/process',
			'obj/pipeline/batch_0',
			'obj/pipeline/batch_1/pre/process',
			'obj/pipeline/batch_1',
			'obj/pipeline',
		],
		{'obj/pipeline/batch_0': [0, 4], 'obj/pipeline/batch_1': [1, 2]},
	);
	const {result} = measure(trace, {warmup: 0, placeholder});

	it('gives the object, the batches and their items', () => {
		expect(result.meta['batch_source']).toBe('placeholder');
		expect(result.meta.total_batches).toEqual({'obj/pipeline': 2});
		expect(at(result.data, 'obj', 'pipeline')?.total_items).toBe(6);
		expect(at(result.data, 'obj', 'pipeline', 'batch_0', 'pre/process')?.total_items).toBe(4);
	});

	it('leaves out what it kept of other batches but not of this one: that was deleted', () => {
		expect(at(result.data, 'obj', 'pipeline', 'batch_2')).toBeUndefined();
	});

	it('keeps ranges of other libraries and says so', () => {
		expect(at(result.data, 'obj', 'pipeline', 'batch_0', 'TRT:enqueue')).toBeDefined();
		expect(result.warnings).toEqual([
			expect.objectContaining({
				code: 'unlisted-ranges',
				message: expect.stringContaining('"TRT:enqueue"') as string,
			}),
			expect.objectContaining({code: 'partial-ranges'}),
		]);
	});

	it('knows its paths without the domains of the trace', () => {
		const domains = traceOf([
			range('app:pipeline', 0, 100, {}, [range('app:batch_0', 0, 10), range('batch_1', 10, 20)]),
		]);
		const source = findBatches(domains, {batchPattern: defaultPattern, placeholder});
		expect([...source.batches.values()]).toEqual([
			{index: 0, items: 4, foldedName: ['app:batch_', '']},
			{index: 1, items: 2, foldedName: ['batch_', '']},
		]);
	});

	it('says when a batch that it lists is not in the trace', () => {
		const short = traceOf([range('pipeline', 0, 100, {}, [range('batch_0', 0, 10)])]);
		const source = findBatches(short, {batchPattern: defaultPattern, placeholder});
		expect(source.warnings[0]).toMatchObject({
			code: 'listed-batches-missing',
			message: expect.stringMatching(/^1 of the batches/) as string,
		});
	});

	it('is not overruled by the pattern when it lists no batch at all', () => {
		const empty = placeholderOf(['obj/pipeline'], {});
		const {meta} = measure(trace, {placeholder: empty}).result;
		expect(meta.total_batches).toEqual({});
	});
});

describe('a pattern', () => {
	const trace = traceOf([
		range('run', 0, 100, {}, [
			range('frame 07 of 8 items', 0, 10),
			range('mine:frame 08 of 4 items', 10, 20),
			range('frame x of 4 items', 20, 30),
		]),
	]);
	const pattern = /^frame (?<index>\w+) of (?<items>\d+) items$/g;

	it('reads index and items from names, with or without a domain, and folds both', () => {
		const {batches} = findBatches(trace, {batchPattern: pattern, placeholder: null});
		expect([...batches]).toEqual([
			[1, {index: 7, items: 8, foldedName: ['frame ', ' of ', ' items']}],
			[2, {index: 8, items: 4, foldedName: ['mine:frame ', ' of ', ' items']}],
		]);
	});

	it('takes one item per batch where it has no group for them, and says so', () => {
		const plain = traceOf([range('batch_0', 0, 10)]);
		const {result} = measure(plain, {warmup: 0});
		expect(at(result.data, 'batch_0')?.total_items).toBe(1);
		expect(codes(result)).toEqual(['items-assumed']);
	});

	it('says when nothing matches', () => {
		const {result} = measure(traceOf([range('work', 0, 10)]));
		expect(codes(result)).toEqual(['no-batches']);
		expect(result.stats['work']?.cpu_time.count).toBe(1);
	});

	it('must name the index', () => {
		expect(() => measure(trace, {pattern: /^frame (\d+)/})).toThrow(UserError);
	});
});
