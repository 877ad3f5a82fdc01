/** The ranges that launches belong to. */

import {IndexList} from './lists.ts';

/** No range, as a launch's. */
export const noRange = -1;

/**
 * By launch: the innermost range that contains its call; all above it contain the call too. Of several calls in several
 * ranges, and of tracks, there is one each: a list of entries.
 */
export interface LaunchingRanges {
	/** By launch: its only range, or `noRange`, or a list as `listOf` its first entry. */
	readonly first: Int32Array;
	/** By entry: the next one of its list, -1 at the end. */
	readonly next: Int32Array;
	/** By entry. */
	readonly range: Int32Array;
}

/** The ranges of launches, and the calls of which it is not known that they lie in one. */
export interface StrayLaunches extends LaunchingRanges {
	readonly stray: Int32Array;
}

/** A list in place of a range, and the first entry of a list: each undoes the other. */
export const listOf = (entry: number): number => -2 - entry;

/** They are collected here. Nearly all launches have one: that takes no entry. */
export class CollectedRanges {
	readonly first: Int32Array;
	private readonly next = new IndexList();
	private readonly range = new IndexList();
	/** Calls in no range; those of threads whose ranges overlap, whether they are in one or not. */
	private readonly stray = new IndexList();

	constructor(launches: number) {
		this.first = new Int32Array(launches).fill(noRange);
	}

	/** Two calls of a launch in one range (of the runtime and of the driver) count once. */
	add(launch: number, range: number): void {
		const known = Number(this.first[launch]);
		if (known === noRange) {
			this.first[launch] = range;
		} else if (known !== range) {
			this.addToList(launch, known, range);
		}
	}

	addStray(call: number): void {
		this.stray.push(call);
	}

	finish(): StrayLaunches {
		const {first, next, range, stray} = this;
		return {first, next: next.view(), range: range.view(), stray: stray.view()};
	}

	private addToList(launch: number, known: number, range: number): void {
		const head = known >= 0 ? this.addEntry(known, -1) : listOf(known);
		if (this.range.at(head) !== range) {
			this.first[launch] = listOf(this.addEntry(range, head));
		}
	}

	private addEntry(range: number, next: number): number {
		this.range.push(range);
		this.next.push(next);
		return this.next.length - 1;
	}
}
