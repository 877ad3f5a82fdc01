/** A run whose repeats are planned while it goes: `--repeat auto`, and each side of `ab`. */

import {openRunFolder, openWorkerFolders} from '../launcher/run-folder.ts';
import {workersOfRepeat} from '../launcher/plan.ts';
import type {StopSwitch} from '../launcher/stop-signal.ts';
import type {MeanResult} from '../schemas/benchmark-result.ts';
import type {Manifest, RepeatsEnd} from '../schemas/manifest.ts';
import {RunLauncher, type LaunchedRun} from './launch-run.ts';
import {ManifestStore} from './manifest-store.ts';
import {writeGpuPlots} from './gpu-plots.ts';
import {writeMean} from './measured-run.ts';
import type {PreparedRun} from './prepared-run.ts';
import type {FinishedRun} from './run-summary.ts';
import type {Terminal} from './terminal.ts';

export class RepeatSeries {
	readonly #prepared: PreparedRun;
	readonly #store: ManifestStore;
	readonly #launcher: RunLauncher;
	#repeats = 0;
	#seconds: number[] = [];
	#plots: readonly string[] = [];

	/**
	 * @param prepared planned for the most repeats that there may be
	 * @param manifest without workers
	 * @throws UserError, ToolError when the folder cannot be used
	 */
	constructor(
		prepared: PreparedRun,
		manifest: Manifest,
		surroundings: {stop: StopSwitch; terminal: Terminal; prefix?: string},
	) {
		const {outputFolder} = prepared.plan.options;
		openRunFolder(outputFolder, {...prepared.plan, workers: []});
		this.#prepared = prepared;
		this.#store = new ManifestStore(outputFolder, {...manifest, workers: []});
		this.#launcher = new RunLauncher(prepared, this.#store, surroundings);
	}

	get folder(): string {
		return this.#store.folder;
	}

	/** Begun. */
	get repeats(): number {
		return this.#repeats;
	}

	/** Of the longest repeat so far, in seconds of wall time. */
	get longestSeconds(): number {
		return Math.max(0, ...this.#seconds);
	}

	get launched(): LaunchedRun {
		return this.#launcher.launched;
	}

	/** @returns whether all of its workers completed and could be read */
	async runRepeat(): Promise<boolean> {
		const workers = workersOfRepeat(this.#prepared.plan, this.#repeats);
		openWorkerFolders(this.folder, workers);
		this.#store.addWorkers(workers);
		this.#repeats++;
		const startedAt = performance.now();
		const before = this.launched.whole.length;
		await this.#launcher.launch(workers);
		this.#seconds.push((performance.now() - startedAt) / 1000);
		return this.launched.whole.length === before + workers.length;
	}

	/** Writes the means and how it ended. */
	finish(status: 'done' | 'interrupted', end: RepeatsEnd): MeanResult | null {
		const mean = writeMean(this.folder, this.launched.whole, {
			processesPlanned: this.#store.manifest.workers.length,
			repeats: Math.max(1, this.#repeats),
			warmupBatches: this.#prepared.plan.options.warmupBatches,
			gpuWatch: this.#store.manifest.gpuWatch,
			clocks: this.#store.manifest.clocks,
			gpus: this.#store.manifest.gpus,
			syncStart: this.#prepared.plan.options.syncStartSeconds !== null,
		});
		this.#store.finish(status, end);
		return mean;
	}

	/** Of the GPUs, beside the means. */
	async writePlots(terminal: Terminal): Promise<void> {
		this.#plots = await writeGpuPlots(
			{
				folder: this.folder,
				source: this.folder,
				manifest: this.#store.manifest,
				workers: this.launched.whole,
			},
			terminal,
		);
	}

	/** For the summary. */
	describe(mean: MeanResult | null): FinishedRun {
		const {unreadable, files} = this.launched;
		return {
			manifest: this.#store.manifest,
			launched: true,
			folder: this.folder,
			mean,
			unreadable,
			files: [...files, ...this.#plots],
		};
	}
}
