/** Files that made the page reader and SQLite disagree, or the page reader stumble, once. */

import Database from 'better-sqlite3';
import {readFileSync, writeFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {readTrace} from '../../../nsys-parsers/read-trace.ts';
import {makeContext} from '../../../nsys-parsers/row-block.ts';
import {openRows} from '../../../nsys-parsers/row-source.ts';
import {PageRefusal} from '../../../nsys-parsers/table-pages/refusal.ts';
import {openTables, scanRows} from '../../support/scanned-rows.ts';
import {temporaryFile} from '../../support/temporary-file.ts';
import {buildTrace} from '../../support/trace-builder.ts';

const makeTable = (statements: string, pageSize = 4096): string => {
	const file = temporaryFile('table.sqlite');
	const database = new Database(file);
	database.pragma(`page_size = ${pageSize}`);
	database.exec(statements);
	database.close();
	return file;
};

describe('the page reader', () => {
	it('reads a table that has none of the asked columns', () => {
		const file = buildTrace(
			temporaryFile('odd.sqlite'),
			{ranges: [{name: 'a', start: 0, end: 9}]},
			(database) => {
				database.exec('CREATE TABLE CUPTI_ACTIVITY_KIND_GRAPH_TRACE (z INTEGER)');
				database.exec('INSERT INTO CUPTI_ACTIVITY_KIND_GRAPH_TRACE VALUES (1)');
			},
		);
		expect(readTrace(file).names).toEqual(['a']);
	});

	it('leaves numbers with a fraction to SQLite, which stores 3.0 as 3', () => {
		const file = makeTable('CREATE TABLE r (x REAL); INSERT INTO r VALUES (3.0)');
		using tables = openTables(file);
		const scan = {table: 'r', columns: {x: 'id'}} as const;
		expect(() => scanRows(tables, 'pages', scan)).toThrow(PageRefusal);
		expect(() => scanRows(tables, 'sql', scan)).toThrow('a fraction found');
	});

	it('gives a NULL thread no thread id, whatever stood there before', () => {
		const rows = 16_390;
		const file = makeTable(
			`CREATE TABLE r (t INTEGER);
			WITH RECURSIVE n(row) AS (SELECT 1 UNION ALL SELECT row + 1 FROM n WHERE row < ${rows})
			INSERT INTO r SELECT CASE WHEN row > 16384 THEN NULL ELSE 1000 END FROM n`,
		);
		const low = (how: 'pages' | 'sql'): number | undefined => {
			using tables = openTables(file);
			using source = openRows(tables, how);
			let last: number | undefined;
			for (const {length, lanes} of source.scan(
				{table: 'r', columns: {t: 'thread'} as const},
				makeContext(0n),
			)) {
				last = lanes.t.low[length - 1];
			}

			return last;
		};

		expect(low('sql')).toBe(0);
		expect(low('pages')).toBe(0);
	});

	it('refuses a leaf whose cells all name one record with a chain that never ends', () => {
		const pageSize = 65_536;
		const file = makeTable(
			'CREATE TABLE r (s TEXT); INSERT INTO r VALUES (hex(zeroblob(100000)))',
			pageSize,
		);
		using whole = openTables(file);
		const root = Number(whole.database.prepare('SELECT rootpage FROM sqlite_master').pluck().get());
		const bytes = readFileSync(file);
		const leaf = (root - 1) * pageSize;
		const cell = bytes.readUInt16BE(leaf + 8);
		const cells = 10_000;
		bytes.writeUInt16BE(cells, leaf + 3);
		for (let place = 0; place < cells; place++) {
			bytes.writeUInt16BE(cell, leaf + 8 + 2 * place);
		}

		const crafted = temporaryFile('crafted.sqlite');
		writeFileSync(crafted, bytes);
		using tables = openTables(crafted);
		const scan = {table: 'r', columns: {s: 'text'}} as const;
		expect(() => scanRows(tables, 'pages', scan)).toThrow(PageRefusal);
	});
});
