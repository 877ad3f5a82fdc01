/**
 * Distinct tuples of four numbers, numbered in order of appearance: what a million rows have in common (a thread, a
 * domain and a text) without a key of text for each row.
 */

const width = 4;

const hashOf = (a: number, b: number, c: number, d: number): number => {
	let hash = Math.imul((a | 0) ^ (a / 0x1_0000_0000), 0x85eb_ca6b);
	hash = Math.imul(hash ^ (b | 0) ^ (hash >>> 15), 0xc2b2_ae35);
	hash = Math.imul(hash ^ (c | 0) ^ (hash >>> 13), 0x9e37_79b1);
	hash = Math.imul(hash ^ (d | 0) ^ (hash >>> 16), 0x85eb_ca6b);
	return hash ^ (hash >>> 15);
};

/** NaN equals nothing: give something else for NULL. */
export class Tuples {
	private values = new Float64Array(64 * width);
	/** Hash table with open addressing: number + 1, 0 where free. */
	private slots = new Int32Array(128);
	private count = 0;
	private last = 0;

	get size(): number {
		return this.count;
	}

	intern(a: number, b: number, c: number, d: number): number {
		// Neighbouring rows are often of one thread or name.
		if (this.count > 0 && this.is(this.last, a, b, c, d)) {
			return this.last;
		}

		const slot = this.findSlot(a, b, c, d);
		const found = Number(this.slots[slot]) - 1;
		this.last = found >= 0 ? found : this.add(slot, a, b, c, d);
		return this.last;
	}

	/** -1 where the tuple is unknown. */
	find(a: number, b: number, c: number, d: number): number {
		return Number(this.slots[this.findSlot(a, b, c, d)]) - 1;
	}

	/** A tuple's value at a place, 0 to 3. */
	valueOf(number: number, place: number): number {
		return Number(this.values[number * width + place]);
	}

	private is(number: number, a: number, b: number, c: number, d: number): boolean {
		const {values} = this;
		const at = number * width;
		return values[at] === a && values[at + 1] === b && values[at + 2] === c && values[at + 3] === d;
	}

	/** Where the tuple stands, or would. */
	private findSlot(a: number, b: number, c: number, d: number): number {
		const mask = this.slots.length - 1;
		let slot = hashOf(a, b, c, d) & mask;
		for (;;) {
			const found = Number(this.slots[slot]) - 1;
			if (found < 0 || this.is(found, a, b, c, d)) {
				return slot;
			}

			slot = (slot + 1) & mask;
		}
	}

	private add(slot: number, a: number, b: number, c: number, d: number): number {
		const number = this.count++;
		const at = number * width;
		this.values[at] = a;
		this.values[at + 1] = b;
		this.values[at + 2] = c;
		this.values[at + 3] = d;
		this.slots[slot] = number + 1;
		if (this.count * width === this.values.length) {
			this.grow();
		}

		return number;
	}

	private grow(): void {
		const values = new Float64Array(this.values.length * 2);
		values.set(this.values);
		this.values = values;
		this.slots = new Int32Array(this.slots.length * 2);
		for (let number = 0; number < this.count; number++) {
			const at = number * width;
			const slot = this.findSlot(
				Number(values[at]),
				Number(values[at + 1]),
				Number(values[at + 2]),
				Number(values[at + 3]),
			);
			this.slots[slot] = number + 1;
		}
	}
}
