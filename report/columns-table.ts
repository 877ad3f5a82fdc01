/** Cells aligned in columns for a terminal: lines without a frame. */

import Table from 'cli-table3';

export type Align = 'left' | 'right';

/**
 * cli-table3 compares every cell with all rows above it: 10,000 rows of one table take 23 s. In blocks of this many
 * rows, each padded to the widths of all, they take 4 s.
 */
const rowsOfBlock = 50;

const borderless = Object.fromEntries(
	[
		...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left'],
		...['bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
	].map((part) => [part, part === 'middle' ? '  ' : '']),
);

interface Block {
	readonly text: string;
	/** On the screen: wide characters count twice. */
	readonly widths: readonly number[];
}

const renderBlock = (
	lines: readonly (readonly string[])[],
	aligns: readonly Align[],
	widths: readonly number[],
): Block => {
	const table = new Table({
		colAligns: [...aligns],
		colWidths: [...widths],
		chars: borderless,
		style: {head: [], border: [], 'padding-left': 0, 'padding-right': 0},
	});
	table.push(...lines.map((line) => [...line]));
	const text = table.toString().replaceAll(/[ \t]+$/gm, '');
	// Rendering fills in the widths that were not given.
	return {text, widths: table.options.colWidths.map((width) => width ?? 0)};
};

/** The header line and a line per row, columns aligned, no trailing blanks. */
export const formatColumns = (
	titles: readonly string[],
	aligns: readonly Align[],
	rows: readonly (readonly string[])[],
): string => {
	const lines = [titles, ...rows];
	const blocks = Array.from({length: Math.ceil(lines.length / rowsOfBlock)}, (_, index) =>
		lines.slice(index * rowsOfBlock, (index + 1) * rowsOfBlock),
	);
	const alone = blocks.map((block) => renderBlock(block, aligns, []));
	if (alone.length === 1) {
		return alone.map(({text}) => text).join('');
	}

	const widths = titles.map((_, column) =>
		alone.reduce((widest, block) => Math.max(widest, block.widths[column] ?? 0), 0),
	);
	return blocks.map((block) => renderBlock(block, aligns, widths).text).join('\n');
};
