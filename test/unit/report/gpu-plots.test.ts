/** Pictures of GPUs: groups, gaps, what slowed, and the batches below. */

import {describe, expect, it} from 'vitest';
import {drawGpuPlots} from '../../../report/gpu-plots.ts';
import type {WorkerBatches} from '../../../report/gpu-lanes.ts';
import {gpuPlotNames} from '../../../schemas/run-files.ts';
import type {GpuSample} from '../../../schemas/gpu-sample.ts';
import {gpuSample, sampleOrigin} from '../../support/gpu-samples.ts';
import {findElements, parseXml, type XmlElement} from '../../support/xml.ts';

const options = {gpuNames: new Map([['GPU-a', 'GPU 0']]), intervalNs: 1e8, subtitle: ''};
const tenth = 100_000_000;

const draw = (
	samples: readonly GpuSample[],
	workers: readonly WorkerBatches[] = [],
): ReadonlyMap<string, XmlElement> =>
	new Map(drawGpuPlots(samples, workers, options).map(({name, svg}) => [name, parseXml(svg)]));

const withClass = (
	root: XmlElement | undefined,
	name: string,
	look: string,
): readonly XmlElement[] =>
	(root === undefined ? [] : findElements(root, name)).filter(({attributes}) =>
		(attributes['class'] ?? '').split(' ').includes(look),
	);

const worker = (name: string, count: number): WorkerBatches => ({
	name,
	batches: Array.from({length: count}, (_, index) => ({
		name: String(index),
		fromUnixNs: sampleOrigin + BigInt(index * 10 * tenth),
		toUnixNs: sampleOrigin + BigInt((index * 10 + 9) * tenth),
		isWarmUp: index === 0,
	})),
});

const clock = (count: number): readonly GpuSample[] =>
	Array.from({length: count}, (_, index) =>
		gpuSample(index * tenth, {sm_clock_mhz: 1980}, index > 20 && index < 30 ? 0x20 : 0),
	);

describe('drawGpuPlots', () => {
	it('draws what is known only, under names that the next run clears', () => {
		expect(draw([]).size).toBe(0);
		expect([...draw([gpuSample(0, {power_watts: 70})]).keys()]).toEqual(['plot.power']);
		const all = draw([
			gpuSample(0, {
				power_watts: 1,
				sm_clock_mhz: 1,
				temperature_celsius: 1,
				gpu_percent: 1,
				memory_used_mib: 1,
			}),
		]);
		expect([...all.keys()]).toEqual([...gpuPlotNames]);
	});

	it('breaks the line where samples are missing', () => {
		const samples = clock(40).filter((_, index) => index < 10 || index > 20);
		expect(withClass(draw(samples).get('plot.clocks'), 'path', 'line')).toHaveLength(2);
	});

	it('has GPUs in the order of the run, whichever told first', () => {
		const samples = ['GPU-z', 'GPU-b', 'GPU-a'].map((gpu) =>
			gpuSample(0, {power_watts: 70}, null, gpu),
		);
		const gpuNames = new Map([
			['GPU-b', 'GPU 0'],
			['GPU-a', 'GPU 1'],
		]);
		const [plot] = drawGpuPlots(samples, [], {...options, gpuNames});
		expect(plot?.svg.match(/GPU 0|GPU 1|GPU-z/g)?.slice(0, 3)).toEqual(['GPU 0', 'GPU 1', 'GPU-z']);
	});

	it('a clock that is set back does not draw two moments as one', () => {
		const watts = [100, 100, 100, 100, 900, 900, 900];
		const svg = drawGpuPlots(
			[0, 1, 2, 3, 1, 2, 3].map((at, index) =>
				gpuSample(at * tenth, {power_watts: watts[index] ?? 0}),
			),
			[],
			options,
		)[0]?.svg;
		expect(svg).toContain('>100<');
		expect(svg).not.toContain('>900<');
	});

	it('leaves out video engines that nobody used', () => {
		const samples = [0, 1].map((at) =>
			gpuSample(at * tenth, {gpu_percent: 50, encoder_percent: 0, decoder_percent: 10}),
		);
		const texts = findElements(draw(samples).get('plot.utilization') ?? parseXml('<a/>'), 'text');
		const labels = texts.map(({text}) => text);
		expect(labels).toContain('decoder (%)');
		expect(labels).not.toContain('encoder (%)');
	});

	it('shows what slowed, and each batch of each worker', () => {
		const root = draw(clock(100), [worker('proc_0_gpu_0', 10), worker('proc_1_gpu_0', 10)]).get(
			'plot.clocks',
		);
		// One in the legend.
		expect(withClass(root, 'rect', 'span-alarm')).toHaveLength(2);
		const batches = ['span-batch', 'span-batch-other', 'span-warm-up'].flatMap((look) =>
			withClass(root, 'rect', look),
		);
		expect(batches).toHaveLength(2 * 10 + 2);
	});

	it('joins batches that are too narrow to be told apart', () => {
		const root = draw(clock(50_000), [worker('proc_0_gpu_0', 5_000)]).get('plot.clocks');
		const texts = findElements(root ?? parseXml('<a/>'), 'text').map(({text}) => text);
		expect(texts).toContain('4999 batches');
		expect(findElements(root ?? parseXml('<a/>'), 'rect').length).toBeLessThan(20);
	});
});
