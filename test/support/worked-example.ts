/**
 * The worked example of the documents: 3 batches of 1 item, a pipeline of 1805.027 ms. The origin prints three decimals;
 * the batches are chosen such that its figures come out.
 */

import type {Trace} from '../../schemas/trace.ts';
import {batch, range, traceOf, type RangeLiteral, type TraceFacts} from './trace-ranges.ts';

/** Microseconds as nanoseconds. */
const us = (value: number): number => value * 1000;

const exampleBatch = (index: number, startUs: number, stages: readonly number[], whole: number) => {
	const [first = 0, second = 0] = stages;
	return batch(index, 1, us(startUs), us(startUs + whole), {}, [
		range('stage_1', us(startUs), us(startUs + first)),
		range('stage_2', us(startUs + first), us(startUs + first + second)),
	]);
};

const pipeline = (): RangeLiteral =>
	range('pipeline', 0, us(1_805_027), {note: {object: 'perf_utils_test'}}, [
		exampleBatch(0, 20, [300_797, 300_416], 601_373),
		exampleBatch(1, 601_420, [300_812, 300_455], 601_401),
		exampleBatch(2, 1_202_910, [300_902, 300_701], 601_895),
	]);

export const workedExample = (facts: TraceFacts = {}): Trace =>
	traceOf([pipeline()], {
		metas: [
			{
				pid: 100,
				meta: {
					obj_name: 'perf_utils_test',
					python_version: '3.11.7',
					device: {id: 0, name: null},
					args: {device_id: 0, output_dir: 'OUT/proc_0_gpu_0'},
				},
			},
		],
		originUnixNs: 1_700_000_000_000_000_000n,
		...facts,
	});
