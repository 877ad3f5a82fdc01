import {describe, expect, it} from 'vitest';
import {readKernelNames} from '../../../nsys-parsers/kernel-names.ts';
import {summarizeKernels} from '../../../nsys-parsers/range-kernels.ts';
import {readDetailedTrace} from '../../../nsys-parsers/read-trace.ts';
import type {ReadTraceOptions} from '../../../nsys-parsers/read-trace.ts';
import {nameKernels} from '../../support/name-kernels.ts';
import type {KernelNaming} from '../../support/name-kernels.ts';
import {temporaryFile} from '../../support/temporary-file.ts';
import {buildTrace} from '../../support/trace-builder.ts';
import type {TraceSpec} from '../../support/trace-builder.ts';

interface Options extends ReadTraceOptions {
	readonly nvidiaRules?: boolean;
	readonly naming?: KernelNaming;
}

/** "range style thread: ranges kernels total kernel", row by row. */
const report = (spec: TraceSpec, {naming, nvidiaRules = false, ...options}: Options = {}) => {
	const names = naming ?? {demangledName: (spec.kernels ?? []).map(() => 'k')};
	const file = buildTrace(temporaryFile('trace.sqlite'), spec, nameKernels(names));
	const read = readDetailedTrace(file, {startEndRanges: true, ...options});
	const {rows} = summarizeKernels(read, readKernelNames(file, 'demangled'), {nvidiaRules});
	return Array.from(
		rows,
		(cells) =>
			`${cells[0] ?? '-'} ${cells[1] ?? '-'} ${cells[2] ?? '-'}/${cells[3] ?? '-'}: ${cells.slice(4, 7).join(' ')} ${cells[12]}`,
	);
};

const at = {pid: 1, tid: 1};

/** A call of 5 ns. */
const call = (correlation: number, start: number, tid = 1) => ({
	correlation,
	start,
	end: start + 5,
	pid: 1,
	tid,
});

const kernel = (correlation: number | null, takes: number, start = 1000) => ({
	correlation,
	start,
	end: start + takes,
	pid: 1,
});

