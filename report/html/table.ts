/** Tables of a page: a caption, a header for each column and each row, numbers with all their digits for the script. */

import type {Align} from '../columns-table.ts';
import {formatPlainNumber} from '../number-text.ts';
import {attribute, markup, Markup, nothing, type Content} from './markup.ts';

export interface PageCell {
	/** As people read it; "" where there is nothing. */
	readonly content: Content;
	/** What it is sorted by: the number itself. Absent: its text. */
	readonly value?: number | undefined;
	/** For a pointer that rests on it. */
	readonly title?: string | undefined;
	/** Long text: it may take several lines. */
	readonly wraps?: boolean;
}

export interface PageColumn<Row> {
	readonly title: string;
	readonly align: Align;
	readonly cell: (row: Row) => PageCell;
}

export interface PageTable<Row> {
	/** What it shows; also its name for those who hear it. */
	readonly caption: Content;
	/** The first one names the row. */
	readonly columns: readonly PageColumn<Row>[];
	readonly rows: readonly Row[];
	/** Classes of the whole table. */
	readonly look?: string;
	readonly lookOf?: (row: Row) => string;
	/** Of a tree: 0 at its top. */
	readonly depthOf?: (row: Row) => number;
}

const isEmpty = ({content}: PageCell): boolean => content === '';

/** "": nothing is known. */
export const emptyCell: PageCell = {content: ''};

export const textCell = (text: string, title?: string): PageCell => ({content: text, title});

export const numberCell = (
	value: number | null | undefined,
	format: (value: number) => string,
): PageCell =>
	value === undefined || value === null || !Number.isFinite(value)
		? emptyCell
		: {content: format(value), value};

const classOf = (align: Align, cell: PageCell, more = ''): Markup => {
	const classes = [align === 'right' ? 'n' : '', cell.wraps === true ? 'wrap' : '', more];
	const text = classes.filter((one) => one !== '').join(' ');
	return attribute('class', text === '' ? undefined : text);
};

const writeCell = (cell: PageCell, align: Align): Markup => {
	const value = cell.value === undefined ? undefined : formatPlainNumber(cell.value);
	return markup`<td${classOf(align, cell)}${attribute('data-v', value)}${attribute('title', cell.title)}>${cell.content}</td>`;
};

const writeRow = <Row>(
	row: Row,
	[first, ...others]: readonly PageColumn<Row>[],
	{lookOf, depthOf}: PageTable<Row>,
): Markup => {
	if (first === undefined) {
		return nothing;
	}

	const head = first.cell(row);
	const depth = depthOf?.(row);
	const look = lookOf?.(row);
	return markup`<tr${attribute('class', look === '' ? undefined : look)}${attribute('data-depth', depth)}><th scope="row"${classOf('left', head, depth === undefined ? '' : 'name')}${attribute('style', depth === undefined ? undefined : `--depth:${depth}`)}${attribute('title', head.title)}>${head.content}</th>${others.map((column) => writeCell(column.cell(row), column.align))}</tr>
`;
};

/** A box that scrolls sideways by the keyboard too. */
export const scrollBox = (table: Markup, label: string): Markup =>
	markup`<div class="scroll" role="region" tabindex="0" aria-label="${label}">${table}</div>
`;

/** Columns without any content are left out, but for the first. */
export const fillColumns = <Row>(
	columns: readonly PageColumn<Row>[],
	rows: readonly Row[],
): readonly PageColumn<Row>[] =>
	columns.filter((column, place) => place === 0 || rows.some((row) => !isEmpty(column.cell(row))));

export const writeTable = <Row>(table: PageTable<Row>): Markup => {
	const {caption, rows, look} = table;
	const columns = fillColumns(table.columns, rows);
	const [label = 'table'] = columns.map(({title}) => title);
	return scrollBox(
		markup`<table${attribute('class', look)}>
<caption>${caption}</caption>
<thead><tr>${columns.map(({title, align}) => markup`<th scope="col"${align === 'right' ? markup` class="n"` : nothing}>${title}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => writeRow(row, columns, table))}</tbody>
</table>`,
		`table by ${label}`,
	);
};
