import {describe, expect, it} from 'vitest';
import {readTrace} from '../../../nsys-parsers/read-trace.ts';
import {listGpuTimes, warningCodes} from '../../support/range-listing.ts';
import {temporaryFile} from '../../support/temporary-file.ts';
import {buildTrace, mergeSpecs, programOn} from '../../support/trace-builder.ts';
import type {TraceSpec} from '../../support/trace-builder.ts';

const read = (spec: TraceSpec, options = {}) =>
	readTrace(buildTrace(temporaryFile('trace.sqlite'), spec), options);

const gpuTimes = (spec: TraceSpec) => listGpuTimes(read(spec));

const outer = {name: 'outer', start: 0, end: 100};

describe('GPU time', () => {
	it('spans from the first start to the last end, idle gaps included; busy time leaves them out', () => {
		const times = gpuTimes({
			ranges: [outer],
			calls: [1, 2, 3].map((correlation) => ({correlation, start: correlation, end: correlation})),
			kernels: [
				{correlation: 1, start: 200, end: 210},
				{correlation: 2, start: 205, end: 220},
			],
			memcpys: [{correlation: 3, start: 300, end: 301}],
		});
		expect(times).toEqual({outer: {spanNs: 101, busyNs: 21, operations: 3}});
	});

	it('counts operations that overlap on several streams and devices once in the busy time', () => {
		const times = gpuTimes({
			ranges: [outer],
			calls: [1, 2, 3].map((correlation) => ({correlation, start: correlation, end: correlation})),
			kernels: [
				{correlation: 1, start: 10, end: 50, device: 0},
				{correlation: 2, start: 20, end: 30, device: 1},
				{correlation: 3, start: 50, end: 60, device: 1, stream: 9},
			],
		});
		expect(times).toEqual({outer: {spanNs: 50, busyNs: 50, operations: 3}});
	});

	it('belongs to every range around the call, not to that around the operation', () => {
		const program = programOn().push('outer').push('launching').launch({after: 30, takes: 5}).pop();
		expect(gpuTimes(program.push('waiting').wait(99).pop().pop().spec)).toEqual({
			outer: {spanNs: 5, busyNs: 5, operations: 1},
			'outer/launching': {spanNs: 5, busyNs: 5, operations: 1},
			'outer/waiting': {spanNs: 0, busyNs: 0, operations: 0},
		});
	});

	it('includes both ends of the range, and needs the whole call inside', () => {
		const kernels = [{correlation: 1, start: 500, end: 507}];
		const operationsOf = (start: number, end: number): number | undefined =>
			gpuTimes({ranges: [outer], calls: [{correlation: 1, start, end}], kernels})['outer']
				?.operations;
		expect(operationsOf(0, 100)).toBe(1);
		expect(operationsOf(100, 100)).toBe(1);
		expect(operationsOf(0, 0)).toBe(1);
		expect(operationsOf(-1, 5)).toBe(0);
		expect(operationsOf(99, 101)).toBe(0);
	});

	it('counts an operation once, though the driver and the runtime call both bear its id', () => {
		const times = gpuTimes({
			ranges: [outer],
			calls: [
				{correlation: 1, start: 5, end: 9},
				{correlation: 1, start: 6, end: 8},
			],
			kernels: [{correlation: 1, start: 20, end: 30}],
		});
		expect(times).toEqual({outer: {spanNs: 10, busyNs: 10, operations: 1}});
	});

	it('counts a graph of many kernels, which share one id, as one operation', () => {
		const kernels = [10, 20, 30].map((start) => ({correlation: 1, start, end: start + 5}));
		const calls = [{correlation: 1, start: 1, end: 2}];
		expect(gpuTimes({ranges: [outer], calls, kernels})).toEqual({
			outer: {spanNs: 25, busyNs: 15, operations: 1},
		});
	});

	it('tells apart two processes that use the same ids', () => {
		const first = programOn({pid: 1}).push('first').launch({takes: 5}).pop();
		const second = programOn({pid: 2}).push('second').launch({takes: 70}).pop();
		expect(gpuTimes(mergeSpecs(first.spec, second.spec))).toEqual({
			first: {spanNs: 5, busyNs: 5, operations: 1},
			second: {spanNs: 70, busyNs: 70, operations: 1},
		});
	});

	it('belongs to both of two ranges that overlap without nesting', () => {
		const times = gpuTimes({
			ranges: [
				{name: 'a', start: 0, end: 10},
				{name: 'b', start: 5, end: 15, domain: 'd'},
			],
			calls: [
				{correlation: 1, start: 6, end: 7},
				{correlation: 2, start: 11, end: 12},
			],
			kernels: [
				{correlation: 1, start: 20, end: 21},
				{correlation: 2, start: 30, end: 33},
			],
		});
		expect(times).toEqual({
			a: {spanNs: 1, busyNs: 1, operations: 1},
			'd:b': {spanNs: 13, busyNs: 4, operations: 2},
		});
	});

	it.each([0, 1_000_000_007])('finds sparse and dense correlation ids (%d)', (first) => {
		const program = programOn({firstCorrelation: first}).push('a').launch({takes: 3});
		const times = gpuTimes(program.launch({after: 7, takes: 2}).pop().spec);
		expect(times['a']?.operations).toBe(2);
	});
});

