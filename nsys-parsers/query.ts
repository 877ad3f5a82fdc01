/**
 * A query is an .sql file and its twin: one question, what it needs of the export, and the shape of its answer. Answers
 * are small: every row is an object, checked by its schema. Integers come as bigints, so that nothing is rounded before
 * somebody has looked at it. Rows by the million (ranges, calls, operations) come as columns instead: row-source.ts.
 */

import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import type * as z from 'zod';

/** Table -> columns. nsys makes tables only when it has rows for them, and old versions lack columns. */
export type Needs = Readonly<Record<string, readonly string[]>>;

export interface RowQuery<Row extends z.ZodObject> {
	/** The file's name, for messages. */
	readonly name: string;
	readonly sql: string;
	readonly needs: Needs;
	readonly row: Row;
}

export type AnyQuery = RowQuery<z.ZodObject>;

/** What a query's parameters are bound to. */
export type Bindings = Readonly<Record<string, bigint | string>>;

/** The text of the .sql file that stands beside a module, in the sources as in dist/. */
export const sqlBeside = (moduleUrl: string): string =>
	readFileSync(fileURLToPath(moduleUrl).replace(/\.[jt]s$/, '.sql'), 'utf8');

/** The columns that a query answers with, in no particular order. */
export const columnsOf = (query: AnyQuery): string[] => Object.keys(query.row.shape);
