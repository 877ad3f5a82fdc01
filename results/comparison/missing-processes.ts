/** Processes that a range's numbers do without: nothing is left out of a comparison without a word. */

import type {ComparedMetric, ComparisonReason, SideName} from '../../schemas/comparison.ts';
import type {Side} from './side.ts';

/** Of throughput, processes of a repeat count only where all of them have it: see `sumRates`. */
const countTaking = ({processes}: Side, path: string, metric: ComparedMetric): number => {
	const having = processes.filter(({values}) => values.get(path)?.[metric] !== undefined);
	if (metric !== 'throughput') {
		return having.length;
	}

	const byRepeat = new Map<number, number>();
	for (const {repeat} of having) {
		byRepeat.set(repeat, (byRepeat.get(repeat) ?? 0) + 1);
	}

	const most = Math.max(0, ...byRepeat.values());
	return [...byRepeat.values()].filter((count) => count === most).length * most;
};

export const listMissing = (
	{path, metric}: {readonly path: string; readonly metric: ComparedMetric},
	sides: Readonly<Record<SideName, Side>>,
): readonly ComparisonReason[] =>
	(['baseline', 'candidate'] as const).flatMap((side) => {
		const of = sides[side].processes.length;
		const have = countTaking(sides[side], path, metric);
		return have === 0 || have === of ? [] : [{kind: 'processes-missing', side, have, of}];
	});
