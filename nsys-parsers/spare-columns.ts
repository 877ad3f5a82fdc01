/**
 * Memory of columns that nobody needs any more, for others: the system hands out fresh memory page by page, and that takes
 * as long as reading the rows that go into it.
 */

type Column = Float64Array | Int32Array | Uint32Array;

export class SpareColumns {
	private readonly buffers: ArrayBuffer[] = [];

	/** Whoever gives columns does not look at them again. */
	give(...columns: readonly Column[]): void {
		for (const {buffer} of columns) {
			if (buffer instanceof ArrayBuffer && !this.buffers.includes(buffer)) {
				this.buffers.push(buffer);
			}
		}
	}

	/** All 0. */
	doubles(length: number): Float64Array<ArrayBuffer> {
		return new Float64Array(this.take(8 * length), 0, length);
	}

	/** All 0. */
	indices(length: number): Uint32Array<ArrayBuffer> {
		return new Uint32Array(this.take(4 * length), 0, length);
	}

	/** All 0. */
	integers(length: number): Int32Array<ArrayBuffer> {
		return new Int32Array(this.take(4 * length), 0, length);
	}

	/** The smallest one that is large enough, or a new one. */
	private take(bytes: number): ArrayBuffer {
		let best: ArrayBuffer | undefined;
		for (const buffer of this.buffers) {
			const fits = buffer.byteLength >= bytes;
			best = fits && buffer.byteLength < (best?.byteLength ?? Infinity) ? buffer : best;
		}

		if (best === undefined) {
			return new ArrayBuffer(bytes);
		}

		this.buffers.splice(this.buffers.indexOf(best), 1);
		new Uint8Array(best, 0, bytes).fill(0);
		return best;
	}
}
