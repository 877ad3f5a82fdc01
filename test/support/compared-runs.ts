/**
 * Run folders with known times, as `benchmark` and CV-CUDA's launcher would leave them, without anything being run:
 *
 *     demo > pipeline > batch_0 ... batch_4 > stage_1 (10 ms), stage_2 (20 ms)
 */

import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {MeanResult, ProcessResult} from '../../schemas/benchmark-result.ts';
import {writeJsonFile} from '../../schemas/json-file.ts';
import {Manifest} from '../../schemas/manifest.ts';
import {main} from '../../cli/main.ts';
import type {MeasuredProcess} from '../../results/process-result.ts';
import {makeManifest} from './manifests.ts';
import {measure, measureRun, ms} from './measure.ts';
import {batch, range, traceOf, type RangeLiteral} from './trace-ranges.ts';

export interface DemoTimes {
	/** Of stage_2's time. */
	readonly factor?: number;
	/** Of all times: how processes differ. */
	readonly jitter?: number;
	readonly batches?: number;
	readonly items?: number;
	/** Share of each stage's time on the GPU. */
	readonly gpu?: number;
	/** stage_2's name. */
	readonly stage?: string;
	readonly warmup?: number;
	readonly meta?: Readonly<Record<string, unknown>>;
	readonly object?: string;
}

const demoBatch = (index: number, startNs: number, times: Required<DemoTimes>): RangeLiteral => {
	const {factor, jitter, items, gpu, stage} = times;
	// Whole nanoseconds, and no two batches quite alike.
	const [first, second] = [10, 20 * factor].map((value) =>
		Math.round(ms(value * jitter * (1 + index / 1e4))),
	) as [number, number];
	const work = (length: number) => (gpu > 0 ? {gpu: Math.round(length * gpu)} : {});
	const [middle, end] = [startNs + first, startNs + first + second];
	return batch(index, items, startNs, end, work(first + second), [
		range('stage_1', startNs, middle, work(first)),
		range(stage, middle, end, work(second)),
	]);
};

export const measureDemo = (times: DemoTimes = {}): MeasuredProcess => {
	const all = {
		factor: 1,
		jitter: 1,
		batches: 5,
		items: 4,
		gpu: 0,
		stage: 'stage_2',
		warmup: 1,
		meta: {},
		object: 'demo',
		...times,
	};
	const batches: RangeLiteral[] = [];
	let at = 0;
	for (let index = 0; index < all.batches; index++) {
		const next = demoBatch(index, at, all);
		batches.push(next);
		at = next.endNs;
	}

	const whole = range('pipeline', 0, at, {note: {object: all.object}}, batches);
	const trace = traceOf([whole], {metas: [{pid: 100, meta: {obj_name: all.object, ...all.meta}}]});
	return measure(trace, {warmup: all.warmup});
};

/** Processes whose times differ by some thousandths. */
export const jitters: readonly number[] = [1, 1.003, 0.998, 1.001, 0.999, 1.002];

export interface DemoRun extends DemoTimes {
	/** Processes side by side; 1 unless given. */
	readonly processes?: number;
	/** One after the other; 5 unless given. */
	readonly repeats?: number;
	readonly manifest?: Partial<Manifest>;
	readonly machine?: Partial<Manifest['machine']>;
}

const demoManifest = (run: DemoRun, folders: readonly string[]): Manifest =>
	makeManifest({
		command: [],
		program: ['demo.py'],
		workingDirectory: '/',
		startedAt: '2026-01-01T10:00:00.000Z',
		endedAt: '2026-01-01T10:01:00.000Z',
		launcher: {pid: 1, host: 'box'},
		profiler: {kind: 'nsys', path: '/usr/bin/nsys', version: '2023.4.4'},
		options: {
			processesPerGpu: run.processes ?? 1,
			repeats: run.repeats ?? 5,
			warmupBatches: run.warmup ?? 1,
			trace: ['cuda', 'nvtx'],
		},
		machine: {
			host: 'box',
			kernel: 'Linux 6.1',
			cpu: 'CPU',
			cores: 8,
			memoryBytes: 2 ** 34,
			...run.machine,
		},
		workers: folders.map((folder, index) => ({
			folder,
			repeat: Math.floor(index / (run.processes ?? 1)),
			process: index % (run.processes ?? 1),
			gpu: 0,
			cudaVisibleDevices: '0',
			outcome: {
				kind: 'completed',
				report: 'report.nsys-rep',
				startedAt: '2026-01-01T10:00:00.000Z',
				wallSeconds: 1,
			},
		})),
		...run.manifest,
	});

/** @returns the folder */
export const writeDemoRun = (folder: string, run: DemoRun = {}): string => {
	const {processes = 1, repeats = 5} = run;
	const measured = Array.from({length: repeats}, (_, repeat) =>
		Array.from({length: processes}, (_own, process) =>
			measureDemo({...run, jitter: jitters[(repeat * processes + process) % jitters.length] ?? 1}),
		),
	);
	const folders = measured.flatMap((own, repeat) =>
		own.map((_, process) =>
			repeats > 1 ? `repeat_${repeat}/proc_${process}_gpu_0` : `proc_${process}_gpu_0`,
		),
	);
	for (const [index, {result}] of measured.flat().entries()) {
		writeJsonFile(ProcessResult, path.join(folder, folders[index] ?? '', 'benchmark.json'), result);
	}

	writeJsonFile(MeanResult, path.join(folder, 'benchmark_mean.json'), measureRun(measured));
	writeJsonFile(Manifest, path.join(folder, 'run.json'), demoManifest(run, folders));
	return folder;
};

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

/** benchmark.json of one process, as CV-CUDA's launcher of either generation writes it. */
export const foreignProcess = (generation: 1 | 2, factor: number, jitter: number): object => {
	const [first, second] = [10 * jitter, 20 * factor * jitter] as const;
	const batchNode = {
		...foreignTimes(first + second, 4),
		stage_1: foreignTimes(first),
		stage_2: foreignTimes(second),
	};
	const whole = 5 * (first + second);
	const perItem =
		generation === 1 ? 'cpu_time_per_item_minus_warmup' : 'cpu_time_minus_warmup_per_item';
	const data = {
		demo: {
			pipeline: {
				...foreignTimes(whole, 20),
				cpu_time_minus_warmup: round(whole * 0.6),
				[perItem]: round((whole * 0.6) / 12),
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
	}: {generation?: 1 | 2; factor?: number; processes?: number} = {},
): string => {
	for (let process = 0; process < processes; process++) {
		const result = foreignProcess(generation, factor, jitters[process % jitters.length] ?? 1);
		const file = path.join(folder, `proc_${process}_gpu_0`, 'benchmark.json');
		writeText(file, JSON.stringify(result));
	}

	return folder;
};

export interface Answered {
	readonly exitCode: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** The command, inside this process. */
export const runMain = async (argv: readonly string[], cwd = process.cwd()): Promise<Answered> => {
	let [stdout, stderr] = ['', ''];
	const exitCode = await main(
		argv,
		{
			out: {write: (text, done) => ((stdout += text), done?.())},
			err: {write: (text, done) => ((stderr += text), done?.())},
		},
		// No calibration of this machine may reach a test.
		{env: {PATH: '', XDG_STATE_HOME: '/nowhere'}, cwd},
	);
	return {exitCode, stdout, stderr};
};
