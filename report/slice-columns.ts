/** The slices of a timeline as columns: they come by the million, and objects would take several times the memory. */

const firstCapacity = 1 << 12;
/** Bytes of a block of texts. */
const blockSize = 1 << 22;

/** Short texts one after another, outside the heap of JavaScript: it ends at 4 GiB. */
class TextStore {
	private readonly blocks: Buffer[] = [];
	private end = blockSize;

	/** @returns the place to read it from */
	append(text: Uint8Array): number {
		if (this.end + text.length > blockSize) {
			this.blocks.push(Buffer.allocUnsafeSlow(Math.max(blockSize, text.length)));
			this.end = 0;
		}

		const block = this.blocks.length - 1;
		this.blocks[block]?.set(text, this.end);
		const place = block * blockSize + this.end;
		this.end += text.length;
		return place;
	}

	read(place: number, length: number): Uint8Array | undefined {
		const start = place % blockSize;
		return this.blocks[(place - start) / blockSize]?.subarray(start, start + length);
	}
}

const enlarge = <Column extends Float64Array | Uint32Array>(from: Column, to: Column): Column => {
	to.set(from);
	return to;
};

export class SliceColumns {
	count = 0;
	/** Index of the slice's track. */
	tracks = new Uint32Array(firstCapacity);
	/** Whole ns. */
	starts = new Float64Array(firstCapacity);
	durations = new Float64Array(firstCapacity);
	private places = new Float64Array(firstCapacity);
	private lengths = new Uint32Array(firstCapacity);
	private readonly texts = new TextStore();

	/** @param text what to write of the slice beside its track and times */
	append(track: number, startNs: number, durationNs: number, text: Uint8Array): void {
		if (this.count === this.tracks.length) {
			this.grow(this.count * 2);
		}

		this.tracks[this.count] = track;
		this.starts[this.count] = startNs;
		this.durations[this.count] = durationNs;
		this.places[this.count] = this.texts.append(text);
		this.lengths[this.count] = text.length;
		this.count++;
	}

	readText(slice: number): Uint8Array {
		const text = this.texts.read(this.places[slice] ?? 0, this.lengths[slice] ?? 0);
		return text ?? new Uint8Array();
	}

	private grow(capacity: number): void {
		this.tracks = enlarge(this.tracks, new Uint32Array(capacity));
		this.starts = enlarge(this.starts, new Float64Array(capacity));
		this.durations = enlarge(this.durations, new Float64Array(capacity));
		this.places = enlarge(this.places, new Float64Array(capacity));
		this.lengths = enlarge(this.lengths, new Uint32Array(capacity));
	}
}
