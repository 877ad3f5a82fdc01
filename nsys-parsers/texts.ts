/**
 * Distinct texts, numbered in order of appearance. A million ranges share a few hundred names: their bytes are looked up
 * without making a string of each.
 */

import {isUtf8} from 'node:buffer';

const firstSlots = 1024;
const firstBytes = 1 << 14;

/** Bytes, and a view of the same ones. */
export interface ByteSource {
	readonly bytes: Uint8Array;
	readonly view: DataView;
}

export const byteSource = (bytes: Uint8Array): ByteSource => ({
	bytes,
	view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
});

/** Four bytes at a time; the multiplier and the final mixing are those of MurmurHash3's finalizer. */
const hashOf = ({bytes, view}: ByteSource, from: number, to: number): number => {
	let hash = to - from;
	let at = from;
	for (; at + 4 <= to; at += 4) {
		hash = Math.imul(hash ^ view.getInt32(at), 0x85eb_ca6b);
		hash ^= hash >>> 13;
	}

	for (; at < to; at++) {
		hash = Math.imul(hash ^ Number(bytes[at]), 0x85eb_ca6b);
		hash ^= hash >>> 13;
	}

	hash = Math.imul(hash, 0xc2b2_ae35);
	return hash ^ (hash >>> 16);
};

const encoder = new TextEncoder();

const decode = (bytes: Uint8Array): string =>
	Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');

export class Texts {
	/** Hash table with open addressing: number + 1, 0 where free. */
	private slots = new Int32Array(firstSlots);
	private hashes = new Int32Array(firstSlots / 2);
	/** All texts, end to end; text n lies from starts[n] up to starts[n + 1]. */
	private bytes = new Uint8Array(firstBytes);
	private view = new DataView(this.bytes.buffer);
	private starts = new Float64Array(firstSlots / 2 + 1);
	private count = 0;

	get size(): number {
		return this.count;
	}

	/** The number of the text that the bytes from..to of a source spell, with U+FFFD where they spell none. */
	intern(source: ByteSource, from: number, to: number): number {
		const hash = hashOf(source, from, to);
		const mask = this.slots.length - 1;
		let slot = hash & mask;
		for (;;) {
			const found = Number(this.slots[slot]) - 1;
			if (found < 0) {
				const text = source.bytes.subarray(from, to);
				return isUtf8(text) ? this.add(text, hash, slot) : this.internText(decode(text));
			}

			if (this.hashes[found] === hash && this.equals(found, source, from, to)) {
				return found;
			}

			slot = (slot + 1) & mask;
		}
	}

	internText(text: string): number {
		const source = byteSource(encoder.encode(text));
		return this.intern(source, 0, source.bytes.length);
	}

	textAt(number: number): string {
		const from = Number(this.starts[number]);
		const to = Number(this.starts[number + 1]);
		return decode(this.bytes.subarray(from, to));
	}

	private equals(number: number, source: ByteSource, from: number, to: number): boolean {
		const own = Number(this.starts[number]);
		if (Number(this.starts[number + 1]) - own !== to - from) {
			return false;
		}

		const difference = own - from;
		let at = from;
		for (; at + 4 <= to; at += 4) {
			if (this.view.getUint32(at + difference) !== source.view.getUint32(at)) {
				return false;
			}
		}

		for (; at < to; at++) {
			if (this.bytes[at + difference] !== source.bytes[at]) {
				return false;
			}
		}

		return true;
	}

	private add(text: Uint8Array, hash: number, slot: number): number {
		const number = this.count++;
		const start = Number(this.starts[number]);
		if (start + text.length > this.bytes.length) {
			const larger = new Uint8Array(Math.max(this.bytes.length * 2, start + text.length));
			larger.set(this.bytes);
			this.bytes = larger;
			this.view = new DataView(larger.buffer);
		}

		this.bytes.set(text, start);
		this.starts[number + 1] = start + text.length;
		this.hashes[number] = hash;
		this.slots[slot] = number + 1;
		if (this.count === this.hashes.length) {
			this.grow();
		}

		return number;
	}

	private grow(): void {
		const hashes = new Int32Array(this.hashes.length * 2);
		hashes.set(this.hashes);
		const starts = new Float64Array(hashes.length + 1);
		starts.set(this.starts);
		const slots = new Int32Array(hashes.length * 2);
		const mask = slots.length - 1;
		for (let number = 0; number < this.count; number++) {
			let slot = Number(hashes[number]) & mask;
			while (slots[slot] !== 0) {
				slot = (slot + 1) & mask;
			}

			slots[slot] = number + 1;
		}

		this.hashes = hashes;
		this.starts = starts;
		this.slots = slots;
	}
}
