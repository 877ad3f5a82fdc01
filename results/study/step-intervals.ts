/** How far the throughput of a tuning step, and its change from another, can be off. */

import type {StudyPoint} from '../../schemas/study.ts';
import {compareSides} from '../comparison/compared-ranges.ts';
import {describeLoad} from './load-points.ts';

interface Ends {
	readonly low: number;
	readonly high: number;
}

/** From repeats, else from the windows of one measurement. @param points of one load; at least one */
export const throughputInterval = (points: readonly StudyPoint[]): Ends | null =>
	describeLoad({load: null, points}, []).interval;

/** As a share, from repeats alone: three of each at least. */
export const changeInterval = (
	base: readonly StudyPoint[],
	step: readonly StudyPoint[],
): Ends | null => {
	const [before, after] = [base, step].map((points) =>
		points.map(({client}) => [[client.throughput ?? 0]]),
	);
	const [compared] = compareSides([
		{path: 'throughput', metric: 'throughput', baseline: before ?? [], candidate: after ?? []},
	]);
	return compared?.interval ?? null;
};
