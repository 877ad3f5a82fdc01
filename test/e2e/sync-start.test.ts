/** `--sync-start` on the real nsys: who begins when, and that nobody waits for ever. */

import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {MeanResult, ProcessResult} from '../../schemas/benchmark-result.ts';
import {readJsonFile} from '../../schemas/json-file.ts';
import {Manifest} from '../../schemas/manifest.ts';
import {
	processesWith,
	projectRoot,
	runBenchmark,
	startBenchmark,
	temporaryFolder,
	until,
} from '../support/command.ts';
import {describeWithNsys} from '../support/nsys.ts';

const together = path.join(projectRoot, 'test/fixtures/programs/together.py');
const readMean = (out: string): MeanResult =>
	readJsonFile(MeanResult, path.join(out, 'benchmark_mean.json'));
const readResult = (out: string, process: number): ProcessResult =>
	readJsonFile(ProcessResult, path.join(out, `proc_${process}_gpu_0/benchmark.json`));
const readManifest = (out: string): Manifest => readJsonFile(Manifest, path.join(out, 'run.json'));
const codes = ({warnings}: MeanResult | ProcessResult): readonly string[] =>
	warnings.map(({code}) => code);

/** When each process that has batches began its first one, ns. */
const firstBatches = (out: string): readonly number[] =>
	readdirSync(out)
		.filter((name) => name.startsWith('proc_'))
		.map((name) => readFileSync(path.join(out, name, 'stdout.log'), 'utf8'))
		.filter((text) => text !== '')
		.map((text) => Number(text.split('\n', 1)[0]));

const spread = (times: readonly number[]): number => Math.max(...times) - Math.min(...times);
const throughputOf = (out: string) => readMean(out).stats['together/pipeline']?.throughput;

describe('the options', () => {
	it.each([
		[['--sync-timeout', '5'], /--sync-timeout needs --sync-start/],
		[['--sync-start', '--sync-timeout', '0'], /seconds above 0, not "0"/],
		[['--sync-start', '--sync-timeout', 'soon'], /not "soon"/],
	])('%j are refused', async (options, message) => {
		const ended = await runBenchmark([...options, 'true']);
		expect(ended.stderr).toMatch(message);
		expect(ended.exitCode).toBe(2);
	});
});

