import {describe, expect, it} from 'vitest';
import {listRangeRows} from '../../../report/range-rows.ts';
import {selectRows} from '../../../report/row-selection.ts';
import type {RangeStatistics, Summary} from '../../../schemas/benchmark-result.ts';

const summary = (median: number, half = 0): Summary => ({
	count: 4,
	mean: median,
	median,
	std: half,
	min: median - half,
	max: median + half,
	p5: median - half,
	p16: median - half,
	p84: median + half,
	p95: median + half,
	p99: median + half,
	confidence_interval: null,
});

const statistics = (cpu: number, gpu = 0): RangeStatistics => ({
	cpu_time: summary(cpu, 1),
	gpu_time: summary(gpu),
	gpu_busy_time: summary(gpu),
});

describe('rows of a range tree', () => {
	it('nest by path and refer to their batch', () => {
		const rows = listRangeRows({
			'a/pipeline': statistics(100),
			'a/pipeline/batch_*': statistics(40, 10),
			'a/pipeline/batch_*/stage': statistics(10, 5),
			'a/pipeline/batch_*/stage/inner': statistics(4, 5),
			'a/pipeline/batch_*/stage_2': statistics(20),
			'b/load': statistics(7),
		});
		expect(rows.map(({name, depth, cpuShare}) => [name, depth, cpuShare])).toEqual([
			['a/pipeline', 0, undefined],
			['batch_*', 1, undefined],
			['stage', 2, 0.25],
			['inner', 3, 0.1],
			['stage_2', 2, 0.5],
			['b/load', 0, undefined],
		]);
		expect(rows.map(({gpuShare}) => gpuShare)).toEqual([
			undefined,
			undefined,
			0.5,
			0.5,
			0,
			undefined,
		]);
		expect(rows[1]?.cpuSpread).toBe(1 / 40);
	});

	it('stand behind their parents even where names look like numbers', () => {
		const rows = listRangeRows({
			a: statistics(9),
			'a/b': statistics(3),
			42: statistics(5),
			'42/7': statistics(1),
		});
		expect(rows.map(({name, depth}) => [name, depth])).toEqual([
			['42', 0],
			['7', 1],
			['a', 0],
			['b', 1],
		]);
	});

	it('show names as they were given, and take a star in a name for no batch', () => {
		const rows = listRangeRows({
			pipeline: statistics(100),
			'pipeline/batch_*': statistics(50),
			[String.raw`pipeline/batch_*/a\/b \* c`]: statistics(25),
			[String.raw`pipeline/batch_*/a\/b \* c/\e`]: statistics(5),
		});
		expect(rows.map(({name, depth, cpuShare}) => [name, depth, cpuShare])).toEqual([
			['pipeline', 0, undefined],
			['batch_*', 1, undefined],
			['a/b * c', 2, 0.5],
			['""', 3, 0.1],
		]);
	});
});

describe('a selection of rows', () => {
	const rows = listRangeRows({
		setup: statistics(500),
		'setup/load': statistics(400),
		'setup/tiny': statistics(1),
		pipeline: statistics(100),
		'pipeline/batch_*': statistics(50),
		'pipeline/batch_*/stage': statistics(2),
	});
	const names = (limit: number) => selectRows(rows, limit).shown.map(({name}) => name);

	it('prefers what is measured by batches, then what takes longest', () => {
		expect(names(3)).toEqual(['pipeline', 'batch_*', 'stage']);
		expect(names(5)).toEqual(['setup', 'load', 'pipeline', 'batch_*', 'stage']);
	});

	it('shows no row without those that it lies in', () => {
		expect(names(1)).toEqual([]);
		expect(selectRows(rows, 4)).toMatchObject({hidden: 2});
	});

	it('hides nothing that fits', () => {
		expect(selectRows(rows, Number.POSITIVE_INFINITY)).toEqual({shown: rows, hidden: 0});
	});
});
