import {describe, expect, it} from 'vitest';
import {
	comparisonSorts,
	groupRows,
	selectComparisons,
	sortComparisons,
	type ComparisonSort,
} from '../../../report/comparison-order.ts';
import type {RangeComparison} from '../../../schemas/comparison.ts';
import {
	candidateOf,
	changedOf,
	comparisonOf,
	sideOf,
	unknownOf,
} from '../../support/comparison-report.ts';

const paths = (rows: readonly RangeComparison[]): readonly string[] => rows.map(({path}) => path);

const mixed: readonly RangeComparison[] = [
	comparisonOf('same', {baseline: sideOf(99)}),
	changedOf('a bit slower', 0.02, {adjustedP: 0.001}),
	changedOf('faster', -0.5),
	changedOf('half the rate', -0.5, {metric: 'throughput', verdict: 'slower', adjustedP: 0.002}),
	unknownOf('unknown', {change: null, baseline: sideOf(null), candidate: sideOf(null)}),
	changedOf('slower', 0.9, {adjustedP: 0.003}),
	changedOf('a bit faster', -0.02),
	unknownOf('likely slower', {change: 0.5}),
	changedOf('from nothing', -1),
];

describe('the order of a comparison', () => {
	it.each<[ComparisonSort, readonly string[]]>([
		[
			'verdict',
			[
				...['half the rate', 'slower', 'a bit slower', 'from nothing', 'faster', 'a bit faster'],
				...['likely slower', 'unknown', 'same'],
			],
		],
		[
			'change',
			[
				...['half the rate', 'slower', 'likely slower', 'a bit slower', 'same', 'a bit faster'],
				...['faster', 'unknown', 'from nothing'],
			],
		],
		['given', paths(mixed)],
	])('by %s', (sort, expected) => expect(paths(sortComparisons(mixed, sort))).toEqual(expected));

	it('by path has parents first, and counts as people do', () => {
		const rows = ['p/stage_10', 'p/stage_2', 'p'].map((path) => comparisonOf(path));
		expect(paths(sortComparisons(rows, 'path'))).toEqual(['p', 'p/stage_2', 'p/stage_10']);
	});

	it('by p and by time has what is unknown last', () => {
		expect(paths(sortComparisons(mixed, 'p')).at(-1)).toBe('likely slower');
		expect(paths(sortComparisons(mixed, 'time'))[0]).toBe('same');
		expect(paths(sortComparisons(mixed, 'time')).at(-1)).toBe('unknown');
	});

	it('by metric keeps each metric together', () => {
		const metrics = sortComparisons(mixed, 'metric').map(({metric}) => metric);
		expect(metrics).toEqual([...metrics].toSorted());
	});

	it('loses nothing', () => {
		for (const sort of comparisonSorts) {
			expect(new Set(sortComparisons(mixed, sort))).toEqual(new Set(mixed));
		}
	});
});

describe('what is shown', () => {
	it('is what changed and what is not known', () => {
		expect(paths(selectComparisons(candidateOf(mixed), {}))).not.toContain('same');
		expect(selectComparisons(candidateOf(mixed), {})).toHaveLength(8);
		expect(selectComparisons(candidateOf(mixed), {all: true})).toHaveLength(9);
	});

	it('is some of it only, where there is much', () => {
		const unknown = Array.from({length: 30}, (_, index) => unknownOf(`u${index}`));
		const slower = Array.from({length: 50}, (_, index) => changedOf(`s${index}`, index + 1));
		expect(selectComparisons(candidateOf(unknown), {})).toHaveLength(10);
		const shown = selectComparisons(candidateOf([...unknown, ...slower]), {});
		expect(shown).toHaveLength(40);
		expect(shown[0]?.path).toBe('s49');
		expect(shown.every(({verdict}) => verdict === 'slower')).toBe(true);
	});

	it('holds what the gate stopped at, whatever its verdict', () => {
		const rows = [comparisonOf('p'), unknownOf('q', {metric: 'gpu_time'})];
		const gate = {
			outcome: 'regression' as const,
			limits: [],
			unused: [],
			ranges: rows.map(({path, metric}) => ({
				path,
				metric,
				limit: 0,
				outcome: 'regression' as const,
				doubt: null,
			})),
		};
		expect(paths(selectComparisons(candidateOf(rows, {gate}), {}))).toEqual(['q', 'p']);
	});
});

describe('rows of one range', () => {
	const rows = ['a', 'b', 'a'].map((path) => comparisonOf(path));

	it('stand together at the place of the first', () => {
		expect(groupRows(rows).map(({path}) => path)).toEqual(['a', 'b']);
	});

	it('stay apart in an order that would be lost', () => {
		expect(groupRows(rows, 'p').map(({path}) => path)).toEqual(['a', 'b', 'a']);
		expect(groupRows(rows.toReversed(), 'metric')).toHaveLength(3);
		expect(groupRows([...rows, ...rows], 'p')).toHaveLength(5);
	});
});
