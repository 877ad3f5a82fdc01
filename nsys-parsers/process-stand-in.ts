/**
 * Exports of old versions of nsys do not say which process an operation belongs to. Where a single process made calls,
 * it was that one; where several did, their ids would be mixed up, and nothing is said.
 */

import type {ExportFile} from './export-tables.ts';
import {lackingColumns, readRows} from './export-tables.ts';
import {operationTables} from './gpu-operations.ts';
import {callingProcesses} from './queries/calling-processes.ts';
import type {RowSource} from './row-source.ts';

const column = 'globalPid';

/** "TABLE.globalPid" of the tables that have none. */
const listTablesWithout = (from: ExportFile): readonly string[] =>
	lackingColumns(
		from.tables,
		Object.fromEntries(Object.values(operationTables).map((table) => [table, [column]])),
	);

/** The rows of an export, with the only process there is where a table does not name it. */
export const standInForProcess = (from: ExportFile, source: RowSource): RowSource => {
	const mended = listTablesWithout(from);
	const processes = mended.length === 0 ? [] : readRows(from, callingProcesses);
	const [only] = processes;
	if (only === undefined || processes.length > 1) {
		return source;
	}

	const process = Number(only.process);
	return {
		...source,
		how: 'mended',
		mended,
		*scan(scan, context) {
			const isMended = mended.includes(`${scan.table}.${column}`);
			for (const block of source.scan(scan, context)) {
				if (isMended) {
					block.lanes[column]?.values.fill(process);
				}

				yield block;
			}
		},
	};
};
