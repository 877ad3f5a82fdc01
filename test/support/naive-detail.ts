/**
 * What `--detail` and `--attribute-threads` tell of ranges, computed by their rules as they read: every range, call and
 * operation is held against every other. All times are small whole numbers, so that unions are sets of nanoseconds.
 */

import {buildTrace} from './trace-builder.ts';
import type {TraceSpec} from './trace-builder.ts';

export interface NaiveRange {
	readonly name: string;
	readonly pid: number;
	readonly tid: number;
	readonly start: number;
	readonly end: number;
}

export interface NaiveCall {
	readonly pid: number;
	readonly tid: number;
	readonly correlation: number;
	readonly start: number;
	readonly end: number;
}

export interface NaiveOperation {
	readonly kind: 'kernel' | 'graph' | 'memset' | 'copy';
	readonly pid: number;
	readonly correlation: number;
	readonly start: number;
	readonly end: number;
	/** Of copies and memsets. */
	readonly bytes: number;
	/** Of copies: CUPTI's number of the direction. */
	readonly copyKind: number;
}

export interface NaiveTrace {
	readonly ranges: readonly NaiveRange[];
	readonly calls: readonly NaiveCall[];
	readonly operations: readonly NaiveOperation[];
}

/** Writes the trace as an export; the builder's tables know no bytes. */
export const writeNaiveTrace = (file: string, {ranges, calls, operations}: NaiveTrace): string => {
	const of = (wanted: string) => operations.filter(({kind}) => kind === wanted);
	const spec: TraceSpec = {
		ranges,
		calls,
		kernels: of('kernel'),
		memcpys: of('copy'),
		memsets: of('memset'),
		graphs: of('graph'),
		tables: ['CUPTI_ACTIVITY_KIND_MEMCPY', 'CUPTI_ACTIVITY_KIND_MEMSET'],
	};
	return buildTrace(file, spec, (database) => {
		for (const [table, kind] of [
			['CUPTI_ACTIVITY_KIND_MEMCPY', 'copy'],
			['CUPTI_ACTIVITY_KIND_MEMSET', 'memset'],
		] as const) {
			database.exec(`ALTER TABLE ${table} ADD COLUMN bytes INTEGER`);
			database.exec(`ALTER TABLE ${table} ADD COLUMN copyKind INTEGER`);
			const update = database.prepare(
				`UPDATE ${table} SET bytes = ?, copyKind = ? WHERE rowid = ?`,
			);
			for (const [place, {bytes, copyKind}] of of(kind).entries()) {
				update.run(bytes, copyKind, place + 1);
			}
		}
	});
};

interface Place {
	readonly pid: number;
	readonly tid: number;
}

const isSameThread = (a: Place, b: Place): boolean => a.pid === b.pid && a.tid === b.tid;

const contains = (range: NaiveRange, call: NaiveCall): boolean =>
	isSameThread(range, call) && range.start <= call.start && call.end <= range.end;

const isOpenAt = (range: NaiveRange, at: number): boolean => range.start <= at && at <= range.end;

/** Nanoseconds from..to that any of the parts holds. */
export const unionLength = (
	parts: readonly {readonly start: number; readonly end: number}[],
): number => {
	const held = new Set<number>();
	for (const {start, end} of parts) {
		for (let ns = start; ns < end; ns++) {
			held.add(ns);
		}
	}

	return held.size;
};

/** Longest cover, then the earliest first range, then the lowest thread id. */
const findMain = ({ranges}: NaiveTrace, pid: number): number | undefined => {
	const own = ranges.filter((range) => range.pid === pid);
	const candidates = [...new Set(own.map(({tid}) => tid))].map((tid) => {
		const held = own.filter((range) => range.tid === tid);
		return {tid, cover: unionLength(held), first: Math.min(...held.map(({start}) => start))};
	});
	return candidates.sort((a, b) => b.cover - a.cover || a.first - b.first || a.tid - b.tid)[0]?.tid;
};

/** Ranges that a launch of which no call lies in a range goes to on request. */
const attribute = (trace: NaiveTrace, calls: readonly NaiveCall[]): readonly NaiveRange[] => {
	const [call] = calls.toSorted((a, b) => a.start - b.start || a.tid - b.tid);
	if (call === undefined) {
		return [];
	}

	const open = trace.ranges.filter(
		(range) => range.pid === call.pid && isOpenAt(range, call.start),
	);
	const main = findMain(trace, call.pid);
	return open.some(({tid}) => tid === call.tid) ? [] : open.filter(({tid}) => tid === main);
};

/** Whether the launch of a process's id belongs to the range. */
export const belongs = (
	trace: NaiveTrace,
	range: NaiveRange,
	{pid, correlation}: {readonly pid: number; readonly correlation: number},
	attributeThreads: boolean,
): boolean => {
	const calls = trace.calls.filter((call) => call.pid === pid && call.correlation === correlation);
	if (calls.some((call) => trace.ranges.some((other) => contains(other, call)))) {
		return calls.some((call) => contains(range, call));
	}

	return attributeThreads && attribute(trace, calls).includes(range);
};

export const isTimed = ({start, end}: NaiveOperation): boolean =>
	end >= start && !(start === 0 && end === 0);

/** From the latest end of the launch's calls to its first start; undefined where that cannot be told. */
const queueTime = (trace: NaiveTrace, own: readonly NaiveOperation[]): number | undefined => {
	const starts = own.filter(isTimed).map(({start}) => start);
	const ends = trace.calls
		.filter((call) => call.pid === own[0]?.pid && call.correlation === own[0].correlation)
		.map(({end}) => end);
	return starts.length === 0 || ends.length === 0
		? undefined
		: Math.max(0, Math.min(...starts) - Math.max(...ends));
};

export interface NaiveDetail {
	readonly launches: number;
	readonly operations: readonly NaiveOperation[];
	readonly busyNs: number;
	readonly computeBusyNs: number;
	readonly memoryBusyNs: number;
	readonly queueNs: readonly number[];
}

export const describeRange = (
	trace: NaiveTrace,
	range: NaiveRange,
	attributeThreads = false,
): NaiveDetail => {
	const own = trace.operations.filter(
		(operation) =>
			belongs(trace, range, operation, attributeThreads) && operation.pid === range.pid,
	);
	const ids = [...new Set(own.map(({correlation}) => correlation))];
	const timed = own.filter(isTimed);
	const isCompute = ({kind}: NaiveOperation): boolean => kind === 'kernel' || kind === 'graph';
	return {
		launches: ids.length,
		operations: own,
		busyNs: unionLength(timed),
		computeBusyNs: unionLength(timed.filter(isCompute)),
		memoryBusyNs: unionLength(timed.filter((operation) => !isCompute(operation))),
		queueNs: ids.flatMap(
			(id) =>
				queueTime(
					trace,
					own.filter(({correlation}) => correlation === id),
				) ?? [],
		),
	};
};
