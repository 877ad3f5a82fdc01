/**
 * Runs a plan: the workers of one repeat side by side, repeats one after another, what the caller does with each result
 * limited to the cores. Whatever happens, nothing of ours runs on and no temporary file stays.
 */

import {randomBytes} from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import pLimit from 'p-limit';
import type {Profiler, WorkerOutcome} from '../schemas/manifest.ts';
import {workerFiles} from '../schemas/run-files.ts';
import {CommonStart} from './common-start.ts';
import {bindCommand} from './cpu-binder.ts';
import {profileCommand} from './nsys-command.ts';
import {describeNsysHome} from './nsys-home.ts';
import {packageRoot, pythonAnnotations} from './package-folders.ts';
import type {PlannedWorker, RunPlan} from './plan.ts';
import {describeProgram, programCommand, type Program} from './program.ts';
import {readUmask} from './process-table.ts';
import {startReaper} from './reaper.ts';
import {runWorker} from './run-worker.ts';
import type {StopSignal} from './stop-signal.ts';
import {defaultTimings, type Timings} from './timings.ts';
import {buildEnvironment, type Environment} from './worker-environment.ts';
import {
	createRunScratch,
	createWorkerScratch,
	removeScratch,
	type WorkerScratch,
} from './worker-scratch.ts';
import {shimCommand} from './worker-shim.ts';
import type {WorkerPhase, WorkerTask} from './worker-task.ts';

export type {WorkerPhase} from './worker-task.ts';

export interface RunWorkersOptions {
	readonly profiler: Profiler;
	readonly stop: StopSignal;
	/** @param batches that have ended; null where the program does not tell */
	readonly onPhase: (worker: PlannedWorker, phase: WorkerPhase, batches: number | null) => void;
	/**
	 * Called once for every worker, as soon as it has ended. The next repeat waits for it; workers of the same repeat that
	 * are still being measured do not, and share the machine with it.
	 */
	readonly onEnd: (worker: PlannedWorker, outcome: WorkerOutcome) => void | Promise<void>;
	/** What describeProgram said; asked again where absent. */
	readonly program?: Program;
	/** What the workers inherit; our own environment where absent. */
	readonly env?: Environment;
	/** For tests. */
	readonly timings?: Partial<Timings>;
}

interface Run {
	readonly plan: RunPlan;
	readonly options: RunWorkersOptions;
	readonly program: Program;
	readonly token: string;
	readonly scratch: string;
	readonly nsysFolders: readonly string[];
}

const workerArgv = (
	run: Run,
	worker: PlannedWorker,
	folder: string,
	scratch: WorkerScratch,
): readonly string[] => {
	const {profiler} = run.options;
	const command = [
		...bindCommand(run.plan.cpuBinder, worker),
		...shimCommand({
			scratch,
			umask: readUmask(),
			stdoutLog: path.join(folder, workerFiles.stdout),
			stderrLog: path.join(folder, workerFiles.stderr),
			command: programCommand(run.program, folder),
		}),
	];
	return profiler.kind === 'builtin'
		? command
		: profileCommand({
				nsys: profiler.path,
				trace: run.plan.options.trace,
				nsysArguments: run.plan.options.nsysArguments,
				report: path.join(folder, path.parse(workerFiles.report).name),
				command,
			});
};

/** A worker of a repeat whose workers begin together. */
interface WorkerStart {
	readonly start: CommonStart;
	/** The worker's number there. */
	readonly number: number;
}

const buildTask = (
	run: Run,
	worker: PlannedWorker,
	index: number,
	together: WorkerStart | null,
): WorkerTask => {
	const {profiler, stop, onPhase, env, timings} = run.options;
	const folder = path.resolve(run.plan.options.outputFolder, worker.folder);
	const scratch = createWorkerScratch(run.scratch, index);
	const token = `${run.token}.${index}`;
	const recordingFolder =
		profiler.kind === 'builtin' ? path.join(folder, workerFiles.recording) : null;
	return {
		folder,
		scratch,
		token,
		env: buildEnvironment({
			worker,
			folder,
			scratch,
			token,
			recordingFolder,
			startLine: together === null ? null : together.start.lineOf(together.number),
			pythonAnnotations,
			packageRoot,
			inherited: env ?? process.env,
		}),
		argv: workerArgv(run, worker, folder, scratch),
		profiler,
		nsysFolders: run.nsysFolders,
		seenPids: new Set(),
		timeoutSeconds: run.plan.options.timeoutSeconds,
		heldMs: () => together?.start.waitedMs(together.number) ?? 0,
		timings: {...defaultTimings, ...timings},
		stop,
		onPhase: (phase, batches) => {
			if (phase === 'finishing') {
				together?.start.leave(together.number);
			}

			onPhase(worker, phase, batches);
		},
	};
};

const runOne = async (
	run: Run,
	worker: PlannedWorker,
	index: number,
	together: WorkerStart | null,
): Promise<WorkerOutcome> => {
	const task = buildTask(run, worker, index, together);
	try {
		const outcome = await runWorker(task);
		task.onPhase('ended', null);
		return outcome;
	} finally {
		together?.start.leave(together.number);
		removeScratch(task.scratch.folder);
	}
};

/** A worker that throws, which is a bug, must not leave the others without their clean-up: all are awaited first. */
const settleAll = async (work: readonly Promise<void>[]): Promise<void> => {
	const settled = await Promise.allSettled(work);
	const thrown = settled.find((one) => one.status === 'rejected');
	if (thrown !== undefined) {
		throw thrown.reason;
	}
};

/** null where nobody asked for it, or there is only one worker. */
const openCommonStart = (
	{plan, options, scratch}: Run,
	repeat: number,
	workers: readonly PlannedWorker[],
): CommonStart | null => {
	const {syncStartSeconds} = plan.options;
	return syncStartSeconds === null || workers.length < 2
		? null
		: new CommonStart({
				folder: path.join(scratch, `start-${repeat}`),
				workers: workers.length,
				timeoutMs: syncStartSeconds * 1000,
				stop: options.stop,
				onPhase: (number, phase) => {
					workers
						.slice(number, number + 1)
						.forEach((worker) => options.onPhase(worker, phase, null));
				},
			});
};

const runRepeat = async (
	run: Run,
	repeat: number,
	limit: ReturnType<typeof pLimit>,
): Promise<void> => {
	const {plan, options} = run;
	const workers = plan.workers.filter((worker) => worker.repeat === repeat);
	using start = openCommonStart(run, repeat, workers);
	await settleAll(
		workers.map(async (worker, number) => {
			const together = start === null ? null : {start, number};
			const outcome = await runOne(run, worker, plan.workers.indexOf(worker), together);
			await limit(() => options.onEnd(worker, outcome));
		}),
	);
};

const runRepeats = async (run: Run): Promise<void> => {
	const limit = pLimit(os.availableParallelism());
	for (let repeat = 0; repeat < run.plan.options.repeats; repeat++) {
		await runRepeat(run, repeat, limit);
	}
};

export const runWorkers = async (plan: RunPlan, options: RunWorkersOptions): Promise<void> => {
	const {profiler, env = process.env} = options;
	const program = options.program ?? describeProgram(plan.options.programArgv, plan.options, env);
	const nsysFolders = profiler.kind === 'nsys' ? describeNsysHome(profiler.path).folders : [];
	const token = randomBytes(8).toString('hex');
	const scratch = createRunScratch();
	const reaper = startReaper(token, scratch);
	try {
		await runRepeats({plan, options, program, token, scratch, nsysFolders});
	} finally {
		removeScratch(scratch);
		await reaper.dismiss();
	}
};
