/** `benchmark -np 2 -w 1 -o OUT script` and what follows it, on the real nsys. */

import {execFileSync} from 'node:child_process';
import {cpSync, existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {expect, it} from 'vitest';
import {MeanResult, ProcessResult} from '../../schemas/benchmark-result.ts';
import {CommandReport} from '../../schemas/command-report.ts';
import {readJsonFile} from '../../schemas/json-file.ts';
import {Manifest} from '../../schemas/manifest.ts';
import {processesWith, projectRoot, runBenchmark, temporaryFolder} from '../support/command.ts';
import {describeWithNsys} from '../support/nsys.ts';

const pythonSample = path.join(projectRoot, 'samples/python/perf_utils_test.py');
const typescriptSample = path.join(projectRoot, 'samples/typescript/perf_utils_test.ts');
const readResult = (folder: string): ProcessResult =>
	readJsonFile(ProcessResult, path.join(folder, 'benchmark.json'));
const readMean = (folder: string): MeanResult =>
	readJsonFile(MeanResult, path.join(folder, 'benchmark_mean.json'));

interface Node {
	readonly [key: string]: number | Node;
}

const nodeAt = (data: unknown, ...names: readonly string[]): Record<string, number> => {
	let node = data as Node;
	for (const name of names) {
		node = node[name] as Node;
	}

	return node as Record<string, number>;
};

/** Start to end of every range, as NVIDIA's own report tells it: name -> durations in ns. */
const nvidiaDurations = (nsys: string, report: string, folder: string): Map<string, number[]> => {
	// `nsys stats` writes into what it reads: it gets a copy.
	const copy = path.join(folder, 'copy.nsys-rep');
	cpSync(report, copy);
	const csv = execFileSync(
		nsys,
		['stats', '-q', '-r', 'nvtx_pushpop_trace', '-f', 'csv', '-o', '-', copy],
		{encoding: 'utf8'},
	);
	const [head = '', ...lines] = csv
		.trim()
		.split('\n')
		.filter((line) => line.includes(','));
	const columns = head.split(',');
	const durations = new Map<string, number[]>();
	for (const line of lines) {
		const cells = line.split(',');
		const name = (cells[columns.indexOf('Name')] ?? '').replace(/^:/, '');
		const ns = Number(cells[columns.indexOf('Duration (ns)')]);
		durations.set(name, [...(durations.get(name) ?? []), ns]);
	}

	return durations;
};

describeWithNsys('the main job', (nsys) => {
	it('measures the Python sample in two processes, and reprocess gives the same', async () => {
		const out = temporaryFolder('main-job');
		const ended = await runBenchmark(['-np', '2', '-w', '1', '-o', out, pythonSample]);
		expect(ended.stderr).not.toContain('error:');
		expect(ended.exitCode).toBe(0);
		expect(ended.stdout).toMatch(/perf_utils_test\/pipeline/);
		expect(ended.stdout).toMatch(/stage_2/);
		expect(readdirSync(out).toSorted()).toEqual(
			['benchmark_mean.json', 'proc_0_gpu_0', 'proc_1_gpu_0', 'run.json'].toSorted(),
		);

		for (const folder of ['proc_0_gpu_0', 'proc_1_gpu_0'].map((name) => path.join(out, name))) {
			const {data, mean_data, meta} = readResult(folder);
			const pipeline = nodeAt(data, 'perf_utils_test', 'pipeline');
			expect(pipeline['cpu_time']).toBeGreaterThan(1800);
			expect(pipeline['cpu_time']).toBeLessThan(2200);
			expect(pipeline['total_items']).toBe(3);
			expect(pipeline['total_items_minus_warmup']).toBe(1);
			expect(pipeline['cpu_time_minus_warmup']).toBeGreaterThan(600);
			expect(pipeline['cpu_time_minus_warmup']).toBeLessThan(800);
			for (const batch of ['batch_0', 'batch_1', 'batch_2']) {
				const node = nodeAt(data, 'perf_utils_test', 'pipeline', batch);
				expect(node['total_items']).toBe(1);
				expect(node['cpu_time_per_item']).toBe(node['cpu_time']);
				const stage = nodeAt(data, 'perf_utils_test', 'pipeline', batch, 'stage_1');
				expect(stage['cpu_time']).toBeGreaterThan(299);
				expect(stage['cpu_time']).toBeLessThan(400);
			}

			expect(nodeAt(mean_data, 'perf_utils_test/pipeline')['cpu_time']).toBe(
				nodeAt(data, 'perf_utils_test', 'pipeline', 'batch_1')['cpu_time'],
			);
			expect(meta).toMatchObject({obj_name: 'perf_utils_test', profiler: 'nsys'});

			const durations = nvidiaDurations(
				nsys.path,
				path.join(folder, 'report.nsys-rep'),
				temporaryFolder('nv'),
			);
			expect(Math.round((pipeline['cpu_time'] ?? 0) * 1e6)).toBe(durations.get('pipeline')?.[0]);
			expect(
				['batch_0', 'batch_1', 'batch_2'].map((batch) =>
					Math.round(
						(nodeAt(data, 'perf_utils_test', 'pipeline', batch, 'stage_1')['cpu_time'] ?? 0) * 1e6,
					),
				),
			).toEqual(durations.get('stage_1'));
		}

		const manifest = readJsonFile(Manifest, path.join(out, 'run.json'));
		expect(manifest.status).toBe('done');
		expect(manifest.workers.map(({outcome}) => outcome?.kind)).toEqual(['completed', 'completed']);
		expect(processesWith(out)).toEqual([]);

		const before = [readMean(out), readResult(path.join(out, 'proc_1_gpu_0'))];
		expect((await runBenchmark(['reprocess', out])).exitCode).toBe(0);
		expect([readMean(out), readResult(path.join(out, 'proc_1_gpu_0'))]).toEqual(before);

		const elsewhere = temporaryFolder('reprocessed');
		const again = await runBenchmark(['reprocess', '-w', '0', '-o', elsewhere, out]);
		expect(again.exitCode).toBe(0);
		const whole = nodeAt(
			readResult(path.join(elsewhere, 'proc_0_gpu_0')).data,
			'perf_utils_test',
			'pipeline',
		);
		expect(whole['total_items_minus_warmup']).toBe(3);
		expect(whole['cpu_time_minus_warmup']).toBe(whole['cpu_time']);
		expect(readMean(out)).toEqual(before[0]);

		const bare = await runBenchmark(
			['reprocess', path.join(out, 'proc_0_gpu_0/report.nsys-rep'), '--json'],
			{cwd: elsewhere},
		);
		const report = CommandReport.parse(JSON.parse(bare.stdout));
		expect(report.mean?.mean_data).toEqual(readResult(path.join(out, 'proc_0_gpu_0')).mean_data);
	});

	it('measures the TypeScript sample, and prints JSON only where asked', async () => {
		const out = temporaryFolder('main-job');
		const ended = await runBenchmark(['--json', '-o', out, typescriptSample]);
		const report = CommandReport.parse(JSON.parse(ended.stdout));
		expect(report).toMatchObject({exitCode: 0, folder: out, failure: null});
		expect(report.files).toEqual(['benchmark_mean.json', 'proc_0_gpu_0/benchmark.json']);
		const stats = Object.keys(report.mean?.stats ?? {});
		expect(stats.some((name) => name.endsWith('/pipeline/batch_*/stage_1'))).toBe(true);
	});

	it('counts the ranges of grandchildren', async () => {
		const out = temporaryFolder('main-job');
		const ended = await runBenchmark([
			'-o',
			out,
			path.join(projectRoot, 'samples/shell/pipeline.sh'),
		]);
		expect(ended.exitCode).toBe(0);
		expect(Object.keys(readMean(out).stats).length).toBeGreaterThan(0);
	});

	it('gives CPU times that agree with those of the built-in recorder', async () => {
		const [underNsys, without] = [temporaryFolder('nsys'), temporaryFolder('builtin')];
		await runBenchmark(['-o', underNsys, pythonSample]);
		const ended = await runBenchmark(['--profiler', 'builtin', '-o', without, pythonSample]);
		expect(ended.exitCode).toBe(0);
		expect(ended.stderr).toMatch(/without nsys.*npm run nsys/);
		expect(existsSync(path.join(without, 'proc_0_gpu_0/recording'))).toBe(true);
		const [a, b] = [readMean(underNsys), readMean(without)];
		expect(b.meta.profiler).toBe('builtin');
		expect(Object.keys(b.stats)).toEqual(Object.keys(a.stats));
		// The sleeps dominate, 300 ms each. One can be late on a busy machine: of three batches the fastest was not.
		const fastest = (folder: string, ...stage: readonly string[]): number => {
			const {data} = readResult(path.join(folder, 'proc_0_gpu_0'));
			const times = ['batch_0', 'batch_1', 'batch_2'].map(
				(batch) => nodeAt(data, 'perf_utils_test', 'pipeline', batch, ...stage)['cpu_time'],
			);
			return Math.min(...times.map(Number));
		};
		for (const stage of [[], ['stage_1'], ['stage_2']]) {
			const ratio = fastest(without, ...stage) / fastest(underNsys, ...stage);
			expect(Math.abs(ratio - 1)).toBeLessThan(0.05);
		}
	});

	it('repeats into folders of their own', async () => {
		const out = temporaryFolder('main-job');
		const ended = await runBenchmark(['--repeat', '2', '-w', '0', '-o', out, pythonSample]);
		expect(ended.exitCode).toBe(0);
		expect(readdirSync(out).toSorted()).toEqual(
			['benchmark_mean.json', 'repeat_0', 'repeat_1', 'run.json'].toSorted(),
		);
		expect(readMean(out).meta).toMatchObject({processes: 2, repeats: 2});
		expect(readFileSync(path.join(out, 'repeat_1/proc_0_gpu_0/nsys.log'), 'utf8')).not.toBe('');
	});
});
