/** Timelines out of slices that name their track. */

import type {SliceText, Timeline, TimelineTrack} from '../../schemas/timeline.ts';

export interface PlacedSlice extends SliceText {
	/** Index into the tracks. */
	readonly track: number;
	readonly startNs: number;
	readonly durationNs: number;
}

export type TrackName = Pick<TimelineTrack, 'group' | 'name'>;

export const timelineOf = (
	source: string,
	tracks: readonly TrackName[],
	slices: readonly PlacedSlice[],
): Timeline => ({
	source,
	tracks: tracks.map((track, number) => ({
		...track,
		listSlices: () => {
			const own = slices.filter((slice) => slice.track === number);
			return {
				startNs: Float64Array.from(own, ({startNs}) => startNs),
				durationNs: Float64Array.from(own, ({durationNs}) => durationNs),
				describe: (slice) => own[slice] ?? {name: '', details: {}},
			};
		},
	})),
});
