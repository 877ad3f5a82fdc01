/** What a trace viewer draws: slices of time on tracks, and arrows from calls to what they started. No file format. */

import type {Cell} from './report-rows.ts';

export interface TimelineTrack {
	/** Tracks of one group stand together under its name: a process, or a process's work on one GPU. */
	readonly group: string;
	readonly name: string;
}

export interface TimelineSlice {
	/** Index into the tracks. Slices of one track may overlap without nesting. */
	readonly track: number;
	readonly name: string;
	/** Since the timeline's origin, whole ns; never negative. */
	readonly startNs: number;
	readonly durationNs: number;
	/** Shown when the slice is chosen. */
	readonly details: Readonly<Record<string, Cell>>;
	/** Equal numbers: the slice with `starts` is the call that started the slices without it. Absent: no arrow. */
	readonly flow?: {readonly id: number; readonly starts: boolean};
}

export interface Timeline {
	/** The file it was read from. */
	readonly source: string;
	readonly tracks: readonly TimelineTrack[];
	/** In any order; one at a time. */
	readonly slices: Iterable<TimelineSlice>;
}
