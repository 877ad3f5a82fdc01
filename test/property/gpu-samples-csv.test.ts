import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {
	decodeEventReasons,
	encodeEventReasons,
	gpuMetricNames,
	GpuSample,
} from '../../schemas/gpu-sample.ts';
import {formatGpuSample, gpuSamplesHeader, parseGpuSamples} from '../../schemas/gpu-samples-csv.ts';

const mask = fc.nat({max: 0x7f_ff_ff_ff});
const sample: fc.Arbitrary<GpuSample> = fc
	.record({
		unixNs: fc.bigInt({min: 0n, max: 2n ** 63n}),
		arrivedUnixNs: fc.bigInt({min: 0n, max: 2n ** 63n}),
		gpu: fc.stringMatching(/^(GPU|MIG)-[\da-f-]{1,36}$/),
		eventReasons: fc.option(mask),
		values: fc.record(
			Object.fromEntries(
				gpuMetricNames.map((name) => [
					name,
					// -0 is told as 0.
					fc.option(fc.double({noNaN: true, noDefaultInfinity: true}).map((value) => value + 0)),
				]),
			),
		),
	})
	.map((value) => GpuSample.parse(value));

describe('gpu_metrics.csv', () => {
	it('gives back what was written, but for a last line that was cut', () => {
		fc.assert(
			fc.property(fc.array(sample, {maxLength: 5}), fc.nat(), (samples, cut) => {
				const text = gpuSamplesHeader + samples.map(formatGpuSample).join('');
				expect(parseGpuSamples(text)).toEqual({samples, unreadable: 0});
				const last = formatGpuSample(samples[0] ?? GpuSample.parse(fc.sample(sample, 1)[0]));
				const half = last.slice(0, cut % last.length);
				expect(parseGpuSamples(text + half)).toEqual({samples, unreadable: 0});
			}),
		);
	});

	it.each(['x,2,GPU-a,none', '1,2,,none', '1,2,GPU-a,magic', '1,2,GPU-a'])(
		'%j is counted and left out',
		(line) => {
			const filled = `${line}${','.repeat(gpuMetricNames.length)}\n`;
			expect(parseGpuSamples(gpuSamplesHeader + filled)).toEqual({samples: [], unreadable: 1});
		},
	);

	it('of another header is none', () => {
		expect(parseGpuSamples('time,power\n1,2\n')).toBeNull();
	});
});

describe('event reasons', () => {
	it('are the bits of nvmlClocksEventReasons', () => {
		expect(decodeEventReasons(0)).toEqual([]);
		expect(decodeEventReasons(0x1ff)).toEqual([
			'idle',
			'clock_setting',
			'power_cap',
			'hw_slowdown',
			'sync_boost',
			'thermal',
			'hw_thermal',
			'hw_power_brake',
			'display_clock',
		]);
		expect(decodeEventReasons(0x204)).toEqual(['power_cap', 'bit_0x200']);
		expect(encodeEventReasons(['nonsense'])).toBeNull();
	});

	it('are the same mask again', () => {
		fc.assert(
			fc.property(mask, (bits) => {
				expect(encodeEventReasons(decodeEventReasons(bits))).toBe(bits);
			}),
		);
	});
});
