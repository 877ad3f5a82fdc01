/** nsys records into a .qdstrm and imports it into a report at the end. When that failed: once more, by its own tool. */

import {copyFileSync, existsSync, readdirSync, renameSync, rmSync} from 'node:fs';
import path from 'node:path';
import {workerEnvironment} from '../base/annotation-protocol.ts';
import {messageOf, systemCodeOf} from '../base/errors.ts';
import {workerFiles} from '../schemas/run-files.ts';
import {describeNsysHome} from './nsys-home.ts';
import {runTool, type ToolEnd} from './run-tool.ts';
import type {StopSignal} from './stop-signal.ts';

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

export interface RescueOrder {
	/** Path of nsys. */
	readonly nsys: string;
	/** The worker's. */
	readonly folder: string;
	/** Its TMPDIR. */
	readonly temporary: string;
	/** The worker's, by which the reaper ends the import should we be killed. */
	readonly token: string;
	/** Ends the import when the run is stopped at once. */
	readonly stop: StopSignal;
	/** Without CPU time, until the import counts as hung; in ms. */
	readonly hangMs: number;
}

const describeEnd = ({intervention, words, ending}: ToolEnd, hangMs: number): string => {
	switch (intervention) {
		case 'stopped':
			return 'the import was stopped';
		case 'hung':
			return `the import did nothing for ${hangMs / 1000} s and was ended`;
		case null:
			return words || ending;
	}
};

export const rescueReport = async (order: RescueOrder): Promise<Rescue> => {
	const {nsys, folder, temporary, token, stop, hangMs} = order;
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
	const end = await runTool({
		argv: [importer, '-i', unimported, '-o', report],
		env: {[workerEnvironment.token]: token},
		stop,
		hangMs,
	});
	if (end.failed || !existsSync(report)) {
		// Half a report must not pass for one.
		rmSync(report, {force: true});
		return {kind: 'failed', message: describeEnd(end, hangMs)};
	}

	rmSync(unimported);
	return {kind: 'rescued'};
};
