/**
 * A table's rows through SQLite itself, one JavaScript value per cell: slow, and right for every file that SQLite reads.
 * The reference that the page reader is held against, and what reads what the page reader refuses.
 */

import type Database from 'better-sqlite3';
import {UserError} from '../base/errors.ts';
import {asTime, idOf, makeBlock} from './row-block.ts';
import type {Lane, LaneKinds, RowBlock, RowContext, TableScan} from './row-block.ts';

const quote = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

const describe = (cell: unknown): string =>
	Buffer.isBuffer(cell) ? 'bytes' : typeof cell === 'string' ? 'text' : 'a fraction';

const storeCell = (
	lane: Lane,
	row: number,
	cell: unknown,
	{baseNs, texts, largeIds}: RowContext,
): void => {
	if (cell === null) {
		lane.values[row] = NaN;
		lane.low[row] = 0;
	} else if (lane.kind === 'text') {
		const text = Buffer.isBuffer(cell) ? cell.toString('utf8') : `${cell as bigint | string}`;
		lane.values[row] = texts.internText(text);
	} else if (typeof cell !== 'bigint') {
		throw new TypeError(`a whole number was expected, ${describe(cell)} found`);
	} else if (lane.kind === 'time') {
		lane.values[row] = asTime(Number(cell - baseNs));
	} else if (lane.kind === 'thread') {
		lane.values[row] = Number(cell >> 24n);
		lane.low[row] = Number(cell & 0xff_ffffn);
	} else {
		lane.values[row] = idOf(Number(cell >> 32n), Number(cell & 0xffff_ffffn), largeIds);
	}
};

/** Rows, as arrays: the rowid, then the asked columns that the table has. */
const selectRows = (
	database: Database.Database,
	scan: TableScan,
	present: readonly string[],
): IterableIterator<readonly unknown[]> => {
	// Names of nsys's own tables and columns, quoted: a parameter cannot stand for them.
	const columns = ['rowid', ...present.map(quote)].join(', ');
	const where =
		scan.where === undefined
			? ''
			: ` WHERE ${quote(scan.where.column)} IN (${scan.where.values.join(', ')})`;
	return database
		.prepare<[], unknown[]>(`SELECT ${columns} FROM ${quote(scan.table)}${where} ORDER BY rowid`)
		.raw()
		.safeIntegers()
		.iterate();
};

/**
 * Blocks of rows in the order of their rowids.
 * @throws UserError naming the column whose cell is of the wrong kind
 */
export const scanSql = function* <Kinds extends LaneKinds>(
	from: {readonly file: string; readonly database: Database.Database},
	tableColumns: ReadonlySet<string>,
	scan: TableScan<Kinds>,
	context: RowContext,
): Generator<RowBlock<Kinds>> {
	const block = makeBlock(scan);
	const names = Object.keys(scan.columns);
	const present = names.filter((column) => tableColumns.has(column));
	for (const column of names) {
		block.lanes[column]?.values.fill(NaN);
	}

	const lanes = present.flatMap((column) => block.lanes[column] ?? []);
	for (const [rowId, ...cells] of selectRows(from.database, scan, present)) {
		block.rowId[block.length] = Number(rowId);
		for (const [place, lane] of lanes.entries()) {
			try {
				storeCell(lane, block.length, cells[place], context);
			} catch (error) {
				throw new UserError(
					`${from.file} is damaged or of an unknown kind: ${scan.table}.${String(present[place])}, row ${String(rowId)}: ${(error as Error).message}`,
					{next: 'Export the report again.', cause: error},
				);
			}
		}

		block.length++;
		if (block.length === block.rowId.length) {
			yield block;
			block.length = 0;
		}
	}

	if (block.length > 0) {
		yield block;
	}
};
