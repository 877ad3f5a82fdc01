/** Reads a run's folder for its page. What cannot be read of a worker is told on the page, and costs only itself. */

import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {messageOf, UserError} from '../base/errors.ts';
import type {ProcessBatches} from '../report/batch-series.ts';
import {listHolderBatches} from '../report/batch-rows.ts';
import {drawGpuPlots} from '../report/gpu-plots.ts';
import type {FileLink} from '../report/html/links.ts';
import type {PageNote} from '../report/html/notes.ts';
import type {Picture} from '../report/html/picture.ts';
import type {RunPage} from '../report/html/run-sections.ts';
import type {PageWorker} from '../report/html/workers.ts';
import {nameGpus} from '../results/gpu-names.ts';
import {MeanResult, ProcessResult} from '../schemas/benchmark-result.ts';
import {parseGpuSamples} from '../schemas/gpu-samples-csv.ts';
import {readJsonFile} from '../schemas/json-file.ts';
import {Manifest} from '../schemas/manifest.ts';
import {gpuPlotNames, runFiles, workerFiles} from '../schemas/run-files.ts';
import type {Warning} from '../schemas/warning.ts';
import {formatHeading} from './run-summary.ts';
import {isNote} from './warning-lines.ts';

/** Makes links: to files of the folder that the page is about, from where the page will lie. */
export interface PageLinks {
	/** undefined where it is not there. @param name relative to the folder, with "/" */
	readonly find: (name: string, holds: string) => FileLink | undefined;
}

export const linkFrom = (page: string, folder: string, prefix = ''): PageLinks => ({
	find: (name, holds) => {
		const file = path.join(folder, name);
		const stat = statSync(file, {throwIfNoEntry: false});
		return stat === undefined
			? undefined
			: {
					name: prefix + name,
					target: path.relative(path.dirname(page), file).split(path.sep).join('/'),
					bytes: stat.isDirectory() ? null : stat.size,
					holds,
				};
	},
});

export const toPageNotes = (warnings: readonly Warning[]): readonly PageNote[] =>
	warnings.map((warning) => ({
		kind: isNote(warning) ? 'note' : 'warning',
		message: warning.message,
	}));

const workerFolders = /^(?:repeat_(\d+)\/)?proc_(\d+)_gpu_(\d+)$/;

/** Where no manifest tells. */
const listFolders = (folder: string, below = ''): readonly string[] =>
	readdirSync(path.join(folder, below), {withFileTypes: true})
		.filter((entry) => entry.isDirectory())
		.map(({name}) => path.posix.join(below, name))
		.flatMap((name) =>
			workerFolders.test(name)
				? [name]
				: /^repeat_\d+$/.test(name)
					? listFolders(folder, name)
					: [],
		);

const workerLinks: readonly (readonly [string, string])[] = [
	[workerFiles.result, 'results of this process'],
	[workerFiles.report, 'what nsys recorded'],
	[workerFiles.recording, 'what the built-in profiler recorded'],
	[workerFiles.stdout, 'what the program printed'],
	[workerFiles.stderr, 'what it complained of'],
	[workerFiles.nsysLog, "nsys's own words"],
];

const listWorkers = (
	folder: string,
	manifest: Manifest | null,
	links: PageLinks,
): readonly PageWorker[] => {
	const known =
		manifest === null
			? listFolders(folder).map((name) => ({folder: name, record: null}))
			: manifest.workers.map((record) => ({folder: record.folder, record}));
	return known.map((worker) => ({
		...worker,
		files: workerLinks.flatMap(
			([name, holds]) => links.find(`${worker.folder}/${name}`, holds) ?? [],
		),
	}));
};

interface ReadBatches {
	readonly batches: readonly ProcessBatches[];
	readonly notes: readonly PageNote[];
}