describeWithNsys('with --sync-start', () => {
	it('three processes begin together, run side by side, and no time holds the wait', async () => {
		const [free, held] = [temporaryFolder('free'), temporaryFolder('held')];
		await runBenchmark(['-np', '3', '-o', free, together, 'none']);
		const ended = await runBenchmark(['--sync-start', '-np', '3', '-o', held, together, 'none']);
		expect(ended.stderr).not.toContain('error:');
		expect(ended.exitCode).toBe(0);

		const [apart, near] = [spread(firstBatches(free)), spread(firstBatches(held))];
		expect(near).toBeLessThan(apart / 5);
		expect(throughputOf(held)?.overlap).toBeGreaterThan(0.9);
		expect(throughputOf(held)?.overlap).toBeGreaterThan(throughputOf(free)?.overlap ?? 1);
		expect(throughputOf(held)?.common_time).toBeGreaterThan(0);
		expect(codes(readMean(free)).join()).toMatch(/low-overlap/);
		expect(codes(readMean(held)).join()).not.toMatch(/low-overlap|not-together|not-held/);

		const mean = readMean(held);
		expect(mean.meta.sync_start).toMatchObject({end: 'together', processes: 3});
		// The first one waited while two more were started.
		const waits = [0, 1, 2].map((process) => readResult(held, process).meta.sync_start?.waited);
		expect(Math.max(...waits.map((waited) => waited ?? 0)) * 1e6).toBeGreaterThan(apart / 5);
		for (const process of [0, 1, 2]) {
			const {stats} = readResult(held, process);
			const {cpu_time: whole, cpu_time_minus_warmup: rest} = stats['together/pipeline'] ?? {};
			const batch = stats['together/pipeline/batch_*']?.cpu_time.mean ?? 0;
			// 20 batches and next to nothing between them.
			expect((whole?.mean ?? 0) / (20 * batch)).toBeLessThan(1.1);
			expect((rest?.mean ?? 0) / (18 * batch)).toBeLessThan(1.1);
		}

		expect(readManifest(held).options.syncStartSeconds).toBe(300);
		expect((await runBenchmark(['reprocess', held])).exitCode).toBe(0);
		expect(readMean(held)).toEqual(mean);
	});

	it.each([
		['dies before its first batch', 'dies', 3, ['completed', 'failed', 'completed']],
		['has no batches', 'unmarked', 0, ['completed', 'completed', 'completed']],
	] as const)('the others go on without one that %s', async (_name, odd, exitCode, kinds) => {
		const out = temporaryFolder('odd');
		const ended = await runBenchmark(['--sync-start', '-np', '3', '-o', out, together, odd]);
		expect(ended.exitCode).toBe(exitCode);
		expect(readManifest(out).workers.map(({outcome}) => outcome?.kind)).toEqual(kinds);
		expect(readResult(out, 0).meta.sync_start?.end).toBe('partly');
		expect(readResult(out, 2).meta.sync_start?.end).toBe('partly');
		expect(codes(readMean(out)).includes('not-held')).toBe(odd === 'unmarked');
	});

	it('nobody waits longer than --sync-timeout, and both sides say so', async () => {
		const out = temporaryFolder('timeout');
		const argv = ['--sync-start', '--sync-timeout', '0.2', '-np', '2', '-o', out, together, 'slow'];
		const ended = await runBenchmark(argv);
		expect(ended.exitCode).toBe(0);
		expect(ended.stderr).toMatch(/--sync-timeout/);
		expect(readResult(out, 0).meta.sync_start?.end).toBe('timed-out');
		expect(readResult(out, 1).meta.sync_start).toEqual({waited: 0, end: 'late'});
		expect(codes(readMean(out))).toContain('not-together');
	});

	it('one that hangs is ended by --timeout, and not the one that waited for it', async () => {
		const out = temporaryFolder('patient');
		const argv = ['--sync-start', '--timeout', '4', '-np', '2', '-o', out, together, 'hangs'];
		const ended = await runBenchmark(argv);
		expect(ended.exitCode).toBe(3);
		const kinds = readManifest(out).workers.map(({outcome}) => outcome?.kind);
		expect(kinds).toEqual(['completed', 'timed-out']);
		expect(readResult(out, 0).meta.sync_start?.end).toBe('partly');
		expect(readResult(out, 0).meta.sync_start?.waited).toBeGreaterThan(3000);
	});

	it('workers that wait do not outlive a launcher that is killed', async () => {
		const [out, scratch] = [temporaryFolder('killed'), temporaryFolder('s')];
		const running = startBenchmark(['--sync-start', '-np', '2', '-o', out, together, 'hangs'], {
			env: {TMPDIR: scratch},
		});
		await until(
			() => readdirSync(scratch).some((nb) => existsSync(path.join(scratch, nb, 'start-0/0'))),
			'the first worker at its first batch',
		);
		running.child.kill('SIGKILL');
		await running.ended;
		await until(() => processesWith(out).length === 0, 'the end of all');
		await until(() => readdirSync(scratch).length === 0, 'the removal of its folder');
	});

	it('Ctrl-C lets those that wait go on, so that they can end', async () => {
		const [out, scratch] = [temporaryFolder('stopped'), temporaryFolder('s')];
		const running = startBenchmark(['--sync-start', '-np', '2', '-o', out, together, 'hangs'], {
			env: {TMPDIR: scratch},
		});
		await until(
			() => readdirSync(scratch).some((nb) => existsSync(path.join(scratch, nb, 'start-0/0'))),
			'the first worker at its first batch',
		);
		running.child.kill('SIGINT');
		const {exitCode} = await running.ended;
		expect(exitCode).toBe(130);
		expect(processesWith(out)).toEqual([]);
		expect(readdirSync(scratch)).toEqual([]);
	});
});
