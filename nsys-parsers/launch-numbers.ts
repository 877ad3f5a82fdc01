/**
 * Numbers the launches that GPU operations refer to. A correlation id is unique in its process only, and several
 * operations can share one: a graph's kernels, for instance.
 */

/** Chunks so large that the system gives each its own memory, takes it back, and spends none on what is never written. */
const chunkBits = 16;
const chunkSize = 1 << chunkBits;

/** Above, and for fractions that stand for ids past 2^53, ids are looked up in a Map. */
const mostChunks = 1 << 14;

const absent = -1;

/** Ids are mostly small and dense: arrays by id take a tenth of a Map's time and memory. */
class LaunchTable {
	/** By the upper bits of an id, then by its lower ones: launch + 1, 0 where there is none. */
	private readonly chunks: (Int32Array | undefined)[] = [];
	private readonly others = new Map<number, number>();
	private filled = 0;
	private chunkCount = 0;

	get(id: number): number {
		const chunk = this.chunkOf(id);
		const launch = chunk === undefined ? absent : Number(chunk[id & (chunkSize - 1)]) - 1;
		return launch !== absent || this.others.size === 0 ? launch : (this.others.get(id) ?? absent);
	}

	/** @param fresh the launch of an id that has none yet */
	getOrSet(id: number, fresh: number): number {
		const chunk = this.chunkOf(id) ?? this.addChunk(id);
		if (chunk === undefined) {
			return this.getOrSetOther(id, fresh);
		}

		const place = id & (chunkSize - 1);
		const known = Number(chunk[place]) - 1;
		if (known !== absent) {
			return known;
		}

		// Ids that lay too thinly once may have a chunk by now.
		if (this.others.size > 0 && this.others.has(id)) {
			return this.getOrSetOther(id, fresh);
		}

		chunk[place] = fresh + 1;
		this.filled++;
		return fresh;
	}

	private getOrSetOther(id: number, fresh: number): number {
		const launch = this.others.get(id) ?? fresh;
		this.others.set(id, launch);
		return launch;
	}

	/** undefined where there is none, or ids are no array indices. */
	private chunkOf(id: number): Int32Array | undefined {
		const small = id | 0;
		return small === id && small >= 0 ? this.chunks[small >>> chunkBits] : undefined;
	}

	/** undefined where ids are too thinly spread, or no array indices. */
	private addChunk(id: number): Int32Array | undefined {
		const at = id >= 0 && Number.isInteger(id) ? Math.floor(id / chunkSize) : mostChunks;
		if (at >= mostChunks || this.chunkCount > 4 + this.filled / 4096) {
			return undefined;
		}

		while (this.chunks.length < at) {
			this.chunks.push(undefined);
		}

		const chunk = new Int32Array(chunkSize);
		this.chunks[at] = chunk;
		this.chunkCount++;
		return chunk;
	}
}

const cachedTables = 64;

export class LaunchNumbers {
	private readonly tables = new Map<number, LaunchTable>();
	/** By the low bits of a process: the one asked for last. Rows of several processes interleave. */
	private readonly cachedProcess = new Float64Array(cachedTables).fill(NaN);
	private readonly cachedTable: (LaunchTable | undefined)[] = Array.from({length: cachedTables});
	private size = 0;

	/** How many there are. */
	get count(): number {
		return this.size;
	}

	/** The launch of a process's id, a new one if need be; -1 where one of both is NULL (NaN). */
	number(process: number, correlation: number): number {
		if (Number.isNaN(process) || Number.isNaN(correlation)) {
			return absent;
		}

		const launch = this.tableOf(process, true)?.getOrSet(correlation, this.size) ?? absent;
		this.size += launch === this.size ? 1 : 0;
		return launch;
	}

	/** The same for many at once. @param launch is filled, one for each */
	numberAll(process: Float64Array, correlation: Float64Array, launch: Int32Array): void {
		for (let row = 0; row < launch.length; row++) {
			launch[row] = this.number(Number(process[row]), Number(correlation[row]));
		}
	}

	/** The launch of a process's id, -1 where there is none. */
	find(process: number, correlation: number): number {
		return this.tableOf(process, false)?.get(correlation) ?? absent;
	}

	private tableOf(process: number, create: boolean): LaunchTable | undefined {
		const slot = process & (cachedTables - 1);
		if (this.cachedProcess[slot] === process) {
			return this.cachedTable[slot];
		}

		let table = this.tables.get(process);
		if (table === undefined && create) {
			table = new LaunchTable();
			this.tables.set(process, table);
		}

		if (table !== undefined) {
			this.cachedProcess[slot] = process;
			this.cachedTable[slot] = table;
		}

		return table;
	}
}