/** One at a time: the results of a large run do not fit side by side. */
const readBatches = (folder: string, {folder: name, record}: PageWorker): ReadBatches => {
	const file = path.join(folder, name, workerFiles.result);
	if (!existsSync(file)) {
		return {batches: [], notes: []};
	}

	const [, repeat = '0', process = '0', gpu = '0'] = workerFolders.exec(name) ?? [];
	const place = record ?? {repeat: Number(repeat), process: Number(process), gpu: Number(gpu)};
	try {
		const result = readJsonFile(ProcessResult, file);
		const gpuTraced = result.meta.gpu_traced;
		const incomplete = result.warnings.some(({code}) => code === 'incomplete');
		const batches = listHolderBatches(result).map((holder) => ({
			...holder,
			repeat: place.repeat,
			process: place.process,
			gpu: place.gpu,
			gpuTraced,
			incomplete,
		}));
		return {batches, notes: []};
	} catch (error) {
		if (error instanceof UserError) {
			return {batches: [], notes: [{kind: 'warning', message: error.message}]};
		}

		throw error;
	}
};

/** Bytes. None of ours comes near it. */
const largestPicture = 4e6;

/** Those that the run drew have its batches; else they are drawn anew, without. */
const listGpuPictures = (folder: string, manifest: Manifest | null): readonly Picture[] => {
	const drawn = gpuPlotNames
		.map((name) => ({name, file: path.join(folder, `${name}.svg`)}))
		.filter(
			({file}) => (statSync(file, {throwIfNoEntry: false})?.size ?? Infinity) < largestPicture,
		);
	if (drawn.length > 0) {
		return drawn.map(({name, file}) => ({
			kind: 'file',
			svg: readFileSync(file, 'utf8'),
			description: `${name.replace('plot.', '')} of the GPUs over the time of the run, with the batches of each worker`,
		}));
	}

	const samples = path.join(folder, runFiles.gpuMetrics);
	const read = existsSync(samples) ? parseGpuSamples(readFileSync(samples, 'utf8')) : null;
	return read === null || read.samples.length === 0
		? []
		: drawGpuPlots(read.samples, [], {
				gpuNames: manifest === null ? new Map() : nameGpus(manifest),
				intervalNs: (manifest?.options.metricsIntervalMs ?? 100) * 1e6,
				subtitle: '',
			}).map(({svg}) => ({kind: 'drawn', svg}));
};

const readGpu = (
	folder: string,
	manifest: Manifest | null,
): {readonly pictures: readonly Picture[]; readonly notes: readonly PageNote[]} => {
	try {
		return {pictures: listGpuPictures(folder, manifest), notes: []};
	} catch (error) {
		const message = `The GPUs' pictures are missing: ${messageOf(error)}`;
		return {pictures: [], notes: [{kind: 'warning', message}]};
	}
};

const runLinks: readonly (readonly [string, string])[] = [
	[runFiles.mean, 'means and statistics over all processes'],
	[runFiles.manifest, 'the manifest: command, plan, machine, outcome of each worker'],
	[runFiles.gpuMetrics, 'samples of the GPUs'],
	...gpuPlotNames.map((name) => [`${name}.svg`, 'a picture of the GPUs'] as const),
];

const readIfThere = <Result>(file: string, read: (file: string) => Result): Result | null =>
	existsSync(file) ? read(file) : null;

/** @throws UserError where the manifest or the means are not what they should be */
export const readRunPage = (folder: string, links: PageLinks): RunPage => {
	const manifest = readIfThere(path.join(folder, runFiles.manifest), (file) =>
		readJsonFile(Manifest, file),
	);
	const mean = readIfThere(path.join(folder, runFiles.mean), (file) =>
		readJsonFile(MeanResult, file),
	);
	const workers = listWorkers(folder, manifest, links);
	const read = workers.map((worker) => readBatches(folder, worker));
	const gpus = readGpu(folder, manifest);
	return {
		heading: mean === null ? '' : formatHeading(manifest, mean),
		manifest,
		mean,
		workers,
		batches: read.flatMap(({batches}) => batches),
		gpuPictures: gpus.pictures,
		files: runLinks.flatMap(([name, holds]) => links.find(name, holds) ?? []),
		notes: [
			...toPageNotes(mean?.warnings ?? []),
			...read.flatMap(({notes}) => notes),
			...gpus.notes,
		],
	};
};
