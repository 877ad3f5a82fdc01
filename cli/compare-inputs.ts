/** What `compare` was given, as files to read: run folders, result files, reports. */

import {existsSync, readdirSync, statSync} from 'node:fs';
import path from 'node:path';
import {UserError} from '../base/errors.ts';
import {readJsonFile} from '../schemas/json-file.ts';
import {Manifest} from '../schemas/manifest.ts';
import {runFiles, workerFiles} from '../schemas/run-files.ts';
import {isExport, isReport} from './trace-files.ts';

/** A worker's folder and what it may hold. */
export interface InputWorker {
	/** Absolute. */
	readonly folder: string;
	/** 0-based. */
	readonly repeat: number;
}

export type CompareInput =
	| {
			readonly kind: 'run';
			readonly folder: string;
			readonly manifest: Manifest;
			/** Those that completed. */
			readonly workers: readonly InputWorker[];
	  }
	| {
			readonly kind: 'processes';
			readonly folder: string;
			readonly workers: readonly InputWorker[];
	  }
	/** A JSON file by itself, whatever it holds. */
	| {readonly kind: 'file'; readonly file: string}
	/** Reports, exports, recordings: a process each. */
	| {readonly kind: 'traces'; readonly files: readonly string[]};

const openRun = (folder: string): CompareInput => {
	const manifest = readJsonFile(Manifest, path.join(folder, runFiles.manifest));
	return {
		kind: 'run',
		folder,
		manifest,
		workers: manifest.workers
			.filter(({outcome}) => outcome?.kind === 'completed')
			.map((worker) => ({folder: path.resolve(folder, worker.folder), repeat: worker.repeat})),
	};
};

const workerName = /^proc_(\d+)_gpu_(\d+)$/;
const repeatName = /^repeat_(\d+)$/;

const listFolders = (folder: string, name: RegExp): readonly (readonly [string, number[]])[] =>
	readdirSync(folder, {withFileTypes: true})
		.filter((entry) => entry.isDirectory())
		.flatMap((entry) => {
			const match = name.exec(entry.name);
			return match === null
				? []
				: [[path.join(folder, entry.name), match.slice(1).map(Number)] as const];
		})
		.toSorted(([, a], [, b]) => (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0));

/** What a worker's folder is called after; null where it is none. */
export const findPlace = (
	folder: string,
): {readonly process: number | null; readonly gpu: number | null} => {
	const [, process, gpu] = workerName.exec(path.basename(folder)) ?? [];
	return process === undefined || gpu === undefined
		? {process: null, gpu: null}
		: {process: Number(process), gpu: Number(gpu)};
};

/** Workers' folders with results, where no manifest names them: CV-CUDA's launcher writes none. */
const findWorkers = (folder: string): readonly InputWorker[] => {
	const repeats = listFolders(folder, repeatName);
	const holders = repeats.length > 0 ? repeats : [[folder, [0]] as const];
	return holders.flatMap(([holder], repeat) =>
		listFolders(holder, workerName)
			.filter(([worker]) => existsSync(path.join(worker, workerFiles.result)))
			.map(([worker]) => ({folder: worker, repeat})),
	);
};

/** Each once, the report rather than an export of it. */
const findTraces = (folder: string): readonly string[] => {
	const names = readdirSync(folder).toSorted();
	const stem = (name: string): string => name.replace(/\.[^.]+$/, '');
	const reports = new Set(names.filter(isReport).map(stem));
	return names
		.filter((name) => isReport(name) || (isExport(name) && !reports.has(stem(name))))
		.map((name) => path.join(folder, name));
};

const openFolder = (folder: string): CompareInput => {
	if (path.basename(folder) === workerFiles.recording) {
		return {kind: 'traces', files: [folder]};
	}

	if (existsSync(path.join(folder, runFiles.manifest))) {
		return openRun(folder);
	}

	const workers = findWorkers(folder);
	if (workers.length > 0) {
		return {kind: 'processes', folder, workers};
	}

	const file = [runFiles.mean, workerFiles.result]
		.map((name) => path.join(folder, name))
		.find((candidate) => existsSync(candidate));
	if (file !== undefined) {
		return {kind: 'file', file};
	}

	const files = findTraces(folder);
	if (files.length > 0) {
		return {kind: 'traces', files};
	}

	const below = readdirSync(folder).find((name) =>
		existsSync(path.join(folder, name, runFiles.mean)),
	);
	throw new UserError(`${folder} holds no results and no reports`, {
		next:
			below === undefined
				? 'Give the folder that was named with -o, a result file, or a report.'
				: `It holds folders that do, such as ${below}: give one of them, or compare all at once with -b and -c.`,
	});
};

const openFile = (file: string): CompareInput => {
	if (isReport(file) || isExport(file)) {
		return {kind: 'traces', files: [file]};
	}

	const folder = path.dirname(file);
	const isTop = [runFiles.mean, runFiles.manifest].some((name) => name === path.basename(file));
	if (isTop && existsSync(path.join(folder, runFiles.manifest))) {
		return openRun(folder);
	}

	// The samples of a mean file stand in the folders beside it.
	const workers = isTop ? findWorkers(folder) : [];
	return workers.length > 0 ? {kind: 'processes', folder, workers} : {kind: 'file', file};
};

/** @throws UserError for what does not exist or holds nothing to compare */
export const openInput = (given: string): CompareInput => {
	const stat = statSync(given, {throwIfNoEntry: false});
	if (stat === undefined) {
		throw new UserError(`${given} does not exist`);
	}

	return stat.isDirectory() ? openFolder(given) : openFile(given);
};

/** Of a single benchmark.json inside a run's folder; null elsewhere. */
export const findManifestAbove = (file: string): Manifest | null => {
	const folder = path.dirname(file);
	const found = [path.dirname(folder), path.dirname(path.dirname(folder))]
		.map((above) => path.join(above, runFiles.manifest))
		.find((candidate) => existsSync(candidate));
	return found === undefined || !workerName.test(path.basename(folder))
		? null
		: readJsonFile(Manifest, found);
};

/** What is left of a worker's measurement: its report, else an export of it; null where both are gone. */
export const findWorkerTrace = (folder: string): string | null =>
	[workerFiles.report, workerFiles.export]
		.map((name) => path.join(folder, name))
		.find((file) => existsSync(file)) ?? null;

const tail = (given: string, elements: number): string =>
	given
		.split(path.sep)
		.filter((element) => element !== '')
		.slice(-elements)
		.join('/');

/** Names that are the same in every run say nothing. */
const isTelling = (label: string): boolean =>
	![runFiles.mean, runFiles.manifest, workerFiles.result].some((name) => name === label);

/** The last elements of each path, as many as tell them apart. @throws UserError for one that was given twice */
export const labelInputs = (paths: readonly string[]): readonly string[] => {
	const twice = paths.find((given, index) => paths.indexOf(given) !== index);
	if (twice !== undefined) {
		throw new UserError(`${twice} was given twice: there is nothing to compare it with`);
	}

	const most = Math.max(1, ...paths.map((given) => given.split(path.sep).length));
	for (let elements = 1; elements <= most; elements++) {
		const labels = paths.map((given) => tail(given, elements));
		if (new Set(labels).size === labels.length && labels.every(isTelling)) {
			return labels;
		}
	}

	return paths;
};
