/** Runs a plan's workers and measures each as it ends. */

import path from 'node:path';
import type {PlannedWorker} from '../launcher/plan.ts';
import {runWorkers} from '../launcher/run-workers.ts';
import type {StopSwitch} from '../launcher/stop-signal.ts';
import type {WorkerOutcome} from '../schemas/manifest.ts';
import {workerFiles} from '../schemas/run-files.ts';
import type {ManifestStore} from './manifest-store.ts';
import {labelIncomplete, type MeasuredWorker} from './measured-run.ts';
import {setPlaceholderAside} from './placeholder-file.ts';
import type {PreparedRun} from './prepared-run.ts';
import {Progress} from './progress.ts';
import type {Terminal} from './terminal.ts';
import type {MeasureOptions} from './worker-result.ts';

/** What came of the workers, as far as it could be read. */
export interface LaunchedRun {
	/** Those that completed. */
	readonly whole: readonly MeasuredWorker[];
	/** By worker's folder: what was thrown when its evidence was read. */
	readonly unreadable: ReadonlyMap<string, unknown>;
	/** Results written, relative to the run's folder. */
	readonly files: readonly string[];
}

/** By itself: the compiler leaves an import's ending as it is in a function that holds a `using`. */
const loadMeasuring = async () => import('./worker-result.ts');

const describeReading = ({plan, profiler}: PreparedRun, stop: StopSwitch): MeasureOptions => ({
	warmupBatches: plan.options.warmupBatches,
	batchPattern: new RegExp(plan.options.batchPattern, 'u'),
	nsys: profiler.kind === 'nsys' ? profiler.path : null,
	keepSqlite: plan.options.keepSqlite,
	stop,
});

/** Gathers what workers measured, one call per worker that ended. */
class Collector {
	readonly whole: MeasuredWorker[] = [];
	readonly unreadable = new Map<string, unknown>();
	readonly files: string[] = [];
	readonly #store: ManifestStore;
	readonly #options: MeasureOptions;
	// What reads reports is a large part of us; nsys takes a third of a second to start a program: it loads meanwhile.
	readonly #loading = loadMeasuring();

	constructor(store: ManifestStore, options: MeasureOptions) {
		this.#store = store;
		this.#options = options;
	}

	/** Never throws: what fails here costs this worker's numbers at most, not the others'. */
	async collect(worker: PlannedWorker, outcome: WorkerOutcome): Promise<void> {
		try {
			this.#store.recordOutcome(worker.folder, outcome);
			await this.#measure(worker, outcome);
		} catch (error) {
			this.unreadable.set(worker.folder, error);
		}
	}

	async #measure(worker: PlannedWorker, outcome: WorkerOutcome): Promise<void> {
		if (outcome.kind === 'skipped' || outcome.report === null) {
			return;
		}

		const {measureWorker, writeWorkerResult} = await this.#loading;
		const folder = path.join(this.#store.folder, worker.folder);
		setPlaceholderAside(folder);
		const evidence = path.join(folder, outcome.report);
		const measured = await measureWorker(evidence, this.#options, labelIncomplete(outcome));
		writeWorkerResult(folder, measured);
		this.files.push(path.join(worker.folder, workerFiles.result));
		if (outcome.kind === 'completed') {
			this.whole.push({...worker, measured});
		}
	}
}

/** Launches a run's workers, all at once or repeat by repeat, and keeps what was measured. */
export class RunLauncher {
	readonly #prepared: PreparedRun;
	readonly #stop: StopSwitch;
	readonly #terminal: Terminal;
	readonly #collector: Collector;
	/** What progress lines put before a worker's name. */
	readonly #prefix: string;

	constructor(
		prepared: PreparedRun,
		store: ManifestStore,
		{stop, terminal, prefix = ''}: {stop: StopSwitch; terminal: Terminal; prefix?: string},
	) {
		this.#prepared = prepared;
		this.#stop = stop;
		this.#terminal = terminal;
		this.#prefix = prefix;
		this.#collector = new Collector(store, describeReading(prepared, stop));
	}

	/** So far. */
	get launched(): LaunchedRun {
		const {whole, unreadable, files} = this.#collector;
		return {whole, unreadable, files: files.toSorted()};
	}

	/** @param workers of the plan, or planned later; returns when each has ended and was measured */
	async launch(workers: readonly PlannedWorker[]): Promise<void> {
		const {plan, profiler, environment} = this.#prepared;
		const nameOf = ({folder}: PlannedWorker): string => `${this.#prefix}${folder}`;
		using progress = new Progress(this.#terminal, workers.map(nameOf));
		await runWorkers(
			{...plan, workers},
			{
				profiler,
				stop: this.#stop,
				env: {...process.env, ...environment},
				onPhase: (worker, phase, batches) => progress.showPhase(nameOf(worker), phase, batches),
				onEnd: async (worker, outcome) => {
					progress.showEnd(nameOf(worker), outcome);
					await this.#collector.collect(worker, outcome);
				},
			},
		);
	}
}
