/** The bulk rows of an export: by its pages where they are as plain as nsys writes them, else through SQLite. */

import {statSync} from 'node:fs';
import type {ExportFile} from './export-tables.ts';
import {standInForProcess} from './process-stand-in.ts';
import {openRows} from './row-source.ts';
import type {RowSource} from './row-source.ts';
import {PageRefusal} from './table-pages/refusal.ts';

/** A read transaction keeps writers out while pages are read behind SQLite's back. */
const readBy = <Result>(
	how: 'pages' | 'sql',
	from: ExportFile,
	act: (rows: RowSource) => Result,
): Result => {
	from.database.exec('BEGIN; SELECT count(*) FROM sqlite_master;');
	try {
		using rows = openRows(from, how);
		return act(standInForProcess(from, rows));
	} finally {
		if (from.database.inTransaction) {
			from.database.exec('ROLLBACK');
		}
	}
};

/** Another text where somebody wrote to the file in between, removed it, or put another one in its place. */
const versionOf = ({file, database}: ExportFile): string => {
	const {ino = 0, size = 0, mtimeMs = 0} = statSync(file, {throwIfNoEntry: false}) ?? {};
	const version = database.pragma('data_version', {simple: true});
	return [ino, size, mtimeMs, version].join(' ');
};

/**
 * Does something with an export's rows, by pages if they allow it; what was done until a refusal is thrown away. So is
 * what was read of pages that were written to meanwhile: a process loses its locks on a file when it closes any descriptor
 * of it, and there are several. SQLite itself goes on with the file that it opened.
 */
export const withRows = <Result>(from: ExportFile, act: (rows: RowSource) => Result): Result => {
	const version = versionOf(from);
	try {
		const result = readBy('pages', from, act);
		if (versionOf(from) === version) {
			return result;
		}
	} catch (error) {
		if (!(error instanceof PageRefusal) && versionOf(from) === version) {
			throw error;
		}
	}

	return readBy('sql', from, act);
};
