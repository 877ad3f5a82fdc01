/**
 * Rows read from a file's pages are those that SQLite gives, for tables of any shape that the page reader takes; what it
 * refuses comes through SQLite.
 */

import {copyFileSync} from 'node:fs';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {generateTrace} from '../../bench/trace-generator.ts';
import type {TraceOptions} from '../../bench/trace-generator.ts';
import {readTrace} from '../../nsys-parsers/read-trace.ts';
import {withRows} from '../../nsys-parsers/export-rows.ts';
import {PageRefusal} from '../../nsys-parsers/table-pages/refusal.ts';
import {withoutSource} from '../support/range-listing.ts';
import {collectRows, openTables, scanRows} from '../support/scanned-rows.ts';
import {temporaryFile} from '../support/temporary-file.ts';

let files = 0;
const nextFile = (): string => temporaryFile(`table-${files++}.sqlite`);

/** Writes a file with SQLite's own means. */
const write = (act: (database: Database.Database) => void): string => {
	const file = nextFile();
	const database = new Database(file);
	try {
		database.pragma('journal_mode = OFF');
		database.pragma('synchronous = OFF');
		act(database);
	} finally {
		database.close();
	}

	return file;
};

const kinds = {t: 'time', i: 'id', g: 'thread', s: 'text', absent: 'id'} as const;
const declarations = {
	t: 't INTEGER',
	i: 'i INTEGER',
	g: 'g INTEGER',
	s: 's TEXT',
	other: 'other',
} as const;
type Column = keyof typeof declarations;
const columnNames = Object.keys(declarations) as Column[];

/** Around each of the sizes that a record stores whole numbers in, and anywhere. */
const wholeNumber = fc.oneof(
	fc.constantFrom(0n, 1n, 59n),
	fc
		.tuple(fc.constantFrom(7n, 8n, 15n, 23n, 31n, 32n, 47n, 53n, 62n), fc.bigInt(-2n, 2n))
		.chain(([bits, near]) => fc.constantFrom(2n ** bits + near, -(2n ** bits) + near)),
	fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n)),
	fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
);

const orNull = <Value>(of: fc.Arbitrary<Value>) => fc.option(of, {freq: 5});

/** Bytes of texts: none, names, symbols outside of the basic plane, no UTF-8 at all, and more than a page. */
const textBytes = (pageSize: number): fc.Arbitrary<Buffer> =>
	fc.oneof(
		fc.string({unit: 'binary', maxLength: 30}).map((text) => Buffer.from(text)),
		fc.constantFrom('', '\0', '\uFEFFx', 'é', '🦉🦉🦉').map((text) => Buffer.from(text)),
		fc.uint8Array({maxLength: 12}).map((bytes) => Buffer.from(bytes)),
		fc
			.tuple(fc.integer({min: 1, max: 6}), fc.integer({min: -50, max: 50}))
			.map(([halves, near]) => Buffer.alloc((halves * pageSize) / 2 + near, 'näme')),
	);

const rowOf = (pageSize: number) =>
	fc.record({
		/** Distance to the rowid before. */
		gap: fc.oneof({weight: 9, arbitrary: fc.constant(1)}, fc.integer({min: 1, max: 2 ** 40})),
		deleted: fc.boolean(),
		/** Otherwise the text column holds a blob. */
		asText: fc.boolean(),
		cells: fc.record({
			t: orNull(wholeNumber),
			i: orNull(wholeNumber),
			g: orNull(wholeNumber),
			s: orNull(textBytes(pageSize)),
			other: orNull(
				fc.oneof(wholeNumber, fc.double({noNaN: true}), fc.string(), textBytes(pageSize)),
			),
		}),
	});

const tables = fc.constantFrom(512, 1024, 4096, 65_536).chain((pageSize) =>
	fc.record({
		pageSize: fc.constant(pageSize),
		autoVacuum: fc.constantFrom(0, 1, 2),
		columns: fc.shuffledSubarray(columnNames, {minLength: 5}),
		/** Columns that the first rows are written without. */
		late: fc.nat(4),
		rowsBefore: fc.nat(40),
		rows: fc.array(rowOf(pageSize), {maxLength: 60, size: 'max'}),
		baseNs: fc.oneof(fc.constant(0n), wholeNumber),
		wanted: fc.option(fc.uniqueArray(fc.nat(255), {minLength: 1}).map((all) => [...all, 59, 1])),
	}),
);

type TableSpec = typeof tables extends fc.Arbitrary<infer Spec> ? Spec : never;

const insertRows = (
	database: Database.Database,
	columns: readonly Column[],
	rows: readonly (TableSpec['rows'][number] & {readonly rowid: number})[],
): void => {
	const values = columns.map((name) =>
		name === 's' ? 'iif(@asText, CAST(@s AS TEXT), @s)' : `@${name}`,
	);
	const statement = database.prepare(
		`INSERT INTO "rows" (rowid, ${columns.join(', ')}) VALUES (@rowid, ${values.join(', ')})`,
	);
	for (const {rowid, asText, cells} of rows) {
		statement.run({rowid, asText: asText ? 1 : 0, ...cells});
	}
};

const writeTable = ({pageSize, autoVacuum, columns, late, rowsBefore, rows}: TableSpec): string =>
	write((database) => {
		database.pragma(`page_size = ${pageSize}`);
		database.pragma(`auto_vacuum = ${autoVacuum}`);
		let rowid = 0;
		const placed = rows.map((row) => ({...row, rowid: (rowid += row.gap)}));
		const first = columns.slice(0, columns.length - late);
		database.transaction(() => {
			database.exec(`CREATE TABLE "rows" (${first.map((name) => declarations[name]).join(', ')})`);
			insertRows(database, first, placed.slice(0, rowsBefore));
			for (const name of columns.slice(first.length)) {
				database.exec(`ALTER TABLE "rows" ADD COLUMN ${declarations[name]}`);
			}

			insertRows(database, columns, placed.slice(rowsBefore));
			const remove = database.prepare('DELETE FROM "rows" WHERE rowid = ?');
			for (const row of placed.filter(({deleted}) => deleted)) {
				remove.run(row.rowid);
			}
		})();
	});

