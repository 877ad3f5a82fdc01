import {describe, expect, it} from 'vitest';
import {placeStartWaits, speaksOfRange} from '../../../nsys-parsers/start-waits.ts';

const threads = [
	{pid: 1, tid: 1},
	{pid: 1, tid: 2},
];

/** [thread, start, end] */
const columnsOf = (...ranges: readonly (readonly [number, number, number])[]) => ({
	length: ranges.length,
	thread: Uint32Array.from(ranges, ([thread]) => thread),
	startNs: Float64Array.from(ranges, ([, start]) => start),
	endNs: Float64Array.from(ranges, ([, , end]) => end),
});

const mark = (tid: number, atNs: number, waitedNs: number) => ({
	pid: 1,
	tid,
	atNs,
	mark: {sync: {waitedNs, end: 'together'}} as const,
});

const place = (
	columns: ReturnType<typeof columnsOf>,
	marks: readonly ReturnType<typeof mark>[],
	gpu: Parameters<typeof placeStartWaits>[3] = null,
) => placeStartWaits(marks, threads, columns, gpu);

describe('placeStartWaits', () => {
	it('finds the ranges of its thread that were open at its end', () => {
		const columns = columnsOf([0, 0, 1000], [0, 100, 900], [0, 300, 400], [1, 0, 1000]);
		expect(place(columns, [mark(1, 300, 150)])).toEqual([
			{
				pid: 1,
				startNs: 150,
				endNs: 300,
				end: 'together',
				around: [
					{range: 0, cpuNs: 150, gpuNs: 0},
					{range: 1, cpuNs: 150, gpuNs: 0},
					{range: 2, cpuNs: 0, gpuNs: 0},
				],
			},
		]);
	});

	it('takes no more from a range than it was open', () => {
		expect(place(columnsOf([0, 200, 1000]), [mark(1, 300, 250)])[0]?.around).toEqual([
			{range: 0, cpuNs: 100, gpuNs: 0},
		]);
	});

	it('keeps threads apart, and one without ranges has none', () => {
		const columns = columnsOf([0, 0, 1000], [1, 0, 1000]);
		const waits = place(columns, [mark(1, 500, 10), mark(2, 500, 20), mark(3, 500, 30)]);
		expect(waits.map(({around}) => around.map(({range}) => range))).toEqual([[0], [1], []]);
	});

	const gpuOf = (
		operations: readonly (readonly [number, number])[],
		spans: readonly (readonly [number, number])[],
	) => ({
		operations: {
			length: operations.length,
			startNs: Float64Array.from(operations, ([start]) => start),
			endNs: Float64Array.from(operations, ([, end]) => end),
		},
		projected: {
			firstStartNs: Float64Array.from(spans, ([start]) => start),
			spanNs: Float64Array.from(spans, ([start, end]) => end - start),
		},
	});

	it.each([
		['nothing ran', [], [0, 0], 0],
		['all of it ran after the wait', [[600, 700]], [600, 700], 0],
		[
			'work before and after it',
			[
				[50, 100],
				[600, 700],
			],
			[50, 700],
			300,
		],
		[
			'work that ran on into it',
			[
				[50, 250],
				[600, 700],
			],
			[50, 700],
			250,
		],
		[
			'work of others in it',
			[
				[50, 100],
				[300, 400],
				[350, 420],
				[600, 700],
			],
			[50, 700],
			180,
		],
		[
			'the span began in it',
			[
				[300, 310],
				[600, 700],
			],
			[300, 700],
			190,
		],
		['the GPU was busy all the time', [[50, 700]], [50, 700], 0],
	] as const)('takes of the GPU span what was idle: %s', (_name, operations, span, gpuNs) => {
		// The wait lies from 200 to 500.
		const columns = columnsOf([0, 0, 1000]);
		const [wait] = place(columns, [mark(1, 500, 300)], gpuOf(operations, [span]));
		expect(wait?.around).toEqual([{range: 0, cpuNs: 300, gpuNs}]);
	});

	it('passes over other marks', () => {
		const other = {pid: 1, tid: 1, atNs: 5, mark: {batch: 1}};
		expect(placeStartWaits([other], threads, columnsOf([0, 0, 10]), null)).toEqual([]);
		expect(speaksOfRange(other)).toBe(true);
		expect(speaksOfRange(mark(1, 1, 1))).toBe(false);
	});
});
