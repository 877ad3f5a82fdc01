/** A program that does all that NVTX allows, under a real nsys: readTrace says what `nsys stats` says, row by row. */

import {execFileSync} from 'node:child_process';
import {copyFileSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {readDetailedTrace, readTrace} from '../../nsys-parsers/read-trace.ts';
import type {Trace} from '../../schemas/trace.ts';
import {compileProgram, findCompileObstacle} from '../support/compiled-program.ts';
import {nsysForTests} from '../support/nsys.ts';
import {profileProgram} from '../support/profile.ts';
import {parsePushPopTrace} from '../support/nvidia-reports.ts';
import {listRanges, pathOf, warningCodes} from '../support/range-listing.ts';
import {pushPopRows} from '../support/report-rows.ts';

const nsys = nsysForTests();
const obstacle = findCompileObstacle();
if (obstacle !== undefined) {
	it('reads what a real nsys records', ({skip}) => skip(obstacle));
}

describe.runIf(obstacle === undefined)('readTrace under a real nsys', () => {
	let folder: string;
	let file: string;
	let trace: Trace;
	const at = (name: string): string => path.join(folder, name);

	beforeAll(() => {
		folder = mkdtempSync(path.join(tmpdir(), 'nsys-parsers-live-'));
		compileProgram('nvtx-cases.c', at('program'));
		const run = profileProgram({
			nsys: nsys?.path ?? '',
			report: at('report'),
			program: [at('program')],
			env: {TMPDIR: folder},
		});
		expect(run.status, run.stdout + run.stderr).toBe(0);
		exportTo('trace.sqlite');
		file = at('trace.sqlite');
		trace = readTrace(file);
	});
	afterAll(() => rmSync(folder, {recursive: true, force: true}));

	const exportTo = (name: string, ...options: string[]): void => {
		execFileSync(
			nsys?.path ?? '',
			['export', '-q', 'true', '-t', 'sqlite', ...options, '-o', at(name), at('report.nsys-rep')],
			{stdio: 'ignore'},
		);
	};

	it("gives NVIDIA's rows", () => {
		const copy = at('copy.sqlite');
		copyFileSync(file, copy);
		const report = nsys?.version.startsWith('2022') === true ? 'nvtxpptrace' : 'nvtx_pushpop_trace';
		const csv = execFileSync(
			nsys?.path ?? '',
			['stats', '-q', '-r', report, '-f', 'csv', '-o', '-', '--force-export=false', copy],
			{encoding: 'utf8', env: {...process.env, TMPDIR: folder}},
		);
		const rows = parsePushPopTrace(csv.trimEnd().replace(/^[^]*?(?=Start \(ns\))/, ''));
		expect(rows.length).toBeGreaterThan(1000);
		expect(pushPopRows(readDetailedTrace(file))).toEqual(
			rows.sort((a, b) => a.rangeId - b.rangeId),
		);
	});

	it('finds what was never popped, and nothing else', () => {
		const unfinished = [...trace.ranges.unfinished.keys()].filter(
			(range) => trace.ranges.unfinished[range] === 1,
		);
		expect(unfinished.map((range) => pathOf(trace, range)).sort()).toEqual([
			'never popped',
			'never popped on a thread',
			'never popped on a thread',
			'never popped on a thread',
			'never popped/media, "quoted":nor this',
		]);
		expect(warningCodes(trace)).toEqual(['unfinished-ranges']);
	});

	it('puts every mark on its batch, and none among the ranges', () => {
		const batches = [...trace.ranges.name.keys()].filter(
			(range) => pathOf(trace, range) === 'pipeline/batch',
		);
		expect(batches.map((range) => trace.notes.get(range))).toEqual(
			Array.from({length: 20}, (_, batch) => ({batch, items: 10 + batch})),
		);
		expect(trace.notes.size).toBe(21);
		expect(trace.names.filter((name) => name.startsWith('nsys-benchmark:'))).toEqual([]);
		expect(listRanges(trace).filter(({path: names}) => names.includes('start/end'))).toEqual([]);
	});

	it('knows the wall clock of the first range', () => {
		const age = BigInt(Date.now()) * 1_000_000n - (trace.originUnixNs ?? 0n);
		expect(age).toBeGreaterThan(0n);
		expect(age).toBeLessThan(600_000_000_000n);
	});

	it.each([
		[['--ts-normalize', 'true']],
		[['--ts-shift', '-5000000000']],
		[['--ts-normalize', 'true', '--ts-shift', '1000']],
		[['--lazy', 'false']],
	])('reads the same from an export with %j', (options) => {
		const name = `${options.join('')}.sqlite`;
		exportTo(name, ...options);
		const other = readTrace(at(name));
		expect({...other, source: file}).toEqual(trace);
	});
});
