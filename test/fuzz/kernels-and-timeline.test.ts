/**
 * Damaged exports: the report of kernels and the timeline are made or refused with a UserError, and a timeline that is
 * made is one that a viewer can read. A failure names the seed that makes the same mutant again.
 *
 *     NSYS_BENCHMARK_FUZZ_SECONDS=600 npx vitest run test/fuzz     new seeds for ten minutes
 */

import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {UserError} from '../../base/errors.ts';
import {createRandom} from '../../bench/generated-random.ts';
import {generateTrace} from '../../bench/trace-generator.ts';
import {readKernelNames} from '../../nsys-parsers/kernel-names.ts';
import {summarizeKernels} from '../../nsys-parsers/range-kernels.ts';
import {listTimeline} from '../../nsys-parsers/range-timeline.ts';
import {readDetailedTrace} from '../../nsys-parsers/read-trace.ts';
import {readTimelineColumns} from '../../nsys-parsers/timeline-columns.ts';
import {writeChromeTrace} from '../../report/chrome-trace.ts';
import {readTrace} from '../support/chrome-trace.ts';

const seconds = Number(process.env['NSYS_BENCHMARK_FUZZ_SECONDS'] ?? 0);
const mutantsByDefault = 150;

let folder: string;
let original: Buffer;

beforeAll(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'nsys-benchmark-fuzz-'));
	const file = generateTrace(path.join(folder, 'original.sqlite'), {
		events: 200,
		graphs: 0.1,
		startEnd: 0.2,
		doubledCalls: 0.2,
		withoutCall: 0.1,
	});
	original = readFileSync(file);
});
afterAll(() => rmSync(folder, {recursive: true, force: true}));

/** Mostly single bytes: other times, ids and kinds of values in rows that can still be read. */
const writeMutant = (seed: number): string => {
	const random = createRandom(seed);
	const bytes = Buffer.from(original);
	for (let changes = 1 + random.below(30); changes > 0; changes--) {
		const at = 100 + random.below(bytes.length - 108);
		if (random.chance(0.8)) {
			bytes[at] = random.below(256);
		} else {
			bytes.fill(random.chance(0.5) ? 0xff : 0x7f, at, at + 1 + random.below(8));
		}
	}

	const file = path.join(folder, `mutant-${seed}.sqlite`);
	writeFileSync(file, bytes);
	return file;
};

const outcomes = {made: 0, refused: 0};

const tryMutant = (seed: number): void => {
	const file = writeMutant(seed);
	try {
		const read = readDetailedTrace(file, {startEndRanges: true});
		const names = readKernelNames(file, 'demangled');
		for (const nvidiaRules of [false, true]) {
			const {rows, length} = summarizeKernels(read, names, {nvidiaRules});
			expect([...rows], `seed ${seed}`).toHaveLength(Number(length));
		}

		const pieces = [...writeChromeTrace(listTimeline(read, readTimelineColumns(file, true)))];
		expect(readTrace(pieces.join('')).slices.length, `seed ${seed}`).toBeGreaterThan(0);
		outcomes.made++;
	} catch (error) {
		if (!(error instanceof UserError)) {
			throw new Error(`seed ${seed}`, {cause: error});
		}

		expect(error.message, `seed ${seed}`).toContain(file);
		outcomes.refused++;
	} finally {
		rmSync(file);
	}
};

it(
	'makes them of damaged exports, or says what is wrong',
	{timeout: 60_000 + seconds * 2000},
	() => {
		const end = performance.now() + seconds * 1000;
		const first = seconds > 0 ? Date.now() : 1;
		for (let seed = first; performance.now() < end || seed < first + mutantsByDefault; seed++) {
			tryMutant(seed);
		}

		expect(outcomes.made).toBeGreaterThan(20);
		expect(outcomes.refused).toBeGreaterThan(5);
	},
);
