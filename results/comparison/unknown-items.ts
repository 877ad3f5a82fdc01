/**
 * Ranges of which nobody knows whether both sides gave them the same number of items: a side says nothing of it, or
 * neither does, and the range around them had unlike numbers. Files of CV-CUDA's launcher can be like that.
 */

import type {SideName} from '../../schemas/comparison.ts';
import {mean} from './replicates.ts';
import type {MetricValues, Side} from './side.ts';

/** Whose items are not known; both where the sides differ around the range. */
export type UnknownItems = SideName | 'both';

const valuesAt = (side: Side, path: string): readonly MetricValues[] =>
	side.processes.flatMap(({values}) => values.get(path) ?? []);

/** Items per process, as its times tell; null where no process has any. */
const countItems = (side: Side, path: string): number | null => {
	const items = valuesAt(side, path).flatMap(
		({cpu_time: time = 0, cpu_time_per_item: share = 0}) =>
			time > 0 && share > 0 ? time / share : [],
	);
	return items.length === 0 ? null : mean(items);
};

/** Per process. */
const countBatches = ({processes}: Side, path: string): number => {
	const counts = processes.flatMap(({counts: own}) => own.get(path)?.instances ?? []);
	return counts.length === 0 ? 1 : mean(counts);
};

/** Batches and what is inside them: a star of its own stands for their numbers. */
const isOfBatch = (path: string): boolean => /(?:^|[^\\])(?:\\\\)*\*/.test(path);

const listAbove = (path: string): readonly string[] => {
	const above: string[] = [];
	for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
		above.push(path.slice(0, at));
	}

	return above;
};

/** The files' decimals tell items of short times to some percent only. */
const tolerance = 0.05;

/** Whether a batch of the one side had other numbers of items than one of the other, as far as what is around it tells. */
const differsAround = (path: string, baseline: Side, candidate: Side): boolean => {
	let below = path;
	for (const holder of listAbove(path)) {
		const [before, after] = [countItems(baseline, holder), countItems(candidate, holder)];
		if (before !== null && after !== null) {
			const isShared = isOfBatch(below.slice(holder.length));
			const more = isShared ? countBatches(candidate, below) / countBatches(baseline, below) : 1;
			return Math.abs(Math.log(after / before / more)) > tolerance;
		}

		below = holder;
	}

	return false;
};

/** @returns null where items are known, or there are none to know of */
export const findUnknownItems = (
	path: string,
	baseline: Side,
	candidate: Side,
): UnknownItems | null => {
	const [before, after] = [countItems(baseline, path), countItems(candidate, path)];
	if ((before === null) !== (after === null)) {
		return before === null ? 'baseline' : 'candidate';
	}

	return before === null && isOfBatch(path) && differsAround(path, baseline, candidate)
		? 'both'
		: null;
};
