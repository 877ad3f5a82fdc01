/** `benchmark compare` on folders of exports, and the kernels that it tells of ranges that changed. */

import {cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {ComparisonReport, type CandidateComparison} from '../../../schemas/comparison-report.ts';
import {runMain, writeDemoRun} from '../../support/compared-runs.ts';
import {nameKernels} from '../../support/name-kernels.ts';
import {buildTrace, programOn} from '../../support/trace-builder.ts';

let root: string;
beforeEach(() => {
	root = mkdtempSync(path.join(os.tmpdir(), 'traces-'));
});
afterEach(() => {
	rmSync(root, {recursive: true});
});

const at = (...names: readonly string[]): string => path.join(root, ...names);

/** "pipeline > batch_i > decode (load), filter (blur, store)"; one more load stands outside of all. */
const writeTrace = (file: string, {blur = 200, jitter = 0} = {}): void => {
	mkdirSync(path.dirname(file), {recursive: true});
	const program = programOn({pid: 100});
	const named: string[] = [];
	const launch = (kernel: 'load' | 'blur' | 'store', takes: number): void => {
		named.push(kernel);
		program.launch({takes: takes * 1000 + jitter, call: 10});
		program.wait(takes * 1000 + jitter);
	};

	program.push('pipeline');
	for (let index = 0; index < 4; index++) {
		program.push(`batch_${index}`).push('decode');
		launch('load', 100);
		program.pop().push('filter');
		launch('blur', blur + index);
		launch('store', 50);
		program.pop().pop();
	}

	program.pop();
	launch('load', 7);
	buildTrace(file, program.spec, nameKernels({demangledName: named}));
};

const writeTraces = (folder: string, blur: number): string => {
	for (const [index, jitter] of [0, 130, 70, 40].entries()) {
		writeTrace(at(folder, `p${index}.sqlite`), {blur, jitter});
	}

	return folder;
};

const ask = async (...argv: readonly string[]): Promise<CandidateComparison> => {
	const {stdout, stderr} = await runMain(['compare', '--json', ...argv], root);
	expect(stderr).not.toContain('error');
	const [candidate] = ComparisonReport.parse(JSON.parse(stdout)).candidates;
	if (candidate === undefined) {
		throw new Error('no candidate');
	}

	return candidate;
};

describe('folders of exports', () => {
	it('are processes, and their kernels tell which one is slower', async () => {
		const candidate = await ask(writeTraces('a', 200), writeTraces('b', 260), '--kernels', '9');
		expect(candidate.input).toMatchObject({kind: 'traces', processes: 4, repeats: 1});
		const slower = candidate.comparisons.filter(
			({metric, verdict}) => metric === 'gpu_time' && verdict === 'slower',
		);
		expect(slower.map((row) => row.path)).toEqual([
			'pipeline',
			'pipeline/batch_*',
			'pipeline/batch_*/filter',
		]);
		expect(candidate.kernels.map((own) => own.path)).toEqual([null, 'pipeline/batch_*/filter']);
		const [whole, filter] = candidate.kernels;
		// Batches 1 and 2 are no warm-up: blur takes 201 and 202 us, and 60 ns of jitter in the mean.
		expect(filter).toEqual({
			path: 'pipeline/batch_*/filter',
			baseline: 0.25162,
			candidate: 0.31162,
			kernels: [
				{
					kernel: 'blur',
					baseline: 0.20156,
					candidate: 0.26156,
					baselineLaunches: 1,
					candidateLaunches: 1,
				},
				{
					kernel: 'store',
					baseline: 0.05006,
					candidate: 0.05006,
					baselineLaunches: 1,
					candidateLaunches: 1,
				},
			],
			more: 0,
		});
		// Five loads per process, one of them in no range.
		expect(whole?.kernels.find(({kernel}) => kernel === 'load')).toMatchObject({
			baselineLaunches: 5,
			candidateLaunches: 5,
		});
		expect(candidate.notes.map(({code}) => code)).not.toContain('kernels-of-some');
	});

	it('are read as far as asked for, with a word', async () => {
		const [a, b] = [writeTraces('a', 200), writeTraces('b', 260)];
		const some = await ask(a, b, '--kernels', '1');
		expect(some.notes.map(({code}) => code)).toContain('kernels-of-some');
		// The first alone has no jitter.
		expect(some.kernels[1]?.kernels[0]).toMatchObject({kernel: 'blur', baseline: 0.2015});
		expect((await ask(a, b, '--kernels', '0')).kernels).toEqual([]);
	});

	it('count once each, whatever copies there are', async () => {
		const [a, b] = [writeTraces('a', 200), writeTraces('b', 260)];
		for (const index of [1, 2, 3]) {
			cpSync(at('b/p0.sqlite'), at(`b/p${index}.sqlite`));
		}

		const candidate = await ask(a, b);
		expect(candidate.input.processes).toBe(1);
		expect(candidate.notes.find(({code}) => code === 'same-measurement')?.message).toBe(
			'b: p0.sqlite and p1.sqlite are one measurement, copied (their times agree in every digit): it counts once. 2 more files like that.',
		);
		expect(candidate.verdict).toBe('inconclusive');
	});

	it('take warm-up and batches as they are told', async () => {
		const [a, b] = [writeTraces('a', 200), writeTraces('b', 200)];
		const all = await ask(a, b, '-w', '0');
		const paths = (candidate: CandidateComparison): readonly string[] => [
			...new Set(candidate.comparisons.map((row) => row.path)),
		];
		expect(all.input.warmupBatches).toBe(0);
		expect(paths(all)).toContain('pipeline/batch_*/filter');
		const none = await ask(a, b, '--batch', '^no such (?<index>\\d+)$');
		expect(paths(none)).toContain('pipeline/batch_3/filter');
	});
});

describe('runs', () => {
	it('whose exports are still there tell of kernels', async () => {
		for (const [folder, blur] of [
			['a', 200],
			['b', 260],
		] as const) {
			writeDemoRun(at(folder), {gpu: 0.5, factor: blur / 200, stage: 'filter'});
			for (let repeat = 0; repeat < 5; repeat++) {
				writeTrace(at(folder, `repeat_${repeat}/proc_0_gpu_0/report.sqlite`), {blur});
			}
		}

		const candidate = await ask('a', 'b');
		expect(candidate.verdict).toBe('slower');
		// Their ranges have no object here, so none of the run's paths is theirs; the whole program's kernels are.
		expect(candidate.kernels.map((own) => own.path)).toEqual([null]);
		expect(candidate.kernels[0]?.kernels[0]).toMatchObject({kernel: 'blur'});
	});

	it('whose reports cannot be opened say so, and are compared all the same', async () => {
		for (const folder of ['a', 'b']) {
			writeDemoRun(at(folder), {gpu: 0.5, factor: folder === 'a' ? 1 : 1.3});
			writeFileSync(at(folder, 'repeat_0/proc_0_gpu_0/report.sqlite'), 'no database');
		}

		const unread = await ask('a', 'b');
		expect(unread.verdict).toBe('slower');
		expect(unread.notes.at(-1)?.code).toBe('kernels-unread');
		renameSync(
			at('a/repeat_0/proc_0_gpu_0/report.sqlite'),
			at('a/repeat_0/proc_0_gpu_0/report.nsys-rep'),
		);
		const {stdout} = await runMain(['compare', '--json', '--nsys', '/no/nsys', 'a', 'b'], root);
		const [candidate] = ComparisonReport.parse(JSON.parse(stdout)).candidates;
		expect(candidate?.notes.at(-1)?.message).toMatch(/there is no \/no\/nsys/);
	});
});
