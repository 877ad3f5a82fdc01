/**
 * A report as rows of cells: what nsys-parsers/ computes of ranges and kernels, and report/ writes as a table, CSV, JSON.
 * Rows come one at a time: a trace can hold 20 million of them. No file format: titles and order are the report's own.
 */

/** A bigint where a double would round: times of `--ts-normalize` lie near 1.8e18 ns. */
export type Cell = string | number | bigint | null;

export type CellKind =
	/** Names, styles, stacks of ids. */
	| 'text'
	/** Whole numbers without a unit: counts, levels. */
	| 'count'
	/** Numbers that only tell things apart: of processes, threads, ranges. Nobody reads them as amounts. */
	| 'id'
	/** A point in time, ns in the file's own clock. */
	| 'time'
	/** A length of time, ns. Not always whole: means, deviations. */
	| 'duration'
	/** Bytes. */
	| 'bytes'
	/** Any other number: bytes per ns (that is GB/s), a mean of counts. */
	| 'real'
	/** 0 to 1. */
	| 'share';

export interface ReportColumn {
	/** Header and JSON key, with its unit: "Projected Duration (ns)". Unique in its report. */
	readonly title: string;
	readonly kind: CellKind;
	/** Short header of the table for people, where durations are shown in ms: "GPU ms". Without one, not in that table. */
	readonly short?: string;
}

export interface ReportRows {
	readonly columns: readonly ReportColumn[];
	/** How many rows there will be. */
	readonly length?: number;
	/** Cells in the order of the columns. The array is the reader's until the next row: it may be filled anew. */
	readonly rows: Iterable<readonly Cell[]>;
}
