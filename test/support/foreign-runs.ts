/** What CV-CUDA's launcher would leave of demo.py (compared-runs.ts), of either generation. */

import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {jitters} from './compared-runs.ts';

const writeText = (file: string, text: string): void => {
	mkdirSync(path.dirname(file), {recursive: true});
	writeFileSync(file, text);
};

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** The numbers of a range in CV-CUDA's files. */
const foreignTimes = (cpu: number, items?: number): Record<string, number> => ({
	cpu_time: round(cpu),
	gpu_time: 0,
	...(items === undefined
		? {}
		: {total_items: items, cpu_time_per_item: round(cpu / items), gpu_time_per_item: 0}),
});

const statisticsOf = (node: Record<string, unknown>): Record<string, unknown> =>
	Object.fromEntries(
		Object.entries(node).map(([key, value]) => [
			key,
			typeof value === 'number'
				? {min: value, max: value, mean: value, median: value, std: 0}
				: statisticsOf(value as Record<string, unknown>),
		]),
	);

/**
 * benchmark.json of one process, as CV-CUDA's launcher of either generation writes it.
 * @param items of each batch: four take the times above, more take more
 */
export const foreignProcess = (
	generation: 1 | 2,
	factor: number,
	jitter: number,
	items = 4,
): object => {
	const more = jitter * (items / 4);
	const [first, second] = [10 * more, 20 * factor * more] as const;
	const batchNode = {
		...foreignTimes(first + second, items),
		stage_1: foreignTimes(first),
		stage_2: foreignTimes(second),
	};
	const whole = 5 * (first + second);
	const perItem =
		generation === 1 ? 'cpu_time_per_item_minus_warmup' : 'cpu_time_minus_warmup_per_item';
	const data = {
		demo: {
			pipeline: {
				...foreignTimes(whole, 5 * items),
				cpu_time_minus_warmup: round(whole * 0.6),
				[perItem]: round((whole * 0.6) / (3 * items)),
				...Object.fromEntries([0, 1, 2, 3, 4].map((index) => [`batch_${index}`, batchNode])),
			},
		},
	};
	const meta = {obj_name: 'demo', measurement_unit: 'milliseconds', device: {id: 0, name: 'A100'}};
	return generation === 1
		? {data, mean_data: {'demo/pipeline': batchNode}, meta}
		: {data, data_stats_minus_warmup: {'demo/pipeline': statisticsOf(batchNode)}, meta};
};

/** @returns the folder */
export const writeForeignRun = (
	folder: string,
	{
		generation = 1,
		factor = 1,
		processes = 5,
		items = 4,
	}: {generation?: 1 | 2; factor?: number; processes?: number; items?: number} = {},
): string => {
	for (let process = 0; process < processes; process++) {
		const jitter = jitters[process % jitters.length] ?? 1;
		const result = foreignProcess(generation, factor, jitter, items);
		const file = path.join(folder, `proc_${process}_gpu_0`, 'benchmark.json');
		writeText(file, JSON.stringify(result));
	}

	return folder;
};
