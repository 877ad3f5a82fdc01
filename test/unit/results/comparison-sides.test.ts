/** From result files to what a comparison takes of them: paths, counts, samples, facts. */

import {describe, expect, it} from 'vitest';
import {listDifferences} from '../../../results/comparison/differences.ts';
import {
	describeManifest,
	describeMeta,
	mergeFacts,
} from '../../../results/comparison/fingerprint.ts';
import {readForeignValues} from '../../../results/comparison/foreign-values.ts';
import {compareKernels, pickKernelPaths} from '../../../results/comparison/kernel-changes.ts';
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
import type {ComparedInput} from '../../../schemas/comparison-report.ts';
import type {RangeComparison} from '../../../schemas/comparison.ts';
import type {CvcudaTree} from '../../../schemas/cvcuda-result.ts';
import {foreignProcess, measureDemo} from '../../support/compared-runs.ts';
import {measure, ms} from '../../support/measure.ts';
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
		expect(values.get('demo/pipeline/batch_*/stage_2')).toEqual({cpu_time: 20});
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

describe('facts', () => {
	const input = (facts: readonly (readonly [string, string])[]): ComparedInput => ({
		label: 'x',
		path: '/x',
		kind: 'run',
		format: 'nsys-benchmark',
		repeats: 1,
		processes: 1,
		processesPlanned: 1,
		warmupBatches: 1,
		batchValue: 'median',
		startedAt: null,
		endedAt: null,
		fingerprint: facts.map(([fact, value]) => ({fact, name: fact, value})),
	});

	it('that only one side knows are no difference', () => {
		expect(listDifferences(input([['driver', '1']]), input([['cuda', '12']]))).toEqual([]);
	});

	it('that could explain a change come first', () => {
		const differences = listDifferences(
			input([
				['program', 'a'],
				['driver', '1'],
				['meta.torch', '2.1'],
			]),
			input([
				['meta.torch', '2.2'],
				['driver', '2'],
				['program', 'b'],
			]),
		);
		expect(differences.map(({fact, putsInDoubt}) => [fact, putsInDoubt])).toEqual([
			['driver', true],
			['program', false],
			['meta.torch', false],
		]);
	});

	it.each([
		['what CUDA was shown, in older manifests', {cudaVisibleDevices: 'GPU-1'}],
		['an index', {cudaVisibleDevices: '1'}],
		// CUDA's own order, or a MIG instance: what it was shown tells nothing of nvidia-smi's index.
		['the physical GPU', {cudaVisibleDevices: '0', gpuUuid: 'GPU-1', migUuid: null}],
	])('of GPUs are those of the GPUs that were used: by %s', (_, shown) => {
		const gpu = (index: number, name: string) => ({index, uuid: `GPU-${index}`, name, driver: '1'});
		const facts = describeManifest({
			formatVersion: 1,
			status: 'done',
			command: [],
			program: ['x'],
			workingDirectory: '/',
			startedAt: '2026-01-01T00:00:00Z',
			endedAt: null,
			launcher: {pid: 1, host: 'h'},
			profiler: {kind: 'builtin', reason: 'no nsys'},
			options: {
				processesPerGpu: 1,
				gpus: 1,
				gpuOffset: 1,
				repeats: 1,
				warmupBatches: 1,
				batchPattern: 'x',
				trace: [],
				timeoutSeconds: null,
			},
			machine: {host: 'h', kernel: 'k', cpu: 'c', cores: 1, memoryBytes: 2 ** 30},
			gpus: [gpu(0, 'A'), gpu(1, 'B')],
			versions: {benchmark: '0', node: '20'},
			workers: [
				{
					folder: 'proc_0_gpu_0',
					repeat: 0,
					process: 0,
					gpu: 0,
					...shown,
					outcome: null,
				},
			],
		});
		const valueOf = (name: string) => facts.find(({fact}) => fact === name)?.value;
		expect([valueOf('gpu'), valueOf('gpu-uuid'), valueOf('memory')]).toEqual([
			'B',
			'GPU-1',
			'1 GiB',
		]);
		expect([valueOf('profiler'), valueOf('nsys')]).toEqual(['builtin', undefined]);
		expect(valueOf('cpu-affinity')).toBe('none');
	});

	it('of meta leave out what differs from process to process', () => {
		const facts = describeMeta({
			obj_name: 'x',
			device: {id: 0, name: 'A100'},
			git_commit: 'abc',
			args: {batch_size: 4, output_dir: '/out', sizes: [1, 2]},
			torch: null,
		});
		expect(facts.map(({fact, value}) => `${fact}=${value}`)).toEqual([
			'gpu=A100',
			'git-commit=abc',
			'meta.args.batch_size=4',
			'meta.args.sizes=[1,2]',
		]);
		expect(mergeFacts(facts, [{fact: 'gpu', name: 'GPU', value: 'other'}])).toEqual(facts);
	});
});

