/** Cells aligned in columns for a terminal: lines without a frame. */

import stringWidth from 'string-width';

export type Align = 'left' | 'right';

const gap = '  ';

const isAscii = /^[\u0020-\u007E]*$/;

/** On the screen: wide characters take two places. */
const widthOf = (cell: string): number => (isAscii.test(cell) ? cell.length : stringWidth(cell));

const padCell = (cell: string, align: Align | undefined, width: number): string => {
	const blanks = ' '.repeat(Math.max(0, width - widthOf(cell)));
	return align === 'right' ? blanks + cell : cell + blanks;
};

/** The header line and a line per row, columns aligned, no trailing blanks. Cells are of one line each. */
export function* alignColumns(
	titles: readonly string[],
	aligns: readonly Align[],
	rows: readonly (readonly string[])[],
): Generator<string> {
	const widths = titles.map((title, column) =>
		rows.reduce((widest, row) => Math.max(widest, widthOf(row[column] ?? '')), widthOf(title)),
	);
	const alignLine = (line: readonly string[]): string =>
		widths
			.map((width, column) => padCell(line[column] ?? '', aligns[column], width))
			.join(gap)
			.replace(/ +$/, '');
	yield alignLine(titles);
	for (const row of rows) {
		yield alignLine(row);
	}
}

export const formatColumns = (...table: Parameters<typeof alignColumns>): string =>
	[...alignColumns(...table)].join('\n');
