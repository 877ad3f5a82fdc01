/** What a trace viewer draws: slices of time on tracks, and arrows from calls to what they started. No file format. */

import type {Cell} from './report-rows.ts';

/** What stands on a slice. */
export interface SliceText {
	readonly name: string;
	/** Shown when the slice is chosen. */
	readonly details: Readonly<Record<string, Cell>>;
	/** Equal numbers: the slice with `starts` is the call that started the slices without it. Absent: no arrow. */
	readonly flow?: {readonly id: number; readonly starts: boolean};
}

/** By slice, in any order; fastest where they come by start. They may overlap without nesting. */
export interface TrackSlices {
	/** Since the timeline's origin, whole ns; never negative. */
	readonly startNs: Float64Array;
	readonly durationNs: Float64Array;
	/** Of slices with the same start and duration, the first holds the others. */
	readonly describe: (slice: number) => SliceText;
}

export interface TimelineTrack {
	/** Tracks of one group stand together under its name: a process, or a process's work on one GPU. */
	readonly group: string;
	readonly name: string;
	/** Makes the track's slices. Called once, when they are to be written: those of one track at a time are held. */
	readonly listSlices: () => TrackSlices;
}

export interface Timeline {
	/** The file it was read from. */
	readonly source: string;
	readonly tracks: readonly TimelineTrack[];
}
