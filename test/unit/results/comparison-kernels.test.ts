/** Of which ranges a comparison tells kernels, and what it tells of them. */

import {describe, expect, it} from 'vitest';
import {compareKernels, pickKernelPaths} from '../../../results/comparison/kernel-changes.ts';
import type {ComparedInput} from '../../../schemas/comparison-report.ts';
import type {RangeComparison} from '../../../schemas/comparison.ts';
import {ms} from '../../support/measure.ts';

describe('kernels of ranges that changed', () => {
	const comparison = (path: string, over: Partial<RangeComparison>): RangeComparison => ({
		path,
		metric: 'gpu_time',
		baseline: {median: 1, center: 1, n: 1, unit: 'process', repeats: 1, processes: 1},
		candidate: {median: 2, center: 2, n: 1, unit: 'process', repeats: 1, processes: 1},
		change: 1,
		interval: null,
		p: null,
		adjustedP: null,
		verdict: 'inconclusive',
		detectable: null,
		moreRepeats: null,
		noiseFloor: null,
		estimate: null,
		reasons: [],
		...over,
	});
	const pick = (kind: ComparedInput['kind'], comparisons: RangeComparison[]): readonly string[] =>
		pickKernelPaths({comparisons, input: {kind} as ComparedInput});

	it('are those of the inner ones', () => {
		const changed = ['a', 'a/b', 'a/b/c', 'd'].map((path) => comparison(path, {verdict: 'slower'}));
		expect(pick('run', [...changed, comparison('e', {})])).toEqual(['a/b/c', 'd']);
	});

	it('are told where only the sides differ too much', () => {
		const differ = (verdict: 'faster' | 'same'): RangeComparison['reasons'] => [
			{kind: 'sides-differ', verdict, facts: ['driver']},
		];
		expect(
			pick('run', [
				comparison('a', {reasons: differ('faster')}),
				comparison('b', {reasons: differ('same')}),
			]),
		).toEqual(['a']);
	});

	it('of traces are those of the ranges whose GPU time differs most', () => {
		const none = comparison('b', {candidate: {...comparison('', {}).baseline}});
		const cpu = comparison('c', {metric: 'cpu_time'});
		expect(pick('traces', [none, cpu, comparison('a', {})])).toEqual(['a']);
		expect(pick('run', [comparison('a', {})])).toEqual([]);
	});

	it('are means per instance, those that differ most first', () => {
		const side = (instances: number, ...kernels: readonly (readonly [string, number, number])[]) =>
			new Map([
				[
					'a',
					{
						instances,
						kernels: new Map(
							kernels.map(([name, milliseconds, launches]) => [
								name,
								{ns: ms(milliseconds), launches},
							]),
						),
					},
				],
			]);
		const before = side(2, ['add', 4, 2], ['gone', 1, 2]);
		const after = side(4, ['add', 10, 4], ['new', 4, 8]);
		expect(compareKernels(['a', 'b'], before, after)).toEqual([
			{
				path: 'a',
				baseline: 2.5,
				candidate: 3.5,
				kernels: [
					{kernel: 'new', baseline: 0, candidate: 1, baselineLaunches: 0, candidateLaunches: 2},
					{kernel: 'add', baseline: 2, candidate: 2.5, baselineLaunches: 1, candidateLaunches: 1},
					{kernel: 'gone', baseline: 0.5, candidate: 0, baselineLaunches: 1, candidateLaunches: 0},
				],
				more: 0,
			},
		]);
	});
});
