/** `benchmark ranges` says, row by row and column by column, what NVIDIA's own reports say of real traces. */

import {describe, expect, it} from 'vitest';
import {listRanges} from '../../nsys-parsers/range-listing.ts';
import {summarizeNames} from '../../nsys-parsers/range-reports.ts';
import {readDetailedTrace} from '../../nsys-parsers/read-trace.ts';
import type {DetailedTrace} from '../../nsys-parsers/read-trace.ts';
import {
	byRangeId,
	differingNames,
	listedNames,
	listedProjections,
	listedPushPop,
} from '../support/listed-reports.ts';
import {
	parseFullProjectionTrace,
	parseFullPushPopTrace,
	parseProjectionSum,
} from '../support/nvidia-reports.ts';
import {expectedReport, noSharedTraces, sharedTrace} from '../support/shared-traces.ts';

const traces = [
	'fuser-h200-threads',
	'llm-a100-nvtx',
	'poolformer-cpu-only',
	'pytorch-2gpu-after',
	'pytorch-2gpu-before',
	'saxpy-mpi-a100',
];

describe.each(traces)('benchmark ranges of %s', (trace) => {
	const file = sharedTrace(`${trace}.sqlite`);
	const read = (): DetailedTrace =>
		readDetailedTrace(file ?? '', {cudaGraphs: false, startEndRanges: true});

	it.skipIf(file === undefined)('has every column of nvtx_pushpop_trace', () => {
		const expected = parseFullPushPopTrace(expectedReport(trace, 'nvtx_pushpop_trace') ?? '');
		expect(expected.length, noSharedTraces(trace)).toBeGreaterThan(0);
		expect(listedPushPop(listRanges(read()))).toEqual(expected.sort(byRangeId));
	});

	it.skipIf(file === undefined)('has every column of nvtx_gpu_proj_trace', () => {
		const expected = parseFullProjectionTrace(expectedReport(trace, 'nvtx_gpu_proj_trace') ?? '');
		expect(listedProjections(listRanges(read()))).toEqual(expected.sort(byRangeId));
	});

	it.skipIf(file === undefined)('by name has every row of nvtx_gpu_proj_sum', () => {
		const expected = parseProjectionSum(expectedReport(trace, 'nvtx_gpu_proj_sum') ?? '');
		const rows = listedNames(summarizeNames(read()));
		expect(rows.length).toBe(expected.length);
		expect(differingNames(rows, expected)).toEqual([]);
	});
});
