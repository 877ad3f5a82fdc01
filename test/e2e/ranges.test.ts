/** `benchmark ranges` as a user runs it, on built exports. */

import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {runBenchmark, temporaryFolder} from '../support/command.ts';
import {buildTrace, programOn} from '../support/trace-builder.ts';

/** Two frames, each with a stage "a, b" that launches work of 20 ns. */
const buildFrames = (folder: string, name: string): string => {
	const program = programOn({pid: 100});
	for (let frame = 0; frame < 2; frame++) {
		program.push('frame').wait(5).push('a, "b"').launch({after: 5, takes: 20}).pop().pop();
	}

	return buildTrace(path.join(folder, name), program.spec);
};

describe('benchmark ranges', () => {
	it('sums up by path, as CSV whose cells are quoted where they must', async () => {
		const file = buildFrames(temporaryFolder('ranges'), 'one.sqlite');
		const {exitCode, stdout} = await runBenchmark(['ranges', '--format', 'csv', file]);
		expect(exitCode).toBe(0);
		const [header, ...rows] = stdout.trimEnd().split('\n');
		expect(header).toMatch(/^Range,Instances,Total CPU Time \(ns\),/);
		expect(rows).toHaveLength(2);
		expect(rows.find((row) => row.startsWith('frame,'))).toMatch(/,2,40,20,20,20,20,0,40,0,2$/);
		expect(rows.find((row) => row.startsWith('"frame/a, ""b""",2,'))).toBeDefined();
	});

	it('merges several inputs under a column that names the file', async () => {
		const folder = temporaryFolder('ranges');
		buildFrames(folder, 'one.sqlite');
		buildFrames(folder, 'two.sqlite');
		const {stdout} = await runBenchmark(
			['ranges', '--by', 'name', '--format', 'jsonl', 'one.sqlite', 'two.sqlite'],
			{cwd: folder},
		);
		const rows = stdout
			.trimEnd()
			.split('\n')
			.map((line) => JSON.parse(line) as Record<string, unknown>);
		expect(rows.map((row) => [row['File'], row['Range'], row['Total GPU Ops']])).toEqual([
			['one.sqlite', 'frame', 2],
			['one.sqlite', 'a, "b"', 2],
			['two.sqlite', 'frame', 2],
			['two.sqlite', 'a, "b"', 2],
		]);
	});

	it('lists every range, and writes a timeline with ranges, projections and operations', async () => {
		const folder = temporaryFolder('ranges');
		buildFrames(folder, 'one.sqlite');
		const {exitCode, stdout} = await runBenchmark(
			['ranges', '--trace', '--format', 'tsv', '--chrome-trace', 'out.json', 'one.sqlite'],
			{cwd: folder},
		);
		expect(exitCode).toBe(0);
		expect(stdout.trimEnd().split('\n')).toHaveLength(5);
		const timeline = JSON.parse(readFileSync(path.join(folder, 'out.json'), 'utf8')) as {
			traceEvents: readonly {ph: string; name: string}[];
		};
		const slices = timeline.traceEvents.filter(({ph}) => ph === 'X').map(({name}) => name);
		expect(slices.filter((name) => name === 'frame')).toHaveLength(4);
		expect(slices.filter((name) => name === 'kernel')).toHaveLength(2);
	});

	it.each([
		[[], 'no input was given'],
		[['notes.txt'], 'notes.txt is no trace'],
		[['absent.sqlite'], 'absent.sqlite does not exist'],
		[['--trace', '--summary', 'absent.sqlite'], '--trace and --summary exclude each other'],
		[['--format', 'xml', 'absent.sqlite'], '--format takes one of table, csv'],
		[['--chrome-trace', 'out.json', 'a.sqlite', 'b.sqlite'], '--chrome-trace takes one input'],
	])('refuses %j with what helps', async (argv, message) => {
		const folder = temporaryFolder('ranges');
		const {exitCode, stdout, stderr} = await runBenchmark(['ranges', ...argv], {cwd: folder});
		expect(exitCode).toBe(2);
		expect(stdout).toBe('');
		expect(stderr).toContain(message);
		expect(existsSync(path.join(folder, 'out.json'))).toBe(false);
	});
});
