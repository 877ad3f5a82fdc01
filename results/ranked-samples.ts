/**
 * All samples of one metric in order, and where each process's stand among them.
 *
 *     values            [ 3.0  3.1  3.1  3.4  4.0 ]
 *     repeats[0]        process 0: ranks 0, 3     process 1: ranks 1, 2, 4
 */

import {sortSamples, type SortedSamples} from './summary.ts';

/** Samples by repeat and process; every process has at least one. */
export type SampleGroups = readonly (readonly (readonly number[])[])[];

export interface RankedSamples {
	readonly values: SortedSamples;
	/** Repeats, their processes, the ranks of their samples: ascending, each rank once. */
	readonly repeats: readonly (readonly Uint32Array[])[];
}

interface Queue {
	readonly samples: SortedSamples;
	readonly ranks: Uint32Array;
	next: number;
}

const findSmallest = (queues: readonly Queue[]): Queue | undefined => {
	let smallest: Queue | undefined;
	let least = Number.POSITIVE_INFINITY;
	for (const queue of queues) {
		const head = queue.samples[queue.next];
		if (head !== undefined && head < least) {
			smallest = queue;
			least = head;
		}
	}

	return smallest;
};

/** Sorts each process and merges them: the ranks come for free. */
export const rankSamples = (groups: SampleGroups): RankedSamples => {
	const queues = groups.map((processes) =>
		processes.map((samples): Queue => {
			const ranks = new Uint32Array(samples.length);
			return {samples: sortSamples(samples), ranks, next: 0};
		}),
	);
	const all = queues.flat();
	const values = new Float64Array(all.reduce((count, {ranks}) => count + ranks.length, 0));
	for (let rank = 0; rank < values.length; rank++) {
		const queue = findSmallest(all);
		if (queue !== undefined) {
			values[rank] = queue.samples[queue.next] ?? 0;
			queue.ranks[queue.next++] = rank;
		}
	}

	return {
		values: values as SortedSamples,
		repeats: queues.map((processes) => processes.map(({ranks}) => ranks)),
	};
};

export const countProcesses = ({repeats}: RankedSamples): number =>
	repeats.reduce((sum, processes) => sum + processes.length, 0);

export const isConstant = ({values}: RankedSamples): boolean => values[0] === values.at(-1);
