/** `benchmark compare -b -c`: folders that hold a run per sample. */

import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {parseCsv} from '../../support/csv.ts';
import {runMain, writeDemoRun, type Answered} from '../../support/compared-runs.ts';
import {writeForeignRun} from '../../support/foreign-runs.ts';

let root: string;
beforeEach(() => {
	root = mkdtempSync(path.join(os.tmpdir(), 'samples-'));
	writeDemoRun(at('old/decode'));
	writeDemoRun(at('old/infer'));
	writeDemoRun(at('new/decode'), {factor: 1.3});
	writeDemoRun(at('new/infer'), {extraNs: 1});
});
afterEach(() => {
	rmSync(root, {recursive: true});
});

const at = (...names: readonly string[]): string => path.join(root, ...names);

const compare = async (...argv: readonly string[]): Promise<Answered> =>
	runMain(['compare', '-b', 'old', '-c', 'new', ...argv], root);

it('has a row per sample, with the verdict', async () => {
	const {stdout, stderr, exitCode} = await compare('--format', 'csv');
	expect(exitCode).toBe(0);
	const [head, ...rows] = parseCsv(stdout);
	expect(head).toEqual([
		'Sample',
		'Range',
		'Metric',
		'old (ms)',
		'old n',
		'new (ms)',
		'new / old',
		'new Change Low',
		'new Change High',
		'new p',
		'new n',
		'new Verdict',
	]);
	expect(rows.map((row) => [row[0], row[1], row[2], row.at(-1)])).toEqual([
		['decode', 'demo/pipeline', 'cpu_time_per_item_minus_warmup', 'slower'],
		['infer', 'demo/pipeline', 'cpu_time_per_item_minus_warmup', 'same'],
	]);
	// 30 ms per batch of 4 items, against 36.
	expect(Number(rows[0]?.[3])).toBeCloseTo(7.5, 1);
	expect(Number(rows[0]?.[6])).toBeCloseTo(1.2, 6);
	expect(stderr).toMatch(/new takes 1\.095 times what old takes \(geometric mean\)/);
});

it('names its sides, and writes the table where it is told to', async () => {
	const {stdout} = await compare('-bn', 'v1', '-cn', 'v2', '-o', 'out/deep');
	expect(stdout).toMatch(/^sample +v1 ms +n +v2 ms +v2 \/ v1 +n +verdict/);
	const written = readFileSync(at('out/deep/benchmark_summary.csv'), 'utf8');
	expect(parseCsv(written)[0]).toContain('v2 / v1');
	expect(existsSync(at('old/benchmark_summary.csv'))).toBe(false);
});

it('compares several folders at once', async () => {
	writeForeignRun(at('third/decode'), {factor: 2});
	const {stdout, exitCode} = await runMain(
		['compare', '-b', 'old', '-c', 'new', 'third', '--format', 'csv', '--despite-differences'],
		root,
	);
	expect(exitCode).toBe(0);
	const rows = parseCsv(stdout);
	expect(rows[0]).toContain('third Verdict');
	expect(rows[1]?.at(-1)).toBe('slower');
	// infer is not in the third folder.
	expect(rows[2]?.slice(-7)).toEqual(['', '', '', '', '', '', '']);
});

it('tells of samples that are not in both, or cannot be read', async () => {
	rmSync(at('new/infer'), {recursive: true});
	mkdirSync(at('new/empty'));
	writeDemoRun(at('old/track'));
	mkdirSync(at('new/track'));
	writeFileSync(at('new/track/benchmark.json'), '{}');
	const {stdout, stderr} = await compare('--format', 'csv');
	expect(stderr).toMatch(/Samples of old that new has not: infer\./);
	expect(stderr).toMatch(/Samples of new that old has not: empty\./);
	expect(stderr).toMatch(/new\/track: .*none of the files/);
	expect(parseCsv(stdout).map(([sample]) => sample)).toEqual([
		'Sample',
		'decode',
		'infer',
		'track',
	]);
});

it.each([
	[['--fail-on', '10%'], 1],
	[['--fail-on', 'infer/*=10%'], 0],
	[['--fail-on', 'stage_1=10%'], 2],
	[['--require-verdict'], 0],
	[['--metric', 'throughput', '--require-verdict'], 0],
	[['--metric', 'gpu_time'], 2],
	[['--format', 'junit'], 2],
	[['-cn', 'x', 'y'], 2],
] as const)('with %j ends with %i', async (options, exitCode) => {
	expect((await compare(...options)).exitCode).toBe(exitCode);
});

it('judges nothing where the sides were measured on unlike machines', async () => {
	writeDemoRun(at('new/decode'), {factor: 1.3, machine: {cpu: 'other'}});
	const {stdout, stderr} = await compare('--format', 'csv');
	expect(parseCsv(stdout).map((row) => row.at(-1))).toEqual(['new Verdict', '~', 'same']);
	expect(stderr).toMatch(/old and new differ.*CPU/);
	expect((await compare('--fail-on', '10%')).exitCode).toBe(0);
	expect((await compare('--fail-on', '10%', '--require-verdict')).exitCode).toBe(4);
	expect((await compare('--fail-on', '10%', '--despite-differences')).exitCode).toBe(1);
});

it('reports the others where a sample cannot be read, and ends with 2', async () => {
	writeFileSync(at('new/infer/run.json'), '{"formatVersion":');
	const {stdout, stderr, exitCode} = await compare('--format', 'csv');
	expect(exitCode).toBe(2);
	expect(stderr).toMatch(/error: 1 sample could not be read: new\/infer\n/);
	expect(parseCsv(stdout).map((row) => row.at(-1))).toEqual(['new Verdict', 'slower', '']);
	expect((await compare('--fail-on', 'decode/*=50%', '--require-verdict')).exitCode).toBe(2);
	// A regression is the graver news.
	expect((await compare('--fail-on', '10%')).exitCode).toBe(1);
});

it('takes an empty folder for a sample that cannot be read, and a hidden one for none', async () => {
	mkdirSync(at('new/.git'));
	expect((await compare('--fail-on', '50%')).exitCode).toBe(0);
	mkdirSync(at('old/empty'));
	expect((await compare('--fail-on', '50%')).exitCode).toBe(2);
});

it.each(['old', 'new'])('is undecided about a sample that only %s has', async (side) => {
	writeDemoRun(at(side, 'track'));
	const gate = ['--fail-on', '50%'];
	const {stderr, exitCode} = await compare(...gate);
	expect(exitCode).toBe(0);
	const other = side === 'old' ? 'candidate' : 'baseline';
	expect(stderr).toContain('new: gate: undecided, 1 undecided');
	expect(stderr).toMatch(new RegExp(`undecided: track/demo/pipeline \\w+ is not in the ${other}`));
	expect((await compare(...gate, '--require-verdict')).exitCode).toBe(4);
	expect((await compare('--fail-on', 'decode/*=50%', '--require-verdict')).exitCode).toBe(0);
});

it('refuses sides beside folders of samples', async () => {
	const {exitCode, stderr} = await runMain(['compare', 'base', '-b', 'old', '-c', 'new'], root);
	expect(exitCode).toBe(2);
	expect(stderr).toMatch(/-b and -c compare folders of samples: base has no place/);
});

it('adds up -c that is repeated', async () => {
	writeDemoRun(at('third/decode'), {factor: 2});
	const {stdout} = await compare('-c', 'third', '--format', 'csv');
	const [head] = parseCsv(stdout);
	expect(head).toContain('new Verdict');
	expect(head).toContain('third Verdict');
});
