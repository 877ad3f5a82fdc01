/** `benchmark compare` on run folders: which ranges changed, by which metrics, and rounds of `ab`. */

import {describe, expect, it} from 'vitest';
import type {CandidateComparison} from '../../../schemas/comparison-report.ts';
import {
	batches,
	codesOf,
	only,
	useCompareFolder,
	verdictOf,
} from '../../support/compare-command.ts';
import {writeDemoRun} from '../../support/compared-runs.ts';

const {at, ask} = useCompareFolder();

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
