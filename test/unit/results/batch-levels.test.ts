import {describe, expect, it} from 'vitest';
import {at, measure, messages} from '../../support/measure.ts';
import {batch, range, traceOf} from '../../support/trace-ranges.ts';

describe('batches inside batches', () => {
	const outer = (index: number, from: number) =>
		batch(index, 8, from, from + 100, {}, [
			range('split', from, from + 90, {}, [
				range('tiles', from, from + 80, {}, [
					...[0, 1, 2].map((inner) =>
						batch(inner, 2, from + inner * 20, from + inner * 20 + 10 + index, {}, [
							range('kernel', from + inner * 20, from + inner * 20 + 5),
						]),
					),
				]),
			]),
		]);
	const measured = measure(
		traceOf([
			range(
				'run',
				0,
				400,
				{},
				[0, 1, 2].map((i) => outer(i, i * 100)),
			),
		]),
	);
	const {data, mean_data: means, stats, meta} = measured.result;

	it('each have their own holder', () => {
		expect(meta.total_batches).toEqual({
			run: 3,
			'run/batch_0/split/tiles': 3,
			'run/batch_1/split/tiles': 3,
			'run/batch_2/split/tiles': 3,
		});
		expect(Object.keys(means)).toEqual(Object.keys(meta.total_batches));
	});

	it('take the items of the innermost batch, their holder its own, the outer batch its own', () => {
		const [split, tiles] = [
			at(data, 'run', 'batch_1', 'split'),
			at(data, 'run', 'batch_1', 'split', 'tiles'),
		];
		expect(at(data, 'run')?.total_items).toBe(24);
		expect(at(data, 'run', 'batch_1')?.total_items).toBe(8);
		expect(split?.total_items).toBe(8);
		expect(tiles).toMatchObject({total_items: 6, total_items_minus_warmup: 2});
		expect(at(data, 'run', 'batch_1', 'split', 'tiles', 'batch_2', 'kernel')?.total_items).toBe(2);
	});

	it('leave the measured time to batches whose outer batch is measured too', () => {
		const trace = traceOf([
			range(
				'run',
				0,
				400,
				{},
				[0, 1, 2].map((i) => outer(i, i * 100)),
			),
		]);
		const {samples} = measure(trace);
		const countedAt = (path: string) => samples.get(path)?.work?.timeline.counted;
		expect(countedAt('run')).toEqual([{startNs: 100, endNs: 200, share: 1}]);
		const inner = countedAt('run/batch_*/split/tiles') ?? [];
		expect(inner.every(({startNs, endNs}) => startNs >= 100 && endNs <= 200)).toBe(true);
		expect(inner).toHaveLength(1);
	});

	it('leave out the warm-up of both levels in statistics', () => {
		const path = 'run/batch_*/split/tiles/batch_*';
		expect(measured.samples.get(path)?.values.cpu_time).toEqual([11]);
		expect(stats[`${path}/kernel`]?.cpu_time.count).toBe(1);
		expect(stats['run/batch_*/split/tiles']?.throughput?.items_per_second).toBeCloseTo(
			2 / 58e-9,
			3,
		);
	});
});

describe('ranges that only some batches have', () => {
	it('are named once for each holder', () => {
		const stage = (name: string, from: number) => range(name, from, from + 1);
		const trace = traceOf([
			range('pipeline', 0, 100, {}, [
				batch(0, 1, 0, 10, {}, [stage('warm', 0)]),
				batch(1, 1, 10, 20, {}, [stage('all', 10), stage('some', 12)]),
				batch(2, 1, 20, 30, {}, [stage('all', 20), stage('few', 22)]),
				batch(3, 1, 30, 40),
			]),
			range(
				'other',
				100,
				200,
				{},
				[0, 1, 2].map((index) => batch(index, 1, 100 + index * 10, 105 + index * 10)),
			),
		]);
		const {result} = measure(trace);
		expect(messages(result, 'partial-ranges')).toEqual([
			'2 paths are not in every batch of "pipeline", such as "some": the mean is over the batches that have it.',
		]);
	});

	it('are named once for holders that differ only in the batch around them', () => {
		const inner = (from: number) =>
			range('tiles', from, from + 50, {}, [
				batch(0, 1, from, from + 10, {}, [range('odd', from, from + 1)]),
				batch(1, 1, from + 10, from + 20),
			]);
		const trace = traceOf([
			range(
				'run',
				0,
				200,
				{},
				[0, 1].map((index) =>
					batch(index, 1, index * 100, index * 100 + 90, {}, [inner(index * 100)]),
				),
			),
		]);
		const found = messages(measure(trace, {warmup: 0}).result, 'partial-ranges');
		expect(found).toHaveLength(1);
		expect(found[0]).toMatch(/"run\/batch_0\/tiles", such as "odd".* in 1 more holder\./);
	});
});

describe('batches that no range holds', () => {
	const batches = [0, 1, 2].map((index) => batch(index, 2, index * 100, index * 100 + 60));

	it('at the top have the holder "/"', () => {
		const {result} = measure(traceOf(batches));
		expect(Object.keys(result.data)).toEqual(['batch_0', 'batch_1', 'batch_2']);
		expect(result.meta.total_batches).toEqual({'/': 3});
		expect(result.mean_data['/']?.cpu_time).toBe(0.00006);
		// From the first start to the last end, less the two batches of warm-up.
		expect(result.stats['/']?.cpu_time.mean).toBe(0.00026);
		expect(result.stats['/']?.cpu_time_minus_warmup?.mean).toBe(0.00014);
		expect(result.stats['/']?.throughput?.items_per_second).toBeCloseTo(2 / 140e-9, 3);
		expect(Object.keys(result.stats)).toEqual(['/', 'batch_*']);
	});

	it('under an object have the object as holder, which carries only its children', () => {
		const marked = batches.map((literal) => ({
			...literal,
			note: {...literal.note, object: 'obj'},
		}));
		const {result} = measure(traceOf(marked));
		expect(Object.keys(result.data)).toEqual(['obj']);
		expect(Object.keys(at(result.data, 'obj') ?? {})).toEqual(['batch_0', 'batch_1', 'batch_2']);
		expect(result.meta.total_batches).toEqual({obj: 3});
		expect(Object.keys(result.stats)).toEqual(['obj', 'obj/batch_*']);
	});
});
