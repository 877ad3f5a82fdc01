/** `benchmark compare` on run folders of every writer: verdicts, gate, exit codes. */

import {cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {ComparisonReport, type CandidateComparison} from '../../../schemas/comparison-report.ts';
import type {ComparedMetric, Verdict} from '../../../schemas/comparison.ts';
import {
	runMain,
	writeDemoRun,
	writeForeignRun,
	type Answered,
} from '../../support/compared-runs.ts';

let root: string;
beforeEach(() => {
	root = mkdtempSync(path.join(os.tmpdir(), 'compare-'));
});
afterEach(() => {
	rmSync(root, {recursive: true});
});

const at = (...names: readonly string[]): string => path.join(root, ...names);

const compare = async (...argv: readonly string[]): Promise<Answered> =>
	runMain(['compare', ...argv], root);

/** What --json prints. */
const ask = async (...argv: readonly string[]): Promise<ComparisonReport> => {
	const {stdout, stderr} = await compare('--json', ...argv);
	expect(stderr).not.toContain('error');
	return ComparisonReport.parse(JSON.parse(stdout));
};

const only = ({candidates}: ComparisonReport): CandidateComparison => {
	const [candidate, ...others] = candidates;
	expect(others).toEqual([]);
	if (candidate === undefined) {
		throw new Error('no candidate');
	}

	return candidate;
};

const verdictOf = (
	{comparisons}: CandidateComparison,
	range: string,
	metric: ComparedMetric = 'cpu_time',
): Verdict | undefined =>
	comparisons.find((row) => row.path === range && row.metric === metric)?.verdict;

const codesOf = ({notes}: CandidateComparison): readonly string[] => notes.map(({code}) => code);

const batches = 'demo/pipeline/batch_*';

describe('run folders', () => {
	it('name the stage that changed, and no other', async () => {
		writeDemoRun(at('a'));
		writeDemoRun(at('b'), {factor: 1.1});
		const report = await ask('a', 'b');
		const candidate = only(report);
		expect(verdictOf(candidate, `${batches}/stage_2`)).toBe('slower');
		expect(verdictOf(candidate, `${batches}/stage_1`)).toBe('same');
		expect(candidate.verdict).toBe('slower');
		const row = candidate.comparisons.find(({path: name}) => name.endsWith('stage_2'));
		expect(row?.change).toBeCloseTo(0.1, 6);
		expect(row?.baseline).toMatchObject({n: 5, unit: 'process', repeats: 5, processes: 5});
		expect(report.baseline).toMatchObject({label: 'a', kind: 'run', repeats: 5, processes: 5});
		expect(candidate.input).toMatchObject({label: 'b', processesPlanned: 5, warmupBatches: 1});
		expect(candidate.differences).toEqual([]);
		expect(codesOf(candidate)).toEqual(['not-in-turn']);
	});

	it('give each process the median of its batches', async () => {
		writeDemoRun(at('a'), {repeats: 1});
		writeDemoRun(at('b'), {repeats: 1});
		const {comparisons} = only(await ask('a', 'b'));
		const stage = comparisons.find(({path: name}) => name.endsWith('stage_1'));
		// Batches 1, 2 and 3 are no warm-up; batch i takes 10 ms x (1 + i / 10,000).
		expect(stage?.baseline.median).toBe(10.002);
	});

	it('leave out metrics that say the same again, unless they are asked for', async () => {
		writeDemoRun(at('a'));
		writeDemoRun(at('b'));
		const metrics = ({comparisons}: CandidateComparison): readonly string[] =>
			[...new Set(comparisons.map(({metric}) => metric))].toSorted();
		expect(metrics(only(await ask('a', 'b')))).toEqual([
			'cpu_time',
			'cpu_time_minus_warmup',
			'throughput',
		]);
		const asked = await ask('a', 'b', '--metric', 'cpu_time_per_item,throughput');
		expect(metrics(only(asked))).toEqual(['cpu_time_per_item', 'throughput']);
		expect(asked.options.metrics).toEqual(['cpu_time_per_item', 'throughput']);
	});

	it('compare times per item where the numbers of items differ', async () => {
		writeDemoRun(at('a'), {batches: 5});
		writeDemoRun(at('b'), {batches: 10});
		const candidate = only(await ask('a', 'b'));
		// Twice the batches in twice the time: no slower.
		expect(verdictOf(candidate, 'demo/pipeline')).toBeUndefined();
		expect(verdictOf(candidate, 'demo/pipeline', 'cpu_time_per_item')).toBe('same');
		expect(verdictOf(candidate, `${batches}/stage_2`)).toBe('same');
		expect(candidate.structure).toEqual([
			{path: batches, kind: 'count', baseline: 5, candidate: 10, per: 'process'},
		]);
	});

	it('compare GPU times only where there are any', async () => {
		writeDemoRun(at('a'), {gpu: 0.5});
		writeDemoRun(at('b'), {gpu: 0.6});
		writeDemoRun(at('c'));
		const {candidates} = await ask('a', 'b', 'c');
		const [b, c] = candidates;
		expect(b && verdictOf(b, `${batches}/stage_2`, 'gpu_time')).toBe('slower');
		expect(c?.comparisons.some(({metric}) => metric.startsWith('gpu_'))).toBe(false);
		expect(c && codesOf(c)).toContain('gpu-not-traced');
		// No report is left that could tell of kernels.
		expect(b && codesOf(b)).toContain('reports-gone');
	});

	it('are found by their benchmark_mean.json too', async () => {
		writeDemoRun(at('a'));
		writeDemoRun(at('b'), {factor: 1.1});
		const [folders, means] = [
			await ask('a', 'b'),
			await ask('a/benchmark_mean.json', 'b/benchmark_mean.json'),
		];
		expect(means.baseline.label).toBe('a/benchmark_mean.json');
		expect(only(means).comparisons).toEqual(only(folders).comparisons);
	});

	it('tell of ranges that appeared and vanished, without those inside them', async () => {
		writeDemoRun(at('a'));
		writeDemoRun(at('b'), {stage: 'encode'});
		expect(only(await ask('a', 'b')).structure).toEqual([
			{path: `${batches}/stage_2`, kind: 'vanished', baseline: 1, candidate: null, per: 'batch'},
			{path: `${batches}/encode`, kind: 'appeared', baseline: null, candidate: 1, per: 'batch'},
		]);
	});

	it('average stages only into the geometric mean: what holds them has the same time once more', async () => {
		writeDemoRun(at('a'));
		writeDemoRun(at('b'), {factor: 1.21});
		const {means} = only(await ask('a', 'b'));
		expect(means.map(({comparison}) => comparison.metric)).toEqual(['cpu_time']);
		expect(means[0]?.ranges).toBe(2);
		expect(means[0]?.comparison.change).toBeCloseTo(0.1, 6);
	});
});

describe('what proves nothing', () => {
	it('is a mean without samples', async () => {
		writeDemoRun(at('a'));
		cpSync(at('a/benchmark_mean.json'), at('mean.json'));
		const candidate = only(await ask('a', 'mean.json'));
		expect(candidate.input).toMatchObject({kind: 'mean', processes: 0, repeats: 0});
		expect(candidate.verdict).toBe('inconclusive');
		expect(codesOf(candidate)).toContain('means-only');
		const [row] = candidate.comparisons;
		expect(row?.change).toBeCloseTo(0, 2);
		expect(row).toMatchObject({interval: null, p: null, candidate: {n: 0, processes: 0}});
		expect(row?.reasons).toEqual([{kind: 'means-only', side: 'candidate'}]);
		expect((await compare('a', 'mean.json')).exitCode).toBe(0);
		expect((await compare('a', 'mean.json', '--require-verdict')).exitCode).toBe(4);
	});

	it('is one process, however many batches it has', async () => {
		writeDemoRun(at('a'), {batches: 50});
		writeDemoRun(at('b'), {batches: 50, factor: 2});
		const [one, other] = ['a', 'b'].map((name) =>
			path.join(name, 'repeat_0/proc_0_gpu_0/benchmark.json'),
		) as [string, string];
		const report = await ask(one, other);
		const candidate = only(report);
		expect(report.baseline).toMatchObject({kind: 'process', processes: 1});
		expect(report.baseline.label).toBe('a/repeat_0/proc_0_gpu_0/benchmark.json');
		// Its run tells on what it was measured.
		expect(report.baseline.fingerprint).toContainEqual({
			fact: 'host',
			name: 'machine',
			value: 'box',
		});
		expect(verdictOf(candidate, `${batches}/stage_2`)).toBe('inconclusive');
		expect(codesOf(candidate).filter((code) => code === 'one-process')).toHaveLength(2);
		expect((await compare(one, other, '--require-verdict')).exitCode).toBe(4);
	});

	it('is a run of another machine, unless that does not matter', async () => {
		writeDemoRun(at('a'));
		writeDemoRun(at('b'), {factor: 1.1, machine: {host: 'other', cpu: 'faster CPU'}});
		const candidate = only(await ask('a', 'b'));
		const stage = candidate.comparisons.find(({path: name}) => name.endsWith('stage_2'));
		expect(stage?.verdict).toBe('inconclusive');
		expect(stage?.reasons[0]).toEqual({
			kind: 'sides-differ',
			verdict: 'slower',
			facts: ['host', 'cpu'],
		});
		expect(candidate.differences.map(({fact, putsInDoubt}) => [fact, putsInDoubt])).toEqual([
			['host', true],
			['cpu', true],
		]);
		expect(codesOf(candidate)[0]).toBe('sides-differ');
		const gated = ['a', 'b', '--fail-on', '5%'];
		expect((await compare(...gated)).exitCode).toBe(0);
		expect((await compare(...gated, '--require-verdict')).exitCode).toBe(4);
		expect((await compare(...gated, '--despite-differences')).exitCode).toBe(1);
		expect(
			verdictOf(only(await ask('a', 'b', '--despite-differences')), `${batches}/stage_2`),
		).toBe('slower');
	});

	it('is a run with another warm-up', async () => {
		writeDemoRun(at('a'), {warmup: 1});
		writeDemoRun(at('b'), {warmup: 2, factor: 1.1});
		const {differences, verdict} = only(await ask('a', 'b'));
		expect(differences).toEqual([
			{
				fact: 'warm-up',
				name: 'warm-up batches',
				baseline: '1',
				candidate: '2',
				putsInDoubt: true,
			},
		]);
		expect(verdict).toBe('inconclusive');
	});

	it('is not another program, or another version of a library', async () => {
		writeDemoRun(at('a'), {meta: {python_version: '3.11', args: {batch_size: 4, output_dir: 'x'}}});
		writeDemoRun(at('b'), {
			factor: 1.1,
			manifest: {program: ['demo.py', '--fast']},
			meta: {python_version: '3.12', args: {batch_size: 8, output_dir: 'y'}},
		});
		const {differences, verdict} = only(await ask('a', 'b'));
		expect(differences.map(({fact}) => fact)).toEqual([
			'program',
			'meta.python_version',
			'meta.args.batch_size',
		]);
		expect(verdict).toBe('slower');
	});

	it('is not another container on the same GPU', async () => {
		const gpus = [{index: 0, uuid: 'GPU-1', name: 'A100', driver: '550.1'}];
		writeDemoRun(at('a'), {manifest: {gpus}});
		writeDemoRun(at('b'), {manifest: {gpus}, machine: {host: 'f00d'}, factor: 1.1});
		const {differences, verdict} = only(await ask('a', 'b'));
		expect(differences).toMatchObject([{fact: 'host', putsInDoubt: false}]);
		expect(verdict).toBe('slower');
	});
});

describe('rounds of ab', () => {
	const inTurn = (id: string, side: 'a' | 'b') =>
		({id, side, order: 'abba', seed: null, calibration: false}) as const;

	it('are paired', async () => {
		writeDemoRun(at('a'), {manifest: {inTurn: inTurn('x', 'a')}});
		writeDemoRun(at('b'), {manifest: {inTurn: inTurn('x', 'b')}, factor: 1.002});
		const candidate = only(await ask('a', 'b'));
		expect(candidate.pairing).toBe('rounds');
		// Both sides have the same jitter, round by round: only pairs show so small a change.
		expect(verdictOf(candidate, `${batches}/stage_2`)).toBe('slower');
		expect(candidate.comparisons[0]?.baseline).toMatchObject({unit: 'round', n: 5});
		expect(codesOf(candidate)).toEqual([]);
	});

	it('are not, where they are of another ab', async () => {
		writeDemoRun(at('a'), {manifest: {inTurn: inTurn('x', 'a')}});
		writeDemoRun(at('b'), {manifest: {inTurn: inTurn('y', 'b')}, factor: 1.002});
		const candidate = only(await ask('a', 'b'));
		expect(candidate.pairing).toBe('separate');
		expect(verdictOf(candidate, `${batches}/stage_2`)).not.toBe('slower');
		expect(codesOf(candidate)).toEqual(['not-in-turn']);
	});

	it('that ended early are held to the level of an early end', async () => {
		const repeatsEnd = {reason: 'clear', message: 'Clear.'} as const;
		writeDemoRun(at('a'), {manifest: {inTurn: inTurn('x', 'a'), repeatsEnd}});
		writeDemoRun(at('b'), {manifest: {inTurn: inTurn('x', 'b'), repeatsEnd}, factor: 1.1});
		expect(only(await ask('a', 'b')).comparisons[0]?.interval?.level).toBe(0.999);
	});
});

describe("files of CV-CUDA's launcher", () => {
	it.each([1, 2] as const)('of generation %i have a value per process', async (generation) => {
		writeForeignRun(at('a'), {generation});
		writeForeignRun(at('b'), {generation, factor: 1.1});
		const report = await ask('a', 'b');
		const candidate = only(report);
		expect(report.baseline).toMatchObject({
			kind: 'processes',
			format: generation === 1 ? 'cvcuda-0.4' : 'cvcuda-0.15',
			batchValue: generation === 1 ? 'mean' : 'median',
			processes: 5,
			warmupBatches: null,
		});
		expect(verdictOf(candidate, `${batches}/stage_2`)).toBe('slower');
		expect(verdictOf(candidate, `${batches}/stage_1`)).toBe('same');
		const perItem = await ask('a', 'b', '--metric', 'cpu_time_per_item_minus_warmup');
		expect(verdictOf(only(perItem), 'demo/pipeline', 'cpu_time_per_item_minus_warmup')).toBe(
			'slower',
		);
		expect(codesOf(candidate)).toContain('unknown-fingerprint');
		expect(candidate.structure).toEqual([]);
	});

	it.each([
		[1, 'mean_all_batches', 'mean_data'],
		[2, 'data_mean_all_procs', 'data_stats_minus_warmup_all_procs'],
	] as const)('of generation %i: means alone prove nothing', async (generation, data, stats) => {
		writeForeignRun(at('a'), {generation});
		const one = JSON.parse(readFileSync(at('a/proc_0_gpu_0/benchmark.json'), 'utf8')) as Record<
			string,
			unknown
		>;
		const mean = {
			[data]: one['data'],
			[stats]: one['mean_data'] ?? one['data_stats_minus_warmup'],
			meta: one['meta'],
		};
		writeFileSync(at('mean.json'), JSON.stringify(mean));
		const candidate = only(await ask('a', 'mean.json'));
		expect(candidate.input.kind).toBe('mean');
		expect(verdictOf(candidate, `${batches}/stage_2`)).toBe('inconclusive');
		expect(codesOf(candidate)).toContain('means-only');
	});

	it('can be held against ours, with a word that their values are means', async () => {
		writeForeignRun(at('a'));
		writeDemoRun(at('b'));
		const {differences, comparisons} = only(await ask('a', 'b'));
		expect(differences.map(({fact}) => fact)).toEqual(['batch-value', 'format']);
		expect(comparisons.length).toBeGreaterThan(3);
	});

	it('that hold NaN are not judged there', async () => {
		writeForeignRun(at('a'));
		writeForeignRun(at('b'));
		const file = at('b/proc_0_gpu_0/benchmark.json');
		writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"cpu_time":20', '"cpu_time":NaN'));
		const candidate = only(await ask('a', 'b'));
		const stage = candidate.comparisons.find(({path: name}) => name.endsWith('stage_2'));
		expect(stage).toMatchObject({
			verdict: 'inconclusive',
			reasons: [{kind: 'bad-values', side: 'candidate', value: 'not-a-number', count: 1}],
		});
		expect(verdictOf(candidate, `${batches}/stage_1`)).toBe('same');
		expect(codesOf(candidate)[0]).toBe('bad-values');
	});
});

describe('the exit code', () => {
	it.each([
		[['--fail-on', '5%'], 1],
		[['--fail-on', 'stage_1=5%'], 0],
		[['--fail-on', 'stage_2=20%'], 0],
		[['--fail-on', 'cpu_time_per_item:stage_2=5%'], 1],
		[['--fail-on', '5%', '--range', 'stage_1'], 0],
		[['--fail-on', 'stage_3=5%'], 2],
		[['--fail-on', 'gpu_time=5%'], 2],
		[['--fail-on', '5'], 2],
		[['--require-verdict'], 0],
		[['--require-verdict', '--fail-on', '5%'], 1],
		[[], 0],
	] as const)('for a stage that is 10 %% slower: %j is %i', async (options, exitCode) => {
		writeDemoRun(at('a'));
		writeDemoRun(at('b'), {factor: 1.1});
		expect((await compare('a', 'b', ...options)).exitCode).toBe(exitCode);
	});

	it('says which limit fits nothing, and still shows the comparison', async () => {
		writeDemoRun(at('a'));
		writeDemoRun(at('b'));
		const {stdout, stderr} = await compare('a', 'b', '--fail-on', 'cpu_time:stage_9=5%');
		expect(stderr).toMatch(/no range and metric fits "cpu_time:stage_9"/);
		expect(stdout).toContain('b against a');
	});

	it('is that of the worst candidate', async () => {
		writeDemoRun(at('a'));
		writeDemoRun(at('b'));
		writeDemoRun(at('c'), {factor: 1.1});
		expect((await compare('a', 'b', 'c', '--fail-on', '5%')).exitCode).toBe(1);
		const {candidates, exitCode} = await ask('a', 'b', 'c', '--fail-on', '5%');
		expect(candidates.map(({gate}) => gate?.outcome)).toEqual(['passed', 'regression']);
		expect(exitCode).toBe(1);
	});
});
