/** The CPU side of an export: its NVTX ranges, with their names, threads and ends. */

import {UserError} from '../base/errors.ts';
import {countFrom} from './export-session.ts';
import type {ExportSession, SessionFacts} from './export-session.ts';
import type {ExportFile} from './export-tables.ts';
import {lackingColumns, readRows} from './export-tables.ts';
import {readNvtxRows} from './nvtx-rows.ts';
import type {NvtxRanges, NvtxRows} from './nvtx-rows.ts';
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

/** Times are counted from one of the ranges, so one that a double cannot hold lies 104 days from it. */
export const requireOneSession = (file: string, times: Float64Array, mayLack: boolean): void => {
	for (let row = 0; row < times.length; row++) {
		const ns = Number(times[row]);
		if (!Number.isFinite(ns) && !(mayLack && Number.isNaN(ns))) {
			throw new UserError(`${file} is damaged: its ranges lie more than 104 days apart`, {
				next: 'Export the report again.',
			});
		}
	}
};

const earliest = (times: Float64Array): number => {
	let first = Infinity;
	for (let row = 0; row < times.length; row++) {
		first = Number(times[row]) < first ? Number(times[row]) : first;
	}

	return first === Infinity ? 0 : first;
};

const latest = (times: Float64Array): number => {
	let last = -Infinity;
	for (let row = 0; row < times.length; row++) {
		last = Number(times[row]) > last ? Number(times[row]) : last;
	}

	return last;
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

/** Ends in place of NULL, and never before the start. */
const mendEnds = (
	startNs: Float64Array,
	endNs: Float64Array,
	endOfTraceNs: number,
): EndOddities & {readonly unfinished: Uint8Array} => {
	const unfinished = new Uint8Array(startNs.length);
	const lastEnd = latest(endNs);
	const substitute = lastEnd === -Infinity ? latest(startNs) : lastEnd;
	let withoutEnd = 0;
	let reversed = 0;
	for (let row = 0; row < startNs.length; row++) {
		const start = Number(startNs[row]);
		let end = Number(endNs[row]);
		if (Number.isNaN(end)) {
			withoutEnd++;
			unfinished[row] = 1;
			end = substitute;
		} else if (end === endOfTraceNs) {
			unfinished[row] = 1;
		}

		if (end < start) {
			reversed++;
			end = start;
		}

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

const originOf = ({pushPop}: NvtxRows): number => earliest(pushPop.startNs.view());

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
	requireOneSession(from.file, startNs, false);
	requireOneSession(from.file, endNs, true);
	const originNs = originOf(read);
	shiftTimes(startNs, originNs);
	shiftTimes(endNs, originNs);
	shiftTimes(startEnd.startNs.view(), originNs);
	shiftTimes(startEnd.endNs.view(), originNs);
	const session = countFrom(near.baseNs + BigInt(originNs), facts);
	const {unfinished, ...odd} = mendEnds(startNs, endNs, session.endNs);
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
