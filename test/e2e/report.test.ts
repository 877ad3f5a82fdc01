/** `benchmark report` on what the other commands really leave: runs, failed and unfinished ones, ab, studies, and what is none. */

import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {formatMilliseconds} from '../../report/format.ts';
import {MeanResult} from '../../schemas/benchmark-result.ts';
import {ComparisonReport} from '../../schemas/comparison-report.ts';
import {readJsonFile} from '../../schemas/json-file.ts';
import {Manifest} from '../../schemas/manifest.ts';
import {projectRoot, runBenchmark, temporaryFolder} from '../support/command.ts';
import {attributeOf, expectSoundPage, findAll, textOf} from '../support/html.ts';
import {describeWithNsys} from '../support/nsys.ts';

const program = path.join(projectRoot, 'samples/python/five_stages.py');
const programArguments = ['--wait', '-n', '6'];

type Root = ReturnType<typeof expectSoundPage>;

/** Every link to a file leads there, from where the page lies. */
const expectLinks = (root: Root, page: string): readonly string[] => {
	const targets = findAll(root, 'a')
		.map((link) => attributeOf(link, 'href') ?? '')
		.filter((target) => !target.startsWith('#'));
	const missing = targets.filter(
		(target) => !existsSync(path.resolve(path.dirname(page), decodeURIComponent(target))),
	);
	expect(missing).toEqual([]);
	return targets;
};

