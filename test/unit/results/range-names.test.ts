import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {ProcessResult} from '../../../schemas/benchmark-result.ts';
import {readJsonFile, writeJsonFile} from '../../../schemas/json-file.ts';
import {at, codes, measure, messages} from '../../support/measure.ts';
import {batch, range, traceOf} from '../../support/trace-ranges.ts';

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
