/**
 * Damaged exports: readTrace returns or says in a UserError which file is damaged, soon in both cases; and what the
 * page reader takes is what SQLite reads. A failure names the seed that makes the same mutant again.
 *
 *     NSYS_BENCHMARK_FUZZ_SECONDS=600 npx vitest run test/fuzz     new seeds for ten minutes
 */

import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {createRandom} from '../../bench/generated-random.ts';
import type {Random} from '../../bench/generated-random.ts';
import {generateTrace} from '../../bench/trace-generator.ts';
import {UserError} from '../../base/errors.ts';
import {openExport} from '../../nsys-parsers/export-file.ts';
import type {ExportFile} from '../../nsys-parsers/export-tables.ts';
import {readTrace} from '../../nsys-parsers/read-trace.ts';
import type {TableScan} from '../../nsys-parsers/row-block.ts';
import {PageRefusal} from '../../nsys-parsers/table-pages/refusal.ts';
import {scanRows} from '../support/scanned-rows.ts';

const seconds = Number(process.env['NSYS_BENCHMARK_FUZZ_SECONDS'] ?? 0);
const mutantsByDefault = 200;
/** A machine under load takes its time; a mutant that leads in circles takes forever. */
const mostMs = 2000;

const pageSizes = [512, 1024, 4096, 65_536] as const;

const times = {start: 'time', end: 'time'} as const;
const operation = {...times, globalPid: 'thread', correlationId: 'id'} as const;
const nvtx = {...times, eventType: 'id', text: 'text', globalTid: 'thread', textId: 'id'} as const;

const scans: readonly TableScan[] = [
	{table: 'NVTX_EVENTS', columns: nvtx},
	{table: 'NVTX_EVENTS', columns: nvtx, where: {column: 'eventType', values: [59, 75]}},
	{
		table: 'CUPTI_ACTIVITY_KIND_RUNTIME',
		columns: {...times, globalTid: 'thread', correlationId: 'id'},
	},
	{table: 'CUPTI_ACTIVITY_KIND_KERNEL', columns: operation},
	{table: 'CUPTI_ACTIVITY_KIND_MEMCPY', columns: {...operation, bytes: 'id', copyKind: 'id'}},
	{table: 'CUPTI_ACTIVITY_KIND_MEMSET', columns: operation},
];

let folder: string;
let originals: readonly {readonly pageSize: number; readonly bytes: Buffer}[];

beforeAll(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'nsys-benchmark-fuzz-'));
	originals = pageSizes.map((pageSize) => {
		const file = path.join(folder, `original-${pageSize}.sqlite`);
		generateTrace(file, {events: 300, unnamed: 0.1, overlaps: 0.1, graphs: 0.05});
		const database = new Database(file);
		// Some names longer than a page, for chains of overflow pages.
		database.exec(`UPDATE NVTX_EVENTS SET text = printf('%.*c', ${pageSize} * 2 + rowid, 'n')
			WHERE rowid % 40 = 3; PRAGMA page_size = ${pageSize}; VACUUM;`);
		database.close();
		return {pageSize, bytes: readFileSync(file)};
	});
});
afterAll(() => rmSync(folder, {recursive: true, force: true}));

interface Mutant {
	readonly random: Random;
	readonly pageSize: number;
	bytes: Buffer;
}

const pagesOf = ({bytes, pageSize}: Mutant): number => Math.floor(bytes.length / pageSize);

/** Any place; half of the time near the beginning of a page, where its header and cell pointers are. */
const somewhere = (mutant: Mutant): number => {
	const {random, bytes, pageSize} = mutant;
	return random.chance(0.5)
		? random.below(bytes.length)
		: random.below(pagesOf(mutant)) * pageSize + random.below(40);
};

const flipBits = (mutant: Mutant): void => {
	for (let flips = 1 + mutant.random.below(8); flips > 0; flips--) {
		const at = somewhere(mutant);
		mutant.bytes[at] = Number(mutant.bytes[at]) ^ (1 << mutant.random.below(8));
	}
};

const overwriteBytes = (mutant: Mutant): void => {
	const {random, bytes} = mutant;
	const at = somewhere(mutant);
	const length = 1 + random.below(40);
	const byte = [0, 0xff, 0x80, 0x7f, random.below(256)][random.below(5)];
	bytes.fill(Number(byte), at, Math.min(bytes.length, at + length));
};

const cutShort = (mutant: Mutant): void => {
	const {random, pageSize, bytes} = mutant;
	const length = random.chance(0.5)
		? random.below(pagesOf(mutant)) * pageSize
		: random.below(bytes.length);
	mutant.bytes = bytes.subarray(0, length);
	// SQLite believes the declared size only if two counters agree: else a short file is a file of fewer pages.
	if (length > 96 && random.chance(0.7)) {
		mutant.bytes.writeUInt32BE(random.below(9), 92);
	}
};

