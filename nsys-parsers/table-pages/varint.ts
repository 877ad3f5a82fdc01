/**
 * Reads SQLite's numbers of variable length: 7 bits a byte, the highest first, while the top bit is set. Those of nine
 * bytes (the negative ones, and some that no double holds) are refused: nothing that nsys writes needs them.
 */

import {refuse} from './page-file.ts';

export class VarintReader {
	/** Where the next number begins. */
	at = 0;

	read(bytes: Uint8Array): number {
		let byte = Number(bytes[this.at++]);
		let value = byte & 0x7f;
		if (byte < 0x80) {
			return value;
		}

		byte = Number(bytes[this.at++]);
		value = (value << 7) | (byte & 0x7f);
		return byte < 0x80 ? value : this.readOn(bytes, value);
	}

	/** From the third byte on. */
	private readOn(bytes: Uint8Array, above: number): number {
		let value = above;
		for (let place = 3; place <= 8; place++) {
			const byte = Number(bytes[this.at++]);
			value = value * 0x80 + (byte & 0x7f);
			if (byte < 0x80) {
				return Number.isSafeInteger(value) ? value : refuse('a number past 2^53');
			}
		}

		return refuse('a number of nine bytes');
	}
}
