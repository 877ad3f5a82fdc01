/** The aggregation against one that looks at every nanosecond by itself. */

import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {measureGpuWindow, trackGpus, type GpuTrack} from '../../results/gpu-windows.ts';
import {decodeEventReasons, type GpuSample} from '../../schemas/gpu-sample.ts';
import {gpuSample, sampleOrigin} from '../support/gpu-samples.ts';

interface Told {
	readonly at: number;
	readonly power: number | null;
	readonly mask: number | null;
}

const told: fc.Arbitrary<readonly Told[]> = fc
	.uniqueArray(
		fc.record({
			at: fc.nat({max: 60}),
			power: fc.option(fc.nat({max: 700}), {freq: 4}),
			mask: fc.option(fc.constantFrom(0, 0x4, 0x24, 0x40), {freq: 4}),
		}),
		{selector: ({at}) => at, minLength: 1, maxLength: 20},
	)
	.map((samples) => samples.toSorted((a, b) => a.at - b.at));

const intervalNs = 2;

const buildTrack = (samples: readonly Told[]): GpuTrack => {
	const rows: readonly GpuSample[] = samples.map(({at, power, mask}) =>
		gpuSample(at, {power_watts: power, power_cap_us: power}, mask),
	);
	const track = trackGpus(rows, {originUnixNs: sampleOrigin, intervalNs}).get('GPU-a');
	if (track === undefined) {
		throw new Error('there is a GPU');
	}

	return track;
};

/** The period is the greater of what was asked and what is usual between samples, where three steps tell what is. */
const findLongestGap = (samples: readonly Told[]): number => {
	const times = samples.map(({at}) => at).toSorted((a, b) => a - b);
	const steps = times.slice(1).map((at, index) => at - Number(times[index]));
	const usual = steps.toSorted((a, b) => a - b)[Math.ceil(steps.length / 2) - 1] ?? 0;
	return 3 * Math.max(intervalNs, steps.length < 3 ? 0 : usual);
};

interface Point {
	readonly at: number;
	readonly value: number;
}

const pointsOf = (
	samples: readonly Told[],
	read: (sample: Told) => number | null,
): readonly Point[] =>
	samples
		.flatMap((sample) => {
			const value = read(sample);
			return value === null ? [] : [{at: sample.at, value}];
		})
		.toSorted((a, b) => a.at - b.at);

/** The neighbours of a moment; undefined where it lies in a gap or outside. */
const around = (
	points: readonly Point[],
	time: number,
	longest: number,
): readonly [Point, Point] | undefined => {
	const before = points.findLast(({at}) => at <= time);
	const after = points.find(({at}) => at > time);
	return before && after && after.at - before.at <= longest ? [before, after] : undefined;
};

/** In the middle of each nanosecond, where a line that bends only at whole ones has its mean. */
const listMoments = (start: number, end: number): readonly number[] =>
	Array.from({length: end - start}, (_, index) => start + index + 0.5);

const valueAt = ([low, high]: readonly [Point, Point], time: number): number =>
	low.value + ((high.value - low.value) * (time - low.at)) / (high.at - low.at);

const window = fc
	.tuple(fc.integer({min: -5, max: 65}), fc.integer({min: -5, max: 65}))
	.map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);

describe('a window', () => {
	it('has the mean, the share and the energy of its moments', () => {
		fc.assert(
			fc.property(told, window, (samples, [start, end]) => {
				const longest = findLongestGap(samples);
				const points = pointsOf(samples, ({power}) => power);
				const known = listMoments(start, end).flatMap((time) => {
					const pair = around(points, time, longest);
					return pair === undefined ? [] : [valueAt(pair, time)];
				});
				const measured = measureGpuWindow(buildTrack(samples), start, end);
				const power = measured.levels.power_watts;
				if (known.length === 0) {
					expect(power).toBeUndefined();
					expect(measured.energy_joules).toBeNull();
					return;
				}

				const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
				const covered = known.length / (end - start);
				expect(power?.mean).toBeCloseTo(mean, 8);
				expect(power?.covered).toBeCloseTo(covered, 10);
				if (covered >= 0.9) {
					expect(measured.energy_joules).toBeCloseTo((mean * (end - start)) / 1e9, 14);
				} else {
					expect(measured.energy_joules).toBeNull();
				}
			}),
			{numRuns: 500},
		);
	});

	it('has the event reasons of the samples nearest to its moments', () => {
		fc.assert(
			fc.property(told, window, (samples, [start, end]) => {
				const longest = findLongestGap(samples);
				const points = pointsOf(samples, ({mask}) => mask);
				// Twice as fine: where two samples are an odd number apart, the border lies between two whole nanoseconds.
				const known = listMoments(2 * start, 2 * end).flatMap((half) => {
					const time = half / 2;
					const pair = around(points, time, longest);
					return pair === undefined
						? []
						: [(time - pair[0].at < pair[1].at - time ? pair[0] : pair[1]).value];
				});
				const {event_reasons: reasons} = measureGpuWindow(buildTrack(samples), start, end);
				if (known.length === 0) {
					expect(reasons).toBeNull();
					return;
				}

				for (const name of ['power_cap', 'thermal', 'hw_thermal']) {
					const share =
						known.filter((mask) => decodeEventReasons(mask).includes(name)).length / known.length;
					expect(reasons?.[name] ?? 0).toBeCloseTo(share, 10);
				}
			}),
			{numRuns: 500},
		);
	});

	it('its parts add up to it', () => {
		fc.assert(
			fc.property(told, window, fc.nat({max: 100}), (samples, [start, end], percent) => {
				const track = buildTrack(samples);
				const middle = start + Math.round(((end - start) * percent) / 100);
				const joules = ([from, to]: readonly [number, number]): number => {
					const power = measureGpuWindow(track, from, to).levels.power_watts;
					return power === undefined ? 0 : power.mean * power.covered * (to - from);
				};
				expect(joules([start, middle]) + joules([middle, end])).toBeCloseTo(
					joules([start, end]),
					6,
				);
			}),
			{numRuns: 300},
		);
	});
});
