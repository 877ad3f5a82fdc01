/**
 * Opens an nsys SQLite export for reading and says in plain words why another file is none.
 *
 * Nothing is assumed of what is inside: nsys makes a table only when it has rows for it, columns come and go with its
 * version, and a failed or killed export leaves a file behind.
 */

import {closeSync, fstatSync, openSync, readSync, statSync} from 'node:fs';
import Database from 'better-sqlite3';
import {messageOf, systemCodeOf, UserError} from '../base/errors.ts';
import {readTables} from './export-tables.ts';
import type {ExportFile, ExportTables} from './export-tables.ts';

const exportAgain = 'Export it again: nsys export --type sqlite --force-overwrite true <report>.';

/** SQLite's own header. */
const headBytes = 100;

/** How long to wait for another program that writes to the file, ms. */
const busyTimeout = 500;

interface FileHead {
	readonly bytes: Buffer;
	readonly size: number;
}

const readHead = (file: string): FileHead => {
	const stats = statSync(file);
	if (!stats.isFile()) {
		// Whoever opens a named pipe waits until somebody writes to it.
		const kind = stats.isDirectory() ? 'folder' : 'pipe or device';
		throw new UserError(`${file} is a ${kind}, not an nsys export`);
	}

	const descriptor = openSync(file, 'r');
	try {
		const bytes = Buffer.alloc(headBytes);
		const {size} = fstatSync(descriptor);
		const read = readSync(descriptor, bytes, 0, bytes.length, 0);
		return {bytes: bytes.subarray(0, read), size};
	} finally {
		closeSync(descriptor);
	}
};

const describeReadFailure = (file: string, error: unknown): UserError => {
	if (error instanceof UserError) {
		return error;
	}

	if (systemCodeOf(error) === 'ENOENT') {
		return new UserError(`${file} does not exist`, {cause: error});
	}

	return new UserError(`${file} cannot be read: ${messageOf(error)}`, {
		next: 'Check who may read it.',
		cause: error,
	});
};

/** SQLite's header: page size at byte 16 (1 means 65,536), pages at 28, trusted if the counters at 24 and 92 agree. */
const declaredSize = (head: Buffer): number => {
	if (head.length < headBytes) {
		return headBytes;
	}

	const pageSize = head.readUInt16BE(16) === 1 ? 65_536 : head.readUInt16BE(16);
	const trusted = head.readUInt32BE(24) === head.readUInt32BE(92);
	return trusted ? pageSize * head.readUInt32BE(28) : 0;
};

const requireSqlite = (file: string, {bytes, size}: FileHead): void => {
	if (size === 0) {
		throw new UserError(`${file} is empty: its export never finished`, {next: exportAgain});
	}

	if (!bytes.toString('latin1').startsWith('SQLite format 3\0')) {
		throw /\.(nsys-rep|qdrep|qdstrm)$/.test(file)
			? new UserError(`${file} is an nsys report, not its SQLite export`, {next: exportAgain})
			: new UserError(`${file} is not an nsys export: it is no SQLite file`, {
					next: 'Name a .sqlite file that `nsys export --type sqlite` wrote.',
				});
	}

	if (size < declaredSize(bytes)) {
		throw new UserError(`${file} is cut short: ${size} bytes of ${declaredSize(bytes)}`, {
			next: exportAgain,
		});
	}
};

const isSqliteError = (error: unknown): error is Error & {code: string} =>
	error instanceof Database.SqliteError;

/** Errors of SQLite as what they mean to the person who named the file; anything else as it came. */
export const explainSqliteError = (file: string, error: unknown): unknown => {
	if (!isSqliteError(error)) {
		return error;
	}

	if (/^SQLITE_(BUSY|LOCKED)/.test(error.code)) {
		return new UserError(`${file} is in use: another program is writing to it`, {
			next: 'Wait until its export is done.',
			cause: error,
		});
	}

	const what = error.code.startsWith('SQLITE_READONLY')
		? 'was left half written, with a journal beside it'
		: 'is damaged';
	return new UserError(`${file} ${what}: ${error.message} (${error.code})`, {
		next: exportAgain,
		cause: error,
	});
};

const requireExport = (file: string, tables: ExportTables): void => {
	const marks = /^(META_DATA_EXPORT|EXPORT_META_DATA|ANALYSIS_DETAILS|NVTX_EVENTS|CUPTI_ACTIVITY_)/;
	if (![...tables.keys()].some((table) => marks.test(table))) {
		throw new UserError(
			`${file} is not an nsys export: it is a SQLite file with none of nsys's tables`,
			{next: `A failed export leaves such a file behind. ${exportAgain}`},
		);
	}
};

/** @throws UserError when the file is missing, unreadable, cut short, damaged, or no nsys export */
export const openExport = (file: string): ExportFile => {
	let head: FileHead;
	try {
		head = readHead(file);
	} catch (error) {
		throw describeReadFailure(file, error);
	}

	requireSqlite(file, head);
	let database: Database.Database | undefined;
	try {
		database = new Database(file, {
			readonly: true,
			fileMustExist: true,
			timeout: busyTimeout,
		});
		const opened = database;
		const tables = readTables(opened);
		requireExport(file, tables);
		return {file, database: opened, tables, [Symbol.dispose]: () => void opened.close()};
	} catch (error) {
		database?.close();
		throw explainSqliteError(file, error);
	}
};
