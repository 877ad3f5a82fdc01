/**
 * Makes a run's folder ready: there, writable, held by no other run, and free of what an earlier run of ours left. Nothing
 * else is touched: programs keep caches in their worker's folder, and the default folder is /tmp.
 */

import {
	accessSync,
	constants,
	lstatSync,
	readdirSync,
	rmdirSync,
	rmSync,
	type Dirent,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {messageOf, systemCodeOf, ToolError, UserError} from '../base/errors.ts';
import {makeFolder} from '../base/folders.ts';
import {readJsonFile} from '../schemas/json-file.ts';
import {Manifest} from '../schemas/manifest.ts';
import {pageName, removeOwnPage} from '../schemas/page-file.ts';
import {recordingFilePattern} from '../schemas/recording.ts';
import {gpuPlotNames, runFiles, workerFiles} from '../schemas/run-files.ts';
import type {RunPlan} from './plan.ts';
import {processStartMs} from './process-table.ts';

const workerFolderName = /^proc_\d+_gpu_\d+$/;
const repeatFolderName = /^repeat_\d+$/;
const reportStem = path.parse(workerFiles.report).name;

/** The files of a worker's folder that are ours; half-written ones of a launcher that was killed among them. */
const workerFileName = new RegExp(
	[
		...[workerFiles.result, workerFiles.placeholder].map(
			(name) => `^${name.replace('.', '\\.')}(\\.\\d+\\.tmp)?$`,
		),
		...[workerFiles.stdout, workerFiles.stderr, workerFiles.nsysLog].map(
			(name) => `^${name.replace('.', '\\.')}$`,
		),
		`^\\.?${reportStem}(\\.\\d+)*\\.(nsys-rep|qdrep|qdstrm|sqlite)(\\.\\d+\\.sqlite)?(-journal)?$`,
	].join('|'),
);

const runFileName = new RegExp(
	[...Object.values(runFiles), ...gpuPlotNames.map((name) => `${name}.svg`)]
		.map((name) => `^${name.replaceAll('.', '\\.')}(\\.\\d+\\.tmp)?$`)
		.join('|'),
);

const list = (folder: string): readonly Dirent[] => readdirSync(folder, {withFileTypes: true});

const removeFiles = (folder: string, name: RegExp): void =>
	list(folder)
		.filter((entry) => !entry.isDirectory() && name.test(entry.name))
		.forEach((entry) => rmSync(path.join(folder, entry.name), {force: true}));

const removeIfEmpty = (folder: string): void => {
	if (readdirSync(folder).length === 0) {
		rmdirSync(folder);
	}
};

/** A link is not followed: in /tmp anyone may have made it. */
const isFolder = (folder: string): boolean =>
	lstatSync(folder, {throwIfNoEntry: false})?.isDirectory() === true;

const clearWorkerFolder = (folder: string): void => {
	removeFiles(folder, workerFileName);
	const recording = path.join(folder, workerFiles.recording);
	if (isFolder(recording)) {
		removeFiles(recording, recordingFilePattern);
		removeIfEmpty(recording);
	}

	removeIfEmpty(folder);
};

const foldersIn = (folder: string, name: RegExp): readonly string[] =>
	list(folder)
		.filter((entry) => entry.isDirectory() && name.test(entry.name))
		.map((entry) => path.join(folder, entry.name));

/** Also what a larger run left: eight processes yesterday, two today. */
const clearRunFolder = (folder: string): void => {
	removeFiles(folder, runFileName);
	removeOwnPage(path.join(folder, pageName));
	foldersIn(folder, workerFolderName).forEach(clearWorkerFolder);
	for (const repeat of foldersIn(folder, repeatFolderName)) {
		foldersIn(repeat, workerFolderName).forEach(clearWorkerFolder);
		removeIfEmpty(repeat);
	}
};

/** null where there is none, or one that is not ours to read. */
const readManifest = (folder: string): Manifest | null => {
	try {
		return readJsonFile(Manifest, path.join(folder, runFiles.manifest));
	} catch (error) {
		if (error instanceof UserError) {
			return null;
		}

		throw error;
	}
};

/** Clocks are read to a hundredth of a second, and the manifest is written a moment after the start. */
const clockSlackMs = 1000;

/** On this host. A process that started after the manifest was written has only inherited its number. */
const isAlive = ({launcher, startedAt}: Manifest): boolean => {
	if (launcher.pid === process.pid) {
		return false;
	}

	const processStart = processStartMs(launcher.pid);
	return processStart !== null && processStart <= Date.parse(startedAt) + clockSlackMs;
};

/**
 * Two runs that begin in the same moment may both get through: no manifest says yet that the folder is held. Only a lock
 * file would close that gap, and one that a killed run leaves behind would be in everyone's way.
 */
const refuseHeld = (folder: string, manifest: Manifest): void => {
	const {status, launcher, startedAt} = manifest;
	if (status !== 'running') {
		return;
	}

	// On a shared disk. Whether a process of another machine lives cannot be seen from here.
	if (launcher.host !== os.hostname()) {
		throw new UserError(
			`${folder} is in use by a run on ${launcher.host} (process ${launcher.pid}, since ${startedAt})`,
			{
				next: `Wait for it, or choose another folder with -o. If that run is gone, delete ${path.join(folder, runFiles.manifest)}.`,
			},
		);
	}

	if (isAlive(manifest)) {
		throw new UserError(
			`${folder} is in use by another run (process ${launcher.pid}, since ${startedAt})`,
			{next: 'Wait for it, or choose another folder with -o.'},
		);
	}
};

const explain = (folder: string, error: unknown): unknown => {
	switch (systemCodeOf(error)) {
		case undefined:
			return error;
		case 'ENOSPC':
		case 'EDQUOT':
		case 'EIO':
			return new ToolError(`${folder} cannot be used: ${messageOf(error)}`, {
				next: 'Make room on that disk or choose another folder with -o.',
				cause: error,
			});
		default:
			return new UserError(`${folder} cannot be written to: ${messageOf(error)}`, {
				next: 'Choose another folder with -o.',
				cause: error,
			});
	}
};

const makeWritable = (folder: string): void => {
	makeFolder(folder);
	accessSync(folder, constants.W_OK | constants.X_OK);
};

/**
 * For workers that are planned later than the run.
 * @throws UserError, ToolError as openRunFolder
 */
export const openWorkerFolders = (folder: string, workers: RunPlan['workers']): void => {
	try {
		workers.forEach((worker) => makeWritable(path.join(folder, worker.folder)));
	} catch (error) {
		throw explain(folder, error);
	}
};

const requireFree = (folder: string): void => {
	makeWritable(folder);
	const manifest = readManifest(folder);
	if (manifest !== null) {
		refuseHeld(folder, manifest);
	}
};

/**
 * Before a GPU is touched for a run that may have no place to go. Removes nothing yet.
 * @throws UserError, ToolError as openRunFolder
 */
export const checkRunFolder = (folder: string): void => {
	try {
		requireFree(folder);
	} catch (error) {
		throw explain(folder, error);
	}
};

/** @throws UserError when it cannot be written to or another run is using it; ToolError when the disk is full */
export const openRunFolder = (folder: string, plan: RunPlan): void => {
	try {
		requireFree(folder);
		clearRunFolder(folder);
	} catch (error) {
		throw explain(folder, error);
	}

	openWorkerFolders(folder, plan.workers);
};
