/** What `reprocess` was given, as one list of things to measure. */

import {existsSync, readdirSync, statSync} from 'node:fs';
import path from 'node:path';
import {UserError} from '../base/errors.ts';
import {readJsonFile} from '../schemas/json-file.ts';
import {Manifest} from '../schemas/manifest.ts';
import {runFiles, workerFiles} from '../schemas/run-files.ts';
import type {Warning} from '../schemas/warning.ts';
import {isExport, isReport} from './trace-files.ts';
import {labelIncomplete} from './measured-run.ts';
import {describeWorkerGpu, type WorkerGpu} from './worker-gpu.ts';

export interface Input {
	/** For messages, and where the result goes: a worker's folder name, "proc_1_gpu_0". */
	readonly folder: string;
	/** Absolute path of the report, export or recording. */
	readonly evidence: string;
	readonly repeat: number;
	readonly process: number;
	readonly gpu: number;
	/** A warning for its result where the worker did not complete; then the means leave it out. */
	readonly label: Warning | undefined;
	/** Where the samples of its GPU are; null where there are none, as of a lone report. */
	readonly watched: WorkerGpu | null;
}

export interface Inputs {
	readonly list: readonly Input[];
	/** The one run folder that was given, with its manifest; null for bare files or a mix. */
	readonly run: {readonly folder: string; readonly manifest: Manifest} | null;
	/** Workers of run folders that left nothing to read. */
	readonly withoutEvidence: readonly string[];
}

interface Found {
	readonly run: Inputs['run'];
	readonly list: readonly Omit<Input, 'folder'>[];
	readonly names: readonly (string | null)[];
	readonly withoutEvidence: readonly string[];
}

/** @throws UserError for what does not exist or holds nothing to read */
export const listInputs = (paths: readonly string[]): Inputs => {
	if (paths.length === 0) {
		throw new UserError('no input was given', {
			next: 'Give a run folder, reports (.nsys-rep, .qdrep) or exports (.sqlite).',
		});
	}

	const twice = paths.find((file, index) => paths.indexOf(file) !== index);
	if (twice !== undefined) {
		throw new UserError(`${twice} was given twice: it would count as two processes`);
	}

	const found = paths.map(findEvidence);
	const entries = found.flatMap(({list, names}) =>
		list.map((input, index) => ({input, name: names[index] ?? null})),
	);
	const only = found.length === 1 ? found[0] : undefined;
	return {
		run: only?.run ?? null,
		withoutEvidence: found.flatMap(({withoutEvidence}) => withoutEvidence),
		// Names of several run folders would collide: only a run alone keeps its own.
		list: entries.map(({input, name}, index) =>
			name !== null && only !== undefined
				? {...input, folder: name}
				: {...input, process: index, gpu: 0, repeat: 0, folder: `proc_${index}_gpu_0`},
		),
	};
};

const findEvidence = (file: string): Found => {
	const stat = statSync(file, {throwIfNoEntry: false});
	if (stat === undefined) {
		throw new UserError(`${file} does not exist`);
	}

	if (!stat.isDirectory() || path.basename(file) === workerFiles.recording) {
		return bare([file]);
	}

	return existsSync(path.join(file, runFiles.manifest)) ? ofRun(file) : ofFolder(file);
};

const bare = (files: readonly string[]): Found => ({
	run: null,
	names: files.map(() => null),
	withoutEvidence: [],
	list: files.map((file) => ({
		evidence: path.resolve(file),
		repeat: 0,
		process: 0,
		gpu: 0,
		label: undefined,
		watched: null,
	})),
});

/** A folder of reports: each once, the report rather than an export of it. */
const ofFolder = (folder: string): Found => {
	const names = readdirSync(folder).sort();
	const stem = (name: string): string => name.replace(/\.[^.]+$/, '');
	const reports = new Set(names.filter(isReport).map(stem));
	const files = names.filter(
		(name) =>
			isReport(name) ||
			(isExport(name) && !reports.has(stem(name))) ||
			name === workerFiles.recording,
	);
	if (files.length === 0) {
		throw new UserError(`${folder} holds no ${runFiles.manifest} and no report`, {
			next: 'Give the folder that was named with -o, or the reports themselves.',
		});
	}

	return bare(files.map((name) => path.join(folder, name)));
};

const ofRun = (folder: string): Found => {
	const manifest = readJsonFile(Manifest, path.join(folder, runFiles.manifest));
	const workers = manifest.workers.map((worker) => ({
		worker,
		evidence: findWorkerEvidence(path.resolve(folder, worker.folder)),
	}));
	const present = workers.flatMap(({worker, evidence}) =>
		evidence === null ? [] : [{worker, evidence}],
	);
	return {
		run: {folder: path.resolve(folder), manifest},
		names: present.map(({worker}) => worker.folder),
		withoutEvidence: workers
			.filter(({evidence}) => evidence === null)
			.map(({worker}) => worker.folder),
		list: present.map(({worker, evidence}) => ({
			evidence,
			repeat: worker.repeat,
			process: worker.process,
			gpu: worker.gpu,
			label: worker.outcome === null ? neverEnded : labelIncomplete(worker.outcome),
			watched: describeWorkerGpu(path.resolve(folder), manifest, worker),
		})),
	};
};

/** The launcher died, or still runs: what the folder holds may be half of it. */
const neverEnded: Warning = {
	code: 'incomplete',
	message:
		'The run ended, or goes on, without a word of how this worker ended: its numbers may be cut short.',
};

const findWorkerEvidence = (folder: string): string | null =>
	[workerFiles.report, workerFiles.recording, workerFiles.export]
		.map((name) => path.join(folder, name))
		.find((file) => existsSync(file)) ?? null;
