/** Where `reprocess` writes, and what must go there first. */

import {existsSync, readdirSync, rmSync} from 'node:fs';
import path from 'node:path';
import {UserError} from '../base/errors.ts';
import {pageName, removeOwnPage} from '../schemas/page-file.ts';
import {runFiles, workerFiles} from '../schemas/run-files.ts';
import {setPlaceholderAside} from './placeholder-file.ts';
import type {Inputs} from './reprocess-inputs.ts';

/**
 * @param wanted -o
 * @returns null: nothing is written
 * @throws UserError where another run would be written over
 */
export const chooseTarget = (
	wanted: string | undefined,
	{run}: Inputs,
	cwd: string,
): string | null => {
	const target = wanted === undefined ? (run?.folder ?? null) : path.resolve(cwd, wanted);
	if (
		target !== null &&
		target !== run?.folder &&
		existsSync(path.join(target, runFiles.manifest))
	) {
		throw new UserError(`${target} holds a run of its own: its results would be written over`, {
			next: 'Choose another folder with -o.',
		});
	}

	return target;
};

/** What an earlier call wrote is never mixed in: a result that cannot be made again is not left standing. */
export const removeResults = (target: string | null, {list}: Inputs): void => {
	if (target === null) {
		return;
	}

	rmSync(path.join(target, runFiles.mean), {force: true});
	removeOwnPage(path.join(target, pageName));
	for (const folder of [...listWorkerFolders(target), ...list.map((input) => input.folder)]) {
		setPlaceholderAside(path.join(target, folder));
		rmSync(path.join(target, folder, workerFiles.result), {force: true});
	}
};

/** Relative to the target; those of repeats too. */
const listWorkerFolders = (target: string): readonly string[] =>
	existsSync(target)
		? readdirSync(target).flatMap((name) =>
				/^repeat_\d+$/.test(name)
					? listWorkerFolders(path.join(target, name)).map((below) => path.join(name, below))
					: /^proc_\d+_gpu_\d+$/.test(name)
						? [name]
						: [],
			)
		: [];
