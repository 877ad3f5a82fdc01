/**
 * Projects ranges onto the GPU that lie across each other in any way. For ranges that nest, gpu-projection.ts gives the
 * same and looks for the range of each call once.
 *
 * Mostly they are few, or short: then they are taken one by one (single-projection.ts), which takes longer the more calls
 * lie in each. Thousands that were never ended, each with all later calls in it, are swept (swept-projection.ts).
 */

import type {GpuOperations} from './gpu-operations.ts';
import type {RangeGpuColumns} from './gpu-projection.ts';
import type {TimedOperations} from './timed-operations.ts';
import type {LaunchCalls} from './launching-ranges.ts';
import {findFirst, gatherLooseWork} from './loose-work.ts';
import type {LooseRanges, LooseWork} from './loose-work.ts';
import {projectSingly} from './single-projection.ts';
import {projectSweeping} from './swept-projection.ts';

/** A sweep takes as long as so many visits of each call that it goes over. Measured. */
const visitsOfSweep = 64;

/** Whether calls are visited so often, range by range, that a sweep is done earlier. */
const isCrowded = ({ranges, calls, callsOf: {from, rows}}: LooseWork): boolean => {
	const {thread, startNs, endNs} = ranges;
	const startOf = (place: number): number => Number(calls.startNs[Number(rows[place])]);
	const most = visitsOfSweep * rows.length;
	let visits = 0;
	for (let range = 0; range < ranges.length && visits <= most; range++) {
		const number = Number(thread[range]);
		if (number >= 0) {
			const low = Number(from[number]);
			const high = Number(from[number + 1]);
			const first = findFirst(startOf, low, high, Number(startNs[range]));
			visits += findFirst(startOf, first, high, Number(endNs[range])) - first;
		}
	}

	return visits > most;
};

/** @param launches how many there are; the calls' and operations' are below */
export const projectLooseRanges = (
	ranges: LooseRanges,
	calls: LaunchCalls,
	launches: number,
	operations: GpuOperations,
	timed: TimedOperations,
): RangeGpuColumns => {
	const work = gatherLooseWork(ranges, calls, launches, operations, timed);
	return isCrowded(work) ? projectSweeping(work) : projectSingly(work);
};