describe('kernels of ranges that changed', () => {
	const comparison = (path: string, over: Partial<RangeComparison>): RangeComparison => ({
		path,
		metric: 'gpu_time',
		baseline: {median: 1, center: 1, n: 1, unit: 'process', repeats: 1, processes: 1},
		candidate: {median: 2, center: 2, n: 1, unit: 'process', repeats: 1, processes: 1},
		change: 1,
		interval: null,
		p: null,
		adjustedP: null,
		verdict: 'inconclusive',
		detectable: null,
		moreRepeats: null,
		noiseFloor: null,
		estimate: null,
		reasons: [],
		...over,
	});
	const pick = (kind: ComparedInput['kind'], comparisons: RangeComparison[]): readonly string[] =>
		pickKernelPaths({comparisons, input: {kind} as ComparedInput});

	it('are those of the inner ones', () => {
		const changed = ['a', 'a/b', 'a/b/c', 'd'].map((path) => comparison(path, {verdict: 'slower'}));
		expect(pick('run', [...changed, comparison('e', {})])).toEqual(['a/b/c', 'd']);
	});

	it('are told where only the sides differ too much', () => {
		const differ = (verdict: 'faster' | 'same'): RangeComparison['reasons'] => [
			{kind: 'sides-differ', verdict, facts: ['driver']},
		];
		expect(
			pick('run', [
				comparison('a', {reasons: differ('faster')}),
				comparison('b', {reasons: differ('same')}),
			]),
		).toEqual(['a']);
	});

	it('of traces are those of the ranges whose GPU time differs most', () => {
		const none = comparison('b', {candidate: {...comparison('', {}).baseline}});
		const cpu = comparison('c', {metric: 'cpu_time'});
		expect(pick('traces', [none, cpu, comparison('a', {})])).toEqual(['a']);
		expect(pick('run', [comparison('a', {})])).toEqual([]);
	});

	it('are means per instance, those that differ most first', () => {
		const side = (instances: number, ...kernels: readonly (readonly [string, number, number])[]) =>
			new Map([
				[
					'a',
					{
						instances,
						kernels: new Map(
							kernels.map(([name, milliseconds, launches]) => [
								name,
								{ns: ms(milliseconds), launches},
							]),
						),
					},
				],
			]);
		const before = side(2, ['add', 4, 2], ['gone', 1, 2]);
		const after = side(4, ['add', 10, 4], ['new', 4, 8]);
		expect(compareKernels(['a', 'b'], before, after)).toEqual([
			{
				path: 'a',
				baseline: 2.5,
				candidate: 3.5,
				kernels: [
					{kernel: 'new', baseline: 0, candidate: 1, baselineLaunches: 0, candidateLaunches: 2},
					{kernel: 'add', baseline: 2, candidate: 2.5, baselineLaunches: 1, candidateLaunches: 1},
					{kernel: 'gone', baseline: 0.5, candidate: 0, baselineLaunches: 1, candidateLaunches: 0},
				],
				more: 0,
			},
		]);
	});
});

it('leaves are ranges without ranges inside', () => {
	expect([...listLeaves(['a', 'a/b', 'a/b/c', 'ab', String.raw`a\/x`])]).toEqual([
		'a/b/c',
		'ab',
		String.raw`a\/x`,
	]);
});
