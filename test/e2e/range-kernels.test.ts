/** `benchmark ranges --kernels` and `--chrome-trace` as a user runs them, on built exports. */

import {mkdirSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {readTrace} from '../support/chrome-trace.ts';
import {runBenchmark, temporaryFolder} from '../support/command.ts';
import {nameKernels} from '../support/name-kernels.ts';
import {buildTrace} from '../support/trace-builder.ts';

/** A range that launches two kernels, one of them by a call that was recorded twice. */
const buildStep = (folder: string, name: string): string =>
	buildTrace(
		path.join(folder, name),
		{
			ranges: [{name: 'step', start: 0, end: 100, pid: 7}],
			calls: [
				{correlation: 1, start: 10, end: 20, pid: 7},
				{correlation: 1, start: 12, end: 18, pid: 7},
				{correlation: 2, start: 30, end: 40, pid: 7},
			],
			kernels: [
				{correlation: 1, start: 50, end: 60, pid: 7},
				{correlation: 2, start: 60, end: 90, pid: 7},
			],
		},
		nameKernels({demangledName: ['void add<float, 4>()', 'mul()'], shortName: ['add', 'mul']}),
	);

describe('benchmark ranges --kernels', () => {
	it('has a row for each range and kernel, by our rules and by NVIDIA', async () => {
		const folder = temporaryFolder('range-kernels');
		buildStep(folder, 'one.sqlite');
		const argv = ['ranges', '--kernels', '--format', 'csv', 'one.sqlite'];
		const {exitCode, stdout} = await runBenchmark(argv, {cwd: folder});
		expect(exitCode).toBe(0);
		expect(stdout.trimEnd().split('\n')).toEqual([
			'NVTX Range,Style,PID,TID,NVTX Inst,Kern Inst,Total Time (ns),Avg (ns),Med (ns),Min (ns),Max (ns),StdDev (ns),Kernel Name',
			'step,PushPop,7,7,1,1,30,30,30,30,30,0,mul()',
			'step,PushPop,7,7,1,1,10,10,10,10,10,0,"void add<float, 4>()"',
		]);
		const nvidias = await runBenchmark([...argv, '--nvidia-rules'], {cwd: folder});
		expect(nvidias.stdout).toContain(
			'step,PushPop,7,7,1,1,20,10,10,10,10,0,"void add<float, 4>()"',
		);
	});

	it('merges several inputs', async () => {
		const folder = temporaryFolder('range-kernels');
		buildStep(folder, 'one.sqlite');
		buildStep(folder, 'two.sqlite');
		const {stdout} = await runBenchmark(
			['ranges', '--kernels', '--format', 'tsv', 'one.sqlite', 'two.sqlite'],
			{cwd: folder},
		);
		const cells = stdout
			.trimEnd()
			.split('\n')
			.map((line) => line.split('\t'));
		expect(cells.map((row) => [row[0], row[1], row.at(-1)])).toEqual([
			['File', 'NVTX Range', 'Kernel Name'],
			['one.sqlite', 'step', 'mul()'],
			['one.sqlite', 'step', 'void add<float, 4>()'],
			['two.sqlite', 'step', 'mul()'],
			['two.sqlite', 'step', 'void add<float, 4>()'],
		]);
	});

	it.each(['--trace', '--summary', '--detail'])('excludes %s', async (option) => {
		const folder = temporaryFolder('range-kernels');
		const {exitCode, stderr} = await runBenchmark(['ranges', '--kernels', option, 'a.sqlite'], {
			cwd: folder,
		});
		expect(exitCode).toBe(2);
		expect(stderr).toContain(`--kernels and ${option} exclude each other`);
	});
});

describe('benchmark ranges --chrome-trace', () => {
	it('writes calls, kernels by their short names, and arrows between them', async () => {
		const folder = temporaryFolder('range-kernels');
		buildStep(folder, 'one.sqlite');
		const {exitCode, stderr} = await runBenchmark(
			['ranges', '--chrome-trace', 'out.json', 'one.sqlite'],
			{cwd: folder},
		);
		expect(exitCode).toBe(0);
		expect(stderr).toContain('out.json');
		const {slices} = readTrace(readFileSync(path.join(folder, 'out.json'), 'utf8'));
		expect(slices.map(({thread, name, flow}) => [thread, name, flow?.id])).toEqual([
			['thread 7', 'step', undefined],
			['thread 7', 'cudaLaunchKernel', 1],
			['thread 7', 'cudaLaunchKernel', undefined],
			['thread 7', 'cudaLaunchKernel', 2],
			['ranges of thread 7', 'step', undefined],
			['stream 7', 'add', 1],
			['stream 7', 'mul', 2],
		]);
	});

	it.each([
		['absent/out.json', 2, 'no timeline can be written there'],
		['folder', 3, 'folder cannot be written'],
	])('leaves nothing behind where %s cannot be written', async (out, code, message) => {
		const folder = temporaryFolder('range-kernels');
		buildStep(folder, 'one.sqlite');
		mkdirSync(path.join(folder, 'folder'));
		const {exitCode, stderr} = await runBenchmark(['ranges', '--chrome-trace', out, 'one.sqlite'], {
			cwd: folder,
		});
		expect(stderr).toContain(message);
		expect(exitCode).toBe(code);
		expect(readdirSync(folder)).toEqual(['folder', 'one.sqlite']);
	});
});
