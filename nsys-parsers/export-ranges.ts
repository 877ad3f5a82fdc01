/** The CPU side of an export: its NVTX ranges, with their names, threads and ends. */

import {UserError} from '../base/errors.ts';
import {countFrom} from './export-session.ts';
import type {ExportSession, SessionFacts} from './export-session.ts';
import type {ExportFile} from './export-tables.ts';
import {lackingColumns, readRows} from './export-tables.ts';
import {readNvtxRows} from './nvtx-rows.ts';
import type {NvtxRanges} from './nvtx-rows.ts';
import {firstRange} from './queries/first-range.ts';
import {nameLabels} from './range-names.ts';
import type {LabelNames} from './range-names.ts';
import type {RangeRows} from './range-table.ts';
import {makeContext} from './row-block.ts';
import type {RowContext} from './row-block.ts';
import type {RowSource} from './row-source.ts';
import type {ThreadNumbers} from './thread-numbers.ts';

/** Odd ends. */
export interface EndOddities {
	/** Ranges exported without an end. */
	readonly withoutEnd: number;
	/** Ranges whose end lies before their start. */
	readonly reversed: number;
}

export interface ExportRanges extends RangeFacts {
	/** Push/pop ranges. Their threads are not listed yet: others may make calls. */
	readonly rows: Omit<RangeRows, 'threads'>;
}

/** What is known of the ranges besides themselves. */
export interface RangeFacts extends EndOddities {
	/** By row: the rowid in NVTX_EVENTS, RangeId in NVIDIA's reports. Empty where nobody asked for it. */
	readonly rowId: Float64Array;
	/** Start/end ranges as they were read: NaN where an end is missing, by the session's clock. */
	readonly startEnd: NvtxRanges;
	readonly threads: ThreadNumbers;
	readonly labels: LabelNames;
	/** Texts and ids that the export's other tables share; times are counted from the session's base. */
	readonly context: RowContext;
	/** The session's base, counted from that of the context that the ranges were read with. */
	readonly originNs: number;
	readonly session: ExportSession;
}

/** @throws UserError for an export too old to be read */
export const requireUsable = (from: ExportFile): void => {
	const needs = {NVTX_EVENTS: ['start', 'end', 'eventType', 'globalTid']};
	const lacking = lackingColumns(from.tables, needs);
	if (lacking.length > 0) {
		throw new UserError(
			`${from.file} was exported by an nsys that is too old: no ${lacking.join(', ')}`,
			{next: 'Export the report again with a newer nsys.'},
		);
	}
};

/** How far times reach. */
export interface TimeBounds {
	/** Infinity where there are none. */
	readonly firstStart: number;
	/** -Infinity where there are none; so is the next. */
	readonly lastStart: number;
	readonly lastEnd: number;
	/** Whether a double does not hold one of them, or a start is missing. */
	readonly beyondDoubles: boolean;
}

/** @param endNs NaN where an end is missing */
export const boundTimes = (startNs: Float64Array, endNs: Float64Array): TimeBounds => {
	let firstStart = Infinity;
	let lastStart = -Infinity;
	let firstEnd = Infinity;
	let lastEnd = -Infinity;
	let lacking = 0;
	for (let row = 0; row < startNs.length; row++) {
		const start = Number(startNs[row]);
		const end = Number(endNs[row]);
		lacking += Number.isNaN(start) ? 1 : 0;
		firstStart = start < firstStart ? start : firstStart;
		lastStart = start > lastStart ? start : lastStart;
		firstEnd = end < firstEnd ? end : firstEnd;
		lastEnd = end > lastEnd ? end : lastEnd;
	}

	const beyondDoubles =
		lacking > 0 ||
		Math.min(firstStart, firstEnd) === -Infinity ||
		Math.max(lastStart, lastEnd) === Infinity;
	return {firstStart, lastStart, lastEnd, beyondDoubles};
};

