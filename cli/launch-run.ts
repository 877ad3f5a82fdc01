/** Runs a plan's workers and measures each as it ends. */

import path from 'node:path';
import {GpuWatch} from '../launcher/gpu-watch.ts';
import type {PlannedWorker} from '../launcher/plan.ts';
import {runWorkers} from '../launcher/run-workers.ts';
import {isRaised, type StopSwitch} from '../launcher/stop-signal.ts';
import type {GpuEvidence} from '../results/gpu-evidence.ts';
import type {WorkerOutcome} from '../schemas/manifest.ts';
import {runFiles, workerFiles} from '../schemas/run-files.ts';
import type {ManifestStore} from './manifest-store.ts';
import {labelIncomplete, type MeasuredWorker} from './measured-run.ts';
import {setPlaceholderAside} from './placeholder-file.ts';
import type {PreparedRun} from './prepared-run.ts';
import {Progress} from './progress.ts';
import type {Terminal} from './terminal.ts';
import {describeWorkerGpu, readWorkerGpu} from './worker-gpu.ts';
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
	dropThrottled: plan.options.dropThrottled ?? false,
	attributeThreads: plan.options.attributeThreads ?? false,
	nsys: profiler.kind === 'nsys' ? profiler.path : null,
	keepSqlite: plan.options.keepSqlite,
	stop,
});

/** Gathers what workers measured, one call per worker that ended. */
class Collector {
	readonly whole: MeasuredWorker[] = [];
	readonly unreadable = new Map<string, unknown>();
	readonly files: string[] = [];
	/** Of the launch that goes on; null where no GPU is watched. */
	watch: GpuWatch | null = null;
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
		const measured = await measureWorker(evidence, this.#options, {
			label: labelIncomplete(outcome),
			readGpu: async () => this.#readGpu(worker),
		});
		writeWorkerResult(folder, measured);
		this.files.push(path.join(worker.folder, workerFiles.result));
		if (outcome.kind === 'completed') {
			this.whole.push({...worker, measured});
		}
	}

	async #readGpu({folder}: PlannedWorker): Promise<GpuEvidence | null> {
		const {manifest} = this.#store;
		const record = manifest.workers.find((worker) => worker.folder === folder);
		const own =
			record === undefined ? null : describeWorkerGpu(this.#store.folder, manifest, record);
		if (own === null || this.watch === null) {
			return null;
		}

		await this.watch.settle(own.gpu, own.toUnixNs);
		return readWorkerGpu(own);
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
	readonly #store: ManifestStore;
	/** A driver that could not be asked once is not waited for again. */
	#watches = true;

	constructor(
		prepared: PreparedRun,
		store: ManifestStore,
		{stop, terminal, prefix = ''}: {stop: StopSwitch; terminal: Terminal; prefix?: string},
	) {
		this.#prepared = prepared;
		this.#stop = stop;
		this.#terminal = terminal;
		this.#prefix = prefix;
		this.#store = store;
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
		const watch = await this.#startWatch(workers);
		this.#collector.watch = watch;
		try {
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
		} finally {
			this.#collector.watch = null;
			await this.#endWatch(watch);
		}
	}

	/** null where these workers have no GPU that is known, or it is not to be watched. */
	async #startWatch(workers: readonly PlannedWorker[]): Promise<GpuWatch | null> {
		const {metricsIntervalMs: intervalMs = null} = this.#prepared.plan.options;
		const listKnown = (uuids: readonly (string | null)[]): string[] => [
			...new Set(uuids.filter((uuid) => uuid !== null)),
		];
		const gpus = listKnown(workers.map(({gpuUuid}) => gpuUuid));
		if (!this.#watches || intervalMs === null || gpus.length === 0 || isRaised(this.#stop)) {
			return null;
		}

		this.#terminal.say('debug', `sampling ${gpus.join(', ')} every ${intervalMs} ms`);
		return GpuWatch.start({
			gpus,
			migInstances: listKnown(workers.map(({migUuid}) => migUuid)),
			busIds: this.#listBusIds(gpus),
			intervalMs,
			file: path.join(this.#store.folder, runFiles.gpuMetrics),
			stop: this.#stop,
		});
	}

	#listBusIds(uuids: readonly string[]): ReadonlyMap<string, string> {
		return new Map(
			this.#prepared.gpus.flatMap(({uuid, busId = null}) =>
				busId !== null && uuids.includes(uuid) ? [[uuid, busId] as const] : [],
			),
		);
	}

	async #endWatch(watch: GpuWatch | null): Promise<void> {
		if (watch !== null) {
			const end = await watch.stop();
			this.#watches &&= end.failure === null || end.samples > 0;
			this.#store.recordWatch(end);
			const {files} = this.#collector;
			if (end.samples > 0 && !files.includes(runFiles.gpuMetrics)) {
				files.push(runFiles.gpuMetrics);
			}
		}
	}
}
