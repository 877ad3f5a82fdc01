import {describe, expect, it} from 'vitest';
import {MeanResult} from '../../../schemas/benchmark-result.ts';
import {at, codes, measure, measureRun} from '../../support/measure.ts';
import {batch, range, traceOf, type RangeLiteral} from '../../support/trace-ranges.ts';

const second = 1e9;

/** Three batches of 10 items; the middle one, and so the measured time, takes `length` ns. */
const pipeline = (length: number, extra: readonly RangeLiteral[] = []): RangeLiteral =>
	range('pipeline', 0, length + 20, {}, [
		batch(0, 10, 0, 10),
		batch(1, 10, 10, 10 + length, {}, [range('stage', 10, 10 + length / 2)]),
		batch(2, 10, 10 + length, length + 20),
		...extra,
	]);

/** @param startUnixNs of the process on the wall clock */
const processOf = (length: number, extra: readonly RangeLiteral[] = [], startUnixNs = 0n) =>
	measure(traceOf([pipeline(length, extra)], {originUnixNs: startUnixNs}));

const messagesOf = (mean: MeanResult, code: string): readonly string[] =>
	mean.warnings.filter((warning) => warning.code === code).map(({message}) => message);

describe('means', () => {
	it('are over processes, path by path', () => {
		const mean = measureRun([[processOf(1000), processOf(2000)]]);
		expect(at(mean.mean_all_batches, 'pipeline')).toMatchObject({
			cpu_time: 0.00152,
			cpu_time_minus_warmup: 0.0015,
			instances: 1,
			total_items: 30,
		});
		expect(at(mean.mean_data, 'pipeline', 'stage')?.cpu_time).toBe(0.00075);
		expect(mean.stats['pipeline/batch_*']?.cpu_time).toMatchObject({count: 2, median: 0.0015});
	});

	it('of a range that only some processes have are over those, and it is said', () => {
		const extra = range('extra', 500, 600, {}, [range('deep', 500, 510)]);
		const mean = measureRun([[processOf(1000, [extra]), processOf(1000), processOf(1000)]]);
		expect(at(mean.mean_all_batches, 'pipeline', 'extra')?.cpu_time).toBe(0.0001);
		expect(messagesOf(mean, 'paths-not-everywhere')[0]).toMatch(
			/^1 path is not in every process, such as "pipeline\/extra"/,
		);
	});

	it('list paths with a parent before its children, whichever process has them', () => {
		const extra = (name: string) => range(name, 0, 10, {}, [range('deep', 0, 5)]);
		const mean = measureRun([
			[processOf(1000, [extra('b')]), processOf(1000, [extra('a'), extra('b')])],
		]);
		expect(Object.keys(mean.stats)).toEqual([
			'pipeline',
			'pipeline/batch_*',
			'pipeline/batch_*/stage',
			'pipeline/b',
			'pipeline/b/deep',
			'pipeline/a',
			'pipeline/a/deep',
		]);
	});
});

describe('meta', () => {
	it('keeps what all processes share, key by key', () => {
		const withArgs = (process: number) =>
			measure(
				traceOf([pipeline(100)], {
					metas: [
						{pid: process, meta: {obj_name: 'x', args: {batch: 4, output_dir: `proc_${process}`}}},
					],
				}),
			);
		const {meta} = measureRun([[withArgs(0), withArgs(1)]], {planned: 4});
		expect(meta).toMatchObject({obj_name: 'x', processes: 2, processes_planned: 4, repeats: 1});
		expect(meta['args']).toEqual({batch: 4});
		expect(meta.total_batches).toEqual({pipeline: 3});
	});

	it('says when only some processes saw the GPU', () => {
		const gpu = measure(traceOf([pipeline(100)], {hasGpuWork: true}));
		const mean = measureRun([[gpu, processOf(100)]]);
		expect(mean.meta.gpu_traced).toBe(true);
		expect(codes(mean)).toContain('gpu-not-everywhere');
	});
});

describe('intervals', () => {
	const processes = (count: number) =>
		Array.from({length: count}, (_, index) => processOf(1000 + index * 10));

	it.each([
		[1, 1, '1 process: no interval below 5; add --repeat 5.'],
		[1, 2, '2 processes: no interval below 5; add --repeat 3.'],
		[1, 4, '4 processes: no interval below 5; add --repeat 2.'],
		[2, 2, '4 processes: no interval below 5; add --repeat 3.'],
		[4, 1, '4 processes: no interval below 5; add --repeat 5.'],
	])('are not given for %i repeats of %i processes', (repeats, count, message) => {
		const mean = measureRun(Array.from({length: repeats}, () => processes(count)));
		expect(mean.stats['pipeline']?.cpu_time.confidence_interval).toBeNull();
		expect(messagesOf(mean, 'few-processes')[0]).toContain(message);
	});

	it('are given from five processes on, over all repeats', () => {
		const mean = measureRun([processes(3), processes(2)]);
		const interval = mean.stats['pipeline/batch_*']?.cpu_time.confidence_interval;
		expect(interval).toMatchObject({level: 0.95, method: 'hierarchical bootstrap percentile'});
		expect(interval?.low).toBeGreaterThanOrEqual(0.001);
		expect(interval?.high).toBeLessThanOrEqual(0.00102);
		expect(codes(mean)).not.toContain('few-processes');
	});

	it('scale with the items where every batch has as many', () => {
		const {stats} = measureRun([processes(6)]);
		const {cpu_time: whole, cpu_time_per_item: rate} = stats['pipeline/batch_*'] ?? {};
		expect(rate?.median).toBe(Math.round((whole?.median ?? 0) * 1e5) / 1e6);
		expect(rate?.confidence_interval?.low).toBeCloseTo(
			(whole?.confidence_interval?.low ?? 0) / 10,
			6,
		);
	});

	it('are the same on every run', () => {
		expect(measureRun([processes(6)])).toEqual(measureRun([processes(6)]));
	});

	it('are missing for a path that too few processes have, which is said', () => {
		const mean = measureRun([[processOf(1000, [range('extra', 0, 10)]), ...processes(5)]]);
		expect(mean.stats['pipeline/extra']?.cpu_time.confidence_interval).toBeNull();
		expect(messagesOf(mean, 'paths-without-interval')[0]).toMatch(/^1 path is in fewer than 5/);
	});
});