describe('kernels by range', () => {
	it('count for every range that contains their call, and else under no name', () => {
		const spec = {
			ranges: [
				{name: 'a', start: 0, end: 100, ...at},
				{name: 'b', start: 10, end: 50, ...at},
				{name: 'a', start: 12, end: 40, ...at},
				{name: 's', start: 5, end: 90, eventType: 60, ...at},
				{name: 'elsewhere', start: 5, end: 90, eventType: 60, endTid: 2, ...at},
			],
			calls: [call(1, 15), call(2, 60), call(3, 200), call(4, 36)],
			kernels: [kernel(1, 10), kernel(2, 30), kernel(3, 5), kernel(4, 1), kernel(9, 2)],
		};
		// nvtx_kern_sum of nsys 2023.4 says the same of such a trace: kernel 1 counts for both ranges named "a".
		const rows = [
			'- - -/-: 0 1 2 k',
			'- - 1/1: 0 1 5 k',
			'a PushPop 1/1: 2 3 51 k',
			'b PushPop 1/1: 1 2 11 k',
			's StartEnd 1/1: 1 3 41 k',
		];
		expect(report(spec)).toEqual(rows);
		expect(report(spec, {nvidiaRules: true})).toEqual(rows);
	});

	it('count once though their call was recorded twice, unless by NVIDIA', () => {
		const spec = {
			ranges: [{name: 'a', start: 0, end: 100, ...at}],
			calls: [
				...[call(1, 15), {...call(1, 16), end: 19}],
				...[{...call(2, 50), end: 120}, call(2, 60)],
				...[call(3, 20), call(3, 20, 2)],
				...[call(4, 205), {...call(4, 200), end: 220}],
			],
			kernels: [kernel(1, 10), kernel(2, 30), kernel(3, 5), kernel(4, 1)],
			naming: {demangledName: ['one', 'two', 'three', 'four']},
		};
		const {naming} = spec;
		expect(report(spec, {naming})).toEqual([
			'- - 1/1: 0 1 1 four',
			'a PushPop 1/1: 1 1 30 two',
			'a PushPop 1/1: 1 1 10 one',
			'a PushPop 1/1: 1 1 5 three',
		]);
		expect(report(spec, {naming, nvidiaRules: true})).toEqual([
			'- - 1/1: 0 1 30 two',
			'- - 1/1: 0 1 2 four',
			'- - 1/2: 0 1 5 three',
			'a PushPop 1/1: 1 1 30 two',
			'a PushPop 1/1: 1 1 20 one',
			'a PushPop 1/1: 1 1 5 three',
		]);
	});

	it('count with impossible times, which are in no sum unless by NVIDIA', () => {
		const spec = {
			ranges: [{name: 'a', start: 0, end: 100, ...at}],
			calls: [1, 2, 3, 4].map((id) => call(id, 10)),
			kernels: [kernel(1, -10), {...kernel(2, 0), start: 0, end: 0}, kernel(3, 5), kernel(4, 0)],
		};
		expect(report(spec)).toEqual(['a PushPop 1/1: 1 4 5 k']);
		expect(report(spec, {nvidiaRules: true})).toEqual(['a PushPop 1/1: 1 4 -5 k']);
		const none = {...spec, calls: [call(1, 10)], kernels: [kernel(1, -10)]};
		expect(report(none)).toEqual(['a PushPop 1/1: 1 1 0 k']);
	});

	it('of a graph each count, though they share one launch', () => {
		const spec = {
			ranges: [{name: 'a', start: 0, end: 100, ...at}],
			calls: [call(1, 10)],
			kernels: [kernel(1, 10), kernel(1, 10), kernel(1, 20)],
		};
		expect(report(spec)).toEqual(['a PushPop 1/1: 1 3 40 k']);
	});

	it('of unnamed ranges stand together, whatever their domain', () => {
		const spec = {
			ranges: [
				{name: null, start: 0, end: 100, ...at},
				{name: null, domain: 'd', start: 10, end: 90, ...at},
				{name: '', start: 20, end: 80, ...at},
			],
			calls: [call(1, 30)],
			kernels: [kernel(1, 10)],
		};
		expect(report(spec)).toEqual([' PushPop 1/1: 1 1 10 k', '(unnamed) PushPop 1/1: 2 1 20 k']);
	});

	it('go to the main thread where that is asked for', () => {
		const spec = {
			ranges: [{name: 'a', start: 0, end: 100, ...at}],
			calls: [call(1, 30, 2)],
			kernels: [kernel(1, 10)],
		};
		expect(report(spec)).toEqual(['- - 1/2: 0 1 10 k']);
		expect(report(spec, {attributeThreads: true})).toEqual(['a PushPop 1/1: 1 1 10 k']);
	});
});

describe('names of kernels', () => {
	const spec = {
		ranges: [{name: 'a', start: 0, end: 100, ...at}],
		calls: [1, 2, 3, 4].map((id) => call(id, 10)),
		kernels: [kernel(1, 4), kernel(2, 3), kernel(3, 2), kernel(4, 1)],
	};

	it('are the demangled ones, else the short, else the mangled', () => {
		const naming = {
			mangledName: ['_Z1a', '_Z1b', '_Z1c', 77],
			shortName: ['a', 'b', 99, null],
			demangledName: ['void a<int>(int)', 99, null, ''],
		};
		expect(report(spec, {naming}).map((row) => row.replace(/^.*: /, ''))).toEqual([
			'1 1 4 void a<int>(int)',
			'1 1 3 b',
			'1 1 2 _Z1c',
			'1 1 1 (unnamed)',
		]);
		const file = buildTrace(temporaryFile('short.sqlite'), spec, nameKernels(naming));
		const {name, names} = readKernelNames(file, 'short');
		expect(Array.from(name, (number) => names[number])).toEqual(['a', 'b', '_Z1c', '(unnamed)']);
	});

	it('are not needed: an export without such columns has unnamed ones', () => {
		expect(report(spec, {naming: {}})).toEqual(['a PushPop 1/1: 1 4 10 (unnamed)']);
		expect(report({ranges: spec.ranges}, {naming: {}})).toEqual([]);
	});

	it('are those of the trace, or it is said', () => {
		const file = buildTrace(temporaryFile('trace.sqlite'), spec);
		const read = readDetailedTrace(file);
		expect(() => summarizeKernels(read, {name: new Int32Array(3), names: ['k']})).toThrow(
			`${file} changed while it was read`,
		);
	});
});
