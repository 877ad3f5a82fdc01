/** Columns that grow at their end. */

const firstCapacity = 1024;

/** Room that is never written to costs no memory: the system hands out pages when they are first touched. */
export class DoubleList {
	length = 0;
	private items: Float64Array<ArrayBuffer>;

	/** @param expected how many there will be at most, as far as is known */
	constructor(expected = firstCapacity) {
		this.items = new Float64Array(Math.max(expected, 1));
	}

	push(item: number): void {
		if (this.length === this.items.length) {
			const larger = new Float64Array(this.items.length * 2);
			larger.set(this.items);
			this.items = larger;
		}

		this.items[this.length++] = item;
	}

	/** The items so far, not a copy of them. */
	view(): Float64Array<ArrayBuffer> {
		return this.items.subarray(0, this.length);
	}
}

export class IndexList {
	length = 0;
	private items: Int32Array<ArrayBuffer>;

	/** @param expected how many there will be at most, as far as is known */
	constructor(expected = firstCapacity) {
		this.items = new Int32Array(Math.max(expected, 1));
	}

	push(item: number): void {
		if (this.length === this.items.length) {
			const larger = new Int32Array(this.items.length * 2);
			larger.set(this.items);
			this.items = larger;
		}

		this.items[this.length++] = item;
	}

	/** The items so far, not a copy of them. */
	view(): Int32Array<ArrayBuffer> {
		return this.items.subarray(0, this.length);
	}
}
