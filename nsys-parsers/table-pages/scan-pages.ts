/** A table's rows straight from its pages: several times faster than one JavaScript value per cell through SQLite. */

import {makeBlock} from '../row-block.ts';
import type {LaneKinds, RowBlock, RowContext, TableScan} from '../row-block.ts';
import {findRows, keepRows, makeLeafRows, mostCells} from './leaf-rows.ts';
import type {PageFile} from './page-file.ts';
import {RecordLayouts} from './record-layouts.ts';
import {listLeaves} from './table-leaves.ts';
import {takeColumn} from './take-column.ts';

/** Where a table lies in its file. */
export interface TablePlace {
	/** The page that its tree begins with. */
	readonly rootPage: number;
	/** All its columns, in the order of its records. */
	readonly columns: readonly string[];
}

/** By value of the column that rows are chosen by: 1 where the row is wanted. */
const wantedValues = ({where}: TableScan): Uint8Array => {
	const wanted = new Uint8Array(256);
	for (const value of where?.values ?? []) {
		wanted[value] = 1;
	}

	return wanted;
};

/** @returns a function that appends the rows of a leaf, which lies at an offset in the window, to the block */
const makeRowTaker = (
	file: PageFile,
	tableColumns: readonly string[],
	scan: TableScan,
	block: RowBlock,
	context: RowContext,
): ((leaf: number) => void) => {
	const asked = Object.keys(scan.columns).map((name) => ({
		column: tableColumns.indexOf(name),
		lane: block.lanes[name],
	}));
	const present = asked.flatMap(({column, lane}) =>
		column < 0 || lane === undefined ? [] : [{column, lane, take: takeColumn[lane.kind]}],
	);
	const chosenBy = present.find(({column}) => tableColumns[column] === scan.where?.column);
	const wanted = wantedValues(scan);
	const layouts = new RecordLayouts(1 + Math.max(-1, ...present.map(({column}) => column)));
	const rows = makeLeafRows(file);
	return (leaf) => {
		findRows(file, leaf, layouts, rows);
		const first = block.length;
		const source = file.window;
		if (chosenBy !== undefined) {
			chosenBy.take(
				{rows, source, layouts, column: chosenBy.column},
				chosenBy.lane,
				first,
				context,
			);
			keepRows(rows, chosenBy.lane.values, first, wanted);
		}

		for (const {column, lane, take} of present) {
			take({rows, source, layouts, column}, lane, first, context);
		}

		for (let row = 0; row < rows.count; row++) {
			block.rowId[first + row] = Number(rows.rowId[row]);
		}

		block.length += rows.count;
	};
};

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

/** Visits the leaves in order, each as an offset in the file's window. */
const visitLeaves = function* (file: PageFile, leaves: readonly number[]): Generator<number> {
	for (let at = 0; at < leaves.length;) {
		const end = endOfStretch(leaves, at, file.windowPages);
		const first = Number(leaves[at]);
		file.load(first, Number(leaves[end - 1]));
		for (; at < end; at++) {
			yield (Number(leaves[at]) - first) * file.pageSize;
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
	const block = makeBlock(scan);
	for (const [column, {values}] of Object.entries(block.lanes)) {
		// A column that the table lacks: nobody ever writes to its lane.
		values.fill(columns.includes(column) ? 0 : NaN);
	}

	const takeRows = makeRowTaker(file, columns, scan, block, context);
	const fullAt = block.rowId.length - mostCells(file.pageSize);
	for (const leaf of visitLeaves(file, listLeaves(file, rootPage))) {
		takeRows(leaf);
		if (block.length > fullAt) {
			yield block;
			block.length = 0;
		}
	}

	if (block.length > 0) {
		yield block;
	}
};
