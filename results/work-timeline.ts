/**
 * When a process did the work of one path: what its rate within a stretch of time is computed from.
 *
 *     holder   |---------------------------------------------|
 *     batches    |warm-up|  |- 1 -|  |dropped|  |- 2 -|  |warm-up|
 *     counted               |--------|       |-----------|
 *
 * Counted is the time from the first measured batch to the start of the batch behind the last one (or the end of that, if
 * none follows), less batches that are not measured and what lies outside of the holder: with each batch comes the time
 * up to the next one.
 */

import type {Batch, Holder} from './holder.ts';
import type {BatchInstance, PathTree, RangeInstance} from './path-tree.ts';
import {cutSpans, joinSpans, shareSpans, type Span} from './spans.ts';

/** Times in ns since the trace's origin. */
export interface WorkTimeline {
	/** Measured batches, one element each; on several threads one for each. */
	readonly startNs: number[];
	readonly endNs: number[];
	/** Divided by the threads that the holder has, as its times are. */
	readonly items: number[];
	readonly counted: CountedSpan[];
}

export interface CountedSpan extends Span {
	/** Of the holder's time: one thread of several counts less. */
	readonly share: number;
}

export const emptyTimeline = (): WorkTimeline => ({startNs: [], endNs: [], items: [], counted: []});

/** One thread's part of a holder. */
interface ThreadWork {
	readonly measured: BatchInstance[];
	/** Batches that are not measured. */
	readonly others: RangeInstance[];
	/** The holder's own; none where no range holds the batches. */
	readonly around: RangeInstance[];
}

/** Threads without a measured batch are left out. */
const groupByThread = (
	{measured, warmup, uncounted, deleted}: Holder,
	around: readonly RangeInstance[],
): ReadonlyMap<number, ThreadWork> => {
	const instancesOf = (batches: readonly Batch[]): readonly BatchInstance[] =>
		batches.flatMap(({instances}) => instances);
	const threads = new Map<number, ThreadWork>();
	for (const instance of instancesOf(measured)) {
		const own = threads.get(instance.thread) ?? {measured: [], others: [], around: []};
		threads.set(instance.thread, own);
		own.measured.push(instance);
	}

	for (const other of [...instancesOf([...warmup, ...uncounted]), ...deleted]) {
		threads.get(other.thread)?.others.push(other);
	}

	for (const range of around) {
		threads.get(range.thread)?.around.push(range);
	}

	return threads;
};

/** From the first measured batch to the start of the one behind the last, or to that one's end. */
const findStretch = ({measured, others}: ThreadWork): Span => {
	let [startNs, endNs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
	for (const batch of measured) {
		startNs = Math.min(startNs, batch.startNs);
		endNs = Math.max(endNs, batch.endNs);
	}

	let nextNs = Number.POSITIVE_INFINITY;
	for (const other of others) {
		nextNs = other.startNs >= endNs ? Math.min(nextNs, other.startNs) : nextNs;
	}

	return {startNs, endNs: nextNs === Number.POSITIVE_INFINITY ? endNs : nextNs};
};

const countTime = (work: ThreadWork): readonly Span[] => {
	const stretch = [findStretch(work)];
	const inside = work.around.length === 0 ? stretch : shareSpans(stretch, joinSpans(work.around));
	return cutSpans(inside, joinSpans(work.others));
};

/** Holders that fold into one path go into one timeline. */
export const addToTimeline = (timeline: WorkTimeline, tree: PathTree, holder: Holder): void => {
	const around = tree.holderInstances.get(holder.node) ?? [];
	for (const work of groupByThread(holder, around).values()) {
		for (const span of countTime(work)) {
			timeline.counted.push({...span, share: 1 / holder.threads});
		}

		for (const {startNs, endNs, fact} of work.measured) {
			timeline.startNs.push(startNs);
			timeline.endNs.push(endNs);
			timeline.items.push((fact.items ?? 0) / holder.threads);
		}
	}
};

const lengthWithin = (span: Span, window: Span): number =>
	Math.max(0, Math.min(span.endNs, window.endNs) - Math.max(span.startNs, window.startNs));

/** What of a timeline lies within a window. */
export interface WindowWork {
	/** A batch that lies partly inside counts by the part of its time. */
	readonly batches: number;
	readonly items: number;
	/** ns of counted time. */
	readonly countedNs: number;
}

export const measureWithin = (timeline: WorkTimeline, window: Span): WindowWork => {
	let [batches, items, countedNs] = [0, 0, 0];
	for (const [batch, startNs] of timeline.startNs.entries()) {
		const endNs = timeline.endNs[batch] ?? startNs;
		const isInside = startNs >= window.startNs && endNs <= window.endNs;
		const part = isInside
			? 1
			: lengthWithin({startNs, endNs}, window) / Math.max(1, endNs - startNs);
		batches += part;
		items += part * (timeline.items[batch] ?? 0);
	}

	for (const span of timeline.counted) {
		countedNs += lengthWithin(span, window) * span.share;
	}

	return {batches, items, countedNs};
};
