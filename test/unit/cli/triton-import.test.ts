/** `benchmark triton` as main hears it. */

import {readFileSync, writeFileSync} from 'node:fs';
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
				'step  variant           model  at  n  infer/s   first  previous  best before  step 1  step 2  mean ms  p99 ms',
				'   1  First             m       1  1    100.0                                          25.0%   12.345  20.001',
				'   2  Slower | mistake  m       1  1    80.00  -20.0%    -20.0%       -20.0%  -20.0%           12.345  20.001',
				'   3  Half              h       1  1    150.0   50.0%     87.5%        50.0%   50.0%   87.5%   12.345  20.001',
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

	it.each([
		[['import'], /no file was given/],
		[['import', 'missing.csv'], /missing\.csv cannot be read/],
		[['import', '--by', 'row', 'log.md'], /--by takes one of auto, point, step, model/],
		[['import', '--format', 'xml', 'log.md'], /--format takes one of/],
		[['import', '-b', '0', 'log.md'], /--batch-size takes a whole number/],
		[['import', '--against', '9', 'log.md'], /--against 9: there is no such step/],
		[['sweep', '-m', 'x'], /benchmark triton sweep is not in this version/],
		[['instances'], /not in this version/],
		[['input'], /not in this version/],
		[['logs'], /not in this version/],
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
