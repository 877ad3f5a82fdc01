/** Adds up kernels by groups of ranges that somebody else has made, such as those of one path. */

import {RangeVisitor} from './gpu-projection.ts';
import {listKernelLaunches} from './kernel-launches.ts';
import type {KernelLaunches} from './kernel-launches.ts';
import type {RowNames} from './kernel-names.ts';
import {measureKernels} from './kernel-sums.ts';
import type {DetailedTrace} from './read-trace.ts';

export interface KernelSum {
	/** Sum of durations, ns. */
	ns: number;
	launches: number;
}

export interface GroupedKernels {
	/** By group: by name of a kernel. */
	readonly groups: readonly ReadonlyMap<string, KernelSum>[];
	/** All of the trace's, in whatever range or none. */
	readonly all: ReadonlyMap<string, KernelSum>;
}

const add = (sums: Map<string, KernelSum>, name: string, ns: number): void => {
	const sum = sums.get(name);
	if (sum === undefined) {
		sums.set(name, {ns, launches: 1});
	} else {
		sum.ns += ns;
		sum.launches++;
	}
};

/** Finds the groups around kernels, each once for a kernel. */
class GroupWalk {
	private readonly visitor: RangeVisitor;
	private readonly launches: KernelLaunches;
	private readonly groupOf: Int32Array;
	/** By group: the last visit that came by. */
	private readonly seenBy: Int32Array;
	private visits = 0;

	constructor(launches: KernelLaunches, groupOf: Int32Array, groups: number) {
		this.launches = launches;
		this.groupOf = groupOf;
		this.visitor = new RangeVisitor(launches.pushPop.nested, launches.pushPop.launching);
		this.seenBy = new Int32Array(groups);
	}

	/** @param launch of a kernel; -1 where it has none */
	list(launch: number): readonly number[] {
		const {numbers} = this.launches;
		const found: number[] = [];
		const visit = ++this.visits;
		const [from, to] = launch < 0 ? [0, 0] : [numbers.from[launch], numbers.from[launch + 1]];
		for (let at = Number(from); at < Number(to); at++) {
			for (const range of this.visitor.list(Number(numbers.rows[at]), visit)) {
				const group = Number(this.groupOf[range]);
				if (group >= 0 && this.seenBy[group] !== visit) {
					this.seenBy[group] = visit;
					found.push(group);
				}
			}
		}

		return found;
	}
}

/**
 * A kernel counts for each group that has a range around its launch, once. Kernels whose times make no sense are left out.
 * @param kernels names of the trace's kernels, in the order of rows
 * @param groupOf by push/pop range: its group, -1 for none
 */
export const addUpKernelsByGroup = (
	read: DetailedTrace,
	kernels: RowNames,
	groupOf: Int32Array,
	groups: number,
): GroupedKernels => {
	const durations = measureKernels(read, kernels.name.length, false);
	const walk = new GroupWalk(listKernelLaunches(read, false), groupOf, groups);
	const sums = Array.from({length: groups}, () => new Map<string, KernelSum>());
	const all = new Map<string, KernelSum>();
	for (let kernel = 0; kernel < kernels.name.length; kernel++) {
		const ns = Number(durations[kernel]);
		if (Number.isNaN(ns)) {
			continue;
		}

		const name = kernels.names[Number(kernels.name[kernel])] ?? '';
		add(all, name, ns);
		for (const group of walk.list(Number(read.operations.launch[kernel]))) {
			const own = sums[group];
			if (own !== undefined) {
				add(own, name, ns);
			}
		}
	}

	return {groups: sums, all};
};
