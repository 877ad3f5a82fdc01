/** What a comparison makes of the ranges in result files: their paths, how often they ran, which are leaves. */

import {describe, expect, it} from 'vitest';
import {readOwnProcess} from '../../../results/comparison/own-values.ts';
import {
	countInstances,
	foldBelowHolders,
	foldByPaths,
	type ResultNode,
} from '../../../results/comparison/result-nodes.ts';
import {
	dropRunningNumbers,
	mergeRunningNumbers,
} from '../../../results/comparison/running-numbers.ts';
import {listLeaves} from '../../../results/comparison/side-samples.ts';
import {findRangePaths} from '../../../results/range-paths.ts';
import {measureDemo} from '../../support/compared-runs.ts';
import {measure} from '../../support/measure.ts';
import {batch, range, traceOf} from '../../support/trace-ranges.ts';

const node = (children: Readonly<Record<string, ResultNode>> = {}, instances = 1): ResultNode => ({
	instances,
	children: new Map(Object.entries(children)),
});

describe('paths of results', () => {
	it('fold as those of stats do, whatever the names hold', () => {
		const fold = foldByPaths([
			'demo/batch_*',
			String.raw`demo/a\/b\*`,
			String.raw`demo/a\/b\*/x*y`,
			'demo/batch_*/stage_1',
		]);
		expect(fold('demo', 'batch_12')).toEqual({path: 'demo/batch_*', isBatch: true});
		expect(fold('demo', 'batch_')).toEqual({path: 'demo/batch_', isBatch: false});
		expect(fold('demo', 'batch_1b')).toEqual({path: 'demo/batch_1b', isBatch: false});
		expect(fold('demo/batch_*', 'stage_1')).toEqual({path: 'demo/batch_*/stage_1', isBatch: false});
		expect(fold('demo', 'a/b*')).toEqual({path: String.raw`demo/a\/b\*`, isBatch: false});
		expect(fold(String.raw`demo/a\/b\*`, 'x7y')).toEqual({
			path: String.raw`demo/a\/b\*/x*y`,
			isBatch: true,
		});
	});

	it('fold below the holders that CV-CUDA names, also inside batches', () => {
		const fold = foldBelowHolders(['obj/clip_3/decode', 'obj']);
		expect(fold('obj', 'clip_3')).toEqual({path: 'obj/clip_*', isBatch: true});
		expect(fold('obj/clip_*', 'decode')).toEqual({path: 'obj/clip_*/decode', isBatch: false});
		expect(fold('obj/clip_*/decode', 'frame_7')).toEqual({
			path: 'obj/clip_*/decode/frame_*',
			isBatch: true,
		});
		expect(fold('obj/clip_*', 'stage_1')).toEqual({path: 'obj/clip_*/stage_1', isBatch: false});
	});

	it('of a trace lead every range to its path in stats', () => {
		const trace = traceOf([
			range('pipeline', 0, 100, {note: {object: 'demo'}}, [
				batch(0, 1, 0, 10, {}, [range('s', 0, 5)]),
				batch(1, 1, 10, 20, {}, [
					range('s', 10, 15),
					range('gone', 15, 18, {note: {deleted: true}}),
				]),
				batch(2, 1, 20, 30, {}, [range('s', 20, 25)]),
			]),
		]);
		const options = {warmupBatches: 1, batchPattern: /x(?<index>\d+)/, placeholder: null};
		const {paths, pathOf} = findRangePaths(trace, options);
		const named = [...pathOf].map((path) => paths[path]);
		expect(named).toEqual([
			'demo/pipeline',
			undefined,
			undefined,
			'demo/pipeline/batch_*',
			'demo/pipeline/batch_*/s',
			undefined,
			undefined,
			undefined,
		]);
		// Just those that have statistics.
		const stats = Object.keys(measure(trace).result.stats);
		expect(new Set(named.filter((path) => path !== undefined))).toEqual(new Set(stats));
	});
});

describe('counts', () => {
	it('are per batch inside batches, per process elsewhere', () => {
		const tree = new Map([
			[
				'pipeline',
				node({
					batch_0: node({stage: node({}, 2)}),
					batch_1: node({stage: node({}, 3), extra: node()}),
					setup: node({}, 7),
				}),
			],
		]);
		const counts = countInstances(tree, foldByPaths(['pipeline/batch_*']));
		expect([...counts]).toEqual([
			['pipeline', {instances: 1, per: 'process'}],
			['pipeline/batch_*', {instances: 2, per: 'process'}],
			['pipeline/batch_*/stage', {instances: 2.5, per: 'batch'}],
			['pipeline/batch_*/extra', {instances: 0.5, per: 'batch'}],
			['pipeline/setup', {instances: 7, per: 'process'}],
		]);
	});

	it('of our files are those that the trace had', () => {
		const {counts} = readOwnProcess(measureDemo({batches: 7}).result, 0);
		expect(Object.fromEntries([...counts].map(([path, {instances}]) => [path, instances]))).toEqual(
			{
				demo: 1,
				'demo/pipeline': 1,
				'demo/pipeline/batch_*': 7,
				'demo/pipeline/batch_*/stage_1': 1,
				'demo/pipeline/batch_*/stage_2': 1,
			},
		);
	});
});

describe('running numbers', () => {
	it('are those of PyTorch only', () => {
		expect(dropRunningNumbers('aten::to, seq = 12, op_id = 9/aten::copy_, op_id = 3')).toBe(
			'aten::to/aten::copy_',
		);
		expect(dropRunningNumbers('stage_1, sizes = [1, 2]')).toBe('stage_1, sizes = [1, 2]');
	});

	it('leave ranges of one path, whose times add up', () => {
		const one = {instances: 1, per: 'process'} as const;
		const merged = mergeRunningNumbers({
			repeat: 0,
			gpuTraced: true,
			values: new Map([
				['f, op_id = 1', {cpu_time: 1, gpu_time: 2}],
				['f, seq = 3, op_id = 2', {cpu_time: 10}],
				['g', {cpu_time: 5}],
			]),
			counts: new Map([
				['f, op_id = 1', one],
				['f, seq = 3, op_id = 2', one],
				['g', one],
			]),
		});
		expect([...merged.values]).toEqual([
			['f', {cpu_time: 11, gpu_time: 2}],
			['g', {cpu_time: 5}],
		]);
		expect(merged.counts.get('f')).toEqual({instances: 2, per: 'process'});
		expect(merged.renamed).toBe(true);
	});
});

it('leaves are ranges without ranges inside', () => {
	expect([...listLeaves(['a', 'a/b', 'a/b/c', 'ab', String.raw`a\/x`])]).toEqual([
		'a/b/c',
		'ab',
		String.raw`a\/x`,
	]);
});
