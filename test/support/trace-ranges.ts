/**
 * A Trace from a nested literal, with no SQLite behind it:
 *
 *     traceOf([range('pipeline', 0, 100, {}, [range('batch_0', 10, 40, {note: {batch: 0, items: 1}})])])
 */

import type {AnnotationMeta, RangeNote, Trace, TraceThread} from '../../schemas/trace.ts';

export interface RangeLiteral {
	readonly name: string;
	readonly startNs: number;
	readonly endNs: number;
	readonly gpuSpanNs: number;
	readonly gpuBusyNs: number;
	readonly unfinished: boolean;
	readonly note: RangeNote | undefined;
	readonly children: readonly RangeLiteral[];
}

export interface RangeFacts {
	readonly gpu?: number;
	readonly busy?: number;
	readonly unfinished?: boolean;
	readonly note?: RangeNote;
}

/** Times in ns since the trace's origin. */
export const range = (
	name: string,
	startNs: number,
	endNs: number,
	facts: RangeFacts = {},
	children: readonly RangeLiteral[] = [],
): RangeLiteral => ({
	name,
	startNs,
	endNs,
	gpuSpanNs: facts.gpu ?? 0,
	gpuBusyNs: facts.busy ?? facts.gpu ?? 0,
	unfinished: facts.unfinished ?? false,
	note: facts.note,
	children,
});

/** A batch as the annotation library marks it. */
export const batch = (
	index: number,
	items: number | undefined,
	startNs: number,
	endNs: number,
	facts: RangeFacts = {},
	children: readonly RangeLiteral[] = [],
): RangeLiteral => {
	const note = {batch: index, ...(items === undefined ? {} : {items}), ...facts.note};
	return range(`batch_${index}`, startNs, endNs, {...facts, note}, children);
};

export interface ThreadLiteral extends TraceThread {
	readonly ranges: readonly RangeLiteral[];
}

export interface TraceFacts {
	readonly metas?: readonly AnnotationMeta[];
	readonly waits?: Trace['waits'];
	readonly originUnixNs?: bigint | null;
	readonly hasGpuWork?: boolean;
	readonly warnings?: Trace['warnings'];
	readonly tool?: Trace['tool'];
}

interface Row extends RangeLiteral {
	readonly thread: number;
	readonly parent: number;
}

const listRows = (threads: readonly ThreadLiteral[]): readonly Row[] => {
	const rows: Row[] = [];
	const visit = (literal: RangeLiteral, thread: number, parent: number): void => {
		const at = rows.push({...literal, thread, parent}) - 1;
		for (const child of literal.children) {
			visit(child, thread, at);
		}
	};

	for (const [thread, {ranges}] of threads.entries()) {
		for (const literal of ranges) {
			visit(literal, thread, -1);
		}
	}

	return rows;
};

export const traceOfThreads = (
	threads: readonly ThreadLiteral[],
	facts: TraceFacts = {},
): Trace => {
	const rows = listRows(threads);
	const names = [...new Set(rows.map(({name}) => name))];
	const nameIndex = new Map(names.map((name, index) => [name, index]));
	return {
		source: 'hand-made',
		tool: facts.tool ?? {kind: 'nsys', schemaVersion: '3.11.3'},
		originUnixNs: facts.originUnixNs ?? null,
		threads: threads.map(({pid, tid}) => ({pid, tid})),
		names,
		ranges: {
			length: rows.length,
			name: Uint32Array.from(rows, ({name}) => nameIndex.get(name) ?? 0),
			thread: Uint32Array.from(rows, ({thread}) => thread),
			parent: Int32Array.from(rows, ({parent}) => parent),
			startNs: Float64Array.from(rows, ({startNs}) => startNs),
			endNs: Float64Array.from(rows, ({endNs}) => endNs),
			gpuSpanNs: Float64Array.from(rows, ({gpuSpanNs}) => gpuSpanNs),
			gpuBusyNs: Float64Array.from(rows, ({gpuBusyNs}) => gpuBusyNs),
			gpuOperations: Uint32Array.from(rows, ({gpuSpanNs}) => (gpuSpanNs > 0 ? 1 : 0)),
			unfinished: Uint8Array.from(rows, ({unfinished}) => (unfinished ? 1 : 0)),
		},
		notes: new Map(
			rows.flatMap(({note}, index) => (note === undefined ? [] : [[index, note] as const])),
		),
		metas: facts.metas ?? [],
		waits: facts.waits ?? [],
		hasGpuWork: facts.hasGpuWork ?? rows.some(({gpuSpanNs}) => gpuSpanNs > 0),
		warnings: facts.warnings ?? [],
	};
};

/** All on one thread. */
export const traceOf = (ranges: readonly RangeLiteral[], facts: TraceFacts = {}): Trace =>
	traceOfThreads([{pid: 100, tid: 100, ranges}], facts);
