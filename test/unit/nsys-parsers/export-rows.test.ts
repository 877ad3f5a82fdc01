/**
 * An export says the same in whatever kind of file SQLite keeps it: by its pages where these are plain, else through
 * SQLite. Each kind is made from one generated trace.
 */

import {execFileSync} from 'node:child_process';
import {
	closeSync,
	copyFileSync,
	existsSync,
	ftruncateSync,
	mkdtempSync,
	openSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import {afterAll, beforeAll, describe, expect, it, vi} from 'vitest';
import {generateTrace} from '../../../bench/trace-generator.ts';
import {UserError} from '../../../base/errors.ts';
import {openExport} from '../../../nsys-parsers/export-file.ts';
import {withRows} from '../../../nsys-parsers/export-rows.ts';
import {readTrace} from '../../../nsys-parsers/read-trace.ts';
import {openRows} from '../../../nsys-parsers/row-source.ts';
import {PageRefusal} from '../../../nsys-parsers/table-pages/refusal.ts';
import {withoutSource} from '../../support/range-listing.ts';
import {collectRows} from '../../support/scanned-rows.ts';
import {temporaryFile} from '../../support/temporary-file.ts';

let original: string;
let folder: string;
beforeAll(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'nsys-benchmark-test-'));
	original = generateTrace(path.join(folder, 'original.sqlite'), {
		events: 5000,
		overlaps: 0.1,
		unnamed: 0.05,
		registered: 0.5,
		inDomains: 0.2,
		graphs: 0.02,
		withoutCall: 0.02,
		tsNormalize: true,
		vm: 200,
	});
});
afterAll(() => rmSync(folder, {recursive: true, force: true}));

const change = (file: string, act: (database: Database.Database) => void): string => {
	const database = new Database(file);
	try {
		act(database);
	} finally {
		database.close();
	}

	return file;
};

const copyOfOriginal = (act: (database: Database.Database) => void): string => {
	const file = temporaryFile('copy.sqlite');
	copyFileSync(original, file);
	return change(file, act);
};

