/** `--attribute-threads` in the results: what `ranges` tells with it, `reprocess` and `run` tell too. */

import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {ProcessResult} from '../../schemas/benchmark-result.ts';
import {readJsonFile} from '../../schemas/json-file.ts';
import {Manifest} from '../../schemas/manifest.ts';
import {runBenchmark, temporaryFolder} from '../support/command.ts';
import {buildTrace} from '../support/trace-builder.ts';

const main = {pid: 1, tid: 1};
const autograd = {pid: 1, tid: 2};

/** A batch whose forward pass is launched by its own thread, and whose backward pass is not. */
const buildTraining = (folder: string): string =>
	buildTrace(path.join(folder, 'training.sqlite'), {
		ranges: [{name: 'batch_0', start: 0, end: 1000, ...main}],
		calls: [
			{correlation: 1, start: 100, end: 110, ...main},
			{correlation: 2, start: 200, end: 210, ...autograd},
		],
		kernels: [
			{correlation: 1, pid: 1, start: 120, end: 150},
			{correlation: 2, pid: 1, start: 220, end: 290},
		],
	});

const measure = async (file: string, ...options: readonly string[]) => {
	const out = temporaryFolder('training-out');
	const {exitCode, stderr} = await runBenchmark([
		...['reprocess', '-w', '0', '-o', out, ...options],
		file,
	]);
	expect(exitCode).toBe(0);
	const {data} = readJsonFile(ProcessResult, path.join(out, 'proc_0_gpu_0/benchmark.json'));
	return {stderr, batch: data['batch_0'] ?? data['/']?.['batch_0']};
};

describe('--attribute-threads', () => {
	it('gives a batch the GPU time of its backward pass', async () => {
		const file = buildTraining(temporaryFolder('training'));
		const without = await measure(file);
		expect(without.batch).toMatchObject({gpu_busy_time: 0.00003});
		expect(without.stderr).toContain('--attribute-threads');
		const attributed = await measure(file, '--attribute-threads');
		expect(attributed.batch).toMatchObject({gpu_busy_time: 0.0001, gpu_time: 0.00017});
		expect(attributed.stderr).not.toContain('in no range');
	});

	it('is kept in run.json', async () => {
		const out = temporaryFolder('attributed');
		const {exitCode} = await runBenchmark([
			...['--profiler', 'builtin', '--attribute-threads', '-o', out],
			'samples/python/perf_utils_test.py',
		]);
		expect(exitCode).toBe(0);
		const {options} = readJsonFile(Manifest, path.join(out, 'run.json'));
		expect(options.attributeThreads).toBe(true);
	});
});
