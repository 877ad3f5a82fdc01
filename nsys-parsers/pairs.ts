/** Distinct pairs of whole numbers, numbered in order of appearance: (path above, name), for instance. */

/** Room that is never written to costs no memory, so there is enough from the start and nothing ever grows. */
export class Pairs {
	private readonly first: Int32Array;
	private readonly second: Int32Array;
	/** Hash table with open addressing: number + 1, 0 where free. */
	private readonly slots: Int32Array;
	private count = 0;

	/** @param most how many there can be */
	constructor(most: number) {
		this.first = new Int32Array(most);
		this.second = new Int32Array(most);
		this.slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * most + 1)));
	}

	get size(): number {
		return this.count;
	}

	/** Both are whole numbers of 32 bits. */
	intern(first: number, second: number): number {
		const {slots} = this;
		const mask = slots.length - 1;
		let hash = Math.imul(first, 0x9e37_79b1) ^ Math.imul(second, 0x85eb_ca6b);
		hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2_ae35);
		for (let slot = (hash ^ (hash >>> 13)) & mask; ; slot = (slot + 1) & mask) {
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
		return number;
	}
}
