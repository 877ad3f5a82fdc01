/**
 * Numbers the launches that GPU operations refer to. A correlation id is unique in its process only, and several
 * operations can share one: a graph's kernels, for instance.
 */

export interface Launches {
	/** How many there are. */
	readonly count: number;
	/** By operation: its launch, -1 without a process or a correlation id. */
	readonly ofOperation: Int32Array;
	/** The launch that operations of this process know by this id, -1 where there are none. */
	find(process: number, correlation: number): number;
}

interface IdTable {
	get(id: number): number | undefined;
	set(id: number, launch: number): void;
}

const absent = -1;

/** Ids are mostly small and dense: a plain array by id then takes a tenth of a Map's time. */
const makeIdTable = (lowest: number, highest: number, rows: number): IdTable => {
	const span = highest - lowest + 1;
	if (span > 8 * rows + 1024) {
		return new Map<number, number>();
	}

	const launches = new Int32Array(span).fill(absent);
	return {
		get(id) {
			const launch = launches[id - lowest];
			return launch === absent ? undefined : launch;
		},
		set(id, launch) {
			launches[id - lowest] = launch;
		},
	};
};

interface Extent {
	lowest: number;
	highest: number;
	rows: number;
}

const measureIds = (process: Float64Array, correlation: Float64Array): Map<number, Extent> => {
	const extents = new Map<number, Extent>();
	for (let row = 0; row < process.length; row++) {
		const id = Number(correlation[row]);
		if (Number.isNaN(id) || Number.isNaN(process[row])) {
			continue;
		}

		const key = Number(process[row]);
		const extent = extents.get(key) ?? {lowest: id, highest: id, rows: 0};
		extent.lowest = Math.min(extent.lowest, id);
		extent.highest = Math.max(extent.highest, id);
		extent.rows++;
		extents.set(key, extent);
	}

	return extents;
};

export const numberLaunches = (process: Float64Array, correlation: Float64Array): Launches => {
	const tables = new Map(
		[...measureIds(process, correlation)].map(
			([key, {lowest, highest, rows}]) => [key, makeIdTable(lowest, highest, rows)] as const,
		),
	);
	const ofOperation = new Int32Array(process.length).fill(absent);
	let count = 0;
	for (let row = 0; row < process.length; row++) {
		const table = tables.get(Number(process[row]));
		const id = Number(correlation[row]);
		if (table === undefined || Number.isNaN(id)) {
			continue;
		}

		const launch = table.get(id) ?? count++;
		table.set(id, launch);
		ofOperation[row] = launch;
	}

	return {
		count,
		ofOperation,
		find: (key, id) => tables.get(key)?.get(id) ?? absent,
	};
};
