import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {BenchmarkPerf, CvCudaPerf} from '../../../annotations/typescript/index.ts';
import {Placeholder} from '../../../schemas/placeholder.ts';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'perf-'));
	vi.stubEnv('BENCHMARK_PY', '1');
	vi.stubEnv('BENCHMARK_OUTPUT_DIR', undefined);
	vi.stubEnv('BENCHMARK_PROGRESS', undefined);
});
afterEach(() => {
	vi.unstubAllEnvs();
	rmSync(folder, {recursive: true, force: true});
});

const openPerf = (): BenchmarkPerf => new BenchmarkPerf('obj', {deviceId: 0, outputDir: folder});

/** The program of the README: a pipeline, batches, two stages. */
const runBatches = (perf: BenchmarkPerf, items: readonly number[]): void => {
	perf.pushRange('pipeline');
	for (const [index, totalItems] of items.entries()) {
		perf.pushRange('batch', {batchIdx: index});
		for (const stage of ['stage_1', 'stage_2']) {
			perf.pushRange(stage);
			perf.popRange();
		}

		perf.popRange({totalItems});
	}

	perf.popRange();
};

describe('the placeholder', () => {
	it('is what perf_utils writes', () => {
		const perf = openPerf();
		runBatches(perf, [1, 16]);
		const returned = perf.finalize();
		const written: unknown = JSON.parse(readFileSync(path.join(folder, 'benchmark.json'), 'utf8'));
		expect(written).toEqual(returned);
		expect(Placeholder.parse(written)).toEqual({
			data: {
				'obj/pipeline/batch_0/stage_1': [0, 0],
				'obj/pipeline/batch_0/stage_2': [0, 0],
				'obj/pipeline/batch_0': [0, 0],
				'obj/pipeline/batch_1/stage_1': [0, 0],
				'obj/pipeline/batch_1/stage_2': [0, 0],
				'obj/pipeline/batch_1': [0, 0],
				'obj/pipeline': [0, 0],
			},
			mean_data: {},
			gpu_metrics: {},
			batch_info: {'obj/pipeline/batch_0': [0, 1], 'obj/pipeline/batch_1': [1, 16]},
			inside_batch_info: [
				'obj/pipeline/batch_0/stage_1',
				'obj/pipeline/batch_0/stage_2',
				'obj/pipeline/batch_1/stage_1',
				'obj/pipeline/batch_1/stage_2',
			],
			meta: {
				obj_name: 'obj',
				measurement_unit: 'milliseconds',
				node_version: process.versions.node,
				nsys_benchmark_version: expect.stringMatching(/^\d+\.\d+\.\d+/) as unknown,
				device: {id: 0, name: null},
				args: {deviceId: 0, outputDir: folder},
				total_batches: {'obj/pipeline': 2},
			},
		});
		expect(readdirSync(folder)).toEqual(['benchmark.json']);
	});

	it('lists paths in the order of their first end', () => {
		const perf = openPerf();
		runBatches(perf, [1]);
		expect(Object.keys(perf.finalize().data ?? {})).toEqual([
			'obj/pipeline/batch_0/stage_1',
			'obj/pipeline/batch_0/stage_2',
			'obj/pipeline/batch_0',
			'obj/pipeline',
		]);
	});

	it('does not count a batch of 0 items', () => {
		const perf = openPerf();
		runBatches(perf, [4, 0, 4]);
		const {meta, batch_info: batches} = perf.finalize();
		expect(meta?.['total_batches']).toEqual({'obj/pipeline': 2});
		expect(batches?.['obj/pipeline/batch_1']).toEqual([1, 0]);
	});

	it('claims no items for a batch that told none', () => {
		const perf = openPerf();
		perf.pushRange('batch', {batchIdx: 7});
		perf.popRange();
		expect(perf.finalize()).toMatchObject({data: {'obj/batch_7': [0, 0]}, batch_info: {}});
	});

	it('counts the batches of each range that holds some', () => {
		const perf = openPerf();
		perf.pushRange('epoch', {batchIdx: 0});
		runBatches(perf, [1, 1]);
		perf.popRange({totalItems: 2});
		const {meta, inside_batch_info: inside} = perf.finalize();
		expect(meta?.['total_batches']).toEqual({obj: 1, 'obj/epoch_0/pipeline': 2});
		expect(inside).toContain('obj/epoch_0/pipeline/batch_1');
	});

	it('forgets a deleted range and all below it, and nothing else', () => {
		const perf = openPerf();
		perf.pushRange('pipeline');
		perf.pushRange('stage');
		perf.popRange();
		perf.pushRange('batch', {batchIdx: 0});
		perf.pushRange('stage_1');
		perf.popRange();
		perf.popRange({totalItems: 4, deleteRange: true});
		perf.popRange();
		expect(perf.finalize()).toMatchObject({
			data: {'obj/pipeline/stage': [0, 0], 'obj/pipeline': [0, 0]},
			batch_info: {},
			inside_batch_info: [],
			meta: {total_batches: {}},
		});
	});

	it('keeps a path that an earlier range had before the deleted one', () => {
		const perf = openPerf();
		for (const deleteRange of [false, true]) {
			perf.pushRange('pipeline');
			perf.pushRange('stage');
			perf.popRange();
			perf.popRange({deleteRange});
		}

		expect(Object.keys(perf.finalize().data ?? {})).toEqual(['obj/pipeline/stage', 'obj/pipeline']);
	});

	it('goes to the folder that the launcher names when the program names none', () => {
		vi.stubEnv('BENCHMARK_OUTPUT_DIR', folder);
		new BenchmarkPerf('obj', {deviceId: 0}).finalize();
		expect(existsSync(path.join(folder, 'benchmark.json'))).toBe(true);
	});

	it('tells arguments that JSON has no form for as text', () => {
		const args = {size: 10n, scale: Number.NaN};
		const perf = new BenchmarkPerf('obj', {deviceId: 1, outputDir: folder, args});
		expect(perf.finalize().meta).toMatchObject({device: {id: 1}, args: {size: '10', scale: 'NaN'}});
	});
});

