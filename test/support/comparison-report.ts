/** What `compare` found, for tests of its texts. */

import {formatComparison, type ComparisonFormat} from '../../report/comparison-formats.ts';
import type {ComparisonTextOptions} from '../../report/comparison-table.ts';
import type {ComparedSide, RangeComparison} from '../../schemas/comparison.ts';
import {
	ComparisonReport,
	type CandidateComparison,
	type ComparedInput,
} from '../../schemas/comparison-report.ts';

export const sideOf = (median: number | null, more: Partial<ComparedSide> = {}): ComparedSide => ({
	median,
	center: median,
	n: 5,
	unit: 'process',
	repeats: 1,
	processes: 5,
	...more,
});

/** 10 ms before and now; "same" unless said otherwise. */
export const comparisonOf = (
	path: string,
	more: Partial<RangeComparison> = {},
): RangeComparison => ({
	path,
	metric: 'cpu_time',
	baseline: sideOf(10),
	candidate: sideOf(10),
	change: 0,
	interval: {low: -0.004, high: 0.0041, level: 0.95},
	p: 0.91,
	adjustedP: 0.94,
	verdict: 'same',
	detectable: 0.0092,
	moreRepeats: {target: 0.01, repeats: 0},
	noiseFloor: null,
	estimate: {logChange: 0, standardError: 0.002, degreesOfFreedom: 8},
	reasons: [],
	...more,
});

/** Changed by that share, and proven. */
export const changedOf = (
	path: string,
	change: number,
	more: Partial<RangeComparison> = {},
): RangeComparison =>
	comparisonOf(path, {
		candidate: sideOf(10 * (1 + change)),
		change,
		interval: {low: change - 0.012, high: change + 0.013, level: 0.95},
		p: 0.00002,
		adjustedP: 0.0003,
		verdict: change > 0 ? 'slower' : 'faster',
		estimate: {logChange: Math.log1p(change), standardError: 0.006, degreesOfFreedom: 7.4},
		...more,
	});

/** One process on each side: a change, and nothing known of it. */
export const unknownOf = (path: string, more: Partial<RangeComparison> = {}): RangeComparison =>
	comparisonOf(path, {
		baseline: sideOf(10, {n: 1, processes: 1}),
		candidate: sideOf(10.4, {n: 1, processes: 1}),
		change: 0.04,
		interval: null,
		p: null,
		adjustedP: null,
		verdict: 'inconclusive',
		detectable: null,
		moreRepeats: null,
		estimate: null,
		reasons: [
			{kind: 'too-few', side: 'baseline', unit: 'process', have: 1, need: 3},
			{kind: 'too-few', side: 'candidate', unit: 'process', have: 1, need: 3},
		],
		...more,
	});

export const inputOf = (label: string, more: Partial<ComparedInput> = {}): ComparedInput => ({
	label,
	path: `runs/${label}`,
	kind: 'run',
	format: 'nsys-benchmark',
	repeats: 1,
	processes: 5,
	processesPlanned: 5,
	warmupBatches: 1,
	batchValue: 'median',
	startedAt: '2026-11-21T16:00:05.123Z',
	endedAt: '2026-11-21T16:04:05.123Z',
	fingerprint: [],
	...more,
});

export const candidateOf = (
	comparisons: readonly RangeComparison[],
	more: Partial<CandidateComparison> = {},
): CandidateComparison => ({
	input: inputOf('after'),
	pairing: 'separate',
	verdict: 'inconclusive',
	comparisons: [...comparisons],
	means: [],
	differences: [],
	structure: [],
	kernels: [],
	gate: null,
	notes: [],
	...more,
});

/** Of "p", which passed, and "gone", which the candidate lacks. */
export const absentGate: NonNullable<CandidateComparison['gate']> = {
	outcome: 'undecided',
	limits: [{metric: null, pattern: null, limit: 0.05}],
	ranges: [
		{path: 'p', metric: 'cpu_time', limit: 0.05, outcome: 'passed', doubt: null},
		{
			path: 'gone',
			metric: 'throughput',
			limit: 0.05,
			outcome: 'undecided',
			doubt: 'not-in-candidate',
		},
	],
	unused: [],
};

/** @throws ZodError for what no command can have found */
export const reportOf = (...candidates: readonly CandidateComparison[]): ComparisonReport =>
	ComparisonReport.parse({
		formatVersion: 1,
		exitCode: 0,
		unit: 'milliseconds',
		options: {
			alpha: 0.05,
			margin: 0.01,
			target: 0.01,
			ranges: [],
			metrics: ['cpu_time', 'gpu_time', 'throughput'],
			failOn: null,
			requireVerdict: false,
			despiteDifferences: false,
		},
		baseline: inputOf('before'),
		candidates,
	});

export const written = (
	report: ComparisonReport,
	format: ComparisonFormat,
	options: ComparisonTextOptions = {},
): string => [...formatComparison(report, format, options)].join('');
