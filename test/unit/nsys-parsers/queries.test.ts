/** Every query: its .sql answers with the columns that its twin promises, and reads as the style asks. */

import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import {describe, expect, it} from 'vitest';
import {columnsOf} from '../../../nsys-parsers/query.ts';
import type {AnyQuery} from '../../../nsys-parsers/query.ts';
import {traceTables} from '../../support/trace-tables.ts';

const folder = path.resolve(import.meta.dirname, '../../../nsys-parsers/queries');
const names = readdirSync(folder)
	.filter((name) => name.endsWith('.sql'))
	.map((name) => path.basename(name, '.sql'));

const isQuery = (value: unknown): value is AnyQuery =>
	typeof value === 'object' && value !== null && 'sql' in value && 'needs' in value;

const load = async (name: string): Promise<AnyQuery> => {
	const module = (await import(path.join(folder, `${name}.ts`))) as Record<string, unknown>;
	const query = Object.values(module).find(isQuery);
	if (query === undefined) {
		throw new Error(`${name}.ts exports no query`);
	}

	return query;
};

const openEmptyExport = (): Database.Database => {
	const database = new Database(':memory:');
	for (const table of Object.values(traceTables)) {
		database.exec(table);
	}

	return database;
};

it('has a twin for every query', () => {
	const twins = readdirSync(folder).filter((name) => name.endsWith('.ts'));
	expect(twins.map((name) => path.basename(name, '.ts'))).toEqual(names);
	expect(names.length).toBeGreaterThan(7);
});

describe.each(names)('%s', (name) => {
	it('answers with the columns of its schema', async () => {
		const query = await load(name);
		const columns = openEmptyExport().prepare(query.sql).columns();
		expect(columns.map((column) => column.name)).toEqual(columnsOf(query));
		expect(query.name).toBe(name);
	});

	it('needs every column that it reads, and no other', async () => {
		const query = await load(name);
		const lean = new Database(':memory:');
		for (const [table, columns] of Object.entries(query.needs)) {
			lean.exec(`CREATE TABLE ${table} (${columns.join(', ')})`);
		}

		expect(() => lean.prepare(query.sql)).not.toThrow();
		for (const column of Object.values(query.needs).flat()) {
			expect(query.sql).toMatch(new RegExp(`\\b${column}\\b`));
		}
	});

	it('says first what a row is and what is left out, and orders its rows', () => {
		const sql = readFileSync(path.join(folder, `${name}.sql`), 'utf8');
		expect(sql).toMatch(/^-- One row: /);
		expect(sql).toMatch(/^-- (Left out: |Without )/m);
		expect(sql).toMatch(/\bORDER BY\b/);
		expect(sql).not.toMatch(/SELECT \*|\.\*/);
	});
});
