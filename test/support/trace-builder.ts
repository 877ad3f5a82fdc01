/**
 * Builds small SQLite exports as nsys writes them, holding only the rows that matter to a test.
 *
 *     buildTrace(file, {
 *         ranges: [
 *             {name: 'batch', start: 0, end: 100},
 *             {name: 'decode', start: 10, end: 40, domain: 'media', tid: 7},
 *         ],
 *         marks: [{text: '{"batch":3}', start: 1}],
 *         calls: [{correlation: 1, start: 20, end: 22}],
 *         kernels: [{correlation: 1, start: 30, end: 35}],
 *     });
 *
 * or, as a program on one thread would have recorded it, with a clock that only `wait` and `launch` move:
 *
 *     const program = programOn({pid: 100});
 *     program.push('pipeline').push('batch_0').mark({batch: 0});
 *     program.wait(10).launch({after: 5, takes: 20}).mark({items: 16}).pop().pop();
 *     buildTrace(file, program.spec);
 *
 * All times are nanoseconds. Rows get rowids in the order given, so ranges[0] is RangeId 1 of NVIDIA's reports (domains
 * and marks come after the ranges). A table is made only when it has rows, as nsys does; `tables` adds empty ones.
 * `alter` gets the open database for all that no field says: dropped columns, hostile values, shuffled rows.
 */

import Database from 'better-sqlite3';
import {tablesOf} from './trace-rows.ts';
import type {Row} from './trace-rows.ts';
import type {TraceSpec} from './trace-spec.ts';
import {timeColumns, traceTables} from './trace-tables.ts';
import type {TraceTable} from './trace-tables.ts';

export {mergeSpecs, programOn} from './program-script.ts';
export type * from './trace-spec.ts';

const shifted = (row: Row, shiftNs: bigint): Row =>
	Object.fromEntries(
		Object.entries(row).map(([column, cell]) => [
			column,
			timeColumns.has(column) && cell !== null ? BigInt(cell) + shiftNs : cell,
		]),
	);

const fillTable = (
	database: Database.Database,
	table: TraceTable,
	rows: readonly Row[],
	shiftNs: bigint,
): void => {
	database.exec(traceTables[table]);
	const statements = new Map<string, Database.Statement>();
	for (const row of rows.map((row) => shifted(row, shiftNs))) {
		const columns = Object.keys(row).join(', ');
		const values = Object.values(row);
		const statement =
			statements.get(columns) ??
			database.prepare(
				`INSERT INTO ${table} (${columns}) VALUES (${values.map(() => '?').join(', ')})`,
			);
		statements.set(columns, statement);
		statement.run(...values);
	}
};

/** Gets the export before it is closed. */
export type AlterExport = (database: Database.Database) => void;

/** Writes the export and returns its path. The file must not exist. */
export const buildTrace = (file: string, spec: TraceSpec = {}, alter?: AlterExport): string => {
	const database = new Database(file);
	try {
		database.pragma('journal_mode = OFF');
		database.transaction(() => {
			for (const [table, rows] of tablesOf(spec)) {
				if (rows.length > 0 || (spec.tables ?? []).includes(table)) {
					fillTable(database, table, rows, spec.timeShiftNs ?? 0n);
				}
			}

			alter?.(database);
		})();
	} finally {
		database.close();
	}

	return file;
};
