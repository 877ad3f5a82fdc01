/** nsys records into a .qdstrm and imports it into a report at the end. When that failed: once more, by its own tool. */

import {copyFileSync, existsSync, readdirSync, renameSync, rmSync} from 'node:fs';
import path from 'node:path';
import {execa} from 'execa';
import {messageOf, systemCodeOf} from '../base/errors.ts';
import {workerFiles} from '../schemas/run-files.ts';
import {describeNsysHome} from './nsys-home.ts';

/** A full disk leaves half a file, which nobody can import. */
const copyWhole = (from: string, to: string): void => {
	try {
		copyFileSync(from, to);
	} catch (error) {
		rmSync(to, {force: true});
		throw error;
	}
};

const moveFile = (from: string, to: string): void => {
	try {
		renameSync(from, to);
	} catch (error) {
		if (systemCodeOf(error) !== 'EXDEV') {
			throw error;
		}

		copyWhole(from, to);
		rmSync(from);
	}
};

/** nsys leaves it in place of the report, or in TMPDIR when it was stopped before it could move it. */
const bringUnimported = (folder: string, temporary: string): string | null => {
	const kept = path.join(folder, workerFiles.unimported);
	if (existsSync(kept)) {
		return kept;
	}

	const name = existsSync(temporary)
		? readdirSync(temporary).find((entry) => entry.endsWith('.qdstrm'))
		: undefined;
	if (name === undefined) {
		return null;
	}

	moveFile(path.join(temporary, name), kept);
	return kept;
};

export type Rescue =
	/** There was nothing to import. */
	| {readonly kind: 'nothing'}
	| {readonly kind: 'rescued'}
	/** The .qdstrm is kept beside where the report should be. */
	| {readonly kind: 'failed'; readonly message: string};

export const rescueReport = async (
	nsys: string,
	{folder, temporary}: {readonly folder: string; readonly temporary: string},
): Promise<Rescue> => {
	let unimported: string | null;
	try {
		unimported = bringUnimported(folder, temporary);
	} catch (error) {
		return {kind: 'failed', message: `what was recorded cannot be kept: ${messageOf(error)}`};
	}

	if (unimported === null) {
		return {kind: 'nothing'};
	}

	const {importer} = describeNsysHome(nsys);
	if (importer === null) {
		return {kind: 'failed', message: `${nsys} has no QdstrmImporter beside it`};
	}

	const report = path.join(folder, workerFiles.report);
	const imported = await execa(importer, ['-i', unimported, '-o', report], {
		reject: false,
		all: true,
		stdin: 'ignore',
	});
	if (imported.failed || !existsSync(report)) {
		return {kind: 'failed', message: imported.all || (imported.shortMessage ?? 'no report came')};
	}

	rmSync(unimported);
	return {kind: 'rescued'};
};
