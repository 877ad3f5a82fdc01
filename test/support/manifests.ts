/** A run's manifest, of which a test says only what matters to it. */

import {Manifest} from '../../schemas/manifest.ts';

export interface ManifestFacts extends Partial<Omit<Manifest, 'options' | 'machine'>> {
	readonly options?: Partial<Manifest['options']>;
	readonly machine?: Partial<Manifest['machine']>;
}

/** A run of one process that has ended, on a machine without GPUs. @throws ZodError where the format forbids it */
export const makeManifest = ({options, machine, ...facts}: ManifestFacts = {}): Manifest =>
	Manifest.parse({
		formatVersion: 1,
		status: 'done',
		command: ['benchmark', 'train.py'],
		program: ['train.py'],
		workingDirectory: '/programs',
		startedAt: '2026-01-01T00:00:00.000Z',
		endedAt: null,
		launcher: {pid: 1, host: 'node1'},
		profiler: {kind: 'nsys', path: '/usr/bin/nsys', version: '2024.5.1'},
		options: {
			processesPerGpu: 1,
			gpus: 1,
			gpuOffset: 0,
			repeats: 1,
			warmupBatches: 1,
			batchPattern: String.raw`^batch_(?<index>\d+)$`,
			trace: ['nvtx'],
			timeoutSeconds: null,
			...options,
		},
		machine: {
			host: 'node1',
			kernel: 'Linux 6',
			cpu: 'Xeon',
			cores: 32,
			memoryBytes: 1e11,
			...machine,
		},
		gpus: [],
		versions: {benchmark: '0.1.0', node: '20.11.0'},
		workers: [],
		...facts,
	});
