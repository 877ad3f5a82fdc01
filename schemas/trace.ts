/**
 * What a trace says of a program's NVTX push/pop ranges: nsys-parsers/ makes it, results/ reads it.
 *
 *     threads   [ {pid, tid}, ... ]
 *     ranges    columns of equal length, one element per range; a parent stands before its children:
 *               name -> names, thread -> threads, parent -> ranges (-1 at the top of a thread)
 *     notes     what the annotation library said of a range, by the range's index
 *
 * Bulk data stays in columns: one object per range costs more than all that is computed from it.
 * No file format: this never reaches a disk.
 */

import type {StartEnd} from './annotation-mark.ts';
import type {Warning} from './warning.ts';

export interface Trace {
	/** Where it was read from, for messages. */
	readonly source: string;
	readonly tool: TraceTool;
	/** The wall clock at the origin of the trace's times, in ns since 1970; null where the trace does not tell. */
	readonly originUnixNs: bigint | null;
	readonly threads: readonly TraceThread[];
	/** Distinct names of ranges; "domain:name" outside the default domain, as NVIDIA's reports print them. */
	readonly names: readonly string[];
	readonly ranges: RangeColumns;
	/** By index into the ranges' columns. Ranges of which nothing was said are absent. */
	readonly notes: ReadonlyMap<number, RangeNote>;
	/** What each annotation object said of itself at its creation, in order of time. */
	readonly metas: readonly AnnotationMeta[];
	/** First batches that `--sync-start` held back: one per process, of several threads one each. */
	readonly waits: readonly StartWait[];
	/** Whether any GPU activity was traced. Without it every GPU time is 0 because nothing was seen. */
	readonly hasGpuWork: boolean;
	readonly warnings: readonly Warning[];
}

export type TraceTool =
	| {
			readonly kind: 'nsys';
			/** Version of the export's schema ("3.11.3"); null in exports of 2020 and 2021. */
			readonly schemaVersion: string | null;
	  }
	| {readonly kind: 'builtin'; readonly library: string};

export interface TraceThread {
	readonly pid: number;
	readonly tid: number;
}

/** One element per push/pop range. Times are whole nanoseconds as doubles, points since the trace's origin. */
export interface RangeColumns {
	readonly length: number;
	/** Index into `names`. */
	readonly name: Uint32Array;
	/** Index into `threads`. */
	readonly thread: Uint32Array;
	/** Index of the innermost enclosing range of the same thread; -1 where there is none. Always smaller than its own. */
	readonly parent: Int32Array;
	readonly startNs: Float64Array;
	readonly endNs: Float64Array;
	/** Projected GPU span: first start to last end of the operations launched inside. 0 where there are none. */
	readonly gpuSpanNs: Float64Array;
	/** Length of the union of those operations. */
	readonly gpuBusyNs: Float64Array;
	/** Operations, counted as NVIDIA does: distinct correlation ids of the launching calls. */
	readonly gpuOperations: Uint32Array;
	/** 1 where the range was pushed and never popped: its end is the trace's end. */
	readonly unfinished: Uint8Array;
}

/** From the annotation library's marks (base/annotation-protocol.ts). */
export interface RangeNote {
	readonly object?: string;
	readonly batch?: number;
	readonly items?: number;
	readonly deleted?: boolean;
}

export interface AnnotationMeta {
	readonly pid: number;
	readonly meta: Readonly<Record<string, unknown>>;
}

/** What `--sync-start` held back, and how much of the ranges around it is the wait. Times as the ranges have them. */
export interface StartWait {
	readonly pid: number;
	readonly startNs: number;
	readonly endNs: number;
	/** Why it ended. */
	readonly end: StartEnd;
	/** The ranges of its thread that were open meanwhile, by index into the columns. */
	readonly around: readonly WaitingRange[];
}

export interface WaitingRange {
	readonly range: number;
	/** What the wait takes of its wall time. */
	readonly cpuNs: number;
	/** What it takes of its span on the GPU: nothing ran there in that time. */
	readonly gpuNs: number;
}
