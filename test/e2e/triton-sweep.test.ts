/** A sweep whose points die, hang, print nonsense, or are cut off: with a perf_analyzer that does so on demand. */

import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {readJsonFile} from '../../schemas/json-file.ts';
import {Study} from '../../schemas/study.ts';
import {SweepManifest} from '../../schemas/sweep.ts';
import {
	processesWith,
	projectRoot,
	runBenchmark,
	startBenchmark,
	temporaryFolder,
	until,
	type Ended,
	type Running,
} from '../support/command.ts';
import {startKserveStub} from '../support/kserve-stub.ts';

const fake = path.join(projectRoot, 'test/support/fake-perf-analyzer.mjs');

interface Sweep {
	readonly out: string;
	run(more: readonly string[], faults?: object): Promise<Ended>;
	start(more: readonly string[], faults?: object): Running;
	/** Loads that were measured, in their order. */
	calls(): readonly string[];
	manifest(): SweepManifest;
	study(): Study;
}

const prepare = async (): Promise<Sweep> => {
	const folder = temporaryFolder('sweep');
	const out = path.join(folder, 'out');
	const log = path.join(folder, 'calls');
	const url = await startKserveStub('m');
	const argv = ['triton', 'sweep', '-m', 'm', '-u', url, '-o', out, '--perf-analyzer', fake];
	const options = (faults: object) => ({
		env: {FAKE_FAULTS: JSON.stringify(faults), FAKE_LOG: log},
		cwd: folder,
	});
	return {
		out,
		run: (more, faults = {}) => runBenchmark([...argv, ...more], options(faults)),
		start: (more, faults = {}) => startBenchmark([...argv, ...more], options(faults)),
		calls: () =>
			existsSync(log)
				? readFileSync(log, 'utf8')
						.split('\n')
						.filter((line) => line !== '')
						.map((line) => line.split(' ')[0] ?? '')
				: [],
		manifest: () => readJsonFile(SweepManifest, path.join(out, 'sweep.json')),
		study: () => readJsonFile(Study, path.join(out, 'study.json')),
	};
};

const outcomes = ({points}: SweepManifest): readonly unknown[] =>
	points.map(({outcome}) => outcome?.kind ?? null);

describe('a point that goes wrong costs itself alone', () => {
	it('whatever it does', {timeout: 120_000}, async () => {
		const sweep = await prepare();
		const faults = {
			2: 'die',
			3: 'hang',
			4: 'garbage',
			5: 'silent',
			6: 'cut',
			7: 'varies',
			8: 'kill',
		};
		const {exitCode, stderr} = await sweep.run(
			['--concurrency', '1:9', '--point-timeout', '3', '--slo', 'p99=15ms'],
			faults,
		);
		expect(exitCode, stderr).toBe(3);
		expect(stderr).toMatch(/5 points failed; what perf_analyzer said is in .*points/);
		expect(outcomes(sweep.manifest())).toEqual([
			...['measured', 'failed', 'timed-out', 'failed', 'failed', 'measured', 'measured', 'failed'],
			'measured',
		]);
		const {points} = sweep.study();
		expect(points.map(({status}) => status)).toEqual([
			...['stable', 'failed', 'failed', 'failed', 'failed', 'unknown', 'unstable', 'failed'],
			'stable',
		]);
		const reasons = points.map((point) => point.reasons.map(({message}) => message).join('\n'));
		expect(reasons[1]).toMatch(/exit code 99: Thread \[0\] had error: the model said no/);
		expect(reasons[2]).toMatch(/not ended after 3 s.*--point-timeout/);
		expect(reasons[4]).toMatch(/as if all was well, without a result/);
		expect(reasons[5]).toMatch(/no request export \(it ends after \d+ bytes\).*--input-data zero/);
		expect(stderr).toContain('1 of 4 points have no request export');
		expect(reasons[6]).toMatch(/throughput differs by 100 %/);
		expect(reasons[7]).toMatch(/ended by SIGKILL/);
		// 10 ms a request, one after another; the numbers are the export's.
		expect(points[0]?.client).toMatchObject({requestCount: 30, send: 0.005});
		expect(points[0]?.client.throughput).toBeCloseTo(100, 3);
		expect(points[0]?.client.goodput).toBeCloseTo(100, 3);
		// Unstable: measured three times, as perf_analyzer looks at ten windows, and a third came too late.
		expect(sweep.calls().filter((load) => load === '7')).toHaveLength(3);
		expect(points[6]?.client.goodput).toBeLessThan(points[6]?.client.throughput ?? 0);
		expect(processesWith(sweep.out)).toEqual([]);

		const again = await sweep.run(['--concurrency', '1:9', '--point-timeout', '3', '--resume']);
		expect(again.exitCode, again.stderr).toBe(0);
		expect(again.stderr).toContain('going on: 4 of 9 points are measured already');
		expect(sweep.calls().slice(11)).toEqual(['2', '3', '4', '5', '8']);
		// What the failed ones left is kept.
		expect(readdirSync(path.join(sweep.out, 'points'))).toContain(
			'concurrency-2_batch-1_http_repeat-1.attempt-1',
		);
	});

	it('measures again what was not stable', async () => {
		const sweep = await prepare();
		const {exitCode, stderr} = await sweep.run(['--concurrency', '7'], {7: 'varies-once'});
		expect(exitCode, stderr).toBe(0);
		expect(sweep.study().points.map(({status}) => status)).toEqual(['stable']);
		expect(sweep.manifest().points[0]?.attempts).toBe(2);
	});
});

