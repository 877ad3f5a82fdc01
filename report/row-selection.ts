/** Which rows of a large tree are worth a screen: the costly ones, and the ranges that they lie in. */

import type {RangeRow} from './range-rows.ts';

export interface RowSelection {
	/** In the order of the tree. */
	readonly shown: readonly RangeRow[];
	readonly hidden: number;
}

interface Candidate {
	readonly row: RangeRow;
	/** Position of the row and of those that it lies in, outermost first. */
	readonly line: readonly number[];
	readonly inBatch: boolean;
}

const listCandidates = (rows: readonly RangeRow[]): readonly Candidate[] => {
	const open: number[] = [];
	return rows.map((row, index) => {
		open.length = row.depth;
		open.push(index);
		return {row, line: [...open], inBatch: open.some((above) => rows[above]?.isBatch === true)};
	});
};

const cost = ({cpuTime, gpuTime}: RangeRow): number => Math.max(cpuTime, gpuTime);

/** What is measured batch by batch is what the run was made for; then the longest, on either side. */
const costliestFirst = (a: Candidate, b: Candidate): number =>
	Number(b.inBatch) - Number(a.inBatch) || cost(b.row) - cost(a.row);

/** @param limit rows at most; a row comes with all that it lies in, or not at all */
export const selectRows = (rows: readonly RangeRow[], limit: number): RowSelection => {
	const kept = new Set<number>();
	for (const {line} of listCandidates(rows).toSorted(costliestFirst)) {
		const more = line.filter((index) => !kept.has(index));
		if (kept.size + more.length > limit) {
			break;
		}

		more.forEach((index) => kept.add(index));
	}

	return {shown: rows.filter((_, index) => kept.has(index)), hidden: rows.length - kept.size};
};
