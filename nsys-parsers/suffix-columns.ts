/**
 * Columns that are asked for what stands at a place and behind it, and change in between: Fenwick trees, counted from the
 * end. Both a change and a question take as many steps as the length has binary digits.
 */

const lowestBit = (number: number): number => number & -number;

export class SuffixSums {
	private readonly sums: Float64Array;

	constructor(length: number) {
		this.sums = new Float64Array(length + 1);
	}

	add(place: number, more: number): void {
		const {sums} = this;
		for (let at = sums.length - 1 - place; at < sums.length; at += lowestBit(at)) {
			sums[at] = Number(sums[at]) + more;
		}
	}

	/** Of all from a place on. */
	from(place: number): number {
		const {sums} = this;
		let sum = 0;
		for (let at = sums.length - 1 - place; at > 0; at -= lowestBit(at)) {
			sum += Number(sums[at]);
		}

		return sum;
	}
}

export class SuffixLeasts {
	private readonly leasts: Float64Array;

	constructor(length: number) {
		this.leasts = new Float64Array(length + 1).fill(Infinity);
	}

	/** The value at a place becomes the given one, where that is less. */
	lower(place: number, value: number): void {
		const {leasts} = this;
		for (let at = leasts.length - 1 - place; at < leasts.length; at += lowestBit(at)) {
			leasts[at] = Math.min(Number(leasts[at]), value);
		}
	}

	/** Of all from a place on; infinite where there is none. */
	from(place: number): number {
		const {leasts} = this;
		let least = Infinity;
		for (let at = leasts.length - 1 - place; at > 0; at -= lowestBit(at)) {
			least = Math.min(least, Number(leasts[at]));
		}

		return least;
	}
}
