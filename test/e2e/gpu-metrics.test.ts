/**
 * GPUs under watch, with the real nsys and real programs; only nvidia-smi is a fake. The program itself says what that
 * tells during each batch (test/fixtures/programs/watched.py), so what must come out is known.
 */

import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {readKernelLog} from '../../launcher/kernel-log.ts';
import {MeanResult, ProcessResult} from '../../schemas/benchmark-result.ts';
import {parseGpuSamples} from '../../schemas/gpu-samples-csv.ts';
import {readJsonFile} from '../../schemas/json-file.ts';
import {Manifest} from '../../schemas/manifest.ts';
import {
	processesWith,
	projectRoot,
	runBenchmark,
	startBenchmark,
	temporaryFolder,
	until,
	type Ended,
} from '../support/command.ts';
import {describeWithNsys} from '../support/nsys.ts';
import {FakeSmi} from '../support/fake-smi.ts';
import {h100Pair590} from '../support/recorded-hopper-gpus.ts';
import {a100Of470, laptop} from '../support/recorded-older-gpus.ts';
import type {SmiRecording} from '../support/recorded-smi.ts';

const program = path.join(projectRoot, 'test/fixtures/programs/watched.py');
const gpu = 'GPU-aaaaaaaa';

interface Scene {
	readonly smi: FakeSmi;
	readonly out: string;
	readonly env: Readonly<Record<string, string>>;
}

const setScene = (recording: SmiRecording | null = h100Pair590): Scene => {
	const folder = temporaryFolder('watched');
	const smi = new FakeSmi(folder, recording);
	return {
		smi,
		out: path.join(folder, 'out'),
		env: {
			PATH: `${folder}:${process.env['PATH'] ?? ''}`,
			WATCHED_SMI: smi.folder,
			CUDA_VISIBLE_DEVICES: '0',
		},
	};
};

/** What nvidia-smi is to tell during a batch. */
const told = (clock: number, mask = 0): string =>
	`clocks.current.sm=${clock} ~ clocks_event_reasons.active=0x${mask.toString(16)}`;

const run = async ({out, env}: Scene, options: readonly string[], batches: readonly string[]) =>
	runBenchmark(['-o', out, '--metrics-interval', '50ms', ...options, program, ...batches], {env});

const succeed = (ended: Ended): void => {
	expect(ended.stderr).not.toMatch(/error:/);
	expect(ended.exitCode).toBe(0);
};

const readResult = (folder: string): ProcessResult =>
	readJsonFile(ProcessResult, path.join(folder, 'proc_0_gpu_0/benchmark.json'));
const readMean = (folder: string): MeanResult =>
	readJsonFile(MeanResult, path.join(folder, 'benchmark_mean.json'));
const readManifest = (folder: string): Manifest =>
	readJsonFile(Manifest, path.join(folder, 'run.json'));
const readSamples = (folder: string) =>
	parseGpuSamples(readFileSync(path.join(folder, 'gpu_metrics.csv'), 'utf8'))?.samples ?? [];
const holderPath = 'watched/pipeline';
const batchesOf = ({gpu_metrics: metrics}: ProcessResult) => metrics?.holders[holderPath]?.batches;
const meansOf = ({gpu_metrics: metrics}: MeanResult) => metrics?.holders[holderPath]?.batches;
const codesOf = ({warnings}: ProcessResult | MeanResult) => warnings.map(({code}) => code);

/** The results as they are on the disk, by name. */
const resultBytes = (folder: string): Readonly<Record<string, string>> =>
	Object.fromEntries(
		readdirSync(folder, {recursive: true, encoding: 'utf8'})
			.filter((name) => /benchmark(_mean)?\.json$/.test(name))
			.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]),
	);

