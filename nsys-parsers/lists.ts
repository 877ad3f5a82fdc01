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
		this.makeRoom(1);
		this.items[this.length++] = item;
	}

	/** Adds so many items, 0 each. @returns the place for them, to be filled before anything else is added */
	extend(more: number): Float64Array {
		this.makeRoom(more);
		this.length += more;
		return this.items.subarray(this.length - more, this.length);
	}

	/** Adds the items from..to of a column. */
	append(column: Float64Array, from: number, to: number): void {
		this.makeRoom(to - from);
		this.items.set(column.subarray(from, to), this.length);
		this.length += to - from;
	}

	/** The items so far, not a copy of them. */
	view(): Float64Array<ArrayBuffer> {
		return this.items.subarray(0, this.length);
	}

	private makeRoom(more: number): void {
		if (this.length + more > this.items.length) {
			const larger = new Float64Array(Math.max(this.items.length * 2, this.length + more));
			larger.set(this.items);
			this.items = larger;
		}
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
		this.makeRoom(1);
		this.items[this.length++] = item;
	}

	at(place: number): number {
		return Number(this.items[place]);
	}

	/** Adds so many items, 0 each. @returns the place for them, to be filled before anything else is added */
	extend(more: number): Int32Array {
		this.makeRoom(more);
		this.length += more;
		return this.items.subarray(this.length - more, this.length);
	}

	/** The items so far, not a copy of them. */
	view(): Int32Array<ArrayBuffer> {
		return this.items.subarray(0, this.length);
	}

	private makeRoom(more: number): void {
		if (this.length + more > this.items.length) {
			const larger = new Int32Array(Math.max(this.items.length * 2, this.length + more));
			larger.set(this.items);
			this.items = larger;
		}
	}
}
