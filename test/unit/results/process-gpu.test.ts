/** Batches and the samples around them: windows, what is dropped, and energy per item. */

import {describe, expect, it} from 'vitest';
import type {GpuEvidence} from '../../../results/gpu-evidence.ts';
import {ProcessResult} from '../../../schemas/benchmark-result.ts';
import {eventReasons, type GpuMetric} from '../../../schemas/gpu-sample.ts';
import {gpuSample, sampleOrigin} from '../../support/gpu-samples.ts';
import {at, codes, measure, measureRun, messages, ms} from '../../support/measure.ts';
import {
	batch,
	range,
	traceOf,
	traceOfThreads,
	type RangeLiteral,
} from '../../support/trace-ranges.ts';

/** Batches of 800 ms, one each second, of 4 items. */
const pipelineOf = (batches: number, offsetMs = 0): RangeLiteral =>
	range('pipeline', ms(offsetMs), ms(offsetMs + batches * 1000), {gpu: 1}, [
		...Array.from({length: batches}, (_, index) =>
			batch(index, 4, ms(offsetMs + index * 1000), ms(offsetMs + index * 1000 + 800)),
		),
	]);
const traceOfBatches = (batches: number, offsetMs = 0) =>
	traceOf([pipelineOf(batches, offsetMs)], {originUnixNs: sampleOrigin});

interface Told {
	readonly values: Partial<Record<GpuMetric, number | null>>;
	readonly reasons?: number | null;
}

/** A sample each 100 ms, as a function of the second that it lies in. */
const evidence = (
	seconds: number,
	tell: (second: number) => Told | null,
	facts: Partial<GpuEvidence> = {},
): GpuEvidence => ({
	gpu: 'GPU-a',
	intervalMs: 100,
	processes: 1,
	mig: false,
	samples: Array.from({length: seconds * 10 + 1}, (_, index) => {
		const told = tell(Math.floor(index / 10));
		return told === null ? [] : [gpuSample(ms(index * 100), told.values, told.reasons ?? 0)];
	}).flat(),
	...facts,
});

const steady = (second: number): Told => ({
	values: {sm_clock_mhz: 1980 - second * 15, instant_power_watts: 500, temperature_celsius: 60},
});
const slowIn =
	(...slow: readonly number[]) =>
	(second: number): Told => ({
		...steady(0),
		reasons: slow.includes(second) ? eventReasons.power_cap.bit : eventReasons.idle.bit,
	});