const scanOf = (wanted: readonly number[] | null) => ({
	table: 'rows',
	columns: kinds,
	...(wanted === null ? {} : {where: {column: 'i', values: wanted}}),
});

describe('the pages of a plain table', () => {
	it('hold the rows that SQLite gives', () => {
		fc.assert(
			fc.property(tables, (spec) => {
				using from = openTables(writeTable(spec));
				const scan = scanOf(spec.wanted);
				const read = scanRows(from, 'pages', scan, spec.baseNs);
				expect(read).toEqual(scanRows(from, 'sql', scan, spec.baseNs));
				if (spec.wanted === null) {
					expect(read).toHaveLength(spec.rows.filter(({deleted}) => !deleted).length);
				}
			}),
			{numRuns: 200},
		);
	});

	it.each([512, 4096, 65_536])(
		'are found in a tree of several levels, of %i bytes each',
		(size) => {
			const file = write((database) => {
				database.pragma(`page_size = ${size}`);
				database.exec(`CREATE TABLE "rows" (t INTEGER, i INTEGER, g INTEGER, s TEXT);
				WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 40000)
				INSERT INTO "rows" SELECT n * 977, n % 70, n << 24 | n % 9, 'name ' || n % 400 FROM n;
				DELETE FROM "rows" WHERE rowid BETWEEN 9000 AND 15000;`);
			});
			using from = openTables(file);
			const read = scanRows(from, 'pages', scanOf(null));
			expect(read).toHaveLength(33_999);
			expect(read).toEqual(scanRows(from, 'sql', scanOf(null)));
		},
	);
});

/** Files that the page reader must leave to SQLite, each with two rows. */
const refused: readonly {name: string; create: string; before?: string; after?: string}[] = [
	{name: 'a write-ahead log', create: '(t INTEGER)', after: 'PRAGMA journal_mode = WAL'},
	{name: 'UTF-16', create: '(t INTEGER)', before: "PRAGMA encoding = 'UTF-16le'"},
	{name: 'a rowid under another name', create: '(t INTEGER PRIMARY KEY)'},
	{name: 'a default', create: '(t INTEGER, i INTEGER DEFAULT 7)'},
	{name: 'a computed column', create: '(t INTEGER, i INTEGER AS (t + 1) STORED)'},
	{
		name: 'negative rowids',
		create: '(t INTEGER)',
		after: 'UPDATE "rows" SET rowid = -rowid',
	},
	{name: 'a fraction among texts', create: '(t INTEGER, s)', after: 'UPDATE "rows" SET s = 0.5'},
];

const writeRefused = ({create, before = '', after = ''}: (typeof refused)[number]): string =>
	write((database) => {
		database.exec(`${before}; CREATE TABLE "rows" ${create};
			INSERT INTO "rows" (t) VALUES (12), (34);`);
		database.exec(after);
	});

describe('a file that is not plain', () => {
	it.each(refused)('is refused by its pages and read through SQLite: $name', (each) => {
		using from = openTables(writeRefused(each));
		expect(() => scanRows(from, 'pages', scanOf(null))).toThrow(PageRefusal);
		const read = withRows(from, (source) => collectRows(source, scanOf(null)));
		expect(read.map(([, time]) => time).sort()).toEqual([12, 34]);
		expect(read).toEqual(scanRows(from, 'sql', scanOf(null)));
	});

	it('is refused by its pages where it has no rowids, which SQLite cannot give either', () => {
		const create = '(t INTEGER, PRIMARY KEY (t)) WITHOUT ROWID';
		using from = openTables(writeRefused({name: 'no rowids', create}));
		expect(() => scanRows(from, 'pages', scanOf(null))).toThrow(PageRefusal);
		expect(() => withRows(from, (source) => collectRows(source, scanOf(null)))).toThrow(
			'no such column: rowid',
		);
	});
});

const oddTraces: readonly Partial<TraceOptions>[] = [
	{shuffled: true, overlaps: 0.2, identical: 0.1, unnamed: 0.1, startEnd: 0.1, threads: 3},
	{tsNormalize: true, vm: 200, shuffled: true, unfinished: true, registered: 0.8},
	{collisions: true, doubledCalls: 0.3, withoutCall: 0.1, bareThreads: 1, graphs: 0.05},
	{graphs: 0.1, graphLevel: 'graph', ties: 0.4, straddling: 0.2, shuffled: true, processes: 4},
];

describe('a generated trace', () => {
	it.each(oddTraces)('reads the same by pages and through SQLite: %o', (options) => {
		const file = generateTrace(nextFile(), {events: 3000, ...options});
		const logged = nextFile();
		copyFileSync(file, logged);
		const database = new Database(logged);
		database.pragma('journal_mode = WAL');
		database.close();
		using plain = openTables(file);
		using refusing = openTables(logged);
		const scan = {table: 'NVTX_EVENTS', columns: {start: 'time'}} as const;
		expect(scanRows(plain, 'pages', scan).length).toBeGreaterThan(300);
		expect(() => scanRows(refusing, 'pages', scan)).toThrow(PageRefusal);
		expect(withoutSource(readTrace(file))).toEqual(withoutSource(readTrace(logged)));
	});
});
