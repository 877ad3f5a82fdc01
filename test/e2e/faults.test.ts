/** What goes wrong, and what is then on the screen, on the disk and among the processes. Real nsys, real programs. */

import {spawnSync} from 'node:child_process';
import {chmodSync, existsSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {ProcessResult} from '../../schemas/benchmark-result.ts';
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
import {buildTrace} from '../support/trace-builder.ts';

const faults = path.join(projectRoot, 'test/fixtures/programs/faults.py');
const readOutcomes = (out: string) =>
	readJsonFile(Manifest, path.join(out, 'run.json')).workers.map(({outcome}) => outcome);
const readResult = (out: string): ProcessResult =>
	readJsonFile(ProcessResult, path.join(out, 'proc_0_gpu_0/benchmark.json'));
const codes = (result: ProcessResult): readonly string[] => result.warnings.map(({code}) => code);

describe('the command line', () => {
	it.each([
		['a script that does not exist', ['nothing.py'], /nothing\.py/],
		['-np 0', ['-np', '0', 'true'], /num-processes.*at least 1, not "0"/],
		['-np many', ['-np', 'many', 'true'], /not "many"/],
		['GPUs that the machine does not have', ['-ng', '99', 'true'], /-ng 99/],
		['an unknown option', ['--bogus', 'true'], /bogus/],
		['no program', ['-np', '2'], /no program/],
		["-o among the program's arguments", [faults, '-o', '/tmp', 'none'], /-o/],
		['--output_dir among them', [faults, '--output_dir=/tmp', 'none'], /output_dir/],
		['a broken --batch', ['--batch', '(', 'true'], /no regular expression/],
		['a --batch without an index', ['--batch', 'step', 'true'], /no group named index/],
		['an nsys that is not there', ['--nsys', '/nowhere/nsys', 'true'], /\/nowhere\/nsys/],
		['two clocks at once', ['-m', '--lock-clocks', 'base', 'true'], /both set the graphics clock/],
		['reprocess without input', ['reprocess'], /no input/],
		['reprocess of nothing', ['reprocess', '/nowhere'], /\/nowhere does not exist/],
		['an option without its value', ['-np'], /--help lists the options/],
		['the same run twice', ['reprocess', 'README.md', 'README.md'], /given twice/],
		['what is no trace', ['reprocess', 'README.md'], /is no trace/],
		['a report of nothing', ['report', '/nowhere'], /\/nowhere does not exist/],
		['an unknown schema', ['schema', 'bogus'], /takes one name/],
	])('refuses %s with 2 and a sentence', async (_name, argv, message) => {
		const out = temporaryFolder('usage');
		const ended = await runBenchmark(argv, {env: {BENCHMARK_TEST: out}});
		expect(ended.stderr).toMatch(message);
		expect(ended.stderr).not.toMatch(/\n\s+at /);
		expect(ended.exitCode).toBe(2);
	});

	it('gives the failure as JSON too', async () => {
		const ended = await runBenchmark(['--json', 'nothing.py']);
		expect(JSON.parse(ended.stdout)).toMatchObject({exitCode: 2, failure: {kind: 'user'}});
	});

	it('writes results over no other run, and exports over no file that is not ours', async () => {
		const folder = temporaryFolder('others');
		const trace = path.join(folder, 'trace.sqlite');
		buildTrace(trace, {ranges: [{name: 'batch_0', start: 0, end: 9}]});
		writeFileSync(path.join(folder, 'run.json'), '{}');
		const over = await runBenchmark(['reprocess', '-o', folder, trace]);
		expect(over.exitCode).toBe(2);
		expect(over.stderr).toMatch(/holds a run of its own/);
		expect(existsSync(path.join(folder, 'proc_0_gpu_0'))).toBe(false);

		writeFileSync(path.join(folder, 'trace.nsys-rep'), 'a report');
		const nsys = path.join(folder, 'nsys');
		writeFileSync(nsys, '#!/bin/sh\necho "NVIDIA Nsight Systems version 2023.4.4.54-0"\n');
		chmodSync(nsys, 0o755);
		const argv = [
			'reprocess',
			'--nsys',
			nsys,
			'--keep-sqlite',
			path.join(folder, 'trace.nsys-rep'),
		];
		const kept = await runBenchmark(argv);
		expect(kept.exitCode).toBe(2);
		expect(kept.stderr).toMatch(/exists already/);
	});

	it('keeps results of an earlier call from standing beside the new ones', async () => {
		const folder = temporaryFolder('stale');
		const [a, b] = ['a.sqlite', 'b.sqlite'].map((name) => path.join(folder, name));
		for (const file of [a, b]) {
			buildTrace(file ?? '', {ranges: [{name: 'batch_0', start: 0, end: 9}]});
		}

		const out = path.join(folder, 'out');
		await runBenchmark(['reprocess', '-o', out, a ?? '', b ?? '']);
		expect(existsSync(path.join(out, 'proc_1_gpu_0/benchmark.json'))).toBe(true);
		await runBenchmark(['reprocess', '-o', out, a ?? '']);
		expect(existsSync(path.join(out, 'proc_1_gpu_0/benchmark.json'))).toBe(false);
		expect(existsSync(path.join(out, 'proc_0_gpu_0/benchmark.json'))).toBe(true);
	});

	it('refuses an nsys that is too old', async () => {
		const folder = temporaryFolder('old-nsys');
		const old = path.join(folder, 'nsys');
		writeFileSync(old, '#!/bin/sh\necho "NVIDIA Nsight Systems version 2019.3.1.94-0"\n');
		chmodSync(old, 0o755);
		const ended = await runBenchmark(['--nsys', old, '-o', folder, 'true']);
		expect(ended.exitCode).toBe(2);
		expect(ended.stderr).toMatch(/2019\.3/);
	});

	it('refuses an output folder that cannot be made', async () => {
		const ended = await runBenchmark(['-o', '/proc/nowhere', 'true']);
		expect(ended.stderr).toMatch(/\/proc\/nowhere/);
		expect([2, 3]).toContain(ended.exitCode);
		expect(ended.stderr).not.toMatch(/\n\s+at /);
	});
});

describeWithNsys('a program that', () => {
	it('exits 3 costs an exit code of 3 and keeps what it measured', async () => {
		const out = temporaryFolder('fault');
		const ended = await runBenchmark(['-o', out, faults, 'exit']);
		expect(ended.exitCode).toBe(3);
		expect(ended.stderr).toMatch(/the disk with the model is gone/);
		expect(readOutcomes(out)).toMatchObject([
			{kind: 'failed', reason: 'program-exit', exitCode: 3, report: 'report.nsys-rep'},
		]);
		expect(codes(readResult(out))).toContain('incomplete');
		expect(existsSync(path.join(out, 'benchmark_mean.json'))).toBe(false);
	});

	it('dies of a signal is told of by its name', async () => {
		const out = temporaryFolder('fault');
		const ended = await runBenchmark(['-o', out, faults, 'signal']);
		expect(ended.exitCode).toBe(3);
		expect(readOutcomes(out)).toMatchObject([
			{kind: 'failed', reason: 'program-signal', signal: 'SIGSEGV'},
		]);
	});

	it.each(['hang', 'deaf'])('%ss past --timeout is stopped and kept', async (fault) => {
		const out = temporaryFolder('fault');
		const ended = await runBenchmark(['--timeout', '2', '-o', out, faults, fault]);
		expect(ended.exitCode).toBe(3);
		expect(readOutcomes(out)).toMatchObject([{kind: 'timed-out'}]);
		expect(processesWith(out)).toEqual([]);
	});

	it('forgets finalize() gives its numbers all the same', async () => {
		const out = temporaryFolder('fault');
		const ended = await runBenchmark(['-o', out, faults, 'unfinalized']);
		expect(ended.exitCode).toBe(0);
		expect(readResult(out).meta.total_batches).toEqual({'faults/pipeline': 3});
	});

	it('leaves a range open is told so', async () => {
		const out = temporaryFolder('fault');
		const ended = await runBenchmark(['-o', out, faults, 'open-range']);
		expect(ended.exitCode).toBe(0);
		expect(codes(readResult(out)).join()).toMatch(/unfinished/);
		expect(readResult(out).meta.total_batches).toEqual({'faults/pipeline': 3});
	});

	it('prints 100 MB is measured, and its words lie in its log', async () => {
		const out = temporaryFolder('fault');
		const ended = await runBenchmark(['-o', out, faults, 'loud']);
		expect(ended.exitCode).toBe(0);
		expect(ended.stdout.length + ended.stderr.length).toBeLessThan(10_000);
		expect(statSync(path.join(out, 'proc_0_gpu_0/stdout.log')).size).toBe(100 * 1024 * 1024);
	});

	it('has fewer batches than the warm-up eats is told so loudly', async () => {
		const out = temporaryFolder('fault');
		const ended = await runBenchmark(['-w', '2', '-o', out, faults, 'none']);
		expect(ended.exitCode).toBe(0);
		expect(ended.stderr).toMatch(/warning:.*NOTHING IS LEFT AFTER WARM-UP/);
		expect(readResult(out).mean_data).toEqual({'faults/pipeline': {}});
	});

	it('has no ranges at all is told how to get some', async () => {
		const out = temporaryFolder('fault');
		const ended = await runBenchmark(['-o', out, 'true']);
		expect(ended.exitCode).toBe(0);
		expect(ended.stderr).toMatch(/warning:.*NVTX/);
	});
});

describeWithNsys('a run', () => {
	it('on a disk that fills up says so and leaves nothing running', async ({skip}) => {
		const disk = temporaryFolder('disk');
		const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]);
		skip(mounted.status !== 0, 'no right to mount a small disk');
		try {
			const ended = await runBenchmark(['-o', path.join(disk, 'out'), faults, 'loud']);
			expect(ended.exitCode).toBe(3);
			expect(ended.stderr).toMatch(/no space left/i);
			expect(ended.stderr).toMatch(/Make room on that disk/);
			expect(ended.stderr).not.toMatch(/\n\s+at .*\.js/);
			expect(processesWith(disk)).toEqual([]);
		} finally {
			spawnSync('umount', [disk]);
		}
	});

	it('goes on when whoever read its words is gone', async () => {
		const out = temporaryFolder('alone');
		const running = startBenchmark(['-o', out, faults, 'none']);
		running.child.stderr?.destroy();
		running.child.stdout?.destroy();
		expect((await running.ended).exitCode).toBe(0);
		expect(readJsonFile(Manifest, path.join(out, 'run.json')).status).toBe('done');
		expect(existsSync(path.join(out, 'benchmark_mean.json'))).toBe(true);
	});
});