describe('gpu_metrics of a process', () => {
	it('give each batch its own, and the holder its window', () => {
		const {result} = measure(traceOfBatches(5), {gpu: evidence(6, steady)});
		const {gpu_metrics: metrics} = ProcessResult.parse(result);
		const holder = metrics?.holders['pipeline'];
		expect(holder?.batches).toMatchObject({
			name: ['batch_0', 'batch_1', 'batch_2', 'batch_3', 'batch_4'],
			role: ['warm-up', 'measured', 'measured', 'measured', 'warm-up'],
			sm_clock_mhz: [1980, 1965, 1950, 1935, 1920],
			power_watts: [500, 500, 500, 500, 500],
			energy_joules: [400, 400, 400, 400, 400],
			throttled_share: [0, 0, 0, 0, 0],
			event_reasons: {},
		});
		// From 1 s to 3.8 s, 1400 J, 12 items.
		expect(holder?.window).toMatchObject({energy_joules: 1400, event_reasons: {}});
		expect(holder?.energy_per_item_joules).toBeCloseTo(1400 / 12, 3);
		expect(metrics).toMatchObject({
			gpu: 'GPU-a',
			sm_clock_mhz: 1950,
			sm_clock_range_mhz: [1935, 1965],
			throttled_share: 0,
			throttled_batches: 0,
			power_source: 'instant_power_watts',
			window_ms: 2800,
		});
		expect(holder?.batches).not.toHaveProperty('memory_clock_mhz');
	});

	it('are absent without samples of that GPU, and where the trace does not tell its origin', () => {
		const other = evidence(6, steady, {gpu: 'GPU-b'});
		expect(measure(traceOfBatches(3), {gpu: other}).result.gpu_metrics).toBeUndefined();
		const {result} = measure(traceOf([pipelineOf(3)]), {gpu: evidence(6, steady)});
		expect(result.gpu_metrics).toBeUndefined();
		expect(codes(result)).toContain('gpu-metrics-unplaced');
	});

	it('of a clock that was set back say that they are given to the wrong batches', () => {
		const {samples, ...facts} = evidence(6, steady);
		const setBack = (byNs: bigint) => ({
			...facts,
			samples: samples.map((sample, index) =>
				index < samples.length / 2 ? sample : {...sample, unixNs: sample.unixNs - byNs},
			),
		});
		const warnings = (byNs: bigint) =>
			messages(measure(traceOfBatches(5), {gpu: setBack(byNs)}).result, 'clock-set-back');
		expect(warnings(2_000_000_000n)[0]).toMatch(/set back by about 1\.\d s/);
		expect(warnings(1_000_000n)).toEqual([]);
	});

	it('have null for what a gap leaves open, and say how much that is', () => {
		const {result} = measure(traceOfBatches(5), {
			gpu: evidence(6, (second) => (second === 2 ? null : steady(0))),
		});
		const batches = result.gpu_metrics?.holders['pipeline']?.batches;
		expect(batches?.sm_clock_mhz).toEqual([1980, 1980, null, 1980, 1980]);
		expect(batches?.energy_joules?.[2]).toBeNull();
		expect(messages(result, 'gpu-metrics-gaps')[0]).toMatch(/for 3\d % of the measured time/);
	});

	it('of a program without batches cover all of its ranges', () => {
		const {result} = measure(traceOf([range('work', 0, ms(2000))], {originUnixNs: sampleOrigin}), {
			gpu: evidence(3, steady),
		});
		expect(result.gpu_metrics).toMatchObject({
			window_ms: 2000,
			window: {energy_joules: 1000},
			sm_clock_mhz: null,
			holders: {},
		});
	});

	it('of batches on two threads join their times, and leave energy per item out', () => {
		const thread = (tid: number, from: number) => ({
			pid: 1,
			tid,
			ranges: [
				range('pipeline', 0, ms(3000), {}, [
					batch(0, 1, ms(from), ms(from + 1000)),
					batch(1, 1, ms(from + 1000), ms(from + 2000)),
				]),
			],
		});
		const {result} = measure(
			traceOfThreads([thread(1, 0), thread(2, 500)], {originUnixNs: sampleOrigin}),
			{gpu: evidence(4, steady), warmup: 0},
		);
		const holder = result.gpu_metrics?.holders['pipeline'];
		expect(holder?.batches.energy_joules).toEqual([750, 750]);
		expect(holder?.energy_per_item_joules).toBeNull();
	});
});

describe('throttled batches', () => {
	const slow = {gpu: evidence(8, slowIn(2, 4))};

	it('are named, with their reasons; idle is none', () => {
		const {result} = measure(traceOfBatches(7), slow);
		expect(result.gpu_metrics).toMatchObject({throttled_batches: 2});
		expect(result.gpu_metrics?.holders['pipeline']?.batches.throttled_share).toEqual([
			0, 0, 1, 0, 1, 0, 0,
		]);
		expect(messages(result, 'gpu-throttled')[0]).toMatch(
			/^The GPU was held down in 2 measured batches: "pipeline\/batch_2", "pipeline\/batch_4"; of their time: power_cap 100 %\./,
		);
		expect(result.stats['pipeline/batch_*']?.cpu_time.count).toBe(5);
		expect(result.meta).not.toHaveProperty('dropped_batches');
	});

	it('are left out with --drop-throttled, as warm-up is: data keeps all', () => {
		const all = measure(traceOfBatches(7), slow).result;
		const {result, samples} = measure(traceOfBatches(7), {...slow, dropThrottled: true});
		expect(result.data).toEqual({
			...all.data,
			pipeline: {
				...at(all.data, 'pipeline'),
				cpu_time_minus_warmup: 7000 - 4 * 800,
				total_items_minus_warmup: 12,
				cpu_time_per_item_minus_warmup: 316.666667,
			},
		});
		expect(result.stats['pipeline/batch_*']?.cpu_time.count).toBe(3);
		expect(at(result.mean_data, 'pipeline')?.total_items).toBe(4);
		expect(result.meta).toMatchObject({
			total_batches: {pipeline: 7},
			dropped_batches: {pipeline: 2},
		});
		expect(result.gpu_metrics?.holders['pipeline']?.batches.role).toEqual([
			'warm-up',
			'measured',
			'dropped',
			'measured',
			'dropped',
			'measured',
			'warm-up',
		]);
		expect(messages(result, 'throttled-dropped')[0]).toMatch(/2 batches: "pipeline\/batch_2"/);
		expect(codes(result)).not.toContain('gpu-throttled');
		expect(samples.get('pipeline')?.work?.timeline.startNs).toEqual(
			[1, 3, 5].map((second) => ms(1000 * second)),
		);
	});

	it('that are all there is are kept, and that is said loudly', () => {
		const options = {gpu: evidence(6, slowIn(0, 1, 2, 3, 4, 5)), dropThrottled: true};
		const {result} = measure(traceOfBatches(5), options);
		expect(result.stats['pipeline/batch_*']?.cpu_time.count).toBe(3);
		expect(messages(result, 'throttled-kept')[0]).toMatch(/^ALL MEASURED BATCHES WERE THROTTLED/);
		expect(codes(result)).not.toContain('throttled-dropped');
	});

	it('need more than a tenth of their time', () => {
		const oneSample = (at_: number) => ({
			...evidence(6, steady),
			samples: evidence(6, steady).samples.map((sample, index) =>
				index === at_ ? {...sample, eventReasons: eventReasons.hw_slowdown.bit} : sample,
			),
		});
		// The edge sample holds for 50 of 800 ms, the one inside for 100.
		expect(measure(traceOfBatches(5), {gpu: oneSample(20)}).result.gpu_metrics).toMatchObject({
			throttled_batches: 0,
		});
		expect(measure(traceOfBatches(5), {gpu: oneSample(24)}).result.gpu_metrics).toMatchObject({
			throttled_batches: 1,
		});
	});
});