describe('GPU work that fits no range', () => {
	it('is told with its share', () => {
		const program = programOn().launch({takes: 25}).push('a').launch({takes: 75}).pop();
		const trace = read(program.spec);
		expect(trace.warnings).toEqual([
			{
				code: 'unattributed-gpu-work',
				message:
					'25 % of the GPU time (1 operation of 2) is in no range: 1 launched while no range was open.',
			},
		]);
	});

	it('includes what another thread launched while a range was open', () => {
		const ranges = programOn({pid: 1, tid: 1}).push('a').wait(50).pop();
		const other = programOn({pid: 1, tid: 2, from: 10}).launch({takes: 5});
		const trace = read(mergeSpecs(ranges.spec, other.spec));
		expect(listGpuTimes(trace)['a']?.operations).toBe(0);
		expect(warningCodes(trace)).toEqual(['unattributed-gpu-work']);
	});

	it('includes operations without a call, without an id, and without a process', () => {
		const file = buildTrace(
			temporaryFile('trace.sqlite'),
			{
				ranges: [outer],
				calls: [{correlation: null, start: 1, end: 2}],
				kernels: [
					{correlation: 5, start: 10, end: 20},
					{correlation: null, start: 10, end: 20},
					{correlation: 6, start: 10, end: 20},
				],
			},
			(database) => {
				database.exec(
					'UPDATE CUPTI_ACTIVITY_KIND_KERNEL SET globalPid = NULL WHERE correlationId = 6',
				);
			},
		);
		const trace = readTrace(file);
		expect(listGpuTimes(trace)).toEqual({outer: {spanNs: 0, busyNs: 0, operations: 0}});
		expect(warningCodes(trace)).toEqual(['unattributed-gpu-work', 'gpu-work-without-call']);
		expect(trace.warnings[1]?.message).toMatch(/^3 GPU operations were recorded without a call/);
	});
});

describe('GPU operations whose times make no sense', () => {
	const calls = [1, 2].map((correlation) => ({correlation, start: correlation, end: correlation}));
	const good = {correlation: 1, start: 1000, end: 1010};

	it.each([
		['no times at all', {start: 0, end: 0}],
		['an end before the start', {start: 5000, end: 4000}],
		['a time in another age', {start: 2n ** 62n, end: 2n ** 62n + 5n}],
	])('(%s) are counted, but measure nothing', (_, times) => {
		const trace = read({ranges: [outer], calls, kernels: [good, {correlation: 2, ...times}]});
		expect(listGpuTimes(trace)).toEqual({outer: {spanNs: 10, busyNs: 10, operations: 2}});
		expect(warningCodes(trace)).toEqual(['gpu-work-without-times']);
	});

	it('may well be 0 long', () => {
		const trace = read({
			ranges: [outer],
			calls,
			kernels: [good, {correlation: 2, start: 990, end: 990}],
		});
		expect(listGpuTimes(trace)).toEqual({outer: {spanNs: 20, busyNs: 10, operations: 2}});
		expect(trace.warnings).toEqual([]);
	});
});

describe('CUDA graphs that were traced as a whole', () => {
	const spec: TraceSpec = {
		ranges: [outer],
		calls: [1, 2].map((correlation) => ({correlation, start: correlation, end: correlation})),
		kernels: [{correlation: 1, start: 200, end: 210}],
		graphs: [{correlation: 2, start: 300, end: 330}],
	};

	it('are operations, and their share is told', () => {
		const trace = read(spec);
		expect(listGpuTimes(trace)).toEqual({outer: {spanNs: 130, busyNs: 40, operations: 2}});
		expect(trace.warnings[0]?.code).toBe('whole-cuda-graphs');
		expect(trace.warnings[0]?.message).toMatch(/^75 % of the GPU time/);
	});

	it('can be left out, as NVIDIA does', () => {
		const trace = read(spec, {cudaGraphs: false});
		expect(listGpuTimes(trace)).toEqual({outer: {spanNs: 10, busyNs: 10, operations: 1}});
		expect(trace.warnings).toEqual([]);
	});
});
