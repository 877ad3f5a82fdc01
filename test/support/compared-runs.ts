/**
 * Run folders with known times, as `benchmark` would leave them, without anything being run:
 *
 *     demo > pipeline > batch_0 ... batch_4 > stage_1 (10 ms), stage_2 (20 ms)
 */

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
	/** Nanoseconds more in each stage, 0 unless given: of runs that agree in every one, one is a copy. */
	readonly extraNs?: number;
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
	const {factor, jitter, extraNs, items, gpu, stage} = times;
	// Whole nanoseconds, and no two batches quite alike.
	const [first, second] = [10, 20 * factor].map(
		(value) => extraNs + Math.round(ms(value * jitter * (1 + index / 1e4))),
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
		extraNs: 0,
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

/** By number of a process: with as many as there are jitters, they begin anew, and agree in no nanosecond all the same. */
export const varyTimes = (
	index: number,
	extraNs = 0,
): Required<Pick<DemoTimes, 'jitter' | 'extraNs'>> => ({
	jitter: jitters[index % jitters.length] ?? 1,
	extraNs: extraNs + Math.floor(index / jitters.length),
});

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
			measureDemo({...run, ...varyTimes(repeat * processes + process, run.extraNs)}),
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
