/** `benchmark triton` as main hears it. */

import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {main} from '../../../cli/main.ts';
import {readJsonFile} from '../../../schemas/json-file.ts';
import {Study} from '../../../schemas/study.ts';
import {temporaryFile} from '../../support/temporary-file.ts';

const run = async (
	argv: readonly string[],
	cwd = '/',
): Promise<{exitCode: number; out: string; err: string}> => {
	let out = '';
	let err = '';
	const write = (add: (text: string) => void) => ({
		write: (text: string, done?: () => void) => {
			add(text);
			done?.();
			return true;
		},
	});
	const streams = {out: write((text) => (out += text)), err: write((text) => (err += text))};
	const exitCode = await main(['triton', ...argv], streams, {env: {}, cwd});
	return {exitCode, out, err};
};

const step = (heading: string, model: string, throughput: number): string => `
## ${heading}
\`\`\`
$ perf_analyzer -m ${model}
\`\`\`
\`\`\`
Request concurrency: 1
  Client:
    Request count: 100
    Throughput: ${throughput} infer/sec
    Avg latency: 12345 usec (standard deviation 1678 usec)
    p99 latency: 20001 usec
\`\`\`
`;

/** @returns its folder */
const writeLog = (): string => {
	const file = temporaryFile('log.md');
	writeFileSync(
		file,
		step('First', 'm', 100) + step('Slower | mistake', 'm', 80) + step('Half', 'h', 150),
	);
	return path.dirname(file);
};

