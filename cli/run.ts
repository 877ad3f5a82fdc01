/** `benchmark [run]`: plan, launch, measure each worker as it ends, then the run's means. */

import os from 'node:os';
import path from 'node:path';
import {ExitCode} from '../base/errors.ts';
import {listGpus} from '../launcher/list-gpus.ts';
import {describeMachine} from '../launcher/machine.ts';
import {planRun, type PlannedWorker, type RunPlan} from '../launcher/plan.ts';
import {describeProgram} from '../launcher/program.ts';
import {openRunFolder} from '../launcher/run-folder.ts';
import {runWorkers} from '../launcher/run-workers.ts';
import {StopSwitch} from '../launcher/stop-signal.ts';
import type {Gpu, Manifest, Profiler, WorkerOutcome} from '../schemas/manifest.ts';
import {workerFiles} from '../schemas/run-files.ts';
import {chooseProfiler, howToGetNsys} from './choose-profiler.ts';
import type {Command, Context} from './command.ts';
import {InterruptListener} from './interrupt.ts';
import {ManifestStore} from './manifest-store.ts';
import {labelIncomplete, writeMean, type MeasuredWorker} from './measured-run.ts';
import {setPlaceholderAside} from './placeholder-file.ts';
import {Progress} from './progress.ts';
import {parseRunRequest, runParser, type RunRequest} from './run-options.ts';
import {summarizeRun} from './run-summary.ts';
import type {Terminal} from './terminal.ts';
import {sayWarnings} from './warning-lines.ts';
import {measureWorker, writeWorkerResult, type MeasureOptions} from './worker-result.ts';

interface Prepared {
	readonly request: RunRequest;
	readonly plan: RunPlan;
	readonly profiler: Profiler;
	readonly gpus: readonly Gpu[];
}

const prepare = async (request: RunRequest, context: Context): Promise<Prepared> => {
	const {options} = request;
	// A mistyped program is the commonest mistake: say so before anything is searched for.
	describeProgram(options.programArgv, options, context.env);
	const [profiler, gpus] = await Promise.all([
		chooseProfiler({profiler: options.profiler, nsys: request.nsys}, context.env),
		listGpus(),
	]);
	const cudaVisibleDevices = context.env['CUDA_VISIBLE_DEVICES'];
	return {request, profiler, gpus, plan: planRun(options, {gpus, cudaVisibleDevices})};
};

const firstManifest = ({plan, profiler, gpus}: Prepared, context: Context): Manifest => {
	const {options} = plan;
	return {
		formatVersion: 1,
		status: 'running',
		command: ['benchmark', ...context.argv],
		program: [...options.programArgv],
		workingDirectory: context.cwd,
		startedAt: new Date().toISOString(),
		endedAt: null,
		launcher: {pid: process.pid, host: os.hostname()},
		profiler,
		options: {
			processesPerGpu: options.processesPerGpu,
			gpus: options.gpus,
			gpuOffset: options.gpuOffset,
			repeats: options.repeats,
			warmupBatches: options.warmupBatches,
			batchPattern: options.batchPattern,
			trace: [...options.trace],
			timeoutSeconds: options.timeoutSeconds,
		},
		machine: describeMachine(),
		gpus: [...gpus],
		versions: {benchmark: context.version, node: process.versions.node},
		workers: plan.workers.map((worker) => ({...worker, outcome: null})),
	};
};

/** What came of the workers, as far as it could be read. */
interface Launched {
	/** Those that completed. */
	readonly whole: readonly MeasuredWorker[];
	/** By worker's folder: what was thrown when its evidence was read. */
	readonly unreadable: ReadonlyMap<string, unknown>;
	/** Results written, relative to the run's folder. */
	readonly files: readonly string[];
}

/** Runs all workers and measures each as it ends. */
const launch = async (
	{plan, profiler}: Prepared,
	store: ManifestStore,
	stop: StopSwitch,
	terminal: Terminal,
): Promise<Launched> => {
	const whole: MeasuredWorker[] = [];
	const unreadable = new Map<string, unknown>();
	const files: string[] = [];
	const options: MeasureOptions = {
		warmupBatches: plan.options.warmupBatches,
		batchPattern: new RegExp(plan.options.batchPattern, 'u'),
		nsys: profiler.kind === 'nsys' ? profiler.path : null,
		keepSqlite: plan.options.keepSqlite,
	};
	const measure = async (worker: PlannedWorker, outcome: WorkerOutcome): Promise<void> => {
		if (outcome.kind === 'skipped' || outcome.report === null) {
			return;
		}

		const folder = path.join(store.folder, worker.folder);
		setPlaceholderAside(folder);
		const evidence = path.join(folder, outcome.report);
		const measured = await measureWorker(evidence, options, labelIncomplete(outcome));
		writeWorkerResult(folder, measured);
		files.push(path.join(worker.folder, workerFiles.result));
		if (outcome.kind === 'completed') {
			whole.push({...worker, measured});
		}
	};

	using progress = new Progress(
		terminal,
		plan.workers.map((worker) => worker.folder),
	);
	await runWorkers(plan, {
		profiler,
		stop,
		onPhase: (worker, phase, batches) => progress.showPhase(worker.folder, phase, batches),
		onEnd: async (worker, outcome) => {
			store.recordOutcome(worker.folder, outcome);
			progress.showEnd(worker.folder, outcome);
			try {
				await measure(worker, outcome);
			} catch (error) {
				unreadable.set(worker.folder, error);
			}
		},
	});
	return {whole, unreadable, files: files.toSorted()};
};

const announce = ({plan, profiler}: Prepared, terminal: Terminal): void => {
	if (profiler.kind === 'nsys') {
		terminal.say('debug', `nsys ${profiler.version}: ${profiler.path}`);
		sayWarnings(plan.warnings, terminal);
	} else {
		const message = `Measured without nsys (${profiler.reason}): CPU times only, and only ranges of the annotation libraries. ${howToGetNsys}`;
		sayWarnings([{code: 'without-nsys', message}], terminal);
	}
};

export const runCommand: Command = async (argv, terminal, context) => {
	const request = parseRunRequest(argv, context.cwd);
	if (request === null) {
		terminal.print(await runParser().getHelp());
		return {exitCode: ExitCode.done};
	}

	terminal.setLevel(request.logLevel);
	const prepared = await prepare(request, context);
	const {options} = prepared.plan;
	openRunFolder(options.outputFolder, prepared.plan);
	const store = new ManifestStore(options.outputFolder, firstManifest(prepared, context));
	announce(prepared, terminal);

	const stop = new StopSwitch();
	using interrupt = new InterruptListener((name) => {
		stop.raise(name);
		terminal.say('warning', stopMessages[stop.level === 'at-once' ? 'at-once' : 'gently']);
	});
	const {whole, unreadable, files} = await launch(prepared, store, stop, terminal);
	const mean = writeMean(options.outputFolder, whole, {
		processesPlanned: prepared.plan.workers.length,
		repeats: options.repeats,
		warmupBatches: options.warmupBatches,
	});
	store.finish(interrupt.received === undefined ? 'done' : 'interrupted');
	return summarizeRun(
		{manifest: store.manifest, folder: options.outputFolder, mean, unreadable, files},
		{signalNumber: interrupt.signalNumber, json: request.json},
		terminal,
	);
};

const stopMessages = {
	gently:
		'Stopping: the programs are asked to end and their reports are kept. Once more ends all at once.',
	'at-once': 'Ending everything at once.',
} as const;
