/** That noise floors had a say, for which rows, and how large they are. */

import {plural} from '../../base/plural.ts';
import type {RangeComparison} from '../../schemas/comparison.ts';
import type {Warning} from '../../schemas/warning.ts';
import {toLogChange} from './relative-change.ts';

/** Further ones are counted. */
const mostNamed = 3;

/** As the words of a comparison have it. */
const showShare = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;

interface Floored {
	readonly comparison: RangeComparison;
	readonly floor: number;
}

/** Whether the margin alone would not have done. */
const isSameByFloor = ({verdict, interval}: RangeComparison, margin: number): boolean => {
	const reach =
		interval === null ? 0 : Math.max(toLogChange(interval.high), -toLogChange(interval.low));
	return verdict === 'same' && reach > toLogChange(margin) + 1e-9;
};

const isBelowFloor = ({reasons}: RangeComparison): boolean =>
	reasons.some(({kind}) => kind === 'below-noise-floor');

const nameRows = (rows: readonly Floored[]): string => {
	const named = rows
		.slice(0, mostNamed)
		.map(({comparison: {path, metric}, floor}) => `${path} ${metric} ${showShare(floor)}`);
	const more = rows.length - named.length;
	return `${named.join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
};

/** @param margin what "same" claims where no floor is wider, as a share */
export const noteNoiseFloors = (
	comparisons: readonly RangeComparison[],
	margin: number,
): readonly Warning[] => {
	const floored = comparisons
		.flatMap((comparison): readonly Floored[] =>
			comparison.noiseFloor === null ? [] : [{comparison, floor: comparison.noiseFloor}],
		)
		.toSorted((a, b) => b.floor - a.floor);
	const [widest] = floored;
	if (widest === undefined) {
		return [];
	}

	const below = floored.filter(({comparison}) => isBelowFloor(comparison));
	const same = floored.filter(({comparison}) => isSameByFloor(comparison, margin));
	const told = [
		...(below.length === 0
			? []
			: [
					`${plural(below.length, 'row has', 'rows have')} a proven change that is no larger, and no verdict: ${nameRows(below)}.`,
				]),
		...(same.length === 0
			? []
			: [
					`${plural(same.length, 'row is', 'rows are')} the same within it, not within ${showShare(margin)}: ${nameRows(same)}.`,
				]),
	];
	const rest = told.length === 0 ? [`The highest: ${nameRows(floored)}.`] : told;
	return [
		{
			code: 'noise-floor',
			message: `A noise floor is known of ${plural(floored.length, 'row')} of ${comparisons.length}, up to ${showShare(widest.floor)}: identical programs can differ by as much, so no change of that size or less is called one. ${rest.join(' ')}`,
		},
	];
};
