/** What trace-builder.ts builds a trace from; its header says how they go together. All times are nanoseconds. */

import type {TraceTable} from './trace-tables.ts';

/** A bigint where a number would round: times of `--ts-normalize` lie near 1.8e18. */
export type Time = number | bigint;

export interface Where {
	/** 1000 unless given. */
	readonly pid?: number;
	/** The pid unless given. */
	readonly tid?: number;
}

export interface RangeSpec extends Where {
	/** null: the range was pushed without a message. */
	readonly name: string | null;
	/** Stored as a registered string (textId) instead of as text. */
	readonly registered?: boolean;
	/** Text that stands beside a registered name. */
	readonly text?: string;
	readonly start: Time;
	/** null: the exporter wrote none. */
	readonly end: Time | null;
	readonly domain?: string;
	/** 59 push/pop unless given; 60 start/end, 70 and 71 their NVTXT versions. */
	readonly eventType?: number;
	/** The thread on which a start/end range ended, where that is another one. */
	readonly endTid?: number;
}

export interface MarkSpec extends Where {
	readonly text: string;
	readonly start: Time;
	/** The annotation library's domain unless given; null is the default domain. */
	readonly domain?: string | null;
	readonly registered?: boolean;
}

export interface CallSpec extends Where {
	readonly correlation: number | null;
	readonly start: Time;
	readonly end: Time;
}

export interface OperationSpec {
	readonly pid?: number;
	readonly correlation: number | null;
	readonly start: Time;
	readonly end: Time;
	readonly device?: number;
	readonly stream?: number;
}

export interface DiagnosticSpec {
	readonly text: string;
	/** 1 information, 2 warning, 3 error. 2 unless given. */
	readonly severity?: number;
	readonly time?: Time;
}

export interface TraceSpec {
	readonly ranges?: readonly RangeSpec[];
	readonly marks?: readonly MarkSpec[];
	readonly calls?: readonly CallSpec[];
	readonly kernels?: readonly OperationSpec[];
	readonly memcpys?: readonly OperationSpec[];
	readonly memsets?: readonly OperationSpec[];
	/** CUDA graphs launched as a whole (--cuda-graph-trace=graph). */
	readonly graphs?: readonly OperationSpec[];
	readonly diagnostics?: readonly DiagnosticSpec[];
	/** Wall clock at time 0, ns since 1970. */
	readonly sessionStartUnixNs?: bigint;
	/** Where the analysis ended: the end of ranges that were never popped. Time of the first event is 0. */
	readonly durationNs?: Time;
	/** "3.7.2" (nsys 2023.4) unless given; null: no metadata table, as in 2020 and 2021. */
	readonly schemaVersion?: string | null;
	/** Added to every time in the file, as `--ts-normalize` and `--ts-shift` do; 0 unless given. */
	readonly timeShiftNs?: bigint;
	/** Tables to make even if nothing is in them. */
	readonly tables?: readonly TraceTable[];
	/** Bits of every globalTid above the pid: 1 unless given. 32 and more passes 2^53. */
	readonly vm?: number;
	/** The highest 8 bits of every globalTid: 0 unless given. 128 and more makes it negative. */
	readonly hardware?: number;
}
