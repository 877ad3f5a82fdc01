/** What `benchmark compare` says of files that it cannot compare: one sentence, what to do, exit code 2. */

import {cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {labelInputs} from '../../../cli/compare-inputs.ts';
import {CommandReport} from '../../../schemas/command-report.ts';
import {ComparisonReport} from '../../../schemas/comparison-report.ts';
import {runMain, writeDemoRun, type Answered} from '../../support/compared-runs.ts';
import {writeForeignRun} from '../../support/foreign-runs.ts';

let root: string;
beforeEach(() => {
	root = mkdtempSync(path.join(os.tmpdir(), 'inputs-'));
	writeDemoRun(at('good'));
});
afterEach(() => {
	rmSync(root, {recursive: true});
});

const at = (...names: readonly string[]): string => path.join(root, ...names);

const put = (name: string, content: unknown): string => {
	mkdirSync(path.dirname(at(name)), {recursive: true});
	writeFileSync(at(name), typeof content === 'string' ? content : JSON.stringify(content));
	return name;
};

const compare = async (...argv: readonly string[]): Promise<Answered> =>
	runMain(['compare', ...argv], root);

const refuse = async (argv: readonly string[], message: RegExp): Promise<void> => {
	const {exitCode, stdout, stderr} = await compare(...argv);
	expect(stderr).toMatch(message);
	expect(stderr).not.toMatch(/a bug in benchmark|\n\s+at /);
	expect({exitCode, stdout}).toEqual({exitCode: 2, stdout: ''});
};

const ownProcess = (): Record<string, unknown> =>
	JSON.parse(readFileSync(at('good/repeat_0/proc_0_gpu_0/benchmark.json'), 'utf8')) as Record<
		string,
		unknown
	>;

describe('files that hold nothing to compare', () => {
	it.each([
		[
			'another tool’s JSON',
			{results: [{command: 'sleep 1', mean: 1}]},
			/none of the files.*"results"/,
		],
		['a list', [1, 2], /none of the files.*a list/],
		['a number', 3, /none of the files.*a single value/],
		['no JSON', 'Time (ms): 3', /is not JSON/],
		['nothing', '', /is not JSON/],
		[
			"a program's own list of ranges",
			{data: {'obj/a': [0, 0]}, mean_data: {}, batch_info: {}, inside_batch_info: [], meta: {}},
			/has no times[^]*Measure the program/,
		],
		[
			'a newer format',
			{formatVersion: 2, data: {}},
			/is of format 2, and this version reads format 1/,
		],
		['a file of ours without results', {formatVersion: 1, workers: []}, /holds no results/],
		['half a file of ours', {formatVersion: 1, data: {}}, /looks like a benchmark.json.*mean_data/],
		[
			'seconds',
			{data: {}, mean_data: {}, meta: {measurement_unit: 'seconds'}},
			/times in "seconds", not milliseconds/,
		],
	])('%s', async (_what, content, message) => {
		const file = put('bad.json', content);
		await refuse(['good', file], message);
		await refuse([file, 'good'], message);
	});

	it('name the place of a number that is none', async () => {
		const text = JSON.stringify(ownProcess()).replace(/"cpu_time":[\d.]+/, '"cpu_time":NaN');
		await refuse(['good', put('nan.json', text)], /looks like a benchmark.json.*cpu_time.*NaN/);
	});

	it('include folders of other things, and say where runs are', async () => {
		mkdirSync(at('empty'));
		await refuse(['good', 'empty'], /empty holds no results and no reports/);
		await refuse(['good', '.'], /It holds folders that do, such as good/);
		await refuse(['good', 'missing'], /missing does not exist/);
	});

	it('include runs of which no worker completed', async () => {
		const manifest = JSON.parse(readFileSync(at('good/run.json'), 'utf8')) as {
			workers: {outcome: unknown}[];
		};
		manifest.workers.forEach((worker) => (worker.outcome = null));
		put('lost/run.json', manifest);
		await refuse(['good', 'lost'], /lost is empty: no worker of it completed/);
	});

	it('include runs whose results are gone; their reports can make them again', async () => {
		cpSync(at('good/run.json'), at('bare/run.json'));
		await refuse(
			['good', 'bare'],
			/holds no results of its 5 completed workers[^]*Measure it again/,
		);
		put('bare/repeat_0/proc_0_gpu_0/report.nsys-rep', 'x');
		await refuse(['good', 'bare'], /benchmark reprocess .*bare/);
	});

	it('include reports that are none', async () => {
		await refuse(['good', put('x.sqlite', 'x')], /x\.sqlite/);
	});
});

describe('two sides without anything in common', () => {
	it('are told with ranges of each', async () => {
		writeDemoRun(at('other'), {object: 'else'});
		await refuse(
			['good', 'other'],
			/no range and metric in common[^]*"demo\/pipeline"[^]*"else\/pipeline"/,
		);
	});

	it('are told apart from a selection that fits nothing', async () => {
		writeDemoRun(at('b'));
		await refuse(
			['good', 'b', '--range', 'stage_7'],
			/no range of good and b fits --range and --metric/,
		);
		await refuse(
			['good', 'b', '--metric', 'gpu_time'],
			/good and b have no GPU time[^]*without --metric/,
		);
		await refuse(
			['good', 'b', '--metric', 'gpu_time', '--range', 'stage_1'],
			/good and b have no GPU time/,
		);
		await refuse(['good', 'b', '--metric', 'gpu'], /"gpu" is no metric[^]*gpu_busy_time/);
	});
});

describe('the command line', () => {
	it.each([
		[[], /takes a baseline and one candidate/],
		[['good'], /takes a baseline and one candidate/],
		[['good', 'good'], /was given twice/],
		[['good', './good/../good'], /was given twice/],
		[['good', 'b', '--format', 'xml'], /--format takes one of table, markdown, csv, json/],
		[['good', 'b', '--sort', 'size'], /--sort takes one of impact/],
		[['good', 'b', '--kernels', '-1'], /--kernels takes a whole number/],
		[['good', 'b', '--nope'], /Unknown argument/],
		[['-b', 'good'], /need -b <folder> and -c <folder>/],
	] as const)('%j is refused', async (argv, message) => {
		writeDemoRun(at('b'));
		await refuse(argv, message);
	});

	it.each([['--json'], ['--format', 'json'], ['--format=json']])(
		'answers in JSON where asked for it, also of a failure: %j',
		async (...flags) => {
			const {exitCode, stdout} = await compare('good', 'missing', ...flags);
			expect(exitCode).toBe(2);
			expect(CommandReport.parse(JSON.parse(stdout))).toMatchObject({
				exitCode: 2,
				failure: {
					kind: 'user',
					message: expect.stringContaining('missing does not exist') as string,
				},
			});
		},
	);

	it('answers in one format', async () => {
		const {exitCode, stderr} = await compare('good', 'b', '--json', '--format', 'csv');
		expect(stderr).toMatch(/--json and --format csv exclude each other/);
		expect(exitCode).toBe(2);
	});

	it('has a help', async () => {
		const {stdout, exitCode} = await compare('--help');
		expect(exitCode).toBe(0);
		expect(stdout).toMatch(/ -bn, --baseline-name/);
		expect(stdout).toMatch(/--despite-differences/);
	});
});

describe('what is left out of a run', () => {
	it('is told: workers that did not complete, and runs that did not end', async () => {
		writeDemoRun(at('b'), {extraNs: 1, manifest: {status: 'interrupted'}});
		rmSync(at('b/repeat_1/proc_0_gpu_0/benchmark.json'));
		const file = at('b/repeat_2/proc_0_gpu_0/benchmark.json');
		const result = JSON.parse(readFileSync(file, 'utf8')) as {warnings: unknown[]};
		result.warnings.push({code: 'incomplete', message: 'It did not complete.'});
		writeFileSync(file, JSON.stringify(result));
		const {stdout} = await compare('good', 'b', '--json');
		const [candidate] = ComparisonReport.parse(JSON.parse(stdout)).candidates;
		expect(candidate?.input).toMatchObject({processes: 3, processesPlanned: 5});
		expect(candidate?.notes.map(({code}) => code)).toEqual([
			'workers-missing',
			'not-in-turn',
			'unfinished-run',
		]);
	});

	it('mixes no writers', async () => {
		writeForeignRun(at('mixed'));
		put('mixed/proc_9_gpu_0/benchmark.json', ownProcess());
		await refuse(['good', 'mixed'], /mixes files of different writers/);
	});
});

describe('labelInputs', () => {
	it.each([
		[
			['/x/a', '/x/b'],
			['a', 'b'],
		],
		[
			['/x/old/run', '/x/new/run'],
			['old/run', 'new/run'],
		],
		[
			['/x/a/benchmark_mean.json', '/x/b'],
			['a/benchmark_mean.json', 'x/b'],
		],
		[
			['/r/a/proc_0_gpu_0/benchmark.json', '/r/b/proc_0_gpu_0/benchmark.json'],
			['a/proc_0_gpu_0/benchmark.json', 'b/proc_0_gpu_0/benchmark.json'],
		],
		[
			['/a', '/b/a'],
			['a', 'b/a'],
		],
	])('%j are called %j', (paths, labels) => {
		expect(labelInputs(paths)).toEqual(labels);
	});
});
