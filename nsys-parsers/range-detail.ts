/**
 * What the operations of ranges were, summed up by slot: a group of ranges (a path, a name), or one range. One pass over
 * the operations in order of their starts. A range's operations are those of gpu-projection.ts.
 *
 *     compute  |---------|   |-----|       kernels, whole graphs
 *     memory        |-----------|          copies, memsets
 *     overlap       |----|   |--|          compute busy + memory busy - busy
 *
 * Operations with impossible times are counted, and are in no time and no bytes.
 */

import {operationKinds} from './gpu-operations.ts';
import type {GpuOperations} from './gpu-operations.ts';
import {RangeVisitor} from './gpu-projection.ts';
import type {DetailedTrace} from './read-trace.ts';

/** What of a trace the detail is made of. */
export type DetailSource = Pick<DetailedTrace, 'operations' | 'timed' | 'nested' | 'launching'>;

/** Which ranges are summed up together. */
export interface Slots {
	readonly count: number;
	/** By range; -1 for a range that is left out. */
	readonly slot: Int32Array;
}

/** Sums by slot over its ranges; what belongs to several of them counts for each. */
export interface KindSums {
	readonly operations: Float64Array;
	/** Of the operations one by one: those that ran at once count each. */
	readonly timeNs: Float64Array;
	readonly bytes: Float64Array;
}

export interface DetailSums {
	/** By index into operationKinds; undefined for kinds that the trace has none of. */
	readonly kinds: readonly (KindSums | undefined)[];
	/** Length of the union of a range's kernels and graphs, ns. */
	readonly computeBusyNs: Float64Array;
	/** Length of the union of a range's copies and memsets, ns. */
	readonly memoryBusyNs: Float64Array;
}

const isCompute = Uint8Array.from(operationKinds, (kind) =>
	kind === 'kernel' || kind === 'graph' ? 1 : 0,
);

/** Kinds that a trace has operations of, as indices into operationKinds, ascending. */
export const listKinds = ({kind, length}: GpuOperations): readonly number[] => {
	const occurs = new Uint8Array(operationKinds.length);
	for (let row = 0; row < length; row++) {
		occurs[Number(kind[row])] = 1;
	}

	return [...occurs.keys()].filter((number) => occurs[number] === 1);
};

class Sums implements DetailSums {
	readonly kinds: readonly (KindSums | undefined)[];
	readonly computeBusyNs: Float64Array;
	readonly memoryBusyNs: Float64Array;
	private readonly slot: Int32Array;
	/** By range: the end of the last operation so far. */
	private readonly computeUntil: Float64Array;
	private readonly memoryUntil: Float64Array;

	constructor({count, slot}: Slots, kinds: readonly number[]) {
		this.slot = slot;
		this.kinds = operationKinds.map((_, kind) =>
			kinds.includes(kind)
				? {
						operations: new Float64Array(count),
						timeNs: new Float64Array(count),
						bytes: new Float64Array(count),
					}
				: undefined,
		);
		this.computeBusyNs = new Float64Array(count);
		this.memoryBusyNs = new Float64Array(count);
		this.computeUntil = new Float64Array(slot.length).fill(-Infinity);
		this.memoryUntil = new Float64Array(slot.length).fill(-Infinity);
	}

	/** Operations come in order of their starts. */
	add(range: number, kind: number, start: number, end: number, bytes: number): void {
		const slot = Number(this.slot[range]);
		const sums = this.kinds[kind];
		if (slot < 0 || sums === undefined) {
			return;
		}

		sums.operations[slot] = Number(sums.operations[slot]) + 1;
		sums.timeNs[slot] = Number(sums.timeNs[slot]) + end - start;
		sums.bytes[slot] = Number(sums.bytes[slot]) + bytes;
		const compute = isCompute[kind] === 1;
		const until = compute ? this.computeUntil : this.memoryUntil;
		const covered = Number(until[range]);
		if (end > covered) {
			const busyNs = compute ? this.computeBusyNs : this.memoryBusyNs;
			busyNs[slot] = Number(busyNs[slot]) + end - (start > covered ? start : covered);
			until[range] = end;
		}
	}

	/** One of which only that it was is known. */
	count(range: number, kind: number): void {
		const slot = Number(this.slot[range]);
		const operations = this.kinds[kind]?.operations;
		if (slot >= 0 && operations !== undefined) {
			operations[slot] = Number(operations[slot]) + 1;
		}
	}
}

const addTimed = (
	{operations, timed: {order}, nested, launching}: DetailSource,
	sums: Sums,
): void => {
	const {startNs, endNs, launch, kind, bytes} = operations;
	const visitor = new RangeVisitor(nested, launching);
	for (let step = 0; step < order.length; step++) {
		const row = Number(order[step]);
		const number = Number(launch[row]);
		if (number < 0) {
			continue;
		}

		const start = Number(startNs[row]);
		const end = Number(endNs[row]);
		for (const range of visitor.list(number, step + 1)) {
			sums.add(range, Number(kind[row]), start, end, Number(bytes[row]));
		}
	}
};

const countUntimed = (
	{operations: {length, launch, kind}, timed: {order}, nested, launching}: DetailSource,
	sums: Sums,
): void => {
	const isTimed = new Uint8Array(length);
	for (const row of order) {
		isTimed[row] = 1;
	}

	const visitor = new RangeVisitor(nested, launching);
	for (let row = 0; row < length; row++) {
		if (isTimed[row] === 0 && Number(launch[row]) >= 0) {
			for (const range of visitor.list(Number(launch[row]), row + 1)) {
				sums.count(range, Number(kind[row]));
			}
		}
	}
};

/** @param kinds those to sum up, as listKinds tells them */
export const sumUpOperations = (
	source: DetailSource,
	slots: Slots,
	kinds: readonly number[],
): DetailSums => {
	const sums = new Sums(slots, kinds);
	addTimed(source, sums);
	if (source.timed.withoutTimes > 0) {
		countUntimed(source, sums);
	}

	return sums;
};
