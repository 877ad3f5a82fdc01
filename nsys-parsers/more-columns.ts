/** Columns that a report has on request, besides its own. */

import type {Cell, ReportColumn} from '../schemas/report-rows.ts';

/** Columns for each row of a report. */
export interface MoreColumns {
	readonly columns: readonly ReportColumn[];
	/** Short headers of own columns that they stand for in the table for people. */
	readonly insteadOf?: readonly string[];
	/** Of the row's group or range. */
	readonly cells: (row: number) => readonly Cell[];
}

/** A report's own columns, then more. */
export const joinColumns = (
	own: readonly ReportColumn[],
	more: MoreColumns | undefined,
): readonly ReportColumn[] => {
	const {columns = [], insteadOf = []} = more ?? {};
	return [
		...own.map(({short, ...column}) =>
			short === undefined || insteadOf.includes(short) ? column : {...column, short},
		),
		...columns,
	];
};
