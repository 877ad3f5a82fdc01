/**
 * Covers stretches of time with numbers, of which the highest stays wherever several were put, and tells at any moment how
 * much time bears a number of at least so much.
 *
 *     put 3   |--------|            3 3 3 4 4 4 4
 *     put 4         |-----|         from(4) = 4, from(3) = 7
 *     put 2            |--|         nothing new
 *
 * A segment tree over the stretches between all ends that can occur. A node knows its lowest number, how much of its time
 * bears it, and the second lowest: a number between the two replaces the lowest without a look below. (Known as "segment
 * tree beats"; all changes together take a number of steps in proportion to their count, times log squared.)
 */

import {findFirst} from './loose-work.ts';
import {SuffixSums} from './suffix-columns.ts';

/** Stands for no number: lower than all. */
const none = -1;

const distinct = (sorted: Float64Array): Float64Array => {
	let count = 0;
	for (let at = 0; at < sorted.length; at++) {
		if (at === 0 || sorted[at] !== sorted[at - 1]) {
			sorted[count++] = Number(sorted[at]);
		}
	}

	return sorted.subarray(0, count);
};

export class LatestCover {
	/** Bounds of the stretches, ascending. */
	private readonly bounds: Float64Array;
	private readonly sums: SuffixSums;
	/** By node; 1 is the root, 2n and 2n + 1 lie below n. */
	private readonly lowest: Int32Array;
	private readonly second: Int32Array;
	/** How much time of the node bears its lowest number, ns. */
	private readonly lowestNs: Float64Array;
	/** What is being put. */
	private from = 0;
	private to = 0;
	private number = 0;

	/**
	 * @param ends all times at which something can begin or end; sorted in place
	 * @param numbers all of them are below
	 */
	constructor(ends: Float64Array, numbers: number) {
		this.bounds = distinct(ends.sort());
		this.sums = new SuffixSums(numbers);
		const stretches = this.bounds.length - 1;
		const nodes = stretches < 1 ? 0 : 2 ** (Math.ceil(Math.log2(stretches)) + 1);
		this.lowest = new Int32Array(nodes).fill(none);
		this.second = new Int32Array(nodes).fill(numbers);
		this.lowestNs = new Float64Array(nodes);
		if (nodes > 0) {
			this.measure(1, 0, stretches);
		}
	}

	/** @param number 0 or more */
	put(startNs: number, endNs: number, number: number): void {
		if (startNs < endNs) {
			const stretches = this.bounds.length - 1;
			const boundAt = (place: number): number => Number(this.bounds[place]);
			this.from = findFirst(boundAt, 0, stretches, startNs);
			this.to = findFirst(boundAt, this.from, stretches, endNs);
			this.number = number;
			this.raise(1, 0, stretches);
		}
	}

	/** How much time bears a number of at least so much, ns. */
	coveredFrom(number: number): number {
		return this.sums.from(number);
	}

	private measure(node: number, low: number, high: number): void {
		this.lowestNs[node] = Number(this.bounds[high]) - Number(this.bounds[low]);
		if (high - low > 1) {
			const middle = (low + high) >> 1;
			this.measure(2 * node, low, middle);
			this.measure(2 * node + 1, middle, high);
		}
	}

	/** Within the node of the stretches low..high. */
	private raise(node: number, low: number, high: number): void {
		if (high <= this.from || low >= this.to || Number(this.lowest[node]) >= this.number) {
			return;
		}

		const isInside = this.from <= low && high <= this.to;
		if (isInside && this.number < Number(this.second[node])) {
			this.replaceLowest(node);
			return;
		}

		this.handDown(node);
		const middle = (low + high) >> 1;
		this.raise(2 * node, low, middle);
		this.raise(2 * node + 1, middle, high);
		this.sumUp(node);
	}

	private replaceLowest(node: number): void {
		const before = Number(this.lowest[node]);
		const ns = Number(this.lowestNs[node]);
		if (before !== none) {
			this.sums.add(before, -ns);
		}

		this.sums.add(this.number, ns);
		this.lowest[node] = this.number;
	}

	/** What was replaced in a node is replaced in those below, whose lowest numbers were none higher. */
	private handDown(node: number): void {
		const number = Number(this.lowest[node]);
		for (let below = 2 * node; below <= 2 * node + 1; below++) {
			if (Number(this.lowest[below]) < number) {
				this.lowest[below] = number;
			}
		}
	}

	private sumUp(node: number): void {
		const {lowest, second, lowestNs} = this;
		const left = Number(lowest[2 * node]);
		const right = Number(lowest[2 * node + 1]);
		const lower = Math.min(left, right);
		lowest[node] = lower;
		lowestNs[node] =
			(left === lower ? Number(lowestNs[2 * node]) : 0) +
			(right === lower ? Number(lowestNs[2 * node + 1]) : 0);
		second[node] = Math.min(
			left === lower ? Number(second[2 * node]) : left,
			right === lower ? Number(second[2 * node + 1]) : right,
		);
	}
}