const report = async (...argv: readonly string[]): Promise<{page: string; root: Root}> => {
	const ended = await runBenchmark(['report', ...argv]);
	expect(ended.stderr).toBe('');
	expect(ended.exitCode).toBe(0);
	const page = ended.stdout.trim();
	const root = expectSoundPage(readFileSync(page, 'utf8'));
	expectLinks(root, page);
	expect(readdirSync(path.dirname(page)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
	return {page, root};
};

const titlesOf = (root: Root): readonly string[] => findAll(root, 'h2').map(textOf);

const expectRefused = async (argv: readonly string[], message: RegExp): Promise<void> => {
	const ended = await runBenchmark(['report', ...argv]);
	expect(ended.stderr).toMatch(message);
	expect(ended.stdout).toBe('');
	expect(ended.exitCode).toBe(2);
};

describeWithNsys('report of a run', () => {
	const base = mkdtempSync(path.join(os.tmpdir(), 'report-'));
	const run = path.join(base, 'run');
	afterAll(() => rmSync(base, {recursive: true, force: true}));
	beforeAll(async () => {
		const argv = ['-np', '2', '--repeat', '2', '-w', '1', '-o', run, program, ...programArguments];
		expect((await runBenchmark(argv)).exitCode).toBe(0);
	}, 180_000);

	const copyRun = (): string => {
		const folder = path.join(temporaryFolder('report'), 'run');
		cpSync(run, folder, {recursive: true});
		return folder;
	};

	const changeManifest = (folder: string, change: (manifest: Manifest) => Manifest): void => {
		const file = path.join(folder, 'run.json');
		const manifest = change(readJsonFile(Manifest, file));
		writeFileSync(file, JSON.stringify(Manifest.parse(manifest)));
	};

	it('has the numbers of the run, its batches, facts, workers and files', async () => {
		const {page, root} = await report(run);
		expect(page).toBe(path.join(run, 'report.html'));
		expect(titlesOf(root)).toEqual([
			'To know',
			'Ranges',
			'Throughput',
			'Batches over time',
			'What was run',
			'Workers',
			'Files',
		]);
		const {stats} = readJsonFile(MeanResult, path.join(run, 'benchmark_mean.json'));
		const cells = findAll(root, 'td').map(textOf);
		for (const [name, {cpu_time: time}] of Object.entries(stats)) {
			expect(cells, name).toContain(formatMilliseconds(time.median));
		}

		// Four processes of six batches: the first and the last are hollow.
		const marks = findAll(root, '*').filter(
			(element) => attributeOf(element, 'class')?.startsWith('mark ') === true,
		);
		const hollow = marks.filter((mark) => attributeOf(mark, 'class')?.includes('hollow') === true);
		// One of each process in the legend.
		expect(marks).toHaveLength(24 + 2);
		expect(hollow).toHaveLength(8);
		const links = expectLinks(root, page);
		expect(links).toContain('repeat_1/proc_1_gpu_0/report.nsys-rep');
		expect(links).toContain('benchmark_mean.json');
		expect(textOf(root)).toContain(`--repeat 2 -w 1 -o ${run}`);
	});

	it('leads to the files from elsewhere too', async () => {
		const folder = temporaryFolder('report');
		const {page, root} = await report(run, '-o', path.join(folder, 'a b', 'x#y.html'));
		expect(page).toBe(path.join(folder, 'a b', 'x#y.html'));
		expect(expectLinks(root, page).length).toBeGreaterThan(20);
		const other = await report(path.join(run, 'run.json'), '-o', folder);
		expect(other.page).toBe(path.join(folder, 'report.html'));
	});

	it('tells of a run that never ended', async () => {
		const folder = copyRun();
		rmSync(path.join(folder, 'benchmark_mean.json'));
		changeManifest(folder, (manifest) => ({
			...manifest,
			status: 'running',
			endedAt: null,
			workers: manifest.workers.map((worker) => ({...worker, outcome: null})),
		}));
		const {root} = await report(folder);
		expect(textOf(root)).toContain('The run has no results yet.');
		expect(textOf(root)).toContain('not ended');
		expect(textOf(root)).toContain('no end known');
		expect(titlesOf(root)).toContain('Batches over time');
	});

	it('goes on without a result that cannot be read, and says so', async () => {
		const folder = copyRun();
		writeFileSync(path.join(folder, 'repeat_0/proc_1_gpu_0/benchmark.json'), '{"half');
		const {root} = await report(folder);
		const [warning] = findAll(root, 'li', {class: 'warning'}).filter((item) =>
			textOf(item).includes('proc_1_gpu_0/benchmark.json is not JSON'),
		);
		expect(warning).toBeDefined();
	});

	it('is made of means without a manifest', async () => {
		const folder = copyRun();
		rmSync(path.join(folder, 'run.json'));
		const {root} = await report(folder);
		expect(titlesOf(root)).toContain('Workers');
		expect(titlesOf(root)).not.toContain('What was run');
	});

	it('refuses means that are none, and parts of a run', async () => {
		const folder = copyRun();
		writeFileSync(path.join(folder, 'benchmark_mean.json'), '{}');
		await expectRefused([folder], /benchmark_mean.json is not/);
		await expectRefused([path.join(folder, 'repeat_0')], /is a part of a run\nGive the run: /);
		await expectRefused([path.join(folder, 'repeat_0/proc_0_gpu_0')], /is a part of a run/);
	});

	it('goes with the numbers that it shows, and leaves pages of others alone', async () => {
		const folder = copyRun();
		const own = path.join(folder, 'report.html');
		await report(folder);
		expect((await runBenchmark(['reprocess', folder])).exitCode).toBe(0);
		expect(existsSync(own)).toBe(false);

		writeFileSync(own, '<html>of a test runner</html>');
		await expectRefused([folder], /report.html is there, and benchmark did not write it/);
		expect((await runBenchmark(['-o', folder, 'true'])).exitCode).toBe(0);
		expect(readFileSync(own, 'utf8')).toBe('<html>of a test runner</html>');
	});

	it('tells why no worker completed', async () => {
		const folder = path.join(temporaryFolder('report'), 'failed');
		const script = path.join(path.dirname(folder), 'fail.py');
		writeFileSync(script, 'import sys\nsys.exit("<b>no camera</b>")\n');
		expect((await runBenchmark(['-np', '2', '-o', folder, script])).exitCode).toBe(3);
		const {root} = await report(folder);
		expect(findAll(root, 'li', {class: 'failure'})).toHaveLength(1);
		expect(findAll(root, 'pre').map(textOf).join()).toContain('<b>no camera</b>');
		expect(textOf(root)).toContain('No worker completed');
	}, 60_000);

	it('has a comparison with both sides', async () => {
		const folder = path.join(temporaryFolder('report'), 'ab');
		const command = [program, ...programArguments].join(' ');
		const sides = ['--a', command, '--b', `${command} --slower infer --by 50`];
		const ended = await runBenchmark(['ab', '-o', folder, '--rounds', '3', ...sides]);
		expect(ended.exitCode).toBe(0);
		const {page, root} = await report(folder);
		const {candidates} = readJsonFile(ComparisonReport, path.join(folder, 'comparison.json'));
		const groups = findAll(root, 'th', {scope: 'rowgroup'}).map(textOf);
		for (const {path: name} of candidates[0]?.comparisons ?? []) {
			expect(groups).toContain(name);
		}

		expect(findAll(root, 'details', {class: 'side'})).toHaveLength(2);
		const links = expectLinks(root, page);
		expect(links).toEqual(expect.arrayContaining(['a', 'b', 'comparison.json', 'b/run.json']));

		rmSync(path.join(folder, 'b'), {recursive: true});
		const without = await report(folder);
		expect(findAll(without.root, 'details', {class: 'side'})).toHaveLength(1);

		cpSync(path.join(folder, 'a'), path.join(folder, 'b'), {recursive: true});
		rmSync(path.join(folder, 'comparison.json'));
		await expectRefused([folder], /has no comparison.json.*\n.*benchmark compare/);
	}, 180_000);
});

describe('report of a study', () => {
	it('has its points, pictures and answers', async () => {
		const folder = path.join(temporaryFolder('report'), 'study');
		const log = path.join(projectRoot, 'test/fixtures/perf-analyzer/gpu_2instances.log');
		const argv = ['triton', 'import', '-o', folder, '--plots', 'svg', log];
		expect((await runBenchmark(argv)).exitCode).toBe(0);
		const {page, root} = await report(folder);
		expect(titlesOf(root)).toEqual(expect.arrayContaining(['Pictures', 'Points', 'Files']));
		expect(findAll(root, 'figure').length).toBeGreaterThan(0);
		expect(expectLinks(root, page)).toContain('study.json');
		writeFileSync(path.join(folder, 'study.json'), '{"formatVersion": 1, "points": [{}]}');
		await expectRefused([folder], /study.json is not study.json/);
	});
});

describe('report of something else', () => {
	it('says what it takes', async () => {
		const folder = temporaryFolder('report');
		const next = /Give the folder that was named with -o/;
		await expectRefused([], next);
		await expectRefused([folder, folder], next);
		await expectRefused([folder], /holds no run, no comparison and no study\nGive the folder/);
		await expectRefused([path.join(projectRoot, 'README.md')], /takes a folder, and .* is a file/);
		const exported = path.join(folder, 'a.nsys-rep');
		writeFileSync(exported, '');
		await expectRefused([exported], /benchmark reprocess -o OUT/);
		mkdirSync(path.join(folder, 'alone'));
		writeFileSync(path.join(folder, 'alone/report.nsys-rep'), '');
		await expectRefused([path.join(folder, 'alone')], /benchmark reprocess -o OUT/);
		await expectRefused([folder, '--bogus'], /--help lists the options/);
	});

	it('writes no page where none is wanted', async () => {
		const folder = temporaryFolder('report');
		const study = '{"formatVersion": 1, "points": [], "warnings": []}';
		writeFileSync(path.join(folder, 'study.json'), study);
		const data = path.join(folder, 'data.csv');
		writeFileSync(data, 'mine');
		await expectRefused([folder, '-o', data], /a page ends in .html/);
		expect(readFileSync(data, 'utf8')).toBe('mine');
		for (const target of ['/proc/nowhere/x.html', path.join(data, 'x.html')]) {
			const ended = await runBenchmark(['report', folder, '-o', target]);
			expect(ended.stderr).toMatch(/cannot be written/);
			expect(ended.exitCode).toBe(3);
		}

		expect(readdirSync(folder).toSorted()).toEqual(['data.csv', 'study.json']);
	});
});
