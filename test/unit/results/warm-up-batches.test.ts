import {describe, expect, it} from 'vitest';
import {at, codes, measure, messages, ms} from '../../support/measure.ts';
import {batch, range, traceOf} from '../../support/trace-ranges.ts';

describe('warm-up', () => {
	const pipeline = (indices: readonly number[], items: readonly (number | undefined)[] = []) =>
		traceOf([
			range(
				'pipeline',
				0,
				ms(1000),
				{},
				indices.map((index, at) =>
					batch(index, at in items ? items[at] : 1, ms(at * 100), ms(at * 100 + 50 + at)),
				),
			),
		]);

	it('goes by the position in order of index, whatever the indices are', () => {
		const {result} = measure(pipeline([12, 40, 10, 11]));
		expect(at(result.data, 'pipeline')).toMatchObject({
			// 1000 less the 52 of batch 10 and the 51 of batch 40.
			cpu_time_minus_warmup: 897,
			total_items_minus_warmup: 2,
		});
		expect(result.mean_data['pipeline']?.cpu_time).toBe((53 + 50) / 2);
	});

	it('writes batches and samples in order of index', () => {
		const measured = measure(pipeline([2, 0, 1]), {warmup: 0});
		const batches = Object.keys(at(measured.result.data, 'pipeline') ?? {}).filter((key) =>
			key.startsWith('batch_'),
		);
		expect(batches).toEqual(['batch_0', 'batch_1', 'batch_2']);
		expect(measured.samples.get('pipeline/batch_*')?.values.cpu_time).toEqual([51, 52, 50].map(ms));
	});

	it('takes the time of batches of no items off, and says how much', () => {
		const {result} = measure(pipeline([0, 1, 2, 3, 4], [1, 1, 1, 1, 0]));
		expect(result.meta.total_batches).toEqual({pipeline: 4});
		// 1000 less the 50 of batch 0, the 53 of batch 3 and the 54 of batch 4.
		expect(at(result.data, 'pipeline')?.cpu_time_minus_warmup).toBe(843);
		expect(at(result.data, 'pipeline')?.cpu_time).toBe(1000);
		expect(at(result.data, 'pipeline', 'batch_4')).toEqual({
			cpu_time: 54,
			gpu_time: 0,
			gpu_busy_time: 0,
			instances: 1,
			total_items: 0,
		});
		expect(result.stats['pipeline/batch_*']?.cpu_time.count).toBe(2);
		expect(result.warnings).toEqual([
			{
				code: 'uncounted-batches',
				message:
					'Not counted: 1 batch of 0 items; CPU time of 54 ms is left out of *_minus_warmup and throughput.',
			},
		]);
	});

	it('takes the time of deleted batches off their holder, not that of other deleted ranges', () => {
		const gone = {note: {deleted: true}};
		const trace = traceOf([
			range('pipeline', 0, ms(100), {gpu: 60}, [
				batch(0, 1, 0, ms(10), {gpu: 10}),
				batch(1, undefined, ms(10), ms(40), {gpu: 20, ...gone}, [
					batch(0, 1, ms(10), ms(20), gone),
				]),
				range('other', ms(40), ms(45), gone, [batch(5, 1, ms(40), ms(44))]),
			]),
		]);
		const {result} = measure(trace, {warmup: 0});
		expect(at(result.data, 'pipeline')).toMatchObject({
			cpu_time: 100,
			cpu_time_minus_warmup: 70,
			gpu_time_minus_warmup: 0.00004,
		});
		expect(messages(result, 'uncounted-batches')[0]).toContain(
			'1 deleted batch; CPU time of 30 ms',
		);
		expect(result.stats['pipeline']?.throughput?.items_per_second).toBeCloseTo(1 / 0.07, 6);
	});

	it('takes uncounted batches off what no range holds, but only between those that count', () => {
		const trace = traceOf([
			batch(0, 0, 0, ms(5), {gpu: 9}),
			batch(1, 1, ms(10), ms(20), {gpu: 4}),
			batch(2, undefined, ms(20), ms(50), {gpu: 9}),
			batch(3, 9, ms(50), ms(60), {note: {deleted: true}, gpu: 9}),
			batch(4, 1, ms(60), ms(70), {gpu: 4}),
			batch(5, undefined, ms(70), ms(99), {unfinished: true, gpu: 9}),
		]);
		const {result} = measure(trace, {warmup: 0});
		expect(result.stats['/']?.cpu_time.mean).toBe(60);
		expect(result.stats['/']?.cpu_time_minus_warmup?.mean).toBe(20);
		expect(result.stats['/']?.gpu_time_minus_warmup?.mean).toBe(0.000008);
		expect(result.stats['/']?.throughput?.items_per_second).toBeCloseTo(2 / 0.02, 6);
		expect(codes(result)).toEqual([
			'unfinished-batches',
			'batches-without-items',
			'uncounted-batches',
		]);
	});

	it('keeps numbers where no batch counts and no range holds them', () => {
		const {result} = measure(traceOf([batch(0, 0, 0, 10), batch(1, 0, 20, 30)]), {warmup: 0});
		expect(result.stats['/']?.cpu_time.mean).toBe(0.00003);
		expect(result.stats['/']?.cpu_time_minus_warmup?.mean).toBe(0.00001);
	});

	it('passes over batches without items, and says how many', () => {
		const {result} = measure(pipeline([0, 1, 2], [1, undefined, undefined]), {warmup: 0});
		expect(result.meta.total_batches).toEqual({pipeline: 1});
		expect(at(result.data, 'pipeline', 'batch_1')).not.toHaveProperty('total_items');
		expect(messages(result, 'batches-without-items')[0]).toMatch(
			/^2 batches never got a number of items and do not count: .* CPU time of 103 ms /,
		);
		expect(at(result.data, 'pipeline')?.cpu_time_minus_warmup).toBe(897);
	});

	it('passes over an unfinished batch, and says so', () => {
		const trace = traceOf([
			range('pipeline', 0, 100, {unfinished: true}, [
				batch(0, 1, 0, 10),
				batch(1, undefined, 10, 100, {unfinished: true}),
			]),
		]);
		const {result} = measure(trace, {warmup: 0});
		expect(result.meta.total_batches).toEqual({pipeline: 1});
		expect(codes(result)).toEqual(['unfinished-batches']);
		expect(at(result.data, 'pipeline', 'batch_1')?.cpu_time).toBe(0.00009);
		expect(at(result.data, 'pipeline')?.cpu_time_minus_warmup).toBe(0.00001);
	});

	it('says loudly when it leaves nothing, and what would', () => {
		const {result, samples} = measure(pipeline([0, 1, 2]), {warmup: 2});
		expect(at(result.data, 'pipeline')).toMatchObject({
			cpu_time_minus_warmup: 1000 - 50 - 51 - 52,
			total_items_minus_warmup: 0,
		});
		expect(at(result.data, 'pipeline')).not.toHaveProperty('cpu_time_per_item_minus_warmup');
		expect(result.mean_data).toEqual({pipeline: {}});
		expect(Object.keys(result.stats)).toEqual(['pipeline']);
		expect(result.stats['pipeline']).not.toHaveProperty('throughput');
		expect(samples.get('pipeline')?.work).toBeNull();
		const [message] = messages(result, 'no-batches-left');
		expect(message).toContain('NOTHING IS LEFT AFTER WARM-UP of "pipeline"');
		expect(message).toContain('Use -w 1, or run at least 5 batches.');
	});

	it('keeps a GPU time at 0 that overlapping batches would make negative', () => {
		const trace = traceOf([
			range('pipeline', 0, 100, {gpu: 50}, [
				batch(0, 1, 0, 10, {gpu: 40}),
				batch(1, 1, 10, 20, {gpu: 5}),
				batch(2, 1, 20, 30, {gpu: 40}),
			]),
		]);
		const {result} = measure(trace);
		expect(at(result.data, 'pipeline')?.gpu_time_minus_warmup).toBe(0);
		expect(codes(result)).toEqual(['warm-up-overlaps']);
	});
});