const swapPages = (mutant: Mutant): void => {
	const {random, pageSize, bytes} = mutant;
	const [one, other] = [random.below(pagesOf(mutant)), random.below(pagesOf(mutant))];
	const kept = Buffer.from(bytes.subarray(one * pageSize, (one + 1) * pageSize));
	bytes.copyWithin(one * pageSize, other * pageSize, (other + 1) * pageSize);
	kept.copy(bytes, other * pageSize);
};

/** A page's child, or its overflow page, becomes another page: one above it, the same one twice, or one past the end. */
const redirectPages = (mutant: Mutant): void => {
	const {random, pageSize, bytes} = mutant;
	const pages = pagesOf(mutant);
	const interior = Array.from({length: pages}, (_, page) => page * pageSize).filter(
		(page) => bytes[page] === 5,
	);
	for (let turns = 1 + random.below(3); turns > 0; turns--) {
		const page = interior[random.below(interior.length)];
		const target = random.chance(0.1) ? 2 ** 32 - 1 : 1 + random.below(pages + 2);
		if (page === undefined || random.chance(0.3)) {
			// The first word of an overflow page names the next one.
			bytes.writeUInt32BE(target, (1 + random.below(pages - 1)) * pageSize);
		} else if (random.chance(0.3)) {
			bytes.writeUInt32BE(random.chance(0.5) ? page / pageSize + 1 : target, page + 8);
		} else {
			const cell = bytes.readUInt16BE(page + 12 + 2 * random.below(4)) % (pageSize - 4);
			bytes.writeUInt32BE(random.chance(0.5) ? page / pageSize + 1 : target, page + cell);
		}
	}
};

const mutations = [flipBits, flipBits, overwriteBytes, cutShort, swapPages, redirectPages] as const;

/** @returns the file, new for each seed, since SQLite looks for journals beside it */
const writeMutant = (seed: number): string => {
	const random = createRandom(seed);
	const {pageSize, bytes} = originals[random.below(originals.length)] ?? originals[0] ?? {};
	const mutant = {random, pageSize: Number(pageSize), bytes: Buffer.from(bytes ?? [])};
	mutations[random.below(mutations.length)]?.(mutant);
	const file = path.join(folder, `mutant-${seed}.sqlite`);
	writeFileSync(file, mutant.bytes);
	return file;
};

/** What is no answer, a refusal or SQLite's own complaint goes on. */
const attempt = <Result>(act: () => Result): Result | undefined => {
	try {
		return act();
	} catch (error) {
		const expected =
			error instanceof PageRefusal ||
			error instanceof UserError ||
			error instanceof Database.SqliteError;
		if (!expected) {
			throw error;
		}

		return undefined;
	}
};

/** @returns tables that both readers read */
const compareReaders = (from: ExportFile): number => {
	let compared = 0;
	for (const scan of scans) {
		const byPages = attempt(() => scanRows(from, 'pages', scan));
		const bySql = attempt(() => scanRows(from, 'sql', scan));
		if (byPages !== undefined && bySql !== undefined) {
			expect(byPages, scan.table).toEqual(bySql);
			compared++;
		}
	}

	return compared;
};

const outcomes = {returned: 0, refused: 0, compared: 0};

const tryMutant = (seed: number): void => {
	const file = writeMutant(seed);
	const begin = performance.now();
	try {
		readTrace(file);
		outcomes.returned++;
	} catch (error) {
		if (!(error instanceof UserError)) {
			throw error;
		}

		expect(error.message).toContain(file);
		outcomes.refused++;
	}

	expect(performance.now() - begin, 'ms that readTrace took').toBeLessThan(mostMs);
	using from = attempt(() => openExport(file));
	if (from !== undefined) {
		outcomes.compared += compareReaders(from);
	}

	rmSync(file);
};

it(
	'reads a damaged export as SQLite does, or says that it is damaged',
	() => {
		const first = seconds > 0 ? Date.now() % 2 ** 31 : 1;
		const until = performance.now() + seconds * 1000;
		const more = (seed: number): boolean =>
			seconds > 0 ? performance.now() < until : seed < first + mutantsByDefault;
		for (let seed = first; more(seed); seed++) {
			try {
				tryMutant(seed);
			} catch (error) {
				throw new Error(`the mutant of seed ${seed}: ${String(error)}`, {cause: error});
			}
		}

		// Mutants that are all refused at the door would test nothing.
		expect(Math.min(outcomes.returned, outcomes.refused)).toBeGreaterThan(mutantsByDefault / 10);
		expect(outcomes.compared).toBeGreaterThan(mutantsByDefault);
	},
	seconds * 1000 + 60_000,
);
