/** On what two runs were measured: the facts of manifests and of meta, and in which they differ. */

import {describe, expect, it} from 'vitest';
import {listDifferences} from '../../../results/comparison/differences.ts';
import {
	describeManifest,
	describeMeta,
	mergeFacts,
} from '../../../results/comparison/fingerprint.ts';
import type {ComparedInput} from '../../../schemas/comparison-report.ts';
import {makeManifest} from '../../support/manifests.ts';

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
		const worker = {folder: 'proc_0_gpu_0', repeat: 0, process: 0, gpu: 0, outcome: null};
		const facts = describeManifest(
			makeManifest({
				profiler: {kind: 'builtin', reason: 'no nsys'},
				options: {gpuOffset: 1},
				machine: {memoryBytes: 2 ** 30},
				gpus: [gpu(0, 'A'), gpu(1, 'B')],
				workers: [{...worker, ...shown}],
			}),
		);
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
