import {describe, expect, it} from 'vitest';
import {MeanResult, ProcessResult} from '../../../schemas/benchmark-result.ts';
import {expectGolden} from '../../support/golden.ts';
import {at, measure, measureRun} from '../../support/measure.ts';
import {workedExample} from '../../support/worked-example.ts';

/** As the origin prints: three decimals of a millisecond. */
const rounded = (value: unknown): unknown =>
	typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;

describe('the worked example of the documents', () => {
	const measured = measure(workedExample());
	const {result} = measured;

	it('comes out to the last digit that the documents print', () => {
		const pipeline = at(result.data, 'perf_utils_test', 'pipeline') ?? {};
		const shown = Object.fromEntries(
			Object.entries(pipeline).map(([key, value]) => [key, rounded(value)]),
		);
		expect(shown).toMatchObject({
			cpu_time: 1805.027,
			gpu_time: 0,
			cpu_time_per_item: 601.676,
			gpu_time_per_item: 0,
			total_items: 3,
			cpu_time_minus_warmup: 601.759,
			gpu_time_minus_warmup: 0,
			cpu_time_per_item_minus_warmup: 601.759,
			gpu_time_per_item_minus_warmup: 0,
			total_items_minus_warmup: 1,
		});
		expect(pipeline['batch_0']).toMatchObject({
			stage_1: {cpu_time: 300.797, gpu_time: 0},
			stage_2: {cpu_time: 300.416, gpu_time: 0},
			cpu_time: 601.373,
			gpu_time: 0,
			total_items: 1,
			cpu_time_per_item: 601.373,
			gpu_time_per_item: 0,
		});
	});

	it('keeps times exact to the nanosecond', () => {
		expect(at(result.data, 'perf_utils_test', 'pipeline')?.cpu_time_per_item).toBe(601.675667);
	});

	it('knows when it was measured', () => {
		const {startNs, endNs} = measured.samples.get('perf_utils_test/pipeline')?.work?.timeline ?? {};
		expect(measured.originUnixNs).toBe(1_700_000_000_000_000_000n);
		expect(startNs).toEqual([601_420_000]);
		expect(endNs).toEqual([1_202_821_000]);
	});

	it('writes the golden benchmark.json', () => {
		expectGolden('results-process', ProcessResult.parse(result));
	});

	it('writes the golden benchmark_mean.json of two processes', () => {
		const mean = measureRun([[measured, measure(workedExample())]]);
		expectGolden('results-run', MeanResult.parse(mean));
	});
});
