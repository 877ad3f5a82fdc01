/** `run.json` as it grows: written before the first worker starts and after every change, so that no crash loses it. */

import path from 'node:path';
import {mergeWatchEnds} from '../launcher/gpu-watch.ts';
import type {PlannedWorker} from '../launcher/plan.ts';
import {writeJsonFile} from '../schemas/json-file.ts';
import {
	Manifest,
	type RepeatsEnd,
	type WorkerOutcome,
	type WorkerRecord,
} from '../schemas/manifest.ts';
import type {GpuWatchEnd} from '../schemas/gpu-watch.ts';
import {runFiles} from '../schemas/run-files.ts';

export class ManifestStore {
	readonly folder: string;
	#manifest: Manifest;

	/** Writes at once. @throws ToolError when the disk refuses */
	constructor(folder: string, manifest: Manifest) {
		this.folder = folder;
		this.#manifest = manifest;
		this.#write();
	}

	get manifest(): Manifest {
		return this.#manifest;
	}

	/** Where repeats go on until something is known: those of the next one. */
	addWorkers(workers: readonly PlannedWorker[]): void {
		const {options, workers: before} = this.#manifest;
		const all = [...before, ...workers.map((worker) => ({...worker, outcome: null}))];
		const repeats = new Set(all.map(({repeat}) => repeat)).size;
		this.#manifest = {...this.#manifest, options: {...options, repeats}, workers: all};
		this.#write();
	}

	recordOutcome(workerFolder: string, outcome: WorkerOutcome): void {
		const replace = (worker: WorkerRecord): WorkerRecord =>
			worker.folder === workerFolder ? {...worker, outcome} : worker;
		this.#manifest = {...this.#manifest, workers: this.#manifest.workers.map(replace)};
		this.#write();
	}

	/** What a launch's watching of the GPUs came to. */
	recordWatch(end: GpuWatchEnd): void {
		const {gpuWatch} = this.#manifest;
		this.#manifest = {
			...this.#manifest,
			gpuWatch: gpuWatch === undefined ? end : mergeWatchEnds(gpuWatch, end),
		};
		this.#write();
	}

	finish(status: 'done' | 'interrupted', repeatsEnd?: RepeatsEnd): void {
		this.#manifest = {
			...this.#manifest,
			status,
			endedAt: new Date().toISOString(),
			...(repeatsEnd === undefined ? {} : {repeatsEnd}),
		};
		this.#write();
	}

	#write(): void {
		writeJsonFile(Manifest, path.join(this.folder, runFiles.manifest), this.#manifest);
	}
}
