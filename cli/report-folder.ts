/** What `benchmark report` was given: a run, both sides of `ab`, or a study; told by the file that each of them has. */

import {existsSync, statSync} from 'node:fs';
import path from 'node:path';
import {UserError} from '../base/errors.ts';
import {abFiles, runFiles, workerFiles} from '../schemas/run-files.ts';
import {findStudy} from './study-files.ts';

export interface ReportFolder {
	readonly kind: 'run' | 'comparison' | 'study';
	/** Absolute. */
	readonly folder: string;
}

/** The sentence for whoever gave something else. */
export const whatToGive =
	'Give the folder that was named with -o: of a run, of benchmark ab, or of benchmark triton.';

/** These may be given in place of their folder. */
const knownFiles: readonly string[] = [runFiles.manifest, runFiles.mean, abFiles.comparison];

const has = (folder: string, ...names: readonly string[]): boolean =>
	names.every((name) => existsSync(path.join(folder, name)));

const findKind = (folder: string): ReportFolder['kind'] | undefined => {
	if (has(folder, abFiles.comparison)) {
		return 'comparison';
	}

	if (has(folder, runFiles.manifest) || has(folder, runFiles.mean)) {
		return 'run';
	}

	return findStudy(folder) === undefined ? undefined : 'study';
};

/** What people give instead, and what they meant. */
const explain = (folder: string): UserError => {
	if (
		has(folder, path.join(abFiles.a, runFiles.manifest), path.join(abFiles.b, runFiles.manifest))
	) {
		return new UserError(
			`${folder} is of benchmark ab, and has no ${abFiles.comparison}: it ended early, or was a calibration`,
			{
				next: `Compare what is there with benchmark compare ${path.join(folder, abFiles.a)} ${path.join(folder, abFiles.b)}, or give one side for a page of its own.`,
			},
		);
	}

	const above = [path.dirname(folder), path.dirname(path.dirname(folder))].find((one) =>
		has(one, runFiles.manifest),
	);
	if (above !== undefined && /^(?:proc_\d+_gpu_\d+|repeat_\d+)$/.test(path.basename(folder))) {
		return new UserError(`${folder} is a part of a run`, {next: `Give the run: ${above}`});
	}

	if (has(folder, workerFiles.report) || has(folder, workerFiles.result)) {
		return new UserError(`${folder} holds what one process left, and no run`, {
			next: `Make a run's results of it: benchmark reprocess -o OUT ${folder}`,
		});
	}

	return new UserError(`${folder} holds no run, no comparison and no study`, {next: whatToGive});
};

/** @param given absolute @throws UserError for anything that no page can be made of */
export const findReportFolder = (given: string): ReportFolder => {
	const stat = statSync(given, {throwIfNoEntry: false});
	if (stat === undefined) {
		throw new UserError(`${given} does not exist`, {next: whatToGive});
	}

	if (
		!stat.isDirectory() &&
		!knownFiles.includes(path.basename(given)) &&
		findStudy(given) !== path.join(path.dirname(given), 'study.json')
	) {
		throw new UserError(`benchmark report takes a folder, and ${given} is a file`, {
			next: /\.(?:nsys-rep|qdrep|sqlite)$/.test(given)
				? `Make a run's results of it first: benchmark reprocess -o OUT ${given}`
				: whatToGive,
		});
	}

	const folder = stat.isDirectory() ? given : path.dirname(given);
	const kind = findKind(folder);
	if (kind === undefined) {
		throw explain(folder);
	}

	return {kind, folder};
};
