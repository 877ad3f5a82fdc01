/**
 * The memory that pages are decoded in. WebAssembly sees nothing else, so all of it lies here: the pages that were read
 * last, the records that were put together of several pages, and the lanes that values go into.
 */

import type {LaneRoom} from '../row-block.ts';
import {byteSource} from '../texts.ts';
import type {ByteSource} from '../texts.ts';
import {refuse} from './refusal.ts';

/** A unit of WebAssembly's memory. */
const unit = 1 << 16;

/** The decoder's own constants lie below. */
const start = 4096;

export class PageMemory implements LaneRoom {
	readonly memory: WebAssembly.Memory;
	/** All of it. It never grows: that would take the lanes' columns away. */
	readonly all: ByteSource;
	private next = start;

	/** @param bytes room that nobody writes to costs nothing */
	constructor(bytes: number) {
		try {
			this.memory = new WebAssembly.Memory({initial: Math.ceil((start + bytes) / unit)});
		} catch {
			// Where the system limits address space: WebAssembly reserves a great deal of it.
			this.memory = refuse('no memory for WebAssembly');
		}

		this.all = byteSource(new Uint8Array(this.memory.buffer));
	}

	/** @returns where so many bytes of room begin */
	reserve(bytes: number): number {
		const at = this.next;
		this.next += Math.ceil(bytes / 8) * 8;
		return at;
	}

	doubles(length: number): Float64Array {
		return new Float64Array(this.memory.buffer, this.reserve(8 * length), length);
	}

	words(length: number): Uint32Array {
		return new Uint32Array(this.memory.buffer, this.reserve(4 * length), length);
	}

	/** What is reserved from now on is free again in the end. */
	lend(): Disposable {
		const {next} = this;
		return {
			[Symbol.dispose]: () => {
				this.next = next;
			},
		};
	}
}
