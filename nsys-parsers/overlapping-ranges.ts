/**
 * Threads whose ranges overlap without nesting, as ranges of different domains can.
 *
 * The ranges that contain a point or a stretch of time are then no chain of parents. So the thread's ranges are dealt out
 * to as few tracks as it takes for each track to nest properly; in a track, all ranges that contain something form a chain:
 *
 *     track 0  a |--------|          a call at x: chain b > a in track 0, chain c in track 1
 *              b   |----|
 *     track 1  c     |----------|
 *                     x
 */

/** How many ranges of the stack, counted from its bottom, end at `end` or later. */
const countContaining = (stack: readonly number[], close: Float64Array, end: number): number => {
	let low = 0;
	let high = stack.length;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if (Number(close[Number(stack[middle - 1])]) >= end) {
			low = middle;
		} else {
			high = middle - 1;
		}
	}

	return low;
};

/**
 * Parents within one thread: the places from..to of the sorted columns.
 *
 * The stack holds the open ranges that can still be somebody's parent. From bottom to top their ends fall and their
 * lengths do not grow: a range that ends no later than another and is longer will never be chosen over it, so it goes.
 * The ranges that contain the next one are then the lower part of the stack, and the shortest of them is its upmost.
 */
export const nestOverlapping = (
	open: Float64Array,
	close: Float64Array,
	[from, to]: readonly [number, number],
	parent: Int32Array,
): void => {
	const stack: number[] = [];
	const lengthOf = (place: number): number => Number(close[place]) - Number(open[place]);
	for (let place = from; place < to; place++) {
		while (stack.length > 0 && Number(close[Number(stack.at(-1))]) < Number(open[place])) {
			stack.pop();
		}

		const containing = countContaining(stack, close, Number(close[place]));
		parent[place] = stack[containing - 1] ?? -1;
		if (containing === stack.length) {
			stack.push(place);
			continue;
		}

		let useless = containing;
		while (useless < stack.length && lengthOf(Number(stack[useless])) > lengthOf(place)) {
			useless++;
		}

		stack.splice(containing, useless - containing, place);
	}
};

/** The ranges of a thread that are open at a point which only moves forward, one stack for each track. */
export class OpenTracks {
	readonly stacks: number[][] = [];
	private readonly open: Float64Array;
	private readonly close: Float64Array;

	constructor(open: Float64Array, close: Float64Array) {
		this.open = open;
		this.close = close;
	}

	/** Forgets what closed before the point. A range that closes right at it still counts as open. */
	moveTo(at: number): void {
		for (const stack of this.stacks) {
			this.dropEnded(stack, at);
		}
	}

	/** Opens a range in the given track. */
	push(range: number, track: number): void {
		while (this.stacks.length <= track) {
			this.stacks.push([]);
		}

		const stack = this.stacks[track] ?? [];
		this.dropEnded(stack, Number(this.open[range]));
		stack.push(range);
	}

	/** The first track in which a range nests properly. */
	findTrack(range: number): number {
		this.moveTo(Number(this.open[range]));
		const track = this.stacks.findIndex((stack) => {
			const top = stack.at(-1);
			return top === undefined || Number(this.close[top]) >= Number(this.close[range]);
		});
		return track < 0 ? this.stacks.length : track;
	}

	private dropEnded(stack: number[], at: number): void {
		while (stack.length > 0 && Number(this.close[Number(stack.at(-1))]) < at) {
			stack.pop();
		}
	}
}

/** Fills in, for the places from..to, the track and the range above in it. */
export const dealTracks = (
	open: Float64Array,
	close: Float64Array,
	[from, to]: readonly [number, number],
	into: {readonly above: Int32Array; readonly track: Uint32Array},
): void => {
	const tracks = new OpenTracks(open, close);
	for (let place = from; place < to; place++) {
		const track = tracks.findTrack(place);
		tracks.push(place, track);
		into.track[place] = track;
		into.above[place] = tracks.stacks[track]?.at(-2) ?? -1;
	}
};
