/**
 * Lists, for a point or a stretch of a thread's time, every range that contains it.
 *
 * Were all ranges nested, these would be the innermost one and its ancestors. Ranges of different domains can overlap
 * without nesting, so each thread's ranges are dealt out to as few tracks as it takes for each track to nest properly
 * (nearly always one). All ranges of a track that contain something then form one chain:
 *
 *     track 0  a |--------|          a call at x: chain b > a in track 0, chain c in track 1
 *              b   |----|
 *     track 1  c     |----------|
 *                     x
 */

import type {RangePoints} from './range-nesting.ts';

export interface RangeTracks {
	/** By range: its track within its thread. */
	readonly track: Uint32Array;
	/** By range: the innermost range around it in the same track, -1 where there is none. */
	readonly above: Int32Array;
}

/** The ranges of a thread that are open at a point which only moves forward, one stack for each track. */
export const openRanges = (ranges: RangePoints) => {
	const stacks: number[][] = [];
	const dropEnded = (stack: number[], at: number): void => {
		while (stack.length > 0 && Number(ranges.close[Number(stack.at(-1))]) < at) {
			stack.pop();
		}
	};

	return {
		stacks,
		/** Forgets what closed before the point. A range that closes right at it still counts as open. */
		moveTo(at: number): void {
			for (const stack of stacks) {
				dropEnded(stack, at);
			}
		},
		/** Opens a range in the given track, or else in the first that can hold it; returns that track. */
		open(range: number, givenTrack?: number): number {
			const at = Number(ranges.open[range]);
			let track = givenTrack ?? 0;
			for (; givenTrack === undefined && track < stacks.length; track++) {
				const stack = stacks[track] ?? [];
				dropEnded(stack, at);
				const top = stack.at(-1);
				if (top === undefined || Number(ranges.close[top]) >= Number(ranges.close[range])) {
					break;
				}
			}

			while (stacks.length <= track) {
				stacks.push([]);
			}

			const stack = stacks[track] ?? [];
			dropEnded(stack, at);
			stack.push(range);
			return track;
		},
	};
};

/** `ranges` as nestRanges put them in order. */
export const dealTracks = (ranges: RangePoints): RangeTracks => {
	const track = new Uint32Array(ranges.length);
	const above = new Int32Array(ranges.length);
	let open = openRanges(ranges);
	for (let range = 0; range < ranges.length; range++) {
		if (range > 0 && ranges.thread[range] !== ranges.thread[range - 1]) {
			open = openRanges(ranges);
		}

		const chosen = open.open(range);
		track[range] = chosen;
		above[range] = open.stacks[chosen]?.at(-2) ?? -1;
	}

	return {track, above};
};
