/** What a worker or anyone else left to be read: a report, an export, or a recording's folder. */

import {accessSync, constants, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {UserError} from '../base/errors.ts';
import {exportReport} from '../launcher/export-report.ts';
import {readRecording} from '../nsys-parsers/read-recording.ts';
import {readTrace} from '../nsys-parsers/read-trace.ts';
import {workerFiles} from '../schemas/run-files.ts';
import type {Trace} from '../schemas/trace.ts';

export interface ReadOptions {
	/** null where there is none: then only exports and recordings can be read. */
	readonly nsys: string | null;
	/** Leave the export beside the report. */
	readonly keepSqlite: boolean;
}

export const isReport = (file: string): boolean => /\.(nsys-rep|qdrep)$/.test(file);
export const isExport = (file: string): boolean => /\.sqlite3?$/.test(file);

/** @throws UserError, ToolError when it cannot be read */
export const readEvidence = async (file: string, options: ReadOptions): Promise<Trace> => {
	if (path.basename(file) === workerFiles.recording) {
		return readRecording(file);
	}

	if (isExport(file)) {
		return readTrace(file);
	}

	if (!isReport(file)) {
		throw new UserError(`${file} is no trace`, {
			next: 'Give run folders, .nsys-rep or .qdrep reports, or .sqlite exports.',
		});
	}

	return readReport(file, options);
};

const readReport = async (report: string, {nsys, keepSqlite}: ReadOptions): Promise<Trace> => {
	if (nsys === null) {
		throw new UserError(`${report} needs nsys to be read, and none was found`, {
			next: 'Get one with `npm run nsys`, name one with --nsys, or give an export (.sqlite) instead.',
		});
	}

	const stem = report.replace(/\.[^.]+$/, '');
	const destination = keepSqlite ? `${stem}.sqlite` : temporaryExport(stem);
	try {
		await exportReport({nsys, report, destination});
		return readTrace(destination);
	} finally {
		if (!keepSqlite) {
			rmSync(destination, {force: true});
		}
	}
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
