/**
 * Reports as text, in pieces of about 64 KiB: one can be larger than memory. One loop writes all formats for other
 * programs. Our own, as a report may have 20 million rows: csv-stringify takes ten times as long, measured side by
 * side, and JSON.stringify knows no bigint.
 */

import type {Cell, ReportRows} from '../schemas/report-rows.ts';
import {layOutCsv, layOutJson, layOutJsonLines, layOutTsv, type RowLayout} from './row-layouts.ts';
import {formatRowMarkdown} from './row-markdown.ts';
import {formatRowTable} from './row-table.ts';
import {TextBuffer} from './text-buffer.ts';
import {chooseTextWriter, type WriteText} from './text-writer.ts';

export const rowFormats = ['table', 'csv', 'tsv', 'json', 'jsonl', 'markdown'] as const;
export type RowFormat = (typeof rowFormats)[number];

/** Bytes of a piece; the row that reaches it is its last. */
const pieceSize = 1 << 16;

const writeCell = (
	out: TextBuffer,
	cell: Cell | undefined,
	absent: Uint8Array,
	writeText: WriteText,
): void => {
	if (typeof cell === 'number' && Number.isFinite(cell)) {
		out.writeNumber(cell);
	} else if (typeof cell === 'string') {
		writeText(cell);
	} else if (typeof cell === 'bigint') {
		out.writeText(cell.toString());
	} else {
		out.writeBytes(absent);
	}
};

function* writeRows(rows: ReportRows['rows'], layout: RowLayout): Generator<string> {
	const next = Buffer.from(layout.beforeNext);
	const end = Buffer.from(layout.afterRow);
	const absent = Buffer.from(layout.absent);
	const beforeCells = layout.beforeCells.map((text) => Buffer.from(text));
	const out = new TextBuffer();
	const writeText = chooseTextWriter(out, layout);
	out.writeText(layout.head);
	let beforeRow = Buffer.from(layout.beforeFirst);
	for (const row of rows) {
		out.writeBytes(beforeRow);
		beforeRow = next;
		let column = 0;
		for (const before of beforeCells) {
			out.writeBytes(before);
			writeCell(out, row[column++], absent, writeText);
		}

		out.writeBytes(end);
		if (out.length >= pieceSize) {
			yield out.take();
		}
	}

	out.writeText(layout.foot);
	yield out.take();
}

function* writeTable(report: ReportRows, limit: number): Generator<string> {
	const {lines, closing} = formatRowTable(report, limit);
	let piece = '';
	for (const line of lines) {
		piece += `${line}\n`;
		if (piece.length >= pieceSize) {
			yield piece;
			piece = '';
		}
	}

	yield closing === '' ? piece : `${piece}${closing}\n`;
}

/** @param limit rows at most, of the formats for people: `table` and `markdown` are held in memory, the others are not */
export const formatRows = (
	report: ReportRows,
	format: RowFormat,
	limit = Number.POSITIVE_INFINITY,
): Iterable<string> => {
	const titles = report.columns.map((column) => column.title);
	switch (format) {
		case 'table':
			return writeTable(report, limit);
		case 'markdown':
			return formatRowMarkdown(report, limit);
		case 'csv':
			return writeRows(report.rows, layOutCsv(titles));
		case 'tsv':
			return writeRows(report.rows, layOutTsv(titles));
		case 'json':
			return writeRows(report.rows, layOutJson(titles));
		case 'jsonl':
			return writeRows(report.rows, layOutJsonLines(titles));
	}
};
