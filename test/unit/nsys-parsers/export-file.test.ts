import {execFileSync} from 'node:child_process';
import {chmodSync, mkdirSync, readFileSync, truncateSync, writeFileSync} from 'node:fs';
import Database from 'better-sqlite3';
import {describe, expect, it} from 'vitest';
import {UserError} from '../../../base/errors.ts';
import {readTrace} from '../../../nsys-parsers/read-trace.ts';
import {temporaryFile} from '../../support/temporary-file.ts';
import {buildTrace, programOn} from '../../support/trace-builder.ts';

/** The UserError that reading throws; anything else fails the test. */
const refusalOf = (file: string): UserError => {
	try {
		readTrace(file);
	} catch (error) {
		if (error instanceof UserError) {
			return error;
		}

		throw error;
	}

	throw new Error(`${file} was read`);
};

const manyRanges = () => {
	const program = programOn();
	for (let at = 0; at < 2000; at++) {
		program.push(`a range with a long name ${at}`).pop();
	}

	return program.spec;
};

describe('readTrace refuses, naming the file and what helps', () => {
	it('a file that does not exist', () => {
		const file = temporaryFile('absent.sqlite');
		expect(refusalOf(file).message).toBe(`${file} does not exist`);
	});

	it('a folder', () => {
		const file = temporaryFile('folder.sqlite');
		mkdirSync(file);
		expect(refusalOf(file).message).toBe(`${file} is a folder, not an nsys export`);
	});

	it('a pipe, without waiting for a writer', () => {
		const file = temporaryFile('pipe.sqlite');
		execFileSync('mkfifo', [file]);
		expect(refusalOf(file).message).toBe(`${file} is a pipe or device, not an nsys export`);
	});

	it('an empty file: the export never finished', () => {
		const file = temporaryFile('empty.sqlite');
		writeFileSync(file, '');
		const refusal = refusalOf(file);
		expect(refusal.message).toBe(`${file} is empty: its export never finished`);
		expect(refusal.next).toContain('nsys export');
	});

	it('a report that was not exported', () => {
		const file = temporaryFile('report.nsys-rep');
		writeFileSync(file, 'QDREP and more');
		expect(refusalOf(file).message).toBe(`${file} is an nsys report, not its SQLite export`);
	});

	it('something else altogether', () => {
		const file = temporaryFile('notes.sqlite');
		writeFileSync(file, 'SQLite it is not, however much it says so, over and over and over.');
		expect(refusalOf(file).message).toBe(`${file} is not an nsys export: it is no SQLite file`);
	});

	it('a SQLite file of somebody else, or of a failed export', () => {
		const file = temporaryFile('other.sqlite');
		const database = new Database(file);
		database.exec('CREATE TABLE StringIds (id INTEGER, value TEXT)');
		database.close();
		const refusal = refusalOf(file);
		expect(refusal.message).toContain(`${file} is not an nsys export`);
		expect(refusal.next).toContain('nsys export');
	});

	it.each([50, 5_000, 40_960])('an export cut off after %d bytes', (bytes) => {
		const file = buildTrace(temporaryFile('cut.sqlite'), manyRanges());
		truncateSync(file, bytes);
		expect(refusalOf(file).message).toMatch(
			new RegExp(`cut\\.sqlite is cut short: ${bytes} bytes of`),
		);
	});

	it('an export with a damaged page', () => {
		const file = buildTrace(temporaryFile('damaged.sqlite'), manyRanges());
		const bytes = readFileSync(file);
		writeFileSync(file, bytes.fill(0xff, 8192, bytes.length - 4096));
		const refusal = refusalOf(file);
		expect(refusal.message).toMatch(/damaged\.sqlite is damaged: .+ \(SQLITE_CORRUPT/);
		expect(refusal.next).toContain('nsys export');
	});

	it('an export that is still being written', () => {
		const file = buildTrace(temporaryFile('busy.sqlite'), manyRanges());
		const writer = new Database(file);
		writer.exec('BEGIN EXCLUSIVE');
		expect(refusalOf(file).message).toBe(`${file} is in use: another program is writing to it`);
		writer.close();
	});

	it('an export whose times are no times', () => {
		const file = buildTrace(temporaryFile('odd.sqlite'), manyRanges(), (database) => {
			database.exec("UPDATE NVTX_EVENTS SET textId = 'text' WHERE rowid = 5");
		});
		expect(refusalOf(file).message).toBe(
			`${file} is damaged or of an unknown kind: NVTX_EVENTS.textId, row 5: a whole number was expected, text found`,
		);
	});

	it('ranges that lie further apart than a double can tell', () => {
		const spec = {
			ranges: [
				{name: 'a', start: 0, end: 1},
				{name: 'b', start: 2n ** 60n, end: 2n ** 61n},
			],
		};
		const file = buildTrace(temporaryFile('far.sqlite'), spec);
		expect(refusalOf(file).message).toBe(
			`${file} is damaged: its ranges lie more than 104 days apart`,
		);
	});

	it('an export whose ranges lack a column', () => {
		const file = buildTrace(temporaryFile('old.sqlite'), manyRanges(), (database) => {
			database.exec('ALTER TABLE NVTX_EVENTS DROP COLUMN globalTid');
		});
		expect(refusalOf(file).message).toBe(
			`${file} was exported by an nsys that is too old: no NVTX_EVENTS.globalTid`,
		);
	});

	it('a file that this user may not read', (context) => {
		if (process.getuid?.() === 0) {
			context.skip('root may read every file');
			return;
		}

		const file = buildTrace(temporaryFile('secret.sqlite'), manyRanges());
		chmodSync(file, 0);
		expect(refusalOf(file).message).toContain(`${file} cannot be read: EACCES`);
	});
});

describe('readTrace', () => {
	it('leaves the file as it is, and nothing beside it', () => {
		const file = buildTrace(temporaryFile('trace.sqlite'), manyRanges());
		const before = readFileSync(file);
		chmodSync(file, 0o444);
		expect(readTrace(file).ranges.length).toBe(2000);
		expect(readFileSync(file).equals(before)).toBe(true);
	});
});