describe('an interrupted sweep', () => {
	it.each([
		['SIGINT', 130],
		['SIGTERM', 143],
		['SIGKILL', null],
	] as const)('goes on after %s with what is missing', async (signal, code) => {
		const sweep = await prepare();
		const grid = ['--concurrency', '1:4', '--repeat', '2'];
		const running = sweep.start(grid, {3: 'hang'});
		await until(() => sweep.calls().includes('3'), 'the third point');
		running.child.kill(signal);
		const {exitCode, stderr} = await running.ended;
		expect(exitCode, stderr).toBe(code);
		await until(() => processesWith(sweep.out).length === 0, 'the end of perf_analyzer', 10_000);
		expect(outcomes(sweep.manifest()).slice(0, 3)).toEqual(['measured', 'measured', null]);
		if (signal !== 'SIGKILL') {
			expect(sweep.manifest().status).toBe('interrupted');
			expect(sweep.study().points).toHaveLength(2);
		}

		const rest = await sweep.run(grid);
		expect(rest.exitCode, rest.stderr).toBe(0);
		expect(sweep.calls()).toEqual(['1', '2', '3', '3', '4', '1', '2', '3', '4']);
		expect(sweep.manifest().status).toBe('done');
		expect(sweep.study().points.map(({repeat}) => repeat)).toEqual([1, 2, 1, 2, 1, 2, 1, 2]);
	});

	it('is never mixed with another', async () => {
		const sweep = await prepare();
		await sweep.run(['--concurrency', '1,2']);
		const other = await sweep.run(['--concurrency', '1,4']);
		expect(other.exitCode).toBe(2);
		expect(other.stderr).toMatch(/holds another sweep \(2 of 2 points\)[\s\S]*--fresh/);
		const same = await sweep.run(['--concurrency', '1,2']);
		expect(same.exitCode).toBe(2);
		expect(same.stderr).toMatch(/this sweep, finished[\s\S]*--resume/);
		expect(sweep.calls()).toEqual(['1', '2']);
		const fresh = await sweep.run(['--concurrency', '1,4', '--fresh']);
		expect(fresh.exitCode, fresh.stderr).toBe(0);
		expect(sweep.calls()).toEqual(['1', '2', '1', '4']);
		expect(readdirSync(path.join(sweep.out, 'points'))).toHaveLength(2);
	});
});

it('refuses a folder in which another sweep works', async () => {
	const sweep = await prepare();
	const running = sweep.start(['--concurrency', '3'], {3: 'hang'});
	await until(() => sweep.calls().includes('3'), 'the point');
	const second = await sweep.run(['--concurrency', '3']);
	expect(second.exitCode, second.stderr).toBe(2);
	expect(second.stderr).toContain('is in use by another call');
	running.child.kill('SIGINT');
	await running.ended;
	expect(sweep.calls()).toEqual(['3']);
	// Nothing holds it any longer, and nothing was left in it.
	expect(readdirSync(sweep.out).toSorted()).toEqual(['points', 'sweep.json']);
	expect((await sweep.run(['--concurrency', '3'])).exitCode).toBe(0);
});

describe('before the first point', () => {
	it('says that there is no server', async () => {
		const {exitCode, stderr} = await runBenchmark(
			['triton', 'sweep', '-m', 'm', '-u', '127.0.0.1:1', '--perf-analyzer', fake],
			{cwd: temporaryFolder('sweep')},
		);
		expect(exitCode).toBe(3);
		expect(stderr).toMatch(/no server answers at http:\/\/127\.0\.0\.1:1\/[\s\S]*npm run triton/);
	});

	it('says that the server does not have the model', async () => {
		const url = await startKserveStub('other');
		const cwd = temporaryFolder('sweep');
		const argv = ['triton', 'sweep', '-m', 'm', '-u', url, '--perf-analyzer', fake];
		const {exitCode, stderr} = await runBenchmark(argv, {cwd});
		expect(exitCode).toBe(3);
		expect(stderr).toMatch(/has no model m that is ready[\s\S]*repository\/index/);
		expect(readdirSync(cwd)).toEqual([]);
	});

	it('refuses a perf_analyzer that is none', async () => {
		const argv = ['triton', 'sweep', '-m', 'm', '--perf-analyzer', '/bin/true'];
		const {exitCode, stderr} = await runBenchmark(argv);
		expect(exitCode).toBe(2);
		expect(stderr).toMatch(/does not say what it is/);
	});
});

it('writes the CSV that was asked for', async () => {
	const sweep = await prepare();
	const {exitCode, stderr} = await sweep.run([
		'--concurrency-range',
		'1:3',
		'-f',
		'gpu_2instances.csv',
	]);
	expect(exitCode, stderr).toBe(0);
	const file = path.join(path.dirname(sweep.out), 'gpu_2instances.csv');
	expect(readFileSync(file, 'utf8')).toBe(
		'Concurrency,Inferences/Second,Client Send,p50 latency\n1,100,5,10000\n2,100,5,10000\n3,100,5,10000\n',
	);
	expect(sweep.study().points[0]).toMatchObject({
		label: 'gpu_2instances',
		device: 'gpu',
		instances: 2,
	});
});
