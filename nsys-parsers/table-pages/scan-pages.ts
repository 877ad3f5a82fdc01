/** A table's rows straight from its pages: several times faster than one JavaScript value per cell through SQLite. */

import {makeBlock} from '../row-block.ts';
import type {LaneKinds, RowBlock, RowContext, TableScan} from '../row-block.ts';
import {LeafRows, mostCells} from './leaf-rows.ts';
import type {PageFile} from './page-file.ts';
import {listLeaves} from './table-leaves.ts';

/** Where a table lies in its file. */
export interface TablePlace {
	/** The page that its tree begins with. */
	readonly rootPage: number;
	/** All its columns, in the order of its records. */
	readonly columns: readonly string[];
}

/** Pages that nobody asked for and that are read all the same, since a read of its own would cost more. */
const smallGap = 8;

/** The end (exclusive) of the leaves from `at` on that one read brings: those that lie close together in the file. */
const endOfStretch = (leaves: readonly number[], at: number, windowPages: number): number => {
	const first = Number(leaves[at]);
	let end = at + 1;
	for (; end < leaves.length; end++) {
		const gap = Number(leaves[end]) - Number(leaves[end - 1]);
		if (gap < 1 || gap > smallGap || Number(leaves[end]) - first >= windowPages) {
			break;
		}
	}

	return end;
};

/** Visits the leaves in order, each by where it lies in memory. */
const visitLeaves = function* (file: PageFile, leaves: readonly number[]): Generator<number> {
	for (let at = 0; at < leaves.length;) {
		const end = endOfStretch(leaves, at, file.windowPages);
		const first = Number(leaves[at]);
		file.load(first, Number(leaves[end - 1]));
		for (; at < end; at++) {
			yield file.window + (Number(leaves[at]) - first) * file.pageSize;
		}
	}
};

/**
 * Blocks of rows in the order of their rowids.
 * @throws PageRefusal also in the middle: what was read until then does not count
 */
export const scanPages = function* <Kinds extends LaneKinds>(
	file: PageFile,
	{rootPage, columns}: TablePlace,
	scan: TableScan<Kinds>,
	context: RowContext,
): Generator<RowBlock<Kinds>> {
	using _lanes = file.memory.lend();
	const block = makeBlock(scan, file.memory);
	for (const [column, {values, low}] of Object.entries(block.lanes)) {
		// A column that the table lacks: nobody ever writes to its lane.
		values.fill(columns.includes(column) ? 0 : NaN);
		low.fill(0);
	}

	const rows = new LeafRows(file, columns, scan, block, context);
	const fullAt = block.rowId.length - mostCells(file.pageSize);
	for (const leaf of visitLeaves(file, listLeaves(file, rootPage))) {
		rows.take(leaf);
		if (block.length > fullAt) {
			yield block;
			block.length = 0;
		}
	}

	if (block.length > 0) {
		yield block;
	}
};
