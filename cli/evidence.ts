/** What a worker or anyone else left to be read: a report, an export, or a recording's folder. */

import {accessSync, constants, existsSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {UserError} from '../base/errors.ts';
import type {StopSignal} from '../launcher/stop-signal.ts';
import {readRecording} from '../nsys-parsers/read-recording.ts';
import {readTrace} from '../nsys-parsers/read-trace.ts';
import {workerFiles} from '../schemas/run-files.ts';
import type {Trace} from '../schemas/trace.ts';
import {isExport, isReport} from './trace-files.ts';

export interface ReadOptions {
	/** null where there is none: then only exports and recordings can be read. */
	readonly nsys: string | null;
	/** Leave the export beside the report. */
	readonly keepSqlite: boolean;
	/** As in ReadTraceOptions; false unless given. */
	readonly attributeThreads?: boolean;
	/** Raised to its end, it ends an export that runs; undefined where nothing can be stopped. */
	readonly stop?: StopSignal;
}

/** @throws UserError, ToolError when it cannot be read */
export const readEvidence = async (file: string, options: ReadOptions): Promise<Trace> => {
	const {attributeThreads = false} = options;
	if (path.basename(file) === workerFiles.recording) {
		return readRecording(file);
	}

	if (!isExport(file) && !isReport(file)) {
		throw new UserError(`${file} is no trace`, {
			next: 'Give run folders, .nsys-rep or .qdrep reports, or .sqlite exports.',
		});
	}

	return withExport(file, options, (exported) => readTrace(exported, {attributeThreads}));
};

/**
 * Reads an export, or a report's that is made for the purpose and removed afterwards.
 * @throws UserError, ToolError when there is none to be read
 */
export const withExport = async <Result>(
	report: string,
	{nsys, keepSqlite, stop}: ReadOptions,
	read: (file: string) => Result,
): Promise<Result> => {
	if (isExport(report)) {
		return read(report);
	}

	if (nsys === null) {
		throw new UserError(`${report} needs nsys to be read, and none was found`, {
			next: 'Get one with `npm run nsys`, name one with --nsys, or give an export (.sqlite) instead.',
		});
	}

	const {exportReport} = await import('../launcher/export-report.ts');
	const stem = report.replace(/\.[^.]+$/, '');
	const destination = keepSqlite ? keptExport(stem) : temporaryExport(stem);
	try {
		await exportReport({nsys, report, destination, ...(stop === undefined ? {} : {stop})});
		return read(destination);
	} finally {
		if (!keepSqlite) {
			rmSync(destination, {force: true});
		}
	}
};

/** @throws UserError where a file stands that is not our own worker's export: it may be somebody's data */
const keptExport = (stem: string): string => {
	const file = `${stem}.sqlite`;
	if (existsSync(file) && path.basename(file) !== workerFiles.export) {
		throw new UserError(`${file} exists already: --keep-sqlite would write over it`, {
			next: 'Read that export itself, move it away, or leave --keep-sqlite out.',
		});
	}

	return file;
};

/** Beside the report, where there is room for things of its size; elsewhere only when that folder is not ours to write. */
const temporaryExport = (stem: string): string => {
	const name = `${path.basename(stem)}.${process.pid}.sqlite`;
	try {
		accessSync(path.dirname(stem), constants.W_OK);
		return path.join(path.dirname(stem), name);
	} catch {
		// Read-only, as archives often are.
		return path.join(os.tmpdir(), name);
	}
};
