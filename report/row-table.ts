/** A report as a table for people: the columns with a short header, aligned for a terminal. */

import {plural} from '../base/plural.ts';
import type {ReportColumn, ReportRows} from '../schemas/report-rows.ts';
import {formatCell} from './cell-text.ts';
import {alignColumns} from './columns-table.ts';

export interface ShownRows {
	/** Those with a short header and with something to show. */
	readonly columns: readonly ShownColumn[];
	/** Cells of each row, in the order of the columns. */
	readonly lines: readonly (readonly string[])[];
	/** Rows that did not fit. */
	readonly hidden: number;
}

export interface ShownColumn {
	readonly short: string;
	/** Text stands left, numbers right. */
	readonly align: 'left' | 'right';
}

interface PlacedColumn extends ShownColumn {
	readonly kind: ReportColumn['kind'];
	/** Position in a row of the report. */
	readonly index: number;
}

const placeColumns = (columns: readonly ReportColumn[]): readonly PlacedColumn[] =>
	columns.flatMap(({short, kind}, index) =>
		short === undefined
			? []
			: [{short, kind, index, align: kind === 'text' ? ('left' as const) : ('right' as const)}],
	);

/** @param limit rows at most, the first ones */
export const showRows = ({columns, length, rows}: ReportRows, limit: number): ShownRows => {
	const placed = placeColumns(columns);
	const lines: string[][] = [];
	let hidden = 0;
	for (const row of rows) {
		if (lines.length < limit) {
			lines.push(placed.map(({kind, index}) => formatCell(kind, row[index] ?? null)));
		} else if (length === undefined) {
			hidden++;
		} else {
			// Rows are made when they are asked for: those that nobody sees cost nothing.
			hidden = length - limit;
			break;
		}
	}

	const filled = placed.map((_, place) => lines.some((line) => line[place] !== ''));
	return {
		columns: placed.filter((_, place) => filled[place]),
		lines: lines.map((line) => line.filter((_, place) => filled[place])),
		hidden,
	};
};

export interface RowTable {
	/** The header line and a line per row; none where there is nothing to show. */
	readonly lines: Iterable<string>;
	/** Rows that did not fit. */
	readonly hidden: number;
	/** What to say of them; "" where there are none. */
	readonly closing: string;
}

/** @param limit rows at most, the first ones */
export const formatRowTable = (report: ReportRows, limit: number): RowTable => {
	const {columns, lines, hidden} = showRows(report, limit);
	return {
		lines:
			columns.length === 0
				? []
				: alignColumns(
						columns.map((column) => column.short),
						columns.map((column) => column.align),
						lines,
					),
		hidden,
		closing: hidden === 0 ? '' : `... and ${plural(hidden, 'more row')}: --all shows them`,
	};
};
