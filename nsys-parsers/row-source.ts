/** The bulk rows of an export, by its pages or through SQLite. */

import type {ExportFile} from './export-tables.ts';
import type {LaneKinds, RowBlock, RowContext, TableScan} from './row-block.ts';
import {scanSql} from './scan-sql.ts';
import {openPages} from './table-pages/page-file.ts';
import {refuse} from './table-pages/refusal.ts';
import {scanPages} from './table-pages/scan-pages.ts';
import type {TablePlace} from './table-pages/scan-pages.ts';

export interface RowSource extends Disposable {
	/** mended: either way, with what process-stand-in.ts knows in place of what the export lacks. */
	readonly how: 'pages' | 'sql' | 'mended';
	/** "TABLE.column" of what was mended. */
	readonly mended?: readonly string[];
	/** Blocks of rows in the order of their rowids; none for a table that is not there. */
	scan<Kinds extends LaneKinds>(
		scan: TableScan<Kinds>,
		context: RowContext,
	): Iterable<RowBlock<Kinds>>;
	/** How many rows a table has at most; for room, not for answers. */
	rowsAtMost(table: string): number;
}

/** A row takes at least so many bytes of the file: its pointer, its cell, and what nsys puts in there. */
const leastRowBytes = 12;

const countAtMost = ({database, tables}: ExportFile, table: string): number => {
	if (!tables.has(table)) {
		return 0;
	}

	const last = database.prepare<[]>(`SELECT max(rowid) FROM "${table}"`).pluck().get();
	const pages = Number(database.pragma('page_count', {simple: true}));
	const pageSize = Number(database.pragma('page_size', {simple: true}));
	const fitting = Math.floor((pages * pageSize) / leastRowBytes);
	return Math.max(0, Math.min(Number(last ?? 0), fitting));
};

/**
 * Refuses what a record does not tell by itself: a rowid under another name, computed columns, defaults of later columns,
 * numbers with a fraction (SQLite stores 3.0 as 3).
 */
const findTable = ({database, tables}: ExportFile, {table, columns}: TableScan): TablePlace => {
	const special = database
		.prepare<[string, string]>(
			`SELECT count(*)
			FROM pragma_table_xinfo(?)
			WHERE pk > 0 OR hidden <> 0 OR dflt_value IS NOT NULL
				OR ((type LIKE '%REAL%' OR type LIKE '%FLOA%' OR type LIKE '%DOUB%')
					AND name IN (SELECT value FROM json_each(?)))`,
		)
		.pluck()
		.get(table, JSON.stringify(Object.keys(columns)));
	const rootPage = database
		.prepare<[string]>("SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = ?")
		.pluck()
		.get(table);
	if (special !== 0 || typeof rootPage !== 'number') {
		refuse(`${table} is no plain table`);
	}

	return {rootPage: Number(rootPage), columns: [...(tables.get(table) ?? [])]};
};

/** All that the reading of a table's pages takes. */
export interface LocatedTable extends TablePlace {
	readonly rowsAtMost: number;
}

/**
 * Those of the tables that are there, by name. Plain values: with them another thread can read on its own.
 * @throws PageRefusal
 */
export const locateTables = (
	from: ExportFile,
	scans: readonly TableScan[],
): ReadonlyMap<string, LocatedTable> =>
	new Map(
		scans
			.filter(({table}) => from.tables.has(table))
			.map((scan) => [
				scan.table,
				{...findTable(from, scan), rowsAtMost: countAtMost(from, scan.table)},
			]),
	);

/**
 * Rows of located tables, by pages. Whoever located them keeps their file from being written to.
 * @throws PageRefusal
 */
export const openLocated = (file: string, tables: ReadonlyMap<string, LocatedTable>): RowSource => {
	const pages = openPages(file);
	return {
		how: 'pages',
		*scan(scan, context) {
			const located = tables.get(scan.table);
			if (located !== undefined) {
				yield* scanPages(pages, located, scan, context);
			}
		},
		rowsAtMost: (table) => tables.get(table)?.rowsAtMost ?? 0,
		[Symbol.dispose]: () => pages[Symbol.dispose](),
	};
};

const nothing: Disposable = {[Symbol.dispose]: () => undefined};

/**
 * @param how 'pages' throws PageRefusal, now or in the middle of a scan, where only SQLite should read the file
 */
export const openRows = (from: ExportFile, how: 'pages' | 'sql'): RowSource => {
	const pages = how === 'pages' ? openPages(from.file) : undefined;
	return {
		how,
		*scan(scan, context) {
			const columns = from.tables.get(scan.table);
			if (columns === undefined) {
				return;
			}

			yield* pages === undefined
				? scanSql(from, columns, scan, context)
				: scanPages(pages, findTable(from, scan), scan, context);
		},
		rowsAtMost: (table) => countAtMost(from, table),
		[Symbol.dispose]: () => (pages ?? nothing)[Symbol.dispose](),
	};
};
