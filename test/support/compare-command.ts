/** `benchmark compare` in a folder of each test's own, and what is asked of its report. */

import path from 'node:path';
import {beforeEach, expect} from 'vitest';
import {ComparisonReport, type CandidateComparison} from '../../schemas/comparison-report.ts';
import type {ComparedMetric, Verdict} from '../../schemas/comparison.ts';
import {temporaryFolder} from './command.ts';
import {runMain, type Answered} from './compared-runs.ts';

export interface CompareFolder {
	/** A path below the folder. */
	readonly at: (...names: readonly string[]) => string;
	readonly compare: (...argv: readonly string[]) => Promise<Answered>;
	/** What --json prints. */
	readonly ask: (...argv: readonly string[]) => Promise<ComparisonReport>;
}

/** For the tests of a file or suite: the folder is new in each. */
export const useCompareFolder = (): CompareFolder => {
	let root = '';
	beforeEach(() => {
		root = temporaryFolder('compare');
	});
	const compare = async (...argv: readonly string[]): Promise<Answered> =>
		runMain(['compare', ...argv], root);
	return {
		at: (...names) => path.join(root, ...names),
		compare,
		ask: async (...argv) => {
			const {stdout, stderr} = await compare('--json', ...argv);
			expect(stderr).not.toContain('error');
			return ComparisonReport.parse(JSON.parse(stdout));
		},
	};
};

/** The candidate of a comparison that has one. */
export const only = ({candidates}: ComparisonReport): CandidateComparison => {
	const [candidate, ...others] = candidates;
	expect(others).toEqual([]);
	if (candidate === undefined) {
		throw new Error('no candidate');
	}

	return candidate;
};

/** undefined: no such row. */
export const verdictOf = (
	{comparisons}: CandidateComparison,
	range: string,
	metric: ComparedMetric = 'cpu_time',
): Verdict | undefined =>
	comparisons.find((row) => row.path === range && row.metric === metric)?.verdict;

export const codesOf = ({notes}: CandidateComparison): readonly string[] =>
	notes.map(({code}) => code);

/** The batches of demo.py (compared-runs.ts). */
export const batches = 'demo/pipeline/batch_*';
