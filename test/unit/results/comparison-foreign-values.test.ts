/** The values of CV-CUDA's files, of either generation. */

import {describe, expect, it} from 'vitest';
import {readForeignValues} from '../../../results/comparison/foreign-values.ts';
import type {CvcudaTree} from '../../../schemas/cvcuda-result.ts';
import {foreignProcess} from '../../support/foreign-runs.ts';

describe("CV-CUDA's files", () => {
	it.each([1, 2] as const)('of generation %i give the values that were written', (generation) => {
		const file = foreignProcess(generation, 1, 1) as Record<string, CvcudaTree>;
		const batches = file['mean_data'] ?? file['data_stats_minus_warmup'] ?? {};
		const {values, counts, gpuTraced} = readForeignValues(file['data'] ?? {}, batches, 2);
		expect(gpuTraced).toBe(false);
		expect(values.get('demo/pipeline')).toEqual({
			cpu_time: 150,
			cpu_time_per_item: 7.5,
			cpu_time_minus_warmup: 90,
			cpu_time_per_item_minus_warmup: 7.5,
		});
		// 4 items a batch: the first generation says so of the batch alone.
		expect(values.get('demo/pipeline/batch_*/stage_2')).toEqual({
			cpu_time: 20,
			cpu_time_per_item: 5,
		});
		expect([...values.keys()]).toEqual([
			'demo/pipeline',
			'demo/pipeline/batch_*',
			'demo/pipeline/batch_*/stage_1',
			'demo/pipeline/batch_*/stage_2',
		]);
		expect(counts.get('demo/pipeline/batch_*')).toEqual({instances: 5, per: 'process'});
	});

	it('may have no batches that count', () => {
		const data = {obj: {cpu_time: 3, batch_0: {cpu_time: 1, total_items: 1}}};
		const {values} = readForeignValues(data, {obj: {}}, 0);
		expect([...values]).toEqual([['obj', {cpu_time: 3}]]);
	});
});