/** Copies all tables into a file, row by row, which a property of the file may demand. */
const copyInto = (file: string, prepare: (database: Database.Database) => void): string =>
	change(file, (database) => {
		using from = openExport(original);
		prepare(database);
		const tables = from.database
			.prepare<[], [string, string]>("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
			.raw()
			.all();
		database.transaction(() => {
			for (const [name, sql] of tables) {
				database.exec(sql);
				const rows = from.database.prepare<[], unknown[]>(`SELECT * FROM "${name}" ORDER BY rowid`);
				const values = rows.columns().map(() => '?');
				const insert = database.prepare(`INSERT INTO "${name}" VALUES (${values.join(', ')})`);
				for (const row of rows.raw().safeIntegers().all()) {
					insert.run(...row);
				}
			}
		})();
	});

/** Which reader takes the file. */
const readerOf = (file: string): 'pages' | 'sql' => {
	using from = openExport(file);
	return withRows(from, ({how}) => (how === 'pages' ? how : 'sql'));
};

const expectOriginal = (file: string): void => {
	expect(withoutSource(readTrace(file))).toEqual(withoutSource(readTrace(original)));
};

describe('pages of any size', () => {
	it.each([512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536])('%i bytes', (size) => {
		const file = copyOfOriginal((database) => {
			database.exec(`PRAGMA page_size = ${size}; VACUUM`);
			expect(database.pragma('page_size', {simple: true})).toBe(size);
		});
		expect(readerOf(file)).toBe('pages');
		expectOriginal(file);
	});

	it('with maps of pointers among them', () => {
		const file = copyOfOriginal((database) => {
			database.exec('PRAGMA page_size = 512; PRAGMA auto_vacuum = FULL; VACUUM');
			expect(database.pragma('auto_vacuum', {simple: true})).toBe(1);
		});
		expect(readerOf(file)).toBe('pages');
		expectOriginal(file);
	});

	it('with bytes that are reserved at the end of each', () => {
		const file = change(temporaryFile('reserved.sqlite'), (database) => {
			database.exec('PRAGMA page_size = 1024; CREATE TABLE one (x); DROP TABLE one; VACUUM');
		});
		const bytes = readFileSync(file);
		expect(bytes.length).toBe(1024);
		bytes.writeUInt8(40, 20);
		// Where the content of the schema's page begins, which has none yet.
		bytes.writeUInt16BE(1024 - 40, 105);
		writeFileSync(file, bytes);
		copyInto(file, (database) => {
			expect(database.pragma('integrity_check', {simple: true})).toBe('ok');
		});
		expect(readFileSync(file).readUInt8(20)).toBe(40);
		expect(readerOf(file)).toBe('pages');
		expectOriginal(file);
	});

	it('far behind the reach of 32 bits', () => {
		const size = 5 * 2 ** 30;
		const file = change(temporaryFile('far.sqlite'), (database) => {
			database.exec('PRAGMA page_size = 65536; CREATE TABLE one (x); DROP TABLE one; VACUUM');
		});
		// The pages in between were never written: they take no room on the disk.
		const descriptor = openSync(file, 'r+');
		ftruncateSync(descriptor, size);
		const pages = Buffer.alloc(4);
		pages.writeUInt32BE(size / 65_536);
		writeSync(descriptor, pages, 0, pages.length, 28);
		closeSync(descriptor);
		copyInto(file, () => undefined);
		expect(statSync(file).size).toBeGreaterThan(size);
		expect(readerOf(file)).toBe('pages');
		expectOriginal(file);
	});
});

describe('what only SQLite reads', () => {
	it.each(['UTF-16le', 'UTF-16be'])('texts as %s', (encoding) => {
		const file = copyInto(temporaryFile('wide.sqlite'), (database) => {
			database.pragma(`encoding = '${encoding}'`);
		});
		expect(readerOf(file)).toBe('sql');
		expectOriginal(file);
	});

	it('any file, where address space is short for WebAssembly', () => {
		vi.stubGlobal('WebAssembly', {
			Memory: function () {
				throw new RangeError('WebAssembly.Memory(): could not allocate memory');
			},
		});
		try {
			expect(readerOf(original)).toBe('sql');
			expectOriginal(original);
		} finally {
			vi.unstubAllGlobals();
		}
	});

	it('rows that stand in a write-ahead log alone', () => {
		const file = copyOfOriginal((database) => {
			database.exec("PRAGMA journal_mode = WAL; DELETE FROM NVTX_EVENTS WHERE text LIKE '%a%'");
		});
		const writer = new Database(file);
		const logged = temporaryFile('logged.sqlite');
		try {
			writer.pragma('wal_autocheckpoint = 0');
			writer.exec("DELETE FROM NVTX_EVENTS WHERE text LIKE '%o%'");
			copyFileSync(file, logged);
			copyFileSync(`${file}-wal`, `${logged}-wal`);
		} finally {
			writer.close();
		}

		expect(readTrace(logged).ranges.length).toBeLessThan(readTrace(original).ranges.length);
		expect(readerOf(logged)).toBe('sql');
		expect(withoutSource(readTrace(logged))).toEqual(withoutSource(readTrace(file)));
	});

	it('not even it: a view in place of a table has no rowids', () => {
		const table = 'CUPTI_ACTIVITY_KIND_MEMSET';
		const file = copyOfOriginal((database) => {
			database.exec(
				`ALTER TABLE ${table} RENAME TO kept; CREATE VIEW ${table} AS SELECT * FROM kept`,
			);
		});
		expect(() => readTrace(file)).toThrow(UserError);
		expect(() => readTrace(file)).toThrow('no such column: rowid');
	});
});

/** In another process: within one, SQLite's connections know of each other. */
const writeElsewhere = (file: string, statement: string): void => {
	const program = `import Database from 'better-sqlite3';
		new Database(process.argv[1]).exec(process.argv[2]);`;
	execFileSync(process.execPath, ['--input-type=module', '-e', program, file, statement], {
		cwd: path.resolve(import.meta.dirname, '../../..'),
	});
};

describe('a file that is being written to', () => {
	it('is refused where its writer died halfway', () => {
		const file = copyOfOriginal(() => undefined);
		const writer = new Database(file);
		const halfway = temporaryFile('halfway.sqlite');
		try {
			writer.exec('PRAGMA cache_size = 2; BEGIN; UPDATE NVTX_EVENTS SET start = start + 1');
			expect(existsSync(`${file}-journal`)).toBe(true);
			copyFileSync(file, halfway);
			copyFileSync(`${file}-journal`, `${halfway}-journal`);
		} finally {
			writer.close();
		}

		expect(() => readTrace(halfway)).toThrow(
			`${path.basename(halfway)} was left half written, with a journal beside it`,
		);
		expectOriginal(file);
	});

	it('is read once more, through SQLite, where it was written to meanwhile', () => {
		const file = copyOfOriginal(() => undefined);
		using from = openExport(file);
		const scan = {table: 'NVTX_EVENTS', columns: {start: 'time'}} as const;
		const tries: string[] = [];
		const rows = withRows(from, (source) => {
			tries.push(source.how);
			const read = collectRows(source, scan);
			if (tries.length === 1) {
				// A process loses its locks on a file with any descriptor of it that it closes.
				closeSync(openSync(file, 'r'));
				writeElsewhere(file, 'DELETE FROM NVTX_EVENTS WHERE rowid > 100');
			}

			return read;
		});
		expect(tries).toEqual(['pages', 'sql']);
		expect(rows).toHaveLength(100);
	});

	it('is read once more, through SQLite, where another one took its place', () => {
		const file = copyOfOriginal(() => undefined);
		const other = copyOfOriginal((database) => database.exec('DELETE FROM NVTX_EVENTS'));
		using from = openExport(file);
		const tries: string[] = [];
		const rows = withRows(from, (source) => {
			tries.push(source.how);
			renameSync(tries.length === 1 ? other : file, file);
			return collectRows(source, {table: 'NVTX_EVENTS', columns: {start: 'time'}}).length;
		});
		expect(tries).toEqual(['pages', 'sql']);
		using kept = openExport(original);
		expect(rows).toBe(kept.database.prepare('SELECT count(*) FROM NVTX_EVENTS').pluck().get());
	});

	it('is not read by its pages where it has a journal', () => {
		const file = copyOfOriginal(() => undefined);
		using from = openExport(file);
		writeFileSync(`${file}-journal`, '');
		expect(() => openRows(from, 'pages')).toThrow(PageRefusal);
		expectOriginal(file);
	});
});