describeWithNsys('Ctrl-C', () => {
	const startHanging = async (out: string) => {
		const running = startBenchmark(['-np', '2', '-o', out, faults, 'hang']);
		const progress = ['proc_0_gpu_0', 'proc_1_gpu_0'].map((name) =>
			path.join(out, name, 'stdout.log'),
		);
		await until(
			() =>
				progress.every((file) => existsSync(file)) &&
				processesWith(faults).filter((line) => line.includes('python')).length >= 2,
			'both programs',
		);
		return running;
	};

	it('once keeps the reports, labels them, and leaves nothing running', async () => {
		const out = temporaryFolder('stopped');
		const running = await startHanging(out);
		running.child.kill('SIGINT');
		const ended = await running.ended;
		expect(ended.exitCode).toBe(128 + os.constants.signals.SIGINT);
		expect(readOutcomes(out).map((outcome) => outcome?.kind)).toEqual(['cancelled', 'cancelled']);
		expect(readJsonFile(Manifest, path.join(out, 'run.json')).status).toBe('interrupted');
		expect(processesWith(out)).toEqual([]);
	});

	it('twice ends everything at once', async () => {
		const out = temporaryFolder('stopped');
		const running = await startHanging(out);
		running.child.kill('SIGINT');
		await until(() => running.stderr().includes('Once more'), 'the first answer');
		running.child.kill('SIGINT');
		const ended = await running.ended;
		expect(ended.exitCode).toBe(128 + os.constants.signals.SIGINT);
		expect(processesWith(out)).toEqual([]);
	});

	it('does not mix what an earlier run left into the next', async () => {
		const out = temporaryFolder('twice');
		await runBenchmark(['-np', '2', '-o', out, faults, 'none']);
		writeFileSync(path.join(out, 'proc_1_gpu_0/engine.plan'), 'cached');
		await runBenchmark(['-o', out, faults, 'none']);
		expect(existsSync(path.join(out, 'proc_1_gpu_0/benchmark.json'))).toBe(false);
		expect(readFileSync(path.join(out, 'proc_1_gpu_0/engine.plan'), 'utf8')).toBe('cached');
	});
});