describe('benchmark triton import', () => {
	it('shows a tuning log as steps with their changes', async () => {
		const {exitCode, out, err} = await run(['import', 'log.md', '--against', 'm,2'], writeLog());
		expect([exitCode, err]).toEqual([0, '']);
		expect(out).toBe(
			[
				'step  variant           model  at  n  infer/s   first  previous  best before  step 1  step 2  mean ms  ms first  ms previous  p99 ms',
				'   1  First             m       1  1    100.0                                          25.0%   12.345                         20.001',
				'   2  Slower | mistake  m       1  1    80.00  -20.0%    -20.0%       -20.0%  -20.0%           12.345      0.0%         0.0%  20.001',
				'   3  Half              h       1  1    150.0   50.0%     87.5%        50.0%   50.0%   87.5%   12.345      0.0%         0.0%  20.001',
				'',
				'First: 100.0 infer/s at concurrency 1, p99 20.001 ms',
				'Slower | mistake: 80.00 infer/s at concurrency 1, p99 20.001 ms',
				'Half: 150.0 infer/s at concurrency 1, p99 20.001 ms',
				'highest of 3 variants: Half with 150.0 infer/s',
				'',
			].join('\n'),
		);
	});

	it('writes study.json, and a row per point where asked for', async () => {
		const folder = writeLog();
		const {exitCode, out} = await run(
			['import', '--by', 'point', '--format', 'jsonl', '-o', 'new/out', 'log.md'],
			folder,
		);
		expect(exitCode).toBe(0);
		const rows = out
			.trimEnd()
			.split('\n')
			.map((line) => JSON.parse(line) as Record<string, unknown>);
		expect(rows.map((row) => [row['Variant'], row['Mean Latency (ns)'], row['Line']])).toEqual([
			['First', 12_345_000, 7],
			['Slower | mistake', 12_345_000, 20],
			['Half', 12_345_000, 33],
		]);
		const file = path.join(folder, 'new/out/study.json');
		expect(readJsonFile(Study, file).points.map(({client}) => client.std)).toEqual([
			1.678, 1.678, 1.678,
		]);
		expect(readFileSync(file, 'utf8')).toContain('"mean": 12.345');
	});

	it('answers below the table, within limits of latency, and in study.json', async () => {
		const folder = writeLog();
		const {out} = await run(['import', '--slo', 'p99=0.02s,mean=13', '-o', '.', 'log.md'], folder);
		expect(out).toContain('\nlimits: p99 <= 20 ms, mean <= 13 ms\n');
		expect(out).toContain('\nHalf: no load holds p99 <= 20 ms, mean <= 13 ms\n');
		const {answers} = readJsonFile(Study, path.join(folder, 'study.json'));
		expect(answers?.slo).toEqual([
			{percentile: 99, time: 20},
			{percentile: null, time: 13},
		]);
		const rows = await run(['import', '--format', 'csv', 'log.md'], folder);
		expect(rows.out).not.toContain('highest of');
		expect(rows.err).toContain('highest of 3 variants');
	});

	it.each(['.', 'instances-2'])('leaves a sweep its own study (sweep in %s)', async (below) => {
		const folder = writeLog();
		mkdirSync(path.join(folder, below), {recursive: true});
		writeFileSync(path.join(folder, below, 'sweep.json'), '{}');
		writeFileSync(path.join(folder, 'study.json'), 'measured');
		const {exitCode, err, out} = await run(['import', '-o', '.', 'log.md'], folder);
		expect([exitCode, out]).toEqual([2, '']);
		expect(err).toContain('holds a sweep with a study of its own');
		expect(readFileSync(path.join(folder, 'study.json'), 'utf8')).toBe('measured');
	});

	it('shows intervals where there are repeats', async () => {
		const folder = path.dirname(temporaryFile('x'));
		const points = [100, 101, 99].map((rate) => step('One', 'm', rate)).join('\n```\n$ x\n```\n');
		const others = [120, 121, 119].map((rate) => step('Two', 'n', rate)).join('\n');
		writeFileSync(path.join(folder, 'one.log'), points.replaceAll(/^(##|```|\$).*$/gm, ''));
		writeFileSync(path.join(folder, 'two.log'), others.replaceAll(/^(##|```|\$).*$/gm, ''));
		const {out} = await run(
			['import', '--by', 'step', '--format', 'jsonl', 'one.log', 'two.log'],
			folder,
		);
		const [, second] = out
			.trimEnd()
			.split('\n')
			.map((line) => JSON.parse(line) as Record<string, number>);
		expect(second?.['Repeats']).toBe(3);
		expect(second?.['Throughput Low']).toBeCloseTo(117.516, 2);
		expect(second?.['Change From First Low']).toBeGreaterThan(0.17);
		expect(second?.['Change From First High']).toBeLessThan(0.23);
	});

	it('says on stderr what was wrong, once for each kind', async () => {
		const file = temporaryFile('sweep.log');
		const failed = (concurrency: number): string =>
			`Failed to obtain stable measurement within 3 measurement windows for concurrency ${concurrency}.\n`;
		writeFileSync(file, `error: no server\n${failed(1)}${failed(2)}`);
		const {err, out} = await run(['import', file]);
		expect(err).toMatch(/^warning: .*sweep\.log:1: perf_analyzer ended before it measured/);
		expect(err.match(/2 points: unstable/g)).toHaveLength(1);
		expect(out).toMatch(/unstable/);
	});

	it('ends with 2 where nothing at all was read, and says of each file why', async () => {
		const folder = writeLog();
		writeFileSync(path.join(folder, 'perf.csv'), 'Concurrency,Inferences/Second,p50 latency\n');
		writeFileSync(path.join(folder, 'export.json'), '{"experiments":[{"experiment":');
		const {exitCode, err, out} = await run(['import', 'perf.csv', 'export.json'], folder);
		expect([exitCode, out]).toEqual([2, '']);
		expect(err).toContain('perf.csv holds no measurement below its header');
		expect(err).toContain('export.json ends before its first request');
		expect(err).toContain('nothing usable was measured');
		expect((await run(['import', 'perf.csv', 'log.md'], folder)).exitCode).toBe(0);
	});

	it('says what to do with a folder, and with a study', async () => {
		const folder = writeLog();
		await run(['import', '-o', 'out', '--no-plots', 'log.md'], folder);
		const given = await run(['import', 'out'], folder);
		expect(given.exitCode).toBe(2);
		expect(given.err).toMatch(/out is a folder\nIt holds a study already: `benchmark compare`/);
		expect((await run(['import', '.'], folder)).err).toContain('Name the files in it');
		expect((await run(['import', 'out/study.json'], folder)).err).toContain('is a study already');
	});

	it('names no bottleneck where a report ends before the times of the server', async () => {
		const file = temporaryFile('cut.log');
		writeFileSync(
			file,
			`${step('x', 'm', 100).replaceAll(/^(##|```|\$).*$/gm, '')}    Avg HTTP time: 12300 usec (send 400 usec + response wait 11900 usec + receive 0 usec)
  Server: 
    Inference count: 100
    Execution count: 100
    Successful request count: 100
    Avg request latency: 11000 usec (overhead 0 usec + queue 9000 usec +`,
		);
		const {out} = await run(['import', file]);
		expect(out).toContain('100.0 infer/s');
		expect(out).not.toMatch(/limited at|time at/);
	});

	it.each([
		[['import'], /no file was given/],
		[['import', 'missing.csv'], /missing\.csv cannot be read/],
		[['import', '--by', 'row', 'log.md'], /--by takes one of auto, point, step, model/],
		[['import', '--format', 'xml', 'log.md'], /--format takes one of/],
		[['import', '-b', '0', 'log.md'], /--batch-size takes a whole number/],
		[['import', '--against', '9', 'log.md'], /--against 9: there is no such step/],
		[['instances'], /no model was given/],
		[['import', '--slo', 'p99', 'log.md'], /--slo p99: "p99" is no limit of latency/],
		[['import', '--slo', 'p0=5ms', 'log.md'], /"p0=5ms" is no limit of latency/],
		[['nonsense'], /there is no benchmark triton nonsense/],
	])('%j is refused', async (argv, message) => {
		const {exitCode, err, out} = await run(argv, writeLog());
		expect([exitCode, out]).toEqual([2, '']);
		expect(err).toMatch(message);
	});

	it.each([['--help'], ['import', '--help']])('tells what it takes: %s', async (...argv) => {
		const {exitCode, out} = await run(argv);
		expect(exitCode).toBe(0);
		expect(out).toMatch(/benchmark triton/);
	});
});
