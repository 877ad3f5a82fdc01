import {describe, expect, it} from 'vitest';
import {isClear} from '../../../cli/ab-comparison.ts';
import type {GateDoubt} from '../../../schemas/comparison-report.ts';
import {absentGate, candidateOf, comparisonOf, unknownOf} from '../../support/comparison-report.ts';

const row = {path: 'q', metric: 'cpu_time', limit: 0.05} as const;

describe('an answer of ab', () => {
	it('is clear without a gate where every row has a verdict', () => {
		expect(isClear(candidateOf([comparisonOf('a')]))).toBe(true);
		expect(isClear(candidateOf([comparisonOf('a'), unknownOf('b')]))).toBe(false);
	});

	it('is clear where only rows are undecided that no round brings back', () => {
		expect(isClear(candidateOf([], {gate: absentGate}))).toBe(true);
		expect(isClear(candidateOf([], {gate: {...absentGate, ranges: []}}))).toBe(false);
	});

	it.each<[GateDoubt, boolean]>([
		['within-interval', false],
		['no-interval', false],
		['below-noise-floor', false],
		['not-in-baseline', true],
	])('with a row that is undecided for %s is clear: %s', (doubt, clear) => {
		const ranges = [...absentGate.ranges, {...row, outcome: 'undecided' as const, doubt}];
		const gate = {...absentGate, ranges};
		expect(isClear(candidateOf([], {gate}))).toBe(clear);
		expect(isClear(candidateOf([], {gate: {...gate, outcome: 'regression'}}))).toBe(true);
	});
});