describe('throughput', () => {
	const throughputOf = (mean: MeanResult) => mean.stats['pipeline']?.throughput;

	it('is the sum over processes side by side, the mean over repeats', () => {
		const mean = measureRun([
			[processOf(second), processOf(2 * second)],
			[processOf(second), processOf(second)],
		]);
		expect(throughputOf(mean)).toMatchObject({items_per_second: (15 + 20) / 2, processes: 2});
	});

	it('leaves out repeats that lost a process, and says so', () => {
		const mean = measureRun([[processOf(second), processOf(second)], [processOf(second)]]);
		expect(throughputOf(mean)).toMatchObject({items_per_second: 20, processes: 2});
		expect(codes(mean)).toContain('incomplete-repeats');
	});

	it('tells how far the processes ran at once', () => {
		const origin = 1_700_000_000_000_000_000n;
		const late = (by: number) => processOf(second, [], origin + BigInt(by));
		const overlap = (...delays: number[]) => throughputOf(measureRun([delays.map(late)]))?.overlap;
		expect(overlap(0, 0)).toBe(1);
		expect(overlap(0, second / 2)).toBeCloseTo(1 / 3, 12);
		expect(overlap(0, 3 * second)).toBe(0);
		expect(overlap(0)).toBe(1);
	});

	it('warns where they did not run side by side, or nobody knows', () => {
		const late = (by: number) => processOf(second, [], BigInt(by));
		const told = (...processes: ReturnType<typeof late>[]) =>
			messagesOf(measureRun([processes]), 'low-overlap');
		expect(told(late(0), late(second / 2))).toEqual([
			"2 processes ran side by side for only 33.3 % of the time. The run's items/s holds for those 500.0 ms; the times of ranges are partly those of a machine with fewer at work. Add --sync-start, so that they begin together.",
		]);
		expect(told(late(0), late(3 * second))).toEqual([
			"The run's items/s adds up 2 processes that never all ran side by side: together they may do less. Add --sync-start, so that they begin together.",
		]);
		expect(told(late(0), measure(traceOf([pipeline(second)])))[0]).toContain('do not tell how far');
		expect(told(late(0), late(second / 50))).toEqual([]);
		expect(told(measure(traceOf([pipeline(second)])))).toEqual([]);
	});

	it('does not guess the overlap where a trace lacks the wall clock', () => {
		const unknown = measure(traceOf([pipeline(second)]));
		expect(throughputOf(measureRun([[unknown, processOf(second)]]))?.overlap).toBeNull();
	});
});

describe('warnings of processes', () => {
	it('come once, with who said them', () => {
		const odd = processOf(100, [range('cpu_time', 0, 1)]);
		const all = measureRun([[odd, odd]]);
		const one = measureRun([[odd, processOf(100)], [processOf(100)]]);
		expect(messagesOf(all, 'renamed-ranges')).toEqual([expect.stringMatching(/the file\.$/)]);
		expect(messagesOf(one, 'renamed-ranges')).toEqual([
			expect.stringMatching(/\(repeat 0, process 0 on GPU 0\)$/),
		]);
	});
});

it('says a warning once whose processes differ in the time alone', () => {
	const empty = (length: number) => processOf(1000, [batch(3, 0, 500, 500 + length)]);
	const told = messagesOf(
		measureRun([[empty(10), empty(20), processOf(1000)]]),
		'uncounted-batches',
	);
	expect(told).toEqual([
		'Not counted: 1 batch of 0 items; CPU time of 0.00001 ms is left out of *_minus_warmup and throughput. (process 0 on GPU 0; alike in 2 of 3 processes)',
	]);
});

it('says of no process at all that there is none', () => {
	const mean = MeanResult.parse(measureRun([[]], {planned: 2}));
	expect(mean).toMatchObject({mean_all_batches: {}, mean_data: {}, stats: {}});
	expect(messagesOf(mean, 'few-processes')[0]).toContain(
		'0 processes: no interval below 5; add --repeat 3.',
	);
});
