import {describe, expect, it} from 'vitest';
import {measureGpuWindow, trackGpus, type GpuTrack} from '../../../results/gpu-windows.ts';
import type {GpuSample} from '../../../schemas/gpu-sample.ts';
import {GpuWindow} from '../../../schemas/gpu-window.ts';
import {gpuSample, sampleOrigin} from '../../support/gpu-samples.ts';

const ms = 1e6;
const track = (samples: readonly GpuSample[], intervalMs = 100): GpuTrack => {
	const tracks = trackGpus(samples, {
		originUnixNs: sampleOrigin,
		intervalNs: intervalMs * ms,
	});
	const [only] = tracks.values();
	if (only === undefined || tracks.size > 1) {
		throw new Error('one GPU was expected');
	}

	return only;
};

const measure = (of: GpuTrack, startMs: number, endMs: number): GpuWindow =>
	GpuWindow.parse(measureGpuWindow(of, startMs * ms, endMs * ms));

describe('measureGpuWindow', () => {
	const steady = track(
		[0, 100, 200, 300].map((at) =>
			gpuSample(at * ms, {sm_clock_mhz: 1980, instant_power_watts: 500, power_watts: 400}, 0),
		),
	);

	it('a steady clock is that clock; energy is power by time', () => {
		expect(measure(steady, 50, 250)).toEqual({
			levels: {
				sm_clock_mhz: {mean: 1980, min: 1980, max: 1980, covered: 1},
				instant_power_watts: {mean: 500, min: 500, max: 500, covered: 1},
				power_watts: {mean: 400, min: 400, max: 400, covered: 1},
			},
			increases: {},
			energy_joules: 100,
			energy_source: 'instant_power_watts',
			event_reasons: {},
		});
	});

	it('between two samples lies a straight line, also for a window shorter than the period', () => {
		const rising = track([
			gpuSample(0, {power_watts: 100}),
			gpuSample(100 * ms, {power_watts: 200}),
		]);
		expect(measure(rising, 40, 60)).toMatchObject({
			levels: {power_watts: {mean: 150, min: 140, max: 160, covered: 1}},
			energy_joules: 3,
			energy_source: 'power_watts',
		});
	});

	it('across a gap of more than three periods nothing is known, and energy is not told', () => {
		const gappy = track(
			[0, 100, 200, 900, 1000].map((at) => gpuSample(at * ms, {power_watts: 300}, 0x4)),
		);
		expect(measure(gappy, 0, 1000)).toMatchObject({
			levels: {power_watts: {mean: 300, covered: 0.3}},
			energy_joules: null,
			event_reasons: {power_cap: 1},
		});
		expect(measure(gappy, 300, 800)).toEqual({
			levels: {},
			increases: {},
			energy_joules: null,
			energy_source: null,
			event_reasons: null,
		});
	});

	it('three periods are no gap', () => {
		const sparse = track([0, 100, 200, 500].map((at) => gpuSample(at * ms, {power_watts: at})));
		expect(measure(sparse, 200, 500).levels.power_watts).toMatchObject({mean: 350, covered: 1});
	});

	it('a value that is not told is a gap in that metric alone, and never 0', () => {
		const holes = track([
			gpuSample(0, {power_watts: 300, sm_clock_mhz: 1000}),
			gpuSample(100 * ms, {power_watts: null, sm_clock_mhz: 1100}),
			gpuSample(200 * ms, {power_watts: 300, sm_clock_mhz: 1200}),
		]);
		expect(measure(holes, 0, 200).levels).toMatchObject({
			power_watts: {mean: 300, min: 300},
			sm_clock_mhz: {mean: 1100},
		});
	});

	it('a driver that is slower than it was asked to be has no gaps for that', () => {
		const slow = track(
			[0, 450, 900, 1350].map((at) => gpuSample(at * ms, {power_watts: 300})),
			100,
		);
		expect(measure(slow, 0, 1350)).toMatchObject({levels: {power_watts: {covered: 1}}});
	});

	it('outside of all samples nothing is known', () => {
		expect(measure(steady, -200, -100).levels).toEqual({});
		expect(measure(steady, 250, 350).levels.sm_clock_mhz?.covered).toBe(0.5);
		expect(measure(steady, 100, 100).levels).toEqual({});
	});

	it('nine tenths of a window are enough for its energy, which is told for all of it', () => {
		expect(measure(steady, 209, 309).energy_joules).toBe(50);
		expect(measure(steady, 211, 311).energy_joules).toBeNull();
	});

	it('a moment belongs to the sample nearest to it', () => {
		const capped = track(
			[0, 0x4, 0x24, 0].map((mask, index) => gpuSample(index * 100 * ms, {}, mask)),
		);
		expect(measure(capped, 0, 300).event_reasons).toEqual({
			power_cap: 200 / 300,
			thermal: 100 / 300,
		});
		expect(measure(capped, 60, 90).event_reasons).toEqual({power_cap: 1});
		expect(measure(capped, 0, 40).event_reasons).toEqual({});
	});

	it('a counter counts on through a gap, but not through a driver that is loaded anew', () => {
		const counter = (counts: readonly number[]): GpuTrack =>
			track(
				counts.map((power_cap_us, index) =>
					gpuSample((index < 2 ? index : index + 10) * 100 * ms, {power_cap_us}),
				),
			);
		expect(measure(counter([0, 1000, 50_000, 50_100]), 50, 1250).increases).toEqual({
			power_cap_us: 49_550,
		});
		expect(measure(counter([5000, 5100, 0, 10]), 50, 1250).increases).toEqual({});
		expect(measure(counter([0, 1000, 50_000, 50_100]), 50, 600).increases).toEqual({});
	});

	it('a clock that is set back: what it tells twice counts once, and later moments are not mixed in', () => {
		const watts = [100, 100, 100, 100, 900, 900, 900, 500, 500];
		const told = [0, 100, 200, 300, 100, 200, 300, 400, 500];
		const {levels} = measure(
			track(told.map((at, index) => gpuSample(at * ms, {power_watts: watts[index] ?? 0}))),
			0,
			500,
		);
		expect(levels.power_watts).toEqual({mean: 220, min: 100, max: 500, covered: 1});
		const hour = track([
			...[0, 100, 200].map((at) => gpuSample(3_600_000 * ms + at * ms, {power_watts: 100})),
			...[300, 400, 500].map((at) => gpuSample(at * ms, {power_watts: 900})),
		]);
		expect(measure(hour, 3_600_000, 3_600_500).levels.power_watts).toMatchObject({
			max: 100,
			covered: 0.4,
		});
	});

	it.each([
		['one step', [0, 10_000]],
		['two', [0, 100, 10_000]],
		['as many as there are short ones', [0, 100, 200, 10_200, 20_200]],
		['many that are longer than any driver takes', [0, 10_000, 20_000, 30_000, 40_000]],
	])('a silence is no pace: %s', (_, told) => {
		const seldom = track(told.map((at) => gpuSample(at * ms, {power_watts: 300})));
		const last = told.at(-1) ?? 0;
		expect(measure(seldom, last - 9000, last - 1000)).toMatchObject({
			levels: {},
			energy_joules: null,
		});
	});

	it('keeps GPUs apart, and takes one sample per moment', () => {
		const tracks = trackGpus(
			[
				gpuSample(0, {power_watts: 100}),
				gpuSample(0, {power_watts: 999}),
				gpuSample(0, {power_watts: 50}, null, 'GPU-b'),
				gpuSample(100 * ms, {power_watts: 200}),
			],
			{originUnixNs: sampleOrigin, intervalNs: 100 * ms},
		);
		expect([...tracks.keys()].toSorted()).toEqual(['GPU-a', 'GPU-b']);
		const a = tracks.get('GPU-a');
		expect(a && measureGpuWindow(a, 0, 100 * ms).levels.power_watts?.mean).toBe(150);
	});
});
