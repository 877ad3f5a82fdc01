/**
 * Start/end ranges: opened and closed by an id, not by a thread's stack, so that they lie across the others and can end on
 * another thread. They are no part of a Trace; the reports of `benchmark ranges` show them, as NVIDIA's projections do.
 *
 * The work launched within one is found as for push/pop ranges: by the calls of its thread. A range that ended on another
 * thread has no projection: whether it speaks of one thread, of both or of the process, nobody can tell.
 */

import type {TraceThread} from '../schemas/trace.ts';
import type {Warning} from '../schemas/warning.ts';
import {ascendingOrder} from './ascending-order.ts';
import {boundTimes, requireOneSession} from './export-ranges.ts';
import type {RangeFacts} from './export-ranges.ts';
import {pickIndices, pickRows} from './fill-column.ts';
import type {RangeGpuColumns} from './gpu-projection.ts';
import type {LooseRanges} from './loose-work.ts';
import {pidOf} from './nvtx-rows.ts';
import type {RangeTable} from './range-table.ts';
import {about, were} from './trace-warnings.ts';

/** By start, the longer one first, then in the order of recording. Times are ns since the trace's origin. */
export interface StartEndRanges extends RangeGpuColumns {
	readonly length: number;
	/** Index into `threads`: where the range started. */
	readonly thread: Uint32Array;
	/** Those of the Trace, by the same index, and then those that have no push/pop range. */
	readonly threads: readonly TraceThread[];
	/** Index into `names`. */
	readonly name: Uint32Array;
	/** Distinct; not those of the Trace. */
	readonly names: readonly string[];
	readonly startNs: Float64Array;
	readonly endNs: Float64Array;
	/** The rowid in NVTX_EVENTS: RangeId in NVIDIA's reports. */
	readonly rowId: Float64Array;
	/** 1 where the range ended on another thread: it has no projection. */
	readonly endedElsewhere: Uint8Array;
}

/** Ranges before their projection. */
export interface StartEndRows extends Omit<StartEndRanges, keyof RangeGpuColumns> {
	/** What is to be projected; threads are numbered by rank. */
	readonly loose: LooseRanges;
	readonly warnings: readonly Warning[];
}

const latest = (ends: Float64Array, known: number): number => {
	let last = known;
	for (const ns of ends) {
		last = ns > last ? ns : last;
	}

	return last;
};

/** Ends in place of NULL, and never before the start, in place: as the ends of push/pop ranges are mended. */
const mendEnds = (
	startNs: Float64Array,
	endNs: Float64Array,
	endsOfOthers: Float64Array,
): readonly Warning[] => {
	// NVIDIA's projection takes the latest end of all ranges, whatever their kind.
	const substitute = latest(endsOfOthers, latest(endNs, -Infinity));
	let withoutEnd = 0;
	let reversed = 0;
	for (let row = 0; row < startNs.length; row++) {
		const start = Number(startNs[row]);
		let end = Number(endNs[row]);
		if (Number.isNaN(end)) {
			withoutEnd++;
			end = Math.max(start, substitute);
		}

		reversed += end < start ? 1 : 0;
		endNs[row] = end < start ? start : end;
	}

	return [
		...about(
			withoutEnd,
			'start-end-ranges-without-end',
			() =>
				`${were(withoutEnd, 'start/end range')} exported without an end: ` +
				'the latest end of any range is taken, as NVIDIA does.',
		),
		...about(
			reversed,
			'reversed-start-end-ranges',
			() =>
				`${were(reversed, 'start/end range')} recorded with an end before the start: counted as 0 ns long.`,
		),
	];
};

/** Rows by start, the longer one first. */
const orderRows = (startNs: Float64Array, endNs: Float64Array): Uint32Array => {
	const byEnd = ascendingOrder(endNs.map((ns) => -ns));
	return pickIndices(byEnd, ascendingOrder(pickRows(startNs, byEnd)));
};

/** By rank of a thread: its index in the Trace, -1 where it has no push/pop range. */
const indexRanks = ({nested, rank}: RangeTable): Int32Array => {
	const index = new Int32Array(rank.length).fill(-1);
	for (const [place, thread] of nested.threads.entries()) {
		index[thread] = place;
	}

	return index;
};

/** Threads of ranges by their place in a Trace; those that it does not have are added to the list. */
const placeThreads = (
	given: Uint32Array,
	{threads}: RangeFacts,
	table: RangeTable,
): Pick<StartEndRanges, 'thread' | 'threads'> => {
	const list = [...table.threads];
	const all = threads.list(pidOf);
	const index = indexRanks(table);
	const placed = new Uint32Array(given.length);
	for (let row = 0; row < given.length; row++) {
		const number = Number(given[row]);
		const rank = Number(table.rank[number]);
		const thread = all[number];
		if (index[rank] === -1 && thread !== undefined) {
			index[rank] = list.push(thread) - 1;
		}

		placed[row] = Number(index[rank]);
	}

	return {thread: placed, threads: list};
};

/**
 * @param table the push/pop ranges of the same export, arranged
 * @throws UserError for times that no recording has
 */
export const arrangeStartEndRanges = (
	file: string,
	ranges: RangeFacts,
	table: RangeTable,
): StartEndRows => {
	const {startEnd, labels} = ranges;
	const endNs = startEnd.endNs.view();
	requireOneSession(file, boundTimes(startEnd.startNs.view(), endNs));
	const warnings = mendEnds(startEnd.startNs.view(), endNs, table.columns.endNs);
	const order = orderRows(startEnd.startNs.view(), endNs);
	const {length} = order;
	const pick = (column: Int32Array): Uint32Array =>
		Uint32Array.from(order, (row) => Number(column[row]));
	const given = pick(startEnd.thread.view());
	const endedElsewhere = Uint8Array.from(pick(startEnd.endedElsewhere.view()));
	const times = {
		startNs: pickRows(startEnd.startNs.view(), order),
		endNs: pickRows(endNs, order),
	};
	return {
		length,
		...placeThreads(given, ranges, table),
		name: Uint32Array.from(order, (row) => labels.nameOf(startEnd.label.at(row))),
		names: Array.from({length: labels.count}, (_, name) => labels.nameAt(name)),
		...times,
		rowId: pickRows(startEnd.rowId.view(), order),
		endedElsewhere,
		loose: {
			length,
			thread: Int32Array.from(given, (thread, row) =>
				endedElsewhere[row] === 1 ? -1 : Number(table.rank[thread]),
			),
			...times,
		},
		warnings,
	};
};
