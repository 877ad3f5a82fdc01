import * as z from 'zod';

/**
 * The built-in profiler's recording: what an annotation library writes where no nsys can be had. One file per process,
 * `recording-<pid>.jsonl`, one JSON array per line, each written with a single write(2) as it happens: a crash loses
 * nothing that was closed, and of the open ranges only their ends.
 *
 *   ["header", {...}]                              first line
 *   ["open", tid, atNs, name, domain]              about to be pushed; domain is null for the default one
 *   ["close", tid, startNs, endNs]                 the innermost open range of that thread ended; its exact times
 *   ["mark", tid, atNs, text]                      a mark in the annotation domain
 *
 * Times are nanoseconds of the monotonic clock since `originMonotonicNs`. An `open` without a `close` is an unfinished
 * range: its start is `atNs`, its end the last time in the file. A last line that is cut short is left out.
 */
const time = z.int();
const thread = z.int().nonnegative();

export const RecordingHeader = z.strictObject({
	formatVersion: z.literal(1),
	pid: z.int().positive(),
	/** Name and version of the library that wrote it: "perf_utils 0.1.0 (Python 3.11.7)". */
	library: z.string(),
	/** The monotonic clock's value at the origin, in ns, as decimal text: it can pass 2^53. */
	originMonotonicNs: z.string().regex(/^\d+$/),
	/** The wall clock at the origin, in ns since 1970, as decimal text. */
	originUnixNs: z.string().regex(/^\d+$/),
});

export const RecordingLine = z
	.union([
		z.tuple([z.literal('header'), RecordingHeader]),
		z.tuple([z.literal('open'), thread, time, z.string(), z.string().nullable()]),
		z.tuple([z.literal('close'), thread, time, time]),
		z.tuple([z.literal('mark'), thread, time, z.string()]),
	])
	.meta({id: 'recording-line', title: 'One line of a built-in recording'});
export type RecordingLine = z.infer<typeof RecordingLine>;

export const recordingFileName = (pid: number): string => `recording-${pid}.jsonl`;

/** A process that replaces its program keeps its pid: what follows writes `recording-<pid>-1.jsonl`, and so on. */
export const recordingFilePattern = /^recording-\d+(-\d+)?\.jsonl$/;
