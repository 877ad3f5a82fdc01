/** Compared points of studies as they are printed: values, change, and the reasons in the words of studies. */

import {describeReasons} from '../report/comparison-reasons.ts';
import {isRate, type ComparedPoint} from '../results/study/study-comparison.ts';
import type {ComparisonReason} from '../schemas/comparison.ts';
import type {StudyChange} from '../schemas/study-comparison.ts';
import type {Warning} from '../schemas/warning.ts';

const describeValues = (values: readonly number[]): StudyChange['baseline'] => ({
	value: values.reduce((sum, value) => sum + value, 0) / values.length,
	repeats: values.length,
	min: Math.min(...values),
	max: Math.max(...values),
});

/** Repeats are what the comparison calls processes. */
const explain = (row: ComparedPoint): readonly Warning[] => {
	const {reasons} = row.comparison;
	const least = Math.min(...row.values.map(({length}) => length));
	const isFew = (reason: ComparisonReason): boolean => reason.kind === 'too-few';
	const few = reasons.find((reason) => reason.kind === 'too-few');
	const windows = row.hasWindows ? ' Windows are pieces of one measurement, and no repeats.' : '';
	return [
		...(few === undefined
			? []
			: [
					{
						code: 'too-few-repeats',
						message: `There is no verdict from ${least} ${least === 1 ? 'measurement' : 'repeats'} of a side, ${few.need} repeats are needed: sweep with --repeat ${few.need}.${windows}`,
					},
				]),
		...reasons
			.filter((reason) => !isFew(reason))
			.map((reason) => ({code: reason.kind, message: describeReasons([reason]).join(' ')})),
	];
};

/** The same point and metric, whatever the point is called beside another baseline. */
const findSame = (rows: readonly ComparedPoint[], row: ComparedPoint): ComparedPoint | undefined =>
	rows.find(
		({match, metric}) => metric === row.metric && match.candidate[0] === row.match.candidate[0],
	);

const describePrevious = (
	previous: readonly ComparedPoint[] | null,
	row: ComparedPoint,
): Pick<StudyChange, 'previous'> => {
	const same = previous === null ? undefined : findSame(previous, row)?.comparison;
	return previous === null
		? {}
		: {previous: same === undefined ? null : {change: same.change, interval: same.interval}};
};

/** @param previous rows against the variant before; null where there is no such thing */
export const describeChange = (
	row: ComparedPoint,
	previous: readonly ComparedPoint[] | null,
): StudyChange => {
	const {match, metric, values, comparison} = row;
	return {
		point: match.name,
		metric,
		unit: isRate(metric) ? 'infer/s' : 'ms',
		baseline: describeValues(values[0]),
		candidate: describeValues(values[1]),
		change: comparison.change,
		interval: comparison.interval,
		...describePrevious(previous, row),
		adjustedP: comparison.adjustedP,
		verdict: comparison.verdict,
		reasons: [...explain(row)],
	};
};
