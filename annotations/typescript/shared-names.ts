/**
 * What all threads of the process must agree on: domains by name, categories by name. A tool that is told of a domain
 * twice lists it twice, and NVIDIA's own reports then fail on the whole trace.
 *
 * The table is JSON text in shared memory, behind a lock; a thread looks into it once per name.
 */

/** Text and lock for about a thousand names. */
const bytes = 64 * 1024;
const headerBytes = 8;
const lockCell = 0;
const lengthCell = 1;
/** A thread that was stopped while it held the lock must not stop the others. */
const patienceMs = 1000;

export const createNameTable = (): SharedArrayBuffer => new SharedArrayBuffer(bytes);

export class SharedNames {
	private readonly cells: Int32Array;
	private readonly text: Uint8Array;

	constructor(table: SharedArrayBuffer) {
		this.cells = new Int32Array(table, 0, headerBytes / Int32Array.BYTES_PER_ELEMENT);
		this.text = new Uint8Array(table, headerBytes);
	}

	/** The value of a name; the first thread that asks makes it from the number of names before it. */
	find(name: string, make: (count: number) => number): number {
		const locked = this.lock();
		try {
			const names = this.read();
			const known = names.find(([other]) => other === name);
			if (known !== undefined) {
				return known[1];
			}

			const value = make(names.length);
			this.write([...names, [name, value]]);
			return value;
		} finally {
			if (locked) {
				this.unlock();
			}
		}
	}

	private read(): [string, number][] {
		const length = Atomics.load(this.cells, lengthCell);
		const text = Buffer.from(this.text.slice(0, length)).toString('utf8');
		return length === 0 ? [] : (JSON.parse(text) as [string, number][]);
	}

	/** A name for which there is no room is made again by every thread that uses it. */
	private write(names: readonly [string, number][]): void {
		const text = Buffer.from(JSON.stringify(names));
		if (text.length <= this.text.length) {
			this.text.set(text);
			Atomics.store(this.cells, lengthCell, text.length);
		}
	}

	private lock(): boolean {
		const deadline = performance.now() + patienceMs;
		while (Atomics.compareExchange(this.cells, lockCell, 0, 1) !== 0) {
			if (Atomics.wait(this.cells, lockCell, 1, patienceMs) === 'timed-out') {
				return false;
			}

			if (performance.now() > deadline) {
				return false;
			}
		}

		return true;
	}

	private unlock(): void {
		Atomics.store(this.cells, lockCell, 0);
		Atomics.notify(this.cells, lockCell, 1);
	}
}
