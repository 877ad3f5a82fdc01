/** Runs the launcher as cli does, in a folder that is removed afterwards, and looks for what it should not leave behind. */

import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {workerEnvironment} from '../../base/annotation-protocol.ts';
import {planRun, type RunOptions} from '../../launcher/plan.ts';
import {listProcesses} from '../../launcher/process-table.ts';
import {openRunFolder} from '../../launcher/run-folder.ts';
import {runWorkers, type RunWorkersOptions, type WorkerPhase} from '../../launcher/run-workers.ts';
import {StopSwitch} from '../../launcher/stop-signal.ts';
import type {Timings} from '../../launcher/timings.ts';
import type {Profiler, WorkerOutcome} from '../../schemas/manifest.ts';

export class LaunchFolder {
	readonly root = mkdtempSync(path.join(os.tmpdir(), 'launch-'));
	/** The run's folder. */
	readonly out = path.join(this.root, 'out');
	/** TMPDIR of the run: what stays in it was left behind. */
	readonly temporary = path.join(this.root, 't');

	constructor() {
		mkdirSync(this.temporary);
	}

	/** A program of the test's own. */
	script(name: string, text: string): string {
		const file = path.join(this.root, name);
		writeFileSync(file, text);
		chmodSync(file, 0o755);
		return file;
	}

	read(name: string): string {
		return readFileSync(path.join(this.out, name), 'utf8');
	}

	has(name: string): boolean {
		return existsSync(path.join(this.out, name));
	}

	[Symbol.dispose](): void {
		rmSync(this.root, {recursive: true, force: true});
	}
}

export const runOptions = (given: Partial<RunOptions> = {}): RunOptions => ({
	programArgv: ['true'],
	processesPerGpu: 1,
	gpus: 1,
	gpuOffset: 0,
	gpuNames: [],
	cpuAffinity: 'none',
	repeats: 1,
	warmupBatches: 1,
	batchPattern: String.raw`^batch_(?<index>\d+)$`,
	outputFolder: '/nowhere',
	trace: ['cuda', 'nvtx'],
	nsysArguments: [],
	timeoutSeconds: null,
	python: null,
	scriptArguments: 'auto',
	keepSqlite: false,
	syncStartSeconds: null,
	profiler: 'auto',
	...given,
});

export interface LaunchOrder {
	readonly profiler: Profiler;
	readonly options: Partial<RunOptions>;
	readonly timings?: Partial<Timings>;
	readonly env?: Readonly<Record<string, string>>;
	readonly stop?: StopSwitch;
	readonly onPhase?: RunWorkersOptions['onPhase'];
}

export interface Launched {
	/** By the worker's folder. */
	readonly outcomes: ReadonlyMap<string, WorkerOutcome>;
	/** The only worker's, or the first's. */
	readonly outcome: WorkerOutcome;
	/** "proc_0_gpu_0 running", in order, without repetitions. */
	readonly phases: readonly string[];
	/** Batches that were told, in order. */
	readonly batches: readonly number[];
}

export const launch = async (folder: LaunchFolder, order: LaunchOrder): Promise<Launched> => {
	const outcomes = new Map<string, WorkerOutcome>();
	const phases: string[] = [];
	const batches: number[] = [];
	const plan = planRun(runOptions({...order.options, outputFolder: folder.out}), {
		gpus: [],
		cudaVisibleDevices: undefined,
	});
	openRunFolder(folder.out, plan);
	const before = process.env['TMPDIR'];
	process.env['TMPDIR'] = folder.temporary;
	try {
		await runWorkers(plan, {
			profiler: order.profiler,
			stop: order.stop ?? new StopSwitch(),
			env: {...process.env, ...order.env},
			...(order.timings === undefined ? {} : {timings: order.timings}),
			onPhase: (worker, phase: WorkerPhase, count) => {
				const line = `${worker.folder} ${phase}`;
				if (!phases.includes(line)) {
					phases.push(line);
				}

				if (count !== null) {
					batches.push(count);
				}

				order.onPhase?.(worker, phase, count);
			},
			onEnd: (worker, outcome) => {
				outcomes.set(worker.folder, outcome);
			},
		});
	} finally {
		if (before === undefined) {
			delete process.env['TMPDIR'];
		} else {
			process.env['TMPDIR'] = before;
		}
	}

	const [outcome] = outcomes.values();
	if (outcome === undefined) {
		throw new Error('no worker ended');
	}

	return {outcomes, outcome, phases, batches};
};

const environmentOf = (pid: number): readonly string[] => {
	try {
		return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
	} catch {
		return [];
	}
};

/** Pids that still live and were started as part of a run in this folder, and temporary files that stayed. */
export const leftovers = (folder: LaunchFolder): {processes: number[]; files: string[]} => ({
	processes: listProcesses()
		.map(({pid}) => pid)
		.filter((pid) =>
			environmentOf(pid).some((variable) =>
				variable.startsWith(`${workerEnvironment.outputFolder}=${folder.out}`),
			),
		),
	files: readdirSync(folder.temporary),
});

export const nothingLeft = {processes: [], files: []};
