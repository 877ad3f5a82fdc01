/**
 * A query is an .sql file and its twin: one question, what it needs of the export, and the shape of its answer.
 *
 *   RowQuery      small answers; every row is an object, checked by its schema. Integers come as bigints, so that
 *                 nothing is rounded before somebody has looked at it.
 *   ColumnQuery   answers with a row per range, call or operation: columns, never one object per row.
 */

import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import type {z} from 'zod';
import type {ColumnKinds} from './columns.ts';

/** Table -> columns. nsys makes tables only when it has rows for them, and old versions lack columns. */
export type Needs = Readonly<Record<string, readonly string[]>>;

interface Question {
	/** The file's name, for messages. */
	readonly name: string;
	readonly sql: string;
	readonly needs: Needs;
}

export interface RowQuery<Row extends z.ZodObject> extends Question {
	readonly row: Row;
}

export interface ColumnQuery<Kinds extends ColumnKinds> extends Question {
	readonly columns: Kinds;
}

export type AnyQuery = Question & ({readonly row: z.ZodObject} | {readonly columns: ColumnKinds});

/** What a query's parameters are bound to. */
export type Bindings = Readonly<Record<string, bigint | string>>;

/** The text of the .sql file that stands beside a module, in the sources as in dist/. */
export const sqlBeside = (moduleUrl: string): string =>
	readFileSync(fileURLToPath(moduleUrl).replace(/\.[jt]s$/, '.sql'), 'utf8');

/** The columns that a query answers with, in no particular order. */
export const columnsOf = (query: AnyQuery): string[] =>
	Object.keys('row' in query ? query.row.shape : query.columns);
