/**
 * The line below all ranges: the geometric mean of their changes, with an interval.
 *
 * Ranges of one process rise and fall together, so their changes are no independent samples. Each process is averaged
 * over its ranges first, and then compared as one range is.
 */

import type {RangeComparison} from '../../schemas/comparison.ts';
import {defaultComparison, judgeChanges, type ComparisonOptions} from './judged-changes.ts';
import {describePaired, measureLogs, measurePairs, pairRounds} from './measured-change.ts';
import type {ComparedSamples, MeasuredChange} from './measured-change.ts';
import {
	describeSide,
	gatherUnits,
	locateSide,
	mean,
	takeLogs,
	type LocatedSide,
	type ProcessValues,
} from './replicates.ts';
import {toLogChange, toShare} from './relative-change.ts';

export interface GeometricMean {
	/** Its path is empty; it is judged on its own, without correction. null where no range could take part. */
	readonly comparison: RangeComparison | null;
	/** That took part. */
	readonly paths: readonly string[];
	/** Left out: a side cannot be compared, or a process has other ranges but not this one. */
	readonly leftOut: readonly string[];
}

interface RangeLogs {
	readonly path: string;
	/** The noise floor as a logarithm; 0 without. */
	readonly floor: number;
	readonly baseline: ProcessValues;
	readonly candidate: ProcessValues;
}

const listLogs = (samples: readonly ComparedSamples[]): readonly RangeLogs[] =>
	samples.flatMap((sample) => {
		const baseline = locateSide(sample.baseline, 'baseline');
		const candidate = locateSide(sample.candidate, 'candidate');
		return baseline.reasons.length > 0 || candidate.reasons.length > 0
			? []
			: [
					{
						path: sample.path,
						floor: toLogChange(sample.noiseFloor ?? 0),
						baseline: takeLogs(baseline.medians),
						candidate: takeLogs(candidate.medians),
					},
				];
	});

/** Repeat and process of every value: "0:1". */
const listPlaces = (side: ProcessValues): readonly string[] =>
	side.flatMap((processes, repeat) =>
		processes.flatMap((value, process) => (value === null ? [] : [`${repeat}:${process}`])),
	);

/** Ranges that every process has which has any. */
const keepComplete = (ranges: readonly RangeLogs[]): readonly RangeLogs[] => {
	const most = (side: 'baseline' | 'candidate'): number =>
		new Set(ranges.flatMap((range) => listPlaces(range[side]))).size;
	const [baseline, candidate] = [most('baseline'), most('candidate')];
	return ranges.filter(
		(range) =>
			listPlaces(range.baseline).length === baseline &&
			listPlaces(range.candidate).length === candidate,
	);
};

const averageRanges = (sides: readonly ProcessValues[]): ProcessValues =>
	(sides[0] ?? []).map((processes, repeat) =>
		processes.map((_, process) => {
			const known = sides
				.map((side) => side[repeat]?.[process] ?? null)
				.filter((value) => value !== null);
			return known.length === 0 ? null : mean(known);
		}),
	);

const measure = (
	baseline: ProcessValues,
	candidate: ProcessValues,
	paired: boolean,
): MeasuredChange => {
	const locate = (logs: ProcessValues): LocatedSide => ({
		medians: logs.map((processes) =>
			processes.map((value) => (value === null ? null : Math.exp(value))),
		),
		reasons: [],
	});
	if (paired) {
		const pairs = pairRounds(baseline, candidate);
		return {
			...measurePairs(pairs),
			baseline: describePaired(locate(baseline), pairs.baseline),
			candidate: describePaired(locate(candidate), pairs.candidate),
		};
	}

	return {
		...measureLogs(baseline, candidate),
		baseline: describeSide(locate(baseline), gatherUnits(baseline)),
		candidate: describeSide(locate(candidate), gatherUnits(candidate)),
	};
};

/**
 * @param samples of one metric; repeat r and process p are the same place in all of them
 * @param paired whether repeats are rounds that were measured in turn
 */
export const compareGeometricMeans = (
	samples: readonly ComparedSamples[],
	paired: boolean,
	options: Partial<ComparisonOptions> = {},
): GeometricMean => {
	const ranges = keepComplete(listLogs(samples));
	const paths = ranges.map(({path}) => path);
	const leftOut = samples.map(({path}) => path).filter((path) => !paths.includes(path));
	const metric = samples[0]?.metric;
	if (ranges.length === 0 || metric === undefined) {
		return {comparison: null, paths, leftOut};
	}

	const measured = measure(
		averageRanges(ranges.map(({baseline}) => baseline)),
		averageRanges(ranges.map(({candidate}) => candidate)),
		paired,
	);
	const all = {...defaultComparison, ...options};
	// What noise can do to all ranges at once is no more than this.
	const noiseFloor = toShare(mean(ranges.map(({floor}) => floor)));
	const named = {path: '', metric, ...(noiseFloor > 0 ? {noiseFloor} : {})};
	const [comparison] = judgeChanges([{named, measured}], all);
	return {comparison: comparison ?? null, paths, leftOut};
};
