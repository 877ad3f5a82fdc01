/**
 * How long launched work waited for the GPU: from the end of the call that launched it to the start of its first operation.
 *
 *     CPU     |-- runtime call --|
 *               |- driver call -|
 *     GPU                            |-- operation --|
 *                                <-->  queue time
 *
 * Of several calls that bear the launch's id the one that ends last counts: there the program went on. Work that began
 * before that (a synchronous copy, an idle GPU) did not wait: 0. A launch of which no operation has a time has none.
 */

import type {GpuOperations} from './gpu-operations.ts';
import type {TimedOperations} from './timed-operations.ts';
import {RangeVisitor} from './gpu-projection.ts';
import type {LaunchCalls} from './launching-ranges.ts';
import type {DetailSource, Slots} from './range-detail.ts';

export type QueueSource = DetailSource & {readonly calls: LaunchCalls};

/** By launch: the start of its first operation, ns since the base; NaN where none has a time. */
const findFirstStarts = (
	{startNs, launch}: GpuOperations,
	{order}: TimedOperations,
	launches: number,
): Float64Array => {
	const first = new Float64Array(launches).fill(NaN);
	for (let step = order.length - 1; step >= 0; step--) {
		const row = Number(order[step]);
		if (Number(launch[row]) >= 0) {
			first[Number(launch[row])] = Number(startNs[row]);
		}
	}

	return first;
};

/** By launch, ns; NaN where it cannot be told. */
export const measureQueueTimes = ({operations, timed, calls, launching}: QueueSource) => {
	const launches = launching.first.length;
	const callEnd = new Float64Array(launches).fill(-Infinity);
	for (let call = 0; call < calls.length; call++) {
		const launch = Number(calls.launch[call]);
		const end = Number(calls.endNs[call]);
		if (Number.isFinite(end) && end > Number(callEnd[launch])) {
			callEnd[launch] = end;
		}
	}

	const queueNs = findFirstStarts(operations, timed, launches);
	for (let launch = 0; launch < launches; launch++) {
		const end = Number(callEnd[launch]);
		// Math.max leaves NaN as it is.
		queueNs[launch] = end === -Infinity ? NaN : Math.max(0, Number(queueNs[launch]) - end);
	}

	return queueNs;
};

/** Queue times by slot. */
export interface SlotQueues {
	/** Slot -> its places in `queueNs`: from[slot] up to from[slot + 1]. */
	readonly from: Uint32Array;
	readonly queueNs: Float64Array;
}

/** Slot -> where its queue times begin; then how many there are. */
const placeQueues = (
	byLaunch: Float64Array,
	{count, slot}: Slots,
	listRanges: (launch: number) => readonly number[],
): Uint32Array => {
	const from = new Uint32Array(count + 1);
	for (let launch = 0; launch < byLaunch.length; launch++) {
		if (!Number.isNaN(Number(byLaunch[launch]))) {
			for (const range of listRanges(launch)) {
				const next = Number(slot[range]) + 1;
				from[next] = Number(from[next]) + 1;
			}
		}
	}

	// Ranges of no slot (-1) were counted there, where nothing else is.
	from[0] = 0;
	for (let next = 1; next <= count; next++) {
		from[next] = Number(from[next]) + Number(from[next - 1]);
	}

	return from;
};

/** The queue times of the launches of a slot's ranges: a launch counts once for each of them. */
export const listQueueTimes = (source: QueueSource, slots: Slots): SlotQueues => {
	const {nested, launching} = source;
	const byLaunch = measureQueueTimes(source);
	const visitor = new RangeVisitor(nested, launching);
	const launches = byLaunch.length;
	const from = placeQueues(byLaunch, slots, (launch) => visitor.list(launch, launch + 1));
	const next = from.slice();
	const queueNs = new Float64Array(Number(from[slots.count]));
	for (let launch = 0; launch < launches; launch++) {
		const waited = Number(byLaunch[launch]);
		if (Number.isNaN(waited)) {
			continue;
		}

		for (const range of visitor.list(launch, launches + launch + 1)) {
			const own = Number(slots.slot[range]);
			if (own >= 0) {
				const place = Number(next[own]);
				queueNs[place] = waited;
				next[own] = place + 1;
			}
		}
	}

	return {from, queueNs};
};