describeWithNsys('a watched run', () => {
	it('gives each batch what its GPU told meanwhile, and reprocess gives the same bytes', async () => {
		const scene = setScene();
		scene.smi.goLive();
		const clocks = [1980, 1965, 1200, 1950, 1980];
		const ended = await run(
			scene,
			['--json'],
			clocks.map((clock) => told(clock, clock === 1200 ? 0x24 : 0)),
		);
		succeed(ended);
		const {out, env} = scene;
		const result = readResult(out);
		expect(batchesOf(result)).toMatchObject({
			name: ['batch_0', 'batch_1', 'batch_2', 'batch_3', 'batch_4'],
			sm_clock_mhz: clocks,
			throttled_share: [0, 0, 1, 0, 0],
			event_reasons: {power_cap: [0, 0, 1, 0, 0], thermal: [0, 0, 1, 0, 0]},
			temperature_celsius: [59, 59, 59, 59, 59],
		});
		expect(result.gpu_metrics).toMatchObject({gpu, sm_clock_mhz: 1950, processes: 1});
		expect(meansOf(readMean(out))?.sm_clock_mhz).toEqual(clocks);
		for (const {watt, at} of (batchesOf(result)?.energy_joules ?? []).map((joules, index) => ({
			watt: Number(joules) / 0.2,
			at: index,
		}))) {
			// 588.39 W for a little more than the 200 ms that the program sleeps.
			expect(watt, `batch ${at}`).toBeGreaterThan(588);
			expect(watt, `batch ${at}`).toBeLessThan(900);
		}

		expect(readSamples(out).length).toBeGreaterThan(20);
		expect(readManifest(out)).toMatchObject({
			options: {metricsIntervalMs: 50, dropThrottled: false},
			gpuWatch: {
				failure: null,
				fileFailure: null,
				foreign: [],
				// No Xid is looked for where this machine's log may not be read.
				xids: readKernelLog('/dev/kmsg') === null ? null : [],
			},
			workers: [{gpuUuid: gpu}],
		});
		const [warning, ...others] = readMean(out).warnings.filter(
			({code}) => code === 'gpu-throttled',
		);
		expect(others).toEqual([]);
		expect(warning?.message).toMatch(
			/"watched\/pipeline\/batch_2".*power_cap 100 %, thermal 100 %/,
		);
		expect((JSON.parse(ended.stdout) as {files: string[]}).files).toContain('gpu_metrics.csv');

		const before = resultBytes(out);
		expect(Object.keys(before)).toHaveLength(2);
		succeed(await runBenchmark(['reprocess', out], {env}));
		expect(resultBytes(out)).toEqual(before);

		const report = path.join(out, 'proc_0_gpu_0/report.nsys-rep');
		const alone = path.join(out, '../alone');
		succeed(await runBenchmark(['reprocess', '-o', alone, report]));
		expect(readResult(alone).gpu_metrics).toBeUndefined();
	});

	it('drops exactly the throttled batches where that is asked for, and takes them back', async () => {
		const scene = setScene();
		scene.smi.goLive();
		const ended = await run(
			scene,
			['--drop-throttled'],
			[...[0, 0, 0x40, 0x3, 0].map((mask) => told(1980, mask))],
		);
		succeed(ended);
		expect(ended.stderr.match(/Left out of the statistics/g)).toHaveLength(1);
		const result = readResult(scene.out);
		expect(batchesOf(result)?.role).toEqual([
			'warm-up',
			'measured',
			'dropped',
			'measured',
			'warm-up',
		]);
		expect(result.stats['watched/pipeline/batch_*']?.cpu_time.count).toBe(2);
		expect(result.meta.dropped_batches).toEqual({'watched/pipeline': 1});
		expect(readMean(scene.out).stats['watched/pipeline/batch_*']?.cpu_time.count).toBe(2);

		const before = resultBytes(scene.out);
		succeed(await runBenchmark(['reprocess', scene.out]));
		expect(resultBytes(scene.out)).toEqual(before);
		succeed(await runBenchmark(['reprocess', '--keep-throttled', scene.out]));
		expect(readResult(scene.out).stats['watched/pipeline/batch_*']?.cpu_time.count).toBe(3);
		expect(codesOf(readMean(scene.out))).toContain('gpu-throttled');
	});

	it('on another GPU than the first says which of nvidia-smi’s it is, then and when reprocessed', async () => {
		const {smi, out, env} = setScene();
		smi.goLive();
		const second = {out, smi, env: {...env, CUDA_VISIBLE_DEVICES: '1'}};
		const ended = await run(
			second,
			[],
			[0, 1, 2].map(() => told(1980, 0x40)),
		);
		succeed(ended);
		expect(ended.stderr).toMatch(/warning: GPU 0 \(nvidia-smi's 1\) was held down by heat/);
		const before = resultBytes(out);
		succeed(await runBenchmark(['reprocess', out]));
		expect(resultBytes(out)).toEqual(before);
	});

	it('of several processes and repeats has one file, and shares the energy of a GPU', async () => {
		const scene = setScene();
		scene.smi.goLive();
		writeFileSync(path.join(scene.smi.folder, 'apps'), `${gpu}, 4242, /opt/train, 100\n`);
		const batches = Array.from({length: 4}, () => told(1980));
		succeed(await run(scene, ['-np', '2', '--repeat', '2', '--sync-start'], batches));
		const {out} = scene;
		const file = readFileSync(path.join(out, 'gpu_metrics.csv'), 'utf8');
		expect(file.match(/arrived_unix_ns/g)).toHaveLength(1);
		const mean = readMean(out);
		expect(mean.gpu_metrics?.processes.map(({repeat, process}) => [repeat, process])).toEqual([
			[0, 0],
			[0, 1],
			[1, 0],
			[1, 1],
		]);
		for (const repeat of ['repeat_0', 'repeat_1']) {
			const {gpu_metrics: metrics} = readResult(path.join(out, repeat));
			expect(metrics).toMatchObject({processes: 2, sm_clock_mhz: 1980});
			expect(metrics?.holders['watched/pipeline']?.energy_per_item_joules).toBeNull();
		}

		expect(codesOf(mean).filter((code) => code === 'other-gpu-processes')).toHaveLength(1);
		const before = resultBytes(out);
		expect(Object.keys(before)).toHaveLength(5);
		succeed(await runBenchmark(['reprocess', out]));
		expect(resultBytes(out)).toEqual(before);
	});

	it('goes on as before with --no-metrics, and leaves no file of an earlier run', async () => {
		const scene = setScene();
		const {smi, out} = scene;
		smi.goLive();
		const batches = [told(1980), told(1980), told(1980)];
		succeed(await run(scene, [], batches));
		expect(existsSync(path.join(out, 'gpu_metrics.csv'))).toBe(true);
		const env = {...scene.env, WATCHED_PATIENCE: '0'};
		const asked = readFileSync(smi.askedFile, 'utf8').split(' -lms ').length;
		succeed(await runBenchmark(['-o', out, '--no-metrics', program, ...batches], {env}));
		expect(existsSync(path.join(out, 'gpu_metrics.csv'))).toBe(false);
		expect(readFileSync(smi.askedFile, 'utf8').split(' -lms ')).toHaveLength(asked);
		expect(readResult(out).gpu_metrics).toBeUndefined();
		expect(readManifest(out)).not.toHaveProperty('gpuWatch');
		expect(readMean(out).warnings.map(({code}) => code)).toEqual(['few-processes']);
	});
});

/** The built-in profiler is as good here, and quick. */
const builtin = ['--profiler', 'builtin'] as const;

describe('a nvidia-smi in trouble', () => {
	const batches = ['x', 'x', 'x'];
	/** A program that does not wait for samples. */
	const runOn = async (scene: Scene): Promise<Ended> =>
		run({...scene, env: {...scene.env, WATCHED_PATIENCE: '0.1'}}, builtin, batches);

	it.each<[string, (smi: FakeSmi) => void, string, SmiRecording]>([
		['says nothing', (smi) => smi.loop(1), 'gpu-metrics-missing', h100Pair590],
		[
			'dies at once',
			(smi) => [1, 2].forEach((turn) => smi.loop(turn, 'die 15')),
			'gpu-metrics-lost',
			h100Pair590,
		],
		[
			'prints garbage',
			(smi) => smi.loop(1, 'say \\0\\1,,,,', 'part ,,,', 'deaf'),
			'gpu-metrics-missing',
			h100Pair590,
		],
		['stops after a sample', (smi) => smi.loop(1, 'row [N/A]'), 'gpu-metrics-gaps', h100Pair590],
	])('that %s costs no run, and is told of', async (_what, spoil, code, recording) => {
		const scene = setScene(recording);
		spoil(scene.smi);
		const ended = await runOn(scene);
		succeed(ended);
		expect(codesOf(readMean(scene.out))).toContain(code);
		expect(readResult(scene.out).stats['watched/pipeline/batch_*']?.cpu_time.count).toBe(1);
		expect(processesWith(scene.smi.folder)).toEqual([]);
		const before = resultBytes(scene.out);
		succeed(await runBenchmark(['reprocess', scene.out]));
		expect(resultBytes(scene.out)).toEqual(before);
	});

	it.each<[string, SmiRecording]>([
		['an old driver', a100Of470],
		['a laptop', laptop],
	])('of %s leaves out what it does not tell, and makes no 0 of it', async (_what, recording) => {
		const scene = setScene(recording);
		scene.smi.goLive();
		writeFileSync(path.join(scene.smi.folder, 'now'), '');
		succeed(
			await run(scene, builtin, ['power.draw=[N/A]', 'power.draw=[N/A]', 'power.draw=[N/A]']),
		);
		const {gpu_metrics: metrics} = readResult(scene.out);
		expect(metrics?.window?.levels).not.toHaveProperty('instant_power_watts');
		expect(metrics?.window?.levels.temperature_celsius?.mean).toBe(36);
		expect(metrics?.window?.energy_joules).toBeNull();
		expect(metrics?.holders['watched/pipeline']?.batches).not.toHaveProperty('energy_joules');
	});

	it('that is not there is not missed', async () => {
		const scene = setScene(null);
		succeed(await runOn(scene));
		expect(existsSync(path.join(scene.out, 'gpu_metrics.csv'))).toBe(false);
		expect(readResult(scene.out).gpu_metrics).toBeUndefined();
		expect(readManifest(scene.out)).not.toHaveProperty('gpuWatch');
	});
});

describe('a launcher that is killed', () => {
	it.each(['live', 'silent'])('leaves no nvidia-smi behind that is %s', async (how) => {
		const scene = setScene();
		if (how === 'live') {
			scene.smi.goLive();
		} else {
			scene.smi.loop(1, 'deaf');
		}

		const {child, ended} = startBenchmark(
			['-o', scene.out, ...builtin, program, ...Array<string>(50).fill('x')],
			{env: {...scene.env, WATCHED_PATIENCE: '1'}},
		);
		const isAsked = (): boolean =>
			existsSync(scene.smi.askedFile) &&
			readFileSync(scene.smi.askedFile, 'utf8').includes(' -lms ');
		await until(isAsked, 'telemetry');
		expect(processesWith(scene.smi.folder).length).toBeGreaterThan(0);
		child.kill('SIGKILL');
		await ended;
		await until(() => processesWith(scene.smi.folder).length === 0, 'the end of all');
	});

	it('by Ctrl-C keeps what was sampled, and no process', async () => {
		const scene = setScene();
		scene.smi.goLive();
		const {child, ended} = startBenchmark(
			['-o', scene.out, ...builtin, program, ...Array<string>(200).fill('x')],
			{env: scene.env},
		);
		const file = path.join(scene.out, 'gpu_metrics.csv');
		await until(() => existsSync(file) && readSamples(scene.out).length > 10, 'samples');
		child.kill('SIGINT');
		expect((await ended).exitCode).toBe(130);
		expect(readSamples(scene.out).length).toBeGreaterThan(10);
		expect(readManifest(scene.out).gpuWatch?.failure).toBeNull();
		await until(() => processesWith(scene.smi.folder).length === 0, 'the end of all');
	});
});