/** Times are counted from one of the ranges, so one that a double cannot hold lies 104 days from it. */
export const requireOneSession = (file: string, {beyondDoubles}: TimeBounds): void => {
	if (beyondDoubles) {
		throw new UserError(`${file} is damaged: its ranges lie more than 104 days apart`, {
			next: 'Export the report again.',
		});
	}
};

/** Counts times from the origin, in place. */
export const shiftTimes = (times: Float64Array, originNs: number): void => {
	if (originNs === 0) {
		return;
	}

	for (let row = 0; row < times.length; row++) {
		times[row] = Number(times[row]) - originNs;
	}
};

/** Counts times from the origin, with ends in place of NULL and never before the start; in place. */
const mendTimes = (
	startNs: Float64Array,
	endNs: Float64Array,
	{lastStart, lastEnd}: TimeBounds,
	{originNs, endOfTraceNs}: {readonly originNs: number; readonly endOfTraceNs: number},
): EndOddities & {readonly unfinished: Uint8Array} => {
	const unfinished = new Uint8Array(startNs.length);
	const substitute = (lastEnd === -Infinity ? lastStart : lastEnd) - originNs;
	let withoutEnd = 0;
	let reversed = 0;
	for (let row = 0; row < startNs.length; row++) {
		const start = Number(startNs[row]) - originNs;
		let end = Number(endNs[row]) - originNs;
		if (Number.isNaN(end)) {
			withoutEnd++;
			unfinished[row] = 1;
			end = substitute;
		} else if (end >= endOfTraceNs) {
			// Mostly just then; on a busy machine 0.14 s later was seen.
			unfinished[row] = 1;
		}

		if (end < start) {
			reversed++;
			end = start;
		}

		startNs[row] = start;
		endNs[row] = end;
	}

	return {unfinished, withoutEnd, reversed};
};

const namesOfRanges = ({label}: NvtxRanges, {nameOf}: LabelNames): Uint32Array => {
	const labels = label.view();
	const names = new Uint32Array(labels.buffer, labels.byteOffset, labels.length);
	for (let row = 0; row < names.length; row++) {
		names[row] = nameOf(Number(labels[row]));
	}

	return names;
};

/** Counts times from one of the ranges: which one is the first is known when all are read. */
export const contextNear = (from: ExportFile, {shiftNs}: SessionFacts): RowContext =>
	makeContext(readRows(from, firstRange)[0]?.startNs ?? shiftNs);

/**
 * @param rowIds whether push/pop ranges have their rowids
 * @throws UserError for an export too damaged to be read
 */
export const readExportRanges = (
	from: ExportFile,
	source: RowSource,
	facts: SessionFacts,
	near: RowContext,
	rowIds: boolean,
): ExportRanges => {
	const read = readNvtxRows(source, near, rowIds);
	const {pushPop, startEnd, threads} = read;
	const startNs = pushPop.startNs.view();
	const endNs = pushPop.endNs.view();
	const bounds = boundTimes(startNs, endNs);
	requireOneSession(from.file, bounds);
	const originNs = startNs.length === 0 ? 0 : bounds.firstStart;
	shiftTimes(startEnd.startNs.view(), originNs);
	shiftTimes(startEnd.endNs.view(), originNs);
	const session = countFrom(near.baseNs + BigInt(originNs), facts);
	const {unfinished, ...odd} = mendTimes(startNs, endNs, bounds, {
		originNs,
		endOfTraceNs: session.endNs,
	});
	const labels = nameLabels(from, read, near);
	const thread = pushPop.thread.view();
	return {
		rows: {
			length: startNs.length,
			thread: new Uint32Array(thread.buffer, thread.byteOffset, thread.length),
			name: namesOfRanges(pushPop, labels),
			names: labels.count,
			nameAt: labels.nameAt,
			startNs,
			endNs,
			unfinished,
		},
		rowId: pushPop.rowId.view(),
		startEnd,
		threads,
		labels,
		context: {...makeContext(session.baseNs), texts: near.texts, largeIds: near.largeIds},
		originNs,
		session,
		...odd,
	};
};