describe('outside of a benchmark', () => {
	it.each([undefined, ''])('writes nothing and returns {} (BENCHMARK_PY: %j)', (switchValue) => {
		vi.stubEnv('BENCHMARK_PY', switchValue);
		const perf = new CvCudaPerf('obj', {deviceId: 0, outputDir: folder});
		runBatches(perf, [1]);
		expect(perf.finalize()).toEqual({});
		expect(readdirSync(folder)).toEqual([]);
	});

	it('still finds what the program does wrong', () => {
		vi.stubEnv('BENCHMARK_PY', undefined);
		expect(() => openPerf().popRange()).toThrow('no range is open');
	});
});

describe('what it refuses', () => {
	const containing = (text: string): unknown => expect.stringContaining(text);
	const refused = (call: (perf: BenchmarkPerf) => void, code: string, message: string): void => {
		const perf = openPerf();
		expect(() => call(perf)).toThrow(
			expect.objectContaining({
				name: 'AnnotationError',
				code,
				message: containing(message),
			}),
		);
	};

	it('an object without a device', () => {
		const make = () => new BenchmarkPerf('obj', {outputDir: folder} as never);
		expect(make).toThrow('needs deviceId');
		expect(() => new BenchmarkPerf('obj', undefined as never)).toThrow('needs deviceId');
	});

	it('an object without a folder', () => {
		expect(() => new BenchmarkPerf('obj', {deviceId: 0})).toThrow('needs outputDir');
	});

	it('an object without a name', () => {
		expect(() => new BenchmarkPerf('', {deviceId: 0, outputDir: folder})).toThrow(
			'name of the object',
		);
	});

	it.each(['', 'a\0b', 7 as never])('the message %j', (message: string) => {
		refused((perf) => perf.pushRange(message), 'bad-argument', 'message of a range');
	});

	it.each([-1, 1.5, Number.NaN])('the batch index %d', (batchIdx) => {
		refused((perf) => perf.pushRange('batch', {batchIdx}), 'bad-argument', 'batchIdx');
	});

	it('an unknown color', () => {
		refused((perf) => perf.pushRange('a', {color: 'blau'}), 'bad-color', '"blau"');
	});

	it('a pop without a push', () => {
		refused((perf) => perf.popRange(), 'nothing-open', 'no range is open');
	});

	it('items outside of any batch', () => {
		const perf = openPerf();
		perf.pushRange('pipeline');
		expect(() => perf.popRange({totalItems: 1})).toThrow(
			expect.objectContaining({code: 'items-outside-batch'}),
		);
		perf.popRange();
		perf.finalize();
	});

	it('items of a range that is no batch but inside one', () => {
		const perf = openPerf();
		perf.pushRange('batch', {batchIdx: 0});
		perf.pushRange('stage');
		expect(() => perf.popRange({totalItems: 1})).toThrow('"obj/batch_0/stage" is none');
		perf.popRange();
		perf.popRange({totalItems: 1});
		perf.finalize();
	});

	it.each([-1, Number.NaN, Infinity])('%d items', (totalItems) => {
		const perf = openPerf();
		perf.pushRange('batch', {batchIdx: 0});
		expect(() => perf.popRange({totalItems})).toThrow('totalItems must be');
		perf.popRange();
	});

	it('a pop from another domain', () => {
		const perf = openPerf();
		perf.pushRange('a', {domain: 'one'});
		expect(() => perf.popRange({domain: 'two'})).toThrow(
			expect.objectContaining({code: 'wrong-domain', message: containing('"one"')}),
		);
		perf.popRange({domain: 'one'});
		perf.pushRange('b');
		expect(() => perf.popRange({domain: 'one'})).toThrow('the default domain');
		perf.popRange();
	});

	it("a pop of another object's range", () => {
		const perf = openPerf();
		const other = new BenchmarkPerf('other', {deviceId: 0, outputDir: folder});
		perf.pushRange('a');
		expect(() => other.popRange()).toThrow(expect.objectContaining({code: 'wrong-owner'}));
		perf.popRange();
	});

	it('to finalize with ranges open, and names them', () => {
		const perf = openPerf();
		perf.pushRange('a');
		perf.pushRange('b');
		expect(() => perf.finalize()).toThrow('"obj/a/b", "obj/a"');
		perf.popRange();
		perf.popRange();
		expect(perf.finalize()).not.toEqual({});
	});
});

it('keeps the paths of two objects that take turns apart', () => {
	const outer = openPerf();
	const inner = new BenchmarkPerf('inner', {deviceId: 0, outputDir: folder});
	outer.pushRange('a');
	inner.pushRange('b');
	outer.pushRange('c');
	outer.popRange();
	inner.popRange();
	outer.popRange();
	expect(Object.keys(inner.finalize().data ?? {})).toEqual(['inner/b']);
	expect(Object.keys(outer.finalize().data ?? {})).toEqual(['obj/a/c', 'obj/a']);
});