describe('gpu_metrics of a run', () => {
	const shared = (offsetMs: number) =>
		measure(traceOfBatches(12, offsetMs), {gpu: evidence(14, steady, {processes: 2})});

	it('tell energy per item of a shared GPU once, by the items of all', () => {
		const one = shared(0);
		expect(one.result.gpu_metrics?.holders['pipeline']?.energy_per_item_joules).toBeNull();
		const {gpu_metrics: run, warnings} = measureRun([[one, shared(400)]]);
		// Both measure from 1.4 to 10.8 s: 4700 J; of each 4 items a batch, for batches of 800 ms.
		const itemsOfOne = 4 * (0.5 + 9);
		const itemsOfOther = 4 * (9 + 0.5);
		expect(run?.holders['pipeline']?.energy_per_item_joules).toBeCloseTo(
			4700 / (itemsOfOne + itemsOfOther),
			3,
		);
		expect(run?.processes.map(({gpu, process}) => [gpu, process])).toEqual([
			['GPU-a', 0],
			['GPU-a', 1],
		]);
		expect(warnings.map(({code}) => code)).toContain('gpu-clocks-vary');
	});

	it('leave it out where a process is missing, or they hardly ran side by side', () => {
		const energyOf = (run: ReturnType<typeof measureRun>) =>
			run.gpu_metrics?.holders['pipeline']?.energy_per_item_joules;
		expect(energyOf(measureRun([[shared(0)]], {planned: 2}))).toBeNull();
		expect(energyOf(measureRun([[shared(0), shared(3000)]]))).toBeNull();
		const alone = measure(traceOfBatches(5), {gpu: evidence(6, steady)});
		expect(energyOf(measureRun([[alone], [alone]]))).toBeCloseTo(1400 / 12, 3);
		const mig = measure(traceOfBatches(5), {gpu: evidence(6, steady, {mig: true})});
		expect(energyOf(measureRun([[mig]]))).toBeNull();
	});

	it('are means over the processes, batch by batch', () => {
		const [a, b] = [1900, 1800].map((clock) =>
			measure(traceOfBatches(3), {
				gpu: evidence(4, () => ({values: {sm_clock_mhz: clock, power_watts: clock / 10}})),
			}),
		);
		if (a === undefined || b === undefined) {
			throw new Error('two were made');
		}

		const {gpu_metrics: run} = measureRun([[a], [b]]);
		expect(run?.holders['pipeline']?.batches).toMatchObject({
			sm_clock_mhz: [1850, 1850, 1850],
			power_watts: [185, 185, 185],
		});
		expect(run?.window?.levels.sm_clock_mhz).toMatchObject({mean: 1850, min: 1800, max: 1900});
	});
});
