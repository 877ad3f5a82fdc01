import {describe, expect, it} from 'vitest';
import {readTrace} from '../../../nsys-parsers/read-trace.ts';
import type {Trace} from '../../../schemas/trace.ts';
import {listGpuTimes, warningCodes} from '../../support/range-listing.ts';
import {temporaryFile} from '../../support/temporary-file.ts';
import {buildTrace} from '../../support/trace-builder.ts';
import type {CallSpec, RangeSpec} from '../../support/trace-builder.ts';

const main = {pid: 1, tid: 1};
const autograd = {pid: 1, tid: 2};

/** One kernel of 5 ns for each call. */
const read = (
	ranges: readonly RangeSpec[],
	calls: readonly CallSpec[],
	attributeThreads = true,
): Trace =>
	readTrace(
		buildTrace(temporaryFile('trace.sqlite'), {
			ranges,
			calls,
			kernels: [...new Set(calls.map(({correlation, pid}) => `${correlation}/${pid}`))].map(
				(key, place) => {
					const [correlation, pid] = key.split('/').map(Number);
					return {
						correlation: Number(correlation),
						pid: Number(pid),
						start: 1000 + 10 * place,
						end: 1005 + 10 * place,
					};
				},
			),
		}),
		{attributeThreads},
	);

const launches = (trace: Trace): Record<string, number> =>
	Object.fromEntries(
		Object.entries(listGpuTimes(trace)).map(([path, {operations}]) => [path, operations]),
	);

const step = {name: 'step', start: 0, end: 100, ...main};
const backward = {name: 'backward', start: 10, end: 50, ...main};

describe('work launched by a thread that has no range open', () => {
	it('goes to the range that was open on the main thread, and to all around it', () => {
		const calls = [{correlation: 1, start: 20, end: 25, ...autograd}];
		const trace = read([step, backward], calls);
		expect(launches(trace)).toEqual({step: 1, 'step/backward': 1});
		expect(listGpuTimes(trace)['step/backward']).toEqual({spanNs: 5, busyNs: 5, operations: 1});
		expect(warningCodes(trace)).toEqual([]);
	});

	it('stays in no range unless that is asked for', () => {
		const calls = [{correlation: 1, start: 20, end: 25, ...autograd}];
		const trace = read([step, backward], calls, false);
		expect(launches(trace)).toEqual({step: 0, 'step/backward': 0});
		expect(warningCodes(trace)).toEqual(['unattributed-gpu-work']);
	});

	it('goes by the start of its call, ends included', () => {
		const at = (start: number, end: number) =>
			launches(read([step, backward], [{correlation: 1, start, end, ...autograd}]));
		expect(at(50, 70)).toEqual({step: 1, 'step/backward': 1});
		expect(at(51, 70)).toEqual({step: 1, 'step/backward': 0});
		expect(at(10, 11)).toEqual({step: 1, 'step/backward': 1});
		expect(at(9, 11)).toEqual({step: 1, 'step/backward': 0});
		expect(at(101, 105)).toEqual({step: 0, 'step/backward': 0});
	});

	it('goes by the first call, where the runtime and the driver both bear its id', () => {
		const calls = [
			{correlation: 1, start: 60, end: 65, ...autograd},
			{correlation: 1, start: 45, end: 70, ...autograd},
		];
		expect(launches(read([step, backward], calls))).toEqual({step: 1, 'step/backward': 1});
	});

	it('goes by the lower thread of two whose calls began at once, in whatever order they stand', () => {
		const own = {name: 'own', start: 15, end: 22, pid: 1, tid: 3};
		const calls = [
			{correlation: 1, start: 20, end: 25, pid: 1, tid: 3},
			{correlation: 1, start: 20, end: 25, ...autograd},
		];
		const expected = {step: 1, 'step/backward': 1, own: 0};
		expect(launches(read([step, backward, own], calls))).toEqual(expected);
		expect(launches(read([step, backward, own], calls.toReversed()))).toEqual(expected);
	});

	it('goes to every range that is open, where ranges overlap without nesting', () => {
		const a = {name: 'a', start: 0, end: 30, ...main};
		const b = {name: 'b', start: 20, end: 60, ...main};
		const calls = [{correlation: 1, start: 25, end: 26, ...autograd}];
		expect(launches(read([a, b], calls))).toEqual({a: 1, b: 1});
	});
});

describe('the main thread of a process', () => {
	const calls = [{correlation: 1, start: 20, end: 25, pid: 1, tid: 9}];

	it('is the one whose ranges cover the most time, not the one that has the most', () => {
		const many = [12, 14, 16].map((start) => ({
			name: `many ${start}`,
			start,
			end: start + 10,
			pid: 1,
			tid: 3,
		}));
		expect(launches(read([...many, step], calls))).toMatchObject({step: 1, 'many 12': 0});
	});

	it('is the one that began first, where two cover the same time', () => {
		const early = {name: 'early', start: 5, end: 45, pid: 1, tid: 8};
		const late = {name: 'late', start: 10, end: 50, pid: 1, tid: 3};
		expect(launches(read([late, early], calls))).toEqual({early: 1, late: 0});
	});

	it('is each process its own', () => {
		const other = {name: 'other', start: 0, end: 500, pid: 2, tid: 1};
		const both = [...calls, {correlation: 1, start: 20, end: 25, pid: 2, tid: 9}];
		expect(launches(read([step, other], both))).toEqual({step: 1, other: 1});
	});
});

describe('what stays where it was', () => {
	it('work of a thread whose own range is open, though it ends before the call does', () => {
		const own = {name: 'own', start: 15, end: 22, ...autograd};
		const calls = [{correlation: 1, start: 20, end: 25, ...autograd}];
		const trace = read([step, own], calls);
		expect(launches(trace)).toEqual({step: 0, own: 0});
		expect(warningCodes(trace)).toEqual(['unattributed-gpu-work']);
	});

	it('work that has a range of its own thread', () => {
		const own = {name: 'own', start: 15, end: 30, ...autograd};
		const calls = [{correlation: 1, start: 20, end: 25, ...autograd}];
		expect(launches(read([step, own], calls))).toEqual({step: 0, own: 1});
	});

	it('work of the main thread between its ranges, and of a process without any', () => {
		const calls = [
			{correlation: 1, start: 120, end: 125, ...main},
			{correlation: 1, start: 20, end: 25, pid: 3, tid: 3},
		];
		expect(launches(read([step], calls))).toEqual({step: 0});
	});
});
