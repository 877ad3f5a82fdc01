/** Distinct pairs of whole numbers, numbered in order of appearance: (path above, name), for instance. */

const firstSlots = 1024;

const hashOf = (first: number, second: number): number => {
	const mixed = Math.imul(first, 0x9e37_79b1) ^ Math.imul(second, 0x85eb_ca6b);
	const hash = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2_ae35);
	return hash ^ (hash >>> 13);
};

/**
 * The columns have room for the most there can be: what is never written to costs no memory. The hash table grows: its
 * keys scatter, and so would cost all that it has.
 */
export class Pairs {
	private readonly first: Int32Array;
	private readonly second: Int32Array;
	/** Hash table with open addressing: number + 1, 0 where free. At most half full. */
	private slots = new Int32Array(firstSlots);
	private count = 0;

	/** @param most how many there can be */
	constructor(most: number) {
		this.first = new Int32Array(most);
		this.second = new Int32Array(most);
	}

	get size(): number {
		return this.count;
	}

	/** Both are whole numbers of 32 bits. */
	intern(first: number, second: number): number {
		const {slots} = this;
		const mask = slots.length - 1;
		for (let slot = hashOf(first, second) & mask; ; slot = (slot + 1) & mask) {
			const found = Number(slots[slot]) - 1;
			if (found < 0) {
				return this.add(slot, first, second);
			}

			if (this.first[found] === first && this.second[found] === second) {
				return found;
			}
		}
	}

	firstOf(pair: number): number {
		return Number(this.first[pair]);
	}

	secondOf(pair: number): number {
		return Number(this.second[pair]);
	}

	private add(slot: number, first: number, second: number): number {
		const number = this.count++;
		this.first[number] = first;
		this.second[number] = second;
		this.slots[slot] = number + 1;
		if (this.count * 2 > this.slots.length) {
			this.grow();
		}

		return number;
	}

	private grow(): void {
		const slots = new Int32Array(this.slots.length * 2);
		const mask = slots.length - 1;
		for (let number = 0; number < this.count; number++) {
			let slot = hashOf(Number(this.first[number]), Number(this.second[number])) & mask;
			while (slots[slot] !== 0) {
				slot = (slot + 1) & mask;
			}

			slots[slot] = number + 1;
		}

		this.slots = slots;
	}
}
