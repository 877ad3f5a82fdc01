/** Adds up the kernels of every range, and of none: by label (kernel-labels.ts) and name. */

import {groupRows} from './fill-column.ts';
import {RangeVisitor} from './gpu-projection.ts';
import type {KernelLabels} from './kernel-labels.ts';
import type {KernelLaunches, RangesOfLaunches} from './kernel-launches.ts';
import type {RowNames} from './kernel-names.ts';
import {KernelTally} from './kernel-tally.ts';
import type {KernelRows} from './kernel-tally.ts';
import {noRange} from './ranges-of-launches.ts';
import type {DetailedTrace} from './read-trace.ts';

/** By kernel, ns; NaN where none counts. */
export const measureKernels = (
	{operations: {startNs, endNs}, timed}: DetailedTrace,
	kernels: number,
	nvidiaRules: boolean,
): Float64Array => {
	const durations = new Float64Array(kernels).fill(NaN);
	if (nvidiaRules) {
		for (let kernel = 0; kernel < kernels; kernel++) {
			const takes = Number(endNs[kernel]) - Number(startNs[kernel]);
			durations[kernel] = Number.isFinite(takes) ? takes : NaN;
		}

		return durations;
	}

	for (const row of timed.order) {
		if (row < kernels) {
			durations[row] = Number(endNs[row]) - Number(startNs[row]);
		}
	}

	return durations;
};

/** Walks the ranges of one style that a launch belongs to. */
class RangeWalk {
	private readonly ranges: RangesOfLaunches;
	private readonly labels: Int32Array;
	/** Number of the first range among those of both styles. */
	private readonly shift: number;
	private readonly visitor: RangeVisitor;
	private visits = 0;

	constructor(ranges: RangesOfLaunches, labels: Int32Array, shift: number) {
		this.ranges = ranges;
		this.labels = labels;
		this.shift = shift;
		this.visitor = new RangeVisitor(ranges.nested, ranges.launching);
	}

	/** @returns whether there is one */
	add(number: number, kernel: number, name: number, takes: number, tally: KernelTally): boolean {
		const {nested, launching} = this.ranges;
		const innermost = Number(launching.first[number]);
		if (innermost === noRange) {
			return false;
		}

		if (innermost >= 0) {
			for (let range = innermost; range >= 0; range = Number(nested.above[range])) {
				tally.add(name, Number(this.labels[range]), this.shift + range, kernel, takes);
			}
		} else {
			for (const range of this.visitor.list(number, ++this.visits)) {
				tally.add(name, Number(this.labels[range]), this.shift + range, kernel, takes);
			}
		}

		return true;
	}
}

const listWalks = ({pushPop, startEnd}: KernelLaunches, labels: KernelLabels): RangeWalk[] => [
	new RangeWalk(pushPop, labels.pushPop, 0),
	...(startEnd === undefined
		? []
		: [new RangeWalk(startEnd, labels.startEnd, labels.pushPop.length)]),
];

export const addUpKernels = (
	{operations}: DetailedTrace,
	kernels: RowNames,
	durations: Float64Array,
	launches: KernelLaunches,
	labels: KernelLabels,
): KernelRows => {
	const {numbers, thread} = launches;
	const tally = new KernelTally(labels.count, labels.pushPop.length + labels.startEnd.length);
	const walks = listWalks(launches, labels);
	const byName = groupRows(kernels.name, kernels.names.length);
	for (let name = 0; name < kernels.names.length; name++) {
		for (const kernel of byName.rows.subarray(byName.from[name], byName.from[name + 1])) {
			const takes = Number(durations[kernel]);
			const launch = Number(operations.launch[kernel]);
			const from = launch < 0 ? 0 : Number(numbers.from[launch]);
			const to = launch < 0 ? 0 : Number(numbers.from[launch + 1]);
			if (from === to) {
				tally.add(name, labels.withoutCall, -1, kernel, takes);
			}

			for (let at = from; at < to; at++) {
				const number = Number(numbers.rows[at]);
				let lies = false;
				for (const walk of walks) {
					lies = walk.add(number, kernel, name, takes, tally) || lies;
				}

				if (!lies) {
					const label = labels.outside[Number(thread[number])] ?? labels.withoutCall;
					tally.add(name, label, -1, kernel, takes);
				}
			}
		}

		tally.finish(name);
	}

	return tally.rows;
};
