/** Rows that one side has and the other lacks: a gate that asks for one has nothing to judge it by. */

import type {ComparedMetric, SideName} from '../../schemas/comparison.ts';
import type {Side} from './side.ts';
import {listComparedSamples, type MetricChoice} from './side-samples.ts';

export interface AbsentRow {
	readonly path: string;
	readonly metric: ComparedMetric;
	/** The side that lacks it. */
	readonly from: SideName;
	/** It has nothing to be worse than: only a limit that fits nothing else asks for it. */
	readonly isNew: boolean;
}

const hasValue = ({processes}: Side, path: string, metric: ComparedMetric): boolean =>
	processes.some(({values}) => values.get(path)?.[metric] !== undefined);

/** What `own` would be compared by, if the other side were like it. */
const listLacking = (
	own: Side,
	other: Side,
	from: SideName,
	{metrics, fits}: AbsentOptions,
): readonly AbsentRow[] =>
	listComparedSamples([own, own], metrics, fits)
		.filter(({path, metric}) => !hasValue(other, path, metric))
		.map(({path, metric}) => ({path, metric, from, isNew: from === 'baseline'}));

interface AbsentOptions {
	readonly metrics: MetricChoice;
	readonly fits: (path: string, metric: ComparedMetric) => boolean;
}

/** A parent before its children; those that the candidate lacks first. */
export const listAbsentRows = (
	baseline: Side,
	candidate: Side,
	options: AbsentOptions,
): readonly AbsentRow[] => [
	...listLacking(baseline, candidate, 'candidate', options),
	...listLacking(candidate, baseline, 'baseline', options),
];
