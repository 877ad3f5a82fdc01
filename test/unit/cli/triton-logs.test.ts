import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {readJsonFile} from '../../../schemas/json-file.ts';
import {ProgramLogs} from '../../../schemas/program-logs.ts';
import {runTriton} from '../../support/main-command.ts';
import {temporaryFile} from '../../support/temporary-file.ts';

/** As traccc prints it: performance/src/performance/throughput.cpp and timing_info.cpp. */
const traccc = (perEvent: string, perSecond: string): string => `Using CUDA device: x
Reconstructed track parameters: 1000
Time totals:
                  File reading  1013 ms
            Warm-up processing  12 ms
              Event processing  500 ms
Throughput:
            Warm-up processing  1.2 ms/event, 833.333 events/s
              Event processing  ${perEvent} ms/event, ${perSecond} events/s
`;

/** @returns the folder */
const writeLogs = (logs: Readonly<Record<string, string>>): string => {
	const folder = path.dirname(temporaryFile('x'));
	mkdirSync(folder, {recursive: true});
	for (const [name, text] of Object.entries(logs)) {
		writeFileSync(path.join(folder, name), text);
	}

	return folder;
};

const four = {
	'out_cpu_mu20.log': traccc('20.5', '48.7805'),
	'out_cpu_mu100.log': traccc('110.5', '9.04977'),
	'out_gpu_mu20.log': traccc('2.5', '400'),
	'out_gpu_mu100.log': traccc('6.5', '153.846'),
};

const rowsOf = (out: string): readonly Record<string, unknown>[] =>
	out
		.trimEnd()
		.split('\n')
		.map((line) => JSON.parse(line) as Record<string, unknown>);

describe('benchmark triton logs', () => {
	it("reads traccc's throughput, and divides the GPU by the CPU", async () => {
		const {exitCode, out, err} = await runTriton(['logs', '.'], writeLogs(four));
		expect([exitCode, err]).toEqual([0, '']);
		expect(out).toBe(
			[
				'label   mu  events/s  n  of     by cpu',
				'cpu     20     48.78  1  value',
				'cpu    100     9.050  1  value',
				'gpu     20     400.0  1  value   8.200',
				'gpu    100     153.8  1  value   17.00',
				'',
			].join('\n'),
		);
	});

	it('writes logs.json and the plot in both formats', async () => {
		const folder = writeLogs(four);
		const {exitCode} = await runTriton(['logs', '.', '-o', 'out'], folder);
		expect(exitCode).toBe(0);
		const logs = readJsonFile(ProgramLogs, path.join(folder, 'out/logs.json'));
		expect(logs).toMatchObject({parameter: 'mu', baseline: 'cpu', metric: {better: 'higher'}});
		const svg = readFileSync(path.join(folder, 'out/logs.svg'), 'utf8');
		expect(svg).toMatch(/<svg [^]*Throughput \(events\/s\)[^]*ratio to cpu[^]*<\/svg>\s*$/);
		expect(readFileSync(path.join(folder, 'out/logs.png')).toString('latin1', 1, 4)).toBe('PNG');
	});

	it('takes the times of clusterization where there is no throughput, of the device itself', async () => {
		const folder = writeLogs({
			'gpu_mu100.log': ' Clusterization (cuda)  103 ms\n Clusterization  (cpu)  999 ms\n',
			'cpu_mu100.log': '        Clusterization  840 ms\n',
		});
		const {out} = await runTriton(['logs', '.', '--format', 'jsonl'], folder);
		expect(rowsOf(out).map((row) => [row['Label'], row['Clusterization (ms)']])).toEqual([
			['cpu', 840],
			['gpu', 103],
		]);
	});

	it('sums several hits of a file and several files of a point up, each as what it is', async () => {
		const folder = writeLogs({
			'a_n1.txt': [5, 1, 3, 2, 4, 6, 7].map((ms) => `took ${ms} ms`).join('\n'),
			'a_n2.txt': 'took 8 ms\ntook 10 ms',
			'b_a_n2.txt': 'took 20 ms',
		});
		const {out} = await runTriton(
			[
				'logs',
				'.',
				'--name',
				String.raw`(?<label>a)_(?<parameter>n)(?<value>\d+)`,
				'--value',
				String.raw`took (?<value>\d+) ms`,
				'--unit',
				'ms',
				'--metric',
				'Time',
				'--format',
				'jsonl',
			],
			folder,
		);
		expect(
			rowsOf(out).map((row) => [
				row['Time (ms)'],
				row['Interval Low'],
				row['Interval High'],
				row['N'],
				row['Unit Of N'],
			]),
		).toEqual([
			// Of seven values, the least and the largest enclose the median in 98 of 100 cases.
			[4, 1, 7, 7, 'value'],
			[14.5, null, null, 2, 'file'],
		]);
	});

	it('warns of logs without the number, and of numbers that are none', async () => {
		const folder = writeLogs({
			...four,
			'gpu_mu300.log': 'killed',
			'gpu_mu40.log': traccc('0', 'inf') + traccc('2', '500'),
		});
		const {err, exitCode} = await runTriton(['logs', '.'], folder);
		expect(exitCode).toBe(0);
		expect(err).toMatch(/1 log without the number: gpu_mu300\.log/);
		expect(err).toMatch(/1 log with numbers that are none .*gpu_mu40\.log/);
	});

	it.each([
		[['logs'], /no log was given/],
		[['logs', 'missing.log'], /missing\.log cannot be read/],
		[['logs', '.', '--value', '('], /--value "\(" is no regular expression/],
		[['logs', '.', '--value', 'x(?<value>y)'], /none of 4 logs holds the number/],
		[['logs', '.', '--name', 'mu'], /neither a group named label nor one named value/],
		[['logs', '.', '--name', '(?<label>tpu)'], /does not fit --name/],
		[['logs', '.', '--unit', 'ms'], /--unit says what --value finds/],
		[['logs', '.', '--baseline', 'tpu'], /there is no such label/],
		[['logs', '.', '--format', 'xml'], /--format takes one of/],
	])('%j is refused', async (argv, message) => {
		const {exitCode, err, out} = await runTriton(argv, writeLogs(four));
		expect([exitCode, out]).toEqual([2, '']);
		expect(err).toMatch(message);
	});

	it('refuses names of several parameters', async () => {
		const folder = writeLogs({'gpu_mu20.log': traccc('1', '1'), 'gpu_n20.log': traccc('1', '1')});
		const {err} = await runTriton(['logs', '.'], folder);
		expect(err).toMatch(/several parameters: mu, n/);
	});
});
