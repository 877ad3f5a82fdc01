/**
 * Numbers the launches that GPU operations refer to. A correlation id is unique in its process only, and several
 * operations can share one: a graph's kernels, for instance.
 */

const chunkBits = 12;
const chunkSize = 1 << chunkBits;

/** Above, and for fractions that stand for ids past 2^53, ids are looked up in a Map. */
const mostChunks = 1 << 18;

const absent = -1;

/** Ids are mostly small and dense: arrays by id take a tenth of a Map's time and memory. */
class LaunchTable {
	/** By the upper bits of an id, then by its lower ones: launch + 1, 0 where there is none. */
	private readonly chunks: (Int32Array | undefined)[] = [];
	private readonly others = new Map<number, number>();
	private filled = 0;
	private chunkCount = 0;

	get(id: number): number {
		const small = id | 0;
		if (small === id && small >= 0) {
			const chunk = this.chunks[small >>> chunkBits];
			const launch = chunk === undefined ? absent : Number(chunk[small & (chunkSize - 1)]) - 1;
			if (launch !== absent) {
				return launch;
			}
		}

		return this.others.size === 0 ? absent : (this.others.get(id) ?? absent);
	}

	set(id: number, launch: number): void {
		const chunk = this.chunkFor(id);
		this.filled++;
		if (chunk === undefined) {
			this.others.set(id, launch);
		} else {
			chunk[id & (chunkSize - 1)] = launch + 1;
		}
	}

	/** undefined where ids are too thinly spread, or no array indices. */
	private chunkFor(id: number): Int32Array | undefined {
		const at = id >= 0 && Number.isInteger(id) ? Math.floor(id / chunkSize) : mostChunks;
		if (at >= mostChunks) {
			return undefined;
		}

		const known = this.chunks[at];
		if (known !== undefined) {
			return known;
		}

		if (this.chunkCount > 64 + this.filled / 256) {
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

		const table = this.tableOf(process, true);
		const known = table?.get(correlation) ?? absent;
		if (known !== absent) {
			return known;
		}

		table?.set(correlation, this.size);
		return this.size++;
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
