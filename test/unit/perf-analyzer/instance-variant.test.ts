import {describe, expect, it} from 'vitest';
import {
	labelOf,
	listVariants,
	slugOf,
	type InstanceLayout,
} from '../../../perf-analyzer/instance-variant.ts';

const grid = {
	models: ['cpu_model', 'gpu_model'],
	edited: null,
	counts: [1, 2],
	kinds: [],
	gpus: [],
} as const;

const findLayout = (model: string): InstanceLayout => ({
	device: model.startsWith('cpu') ? 'cpu' : model.startsWith('gpu') ? 'gpu' : null,
	places: model.startsWith('gpu') ? 2 : 1,
});

describe('listVariants', () => {
	it('sets every model against every count, on what each runs', () => {
		expect(listVariants(grid, findLayout).map(({instances}) => instances)).toEqual([1, 2, 2, 4]);
		expect(listVariants(grid, findLayout).map(labelOf)).toEqual([
			'cpu_model, 1 instance (cpu)',
			'cpu_model, 2 instances (cpu)',
			'gpu_model, 1 instance (gpu)',
			'gpu_model, 2 instances (gpu)',
		]);
	});

	it('sets one model on CPU against GPU, GPUs being the GPU side only', () => {
		const variants = listVariants(
			{
				...grid,
				models: ['pipeline'],
				edited: 'net',
				counts: [2],
				kinds: ['cpu', 'gpu'],
				gpus: [0, 1],
			},
			findLayout,
		);
		expect(variants.map(({request}) => request.gpus)).toEqual([[], [0, 1]]);
		expect(variants.map(labelOf)).toEqual([
			'pipeline, 2 instances of net (cpu)',
			'pipeline, 2 instances of net on each GPU of 0, 1',
		]);
		expect(variants.map(slugOf)).toEqual([
			'pipeline_net_cpu_2instances',
			'pipeline_net_gpu0-1_2instances',
		]);
	});

	it('leaves out what is not known', () => {
		const [variant] = listVariants({...grid, models: ['m'], counts: [1]}, findLayout);
		expect(variant && labelOf(variant)).toBe('m, 1 instance');
		expect(variant && slugOf(variant)).toBe('m_1instances');
	});
});
