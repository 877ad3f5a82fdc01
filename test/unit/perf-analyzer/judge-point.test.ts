import {describe, expect, it} from 'vitest';
import {judgePoint} from '../../../perf-analyzer/judge-point.ts';
import {emptyPoint, type ParsedPoint} from '../../../perf-analyzer/parsed-file.ts';

const rules = {stability: 0.1, latencyLimit: null, percentile: null};

const makePoint = (
	windows: readonly (readonly [throughput: number, mean: number, p95?: number])[],
): ParsedPoint => ({
	...emptyPoint({kind: 'export', file: 'x', line: null}),
	client: {requestCount: 10, throughput: 100, mean: 10, percentiles: [{percentile: 95, time: 30}]},
	windows: windows.map(([throughput, mean, p95]) => ({
		throughput,
		mean,
		percentiles: p95 === undefined ? [] : [{percentile: 95, time: p95}],
	})),
});

const judge = (point: ParsedPoint, more: object = {}): readonly unknown[] => {
	judgePoint(point, {...rules, ...more});
	return [point.status, ...point.reasons.map(({code}) => code)];
};

const steady = [
	[100, 10],
	[105, 10],
	[110, 11],
] as const;

describe('stability', () => {
	it('is perf_analyzer: largest by smallest of three windows, the limit included', () => {
		expect(judge(makePoint(steady))).toEqual(['stable']);
		expect(judge(makePoint([[99.9, 10], ...steady.slice(1)]))).toEqual(['unstable', 'unstable']);
		expect(judge(makePoint([[100, 9.9], ...steady.slice(1)]))).toEqual(['unstable', 'unstable']);
	});

	it('looks at the last three', () => {
		expect(judge(makePoint([[1, 900], ...steady]))).toEqual(['stable']);
	});

	it('takes the percentile where one decides', () => {
		const windows = [
			[100, 10, 30],
			[100, 50, 31],
			[100, 10, 32],
		] as const;
		expect(judge(makePoint(windows), {percentile: 95})).toEqual(['stable']);
		expect(judge(makePoint(windows))).toEqual(['unstable', 'unstable']);
	});

	it('is not known of fewer windows', () => {
		expect(judge(makePoint(steady.slice(1)))).toEqual(['unknown']);
	});

	it('is none where a window stood still', () => {
		const point = makePoint([[0, 10], ...steady.slice(1)]);
		expect(judge(point)).toEqual(['unstable', 'unstable']);
		expect(point.reasons[0]?.message).toContain('more than can be told');
	});
});

describe('the limit', () => {
	it.each([
		[{latencyLimit: 10}, ['stable']],
		[{latencyLimit: 9.999}, ['over-limit', 'over-limit']],
		[{latencyLimit: 29, percentile: 95}, ['over-limit', 'over-limit']],
		[{latencyLimit: 30, percentile: 95}, ['stable']],
	])('%j', (more, expected) => {
		expect(judge(makePoint(steady), more)).toEqual(expected);
	});

	it('comes after stability', () => {
		expect(judge(makePoint([[1, 10], ...steady.slice(1)]), {latencyLimit: 1})).toEqual([
			'unstable',
			'unstable',
			'over-limit',
		]);
	});
});

it('has failed without a request', () => {
	const point = {...makePoint(steady), client: {percentiles: []}};
	expect(judge(point)).toEqual(['failed']);
});
