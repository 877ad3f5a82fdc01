/** Which tables and columns an export has, and asking it a question that they can answer. */

import type Database from 'better-sqlite3';
import type * as z from 'zod';
import {UserError} from '../base/errors.ts';
import type {AnyQuery, Bindings, Needs, RowQuery} from './query.ts';

/** Table -> its columns. */
export type ExportTables = ReadonlyMap<string, ReadonlySet<string>>;

/** An export that is open for reading. */
export interface ExportFile extends Disposable {
	readonly file: string;
	readonly database: Database.Database;
	readonly tables: ExportTables;
}

export const readTables = (database: Database.Database): ExportTables => {
	const rows = database
		.prepare<[], [string, string]>(
			`SELECT tables.name, columns.name
			FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns
			WHERE tables.type IN ('table', 'view')
			ORDER BY tables.name, columns.cid`,
		)
		.raw()
		.all();
	const tables = new Map<string, Set<string>>();
	for (const [table, column] of rows) {
		tables.set(table, (tables.get(table) ?? new Set()).add(column));
	}

	return tables;
};

/** An absent table means that nothing of its kind was recorded. */
export const hasTables = (tables: ExportTables, needs: Needs): boolean =>
	Object.keys(needs).every((table) => tables.has(table));

/** Columns ("TABLE.column") that the export's tables lack, because its nsys was older. Absent tables do not count. */
export const lackingColumns = (tables: ExportTables, needs: Needs): string[] =>
	Object.entries(needs).flatMap(([table, columns]) =>
		columns
			.filter((column) => tables.get(table)?.has(column) === false)
			.map((column) => `${table}.${column}`),
	);

const canAnswer = ({tables}: ExportFile, {needs}: AnyQuery): boolean =>
	hasTables(tables, needs) && lackingColumns(tables, needs).length === 0;

/** All rows of a small answer; none where the tables or columns are missing. */
export const readRows = <Row extends z.ZodObject>(
	from: ExportFile,
	query: RowQuery<Row>,
	bindings: Bindings = {},
): z.infer<Row>[] => {
	if (!canAnswer(from, query)) {
		return [];
	}

	const rows = from.database.prepare<[Bindings]>(query.sql).safeIntegers().all(bindings);
	return rows.map((row) => {
		const parsed = query.row.safeParse(row);
		if (!parsed.success) {
			throw new UserError(`${from.file} holds a value that ${query.name} does not expect`, {
				cause: parsed.error,
			});
		}

		return parsed.data;
	});
};
