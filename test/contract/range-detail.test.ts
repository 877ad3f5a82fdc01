/** `benchmark ranges --detail` says of real traces what a plain SQL join and a sort say. */

import {copyFileSync} from 'node:fs';
import Database from 'better-sqlite3';
import {describe, expect, it} from 'vitest';
import {chooseDetail, detailRanges} from '../../nsys-parsers/range-detail-columns.ts';
import {readDetailedTrace} from '../../nsys-parsers/read-trace.ts';
import {listLaunchedRows} from '../support/launched-rows.ts';
import type {LaunchedRow} from '../support/launched-rows.ts';
import {noSharedTraces, sharedTrace} from '../support/shared-traces.ts';
import {temporaryFile} from '../support/temporary-file.ts';

type Cells = Record<string, number | null>;

const copyOf = (file: string): string => {
	const copy = temporaryFile('copy.sqlite');
	copyFileSync(file, copy);
	return copy;
};

const groupBy = (
	rows: readonly LaunchedRow[],
	keyOf: (row: LaunchedRow) => number,
): ReadonlyMap<number, readonly LaunchedRow[]> => {
	const groups = new Map<number, LaunchedRow[]>();
	for (const row of rows) {
		const own = groups.get(keyOf(row)) ?? [];
		own.push(row);
		groups.set(keyOf(row), own);
	}

	return groups;
};

const unionLength = (rows: readonly LaunchedRow[]): number => {
	let length = 0;
	let covered = -Infinity;
	for (const {start, end} of rows.toSorted((a, b) => a.start - b.start)) {
		length += Math.max(0, end - Math.max(start, covered));
		covered = Math.max(covered, end);
	}

	return length;
};

const titles = {
	kernel: 'Kernel',
	memset: 'Memset',
	'copy 1': 'HtoD',
	'copy 2': 'DtoH',
	'copy 8': 'DtoD',
};

const kindCells = (kind: keyof typeof titles, rows: readonly LaunchedRow[]): Cells => {
	const own = rows.filter((row) => row.kind === kind);
	const title = titles[kind];
	const timeNs = own.reduce((sum, {start, end}) => sum + end - start, 0);
	const bytes = own.reduce((sum, row) => sum + row.bytes, 0);
	return title === 'Kernel'
		? {Kernels: own.length, 'Kernel Time (ns)': timeNs}
		: title === 'Memset'
			? {Memsets: own.length, 'Memset Time (ns)': timeNs, 'Memset (bytes)': bytes}
			: {
					[`${title} Copies`]: own.length,
					[`${title} Copy Time (ns)`]: timeNs,
					[`${title} Copied (bytes)`]: bytes,
					[`${title} Rate (GB/s)`]: timeNs === 0 ? null : bytes / timeNs,
				};
};

const expectedCells = (rows: readonly LaunchedRow[], kinds: ReadonlySet<string>): Cells => {
	const queues = [...groupBy(rows, ({correlation}) => correlation).values()].map((own) =>
		Math.max(0, Math.min(...own.map(({start}) => start)) - Number(own[0]?.callEnd)),
	);
	const compute = unionLength(rows.filter(({kind}) => kind === 'kernel'));
	const memory = unionLength(rows.filter(({kind}) => kind !== 'kernel'));
	return {
		Launches: queues.length,
		Operations: rows.length,
		...Object.fromEntries(
			[...kinds].flatMap((kind) => Object.entries(kindCells(kind as keyof typeof titles, rows))),
		),
		'Compute Busy (ns)': compute,
		'Memory Busy (ns)': memory,
		'Overlap (ns)': compute + memory - unionLength(rows),
		'Queue Avg (ns)': queues.reduce((sum, ns) => sum + ns, 0) / queues.length,
		'Queue Max (ns)': Math.max(...queues),
	};
};

describe('operations by kind, overlap and queue times of every range', () => {
	for (const trace of [
		'fuser-h200-threads',
		'llm-a100-nvtx',
		'pytorch-2gpu-after',
		'saxpy-mpi-a100',
	]) {
		it(`of ${trace} agree with SQL`, ({skip}) => {
			const file = sharedTrace(`${trace}.sqlite`);
			if (file === undefined) {
				skip(noSharedTraces(trace));
				return;
			}

			const rows = listLaunchedRows(copyOf(file));
			const byRange = groupBy(rows, ({range}) => range);
			const kinds = new Set(rows.map(({kind}) => kind));
			const read = readDetailedTrace(file);
			const {columns, cells} = detailRanges(read, chooseDetail([read]));
			let told = 0;
			for (const [range, rowId] of read.rowId.entries()) {
				const own = cells(range);
				const found = Object.fromEntries(columns.map(({title}, place) => [title, own[place]]));
				const launched = byRange.get(rowId);
				if (launched === undefined) {
					expect(new Set(own)).toEqual(new Set([null]));
				} else {
					expect(found).toMatchObject(expectedCells(launched, kinds));
					told++;
				}
			}

			expect(told).toBe(byRange.size);
			expect(told).toBeGreaterThan(0);
		});
	}
});

describe('work of threads without ranges', () => {
	/** A thread of the same process that nobody else uses. */
	const moveCalls = (file: string): string => {
		const copy = copyOf(file);
		const database = new Database(copy);
		database.exec(
			'UPDATE CUPTI_ACTIVITY_KIND_RUNTIME SET globalTid = (globalTid >> 24 << 24) | 16777215',
		);
		database.close();
		return copy;
	};

	it('of llm-a100-nvtx is where it was, when its calls are moved to a thread of their own', ({
		skip,
	}) => {
		const file = sharedTrace('llm-a100-nvtx.sqlite');
		if (file === undefined) {
			skip(noSharedTraces('llm-a100-nvtx'));
			return;
		}

		const copy = moveCalls(file);
		const whole = readDetailedTrace(file).trace;
		const moved = readDetailedTrace(copy).trace;
		expect(moved.ranges.gpuOperations.every((launches) => launches === 0)).toBe(true);
		const attributed = readDetailedTrace(copy, {attributeThreads: true}).trace;
		expect(attributed.ranges).toEqual(whole.ranges);
		expect(attributed.warnings).toEqual(whole.warnings);
	});

	it('of fuser-h200-threads stays in no range: none was open then on any thread', ({skip}) => {
		const file = sharedTrace('fuser-h200-threads.sqlite');
		if (file === undefined) {
			skip(noSharedTraces('fuser-h200-threads'));
			return;
		}

		const {ranges, warnings} = readDetailedTrace(file, {attributeThreads: true}).trace;
		const plain = readDetailedTrace(file).trace;
		expect(ranges).toEqual(plain.ranges);
		expect(warnings).toEqual(plain.warnings);
		expect(warnings[0]?.message).toMatch(/16 launched while no range was open\.$/);
	});
});
