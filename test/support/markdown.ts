/** Reads the tables of GitHub's Markdown, cell by cell: code as what it shows, other text as it stands. */

/** Borders are the "|" without a "\" before it, in code too. */
const splitRow = (line: string): readonly string[] => {
	if (!line.startsWith('|') || !line.endsWith('|')) {
		throw new Error(`not a row: ${line}`);
	}

	return line
		.slice(1, -1)
		.split(/(?<!\\)\|/)
		.map((cell) => cell.trim().replaceAll(String.raw`\|`, '|'));
};

const showCell = (cell: string): string => {
	const [, fence, code] = /^(`+)([^]*?)\1$/.exec(cell) ?? [];
	if (fence === undefined || code === undefined) {
		return cell;
	}

	if (new RegExp(`(?<!\`)${fence}(?!\`)`).test(code)) {
		throw new Error(`code that ends too early: ${cell}`);
	}

	return /^ .* $/.test(code) && code.trim() !== '' ? code.slice(1, -1) : code;
};

export interface MarkdownTable {
	readonly titles: readonly string[];
	readonly rows: readonly (readonly string[])[];
}

/** @throws Error for rows with another number of cells than the header */
export const readTables = (text: string): readonly MarkdownTable[] =>
	text
		.split(/\n(?!\|)/)
		.map((block) => block.split('\n').filter((line) => line.startsWith('|')))
		.filter((lines) => lines.length > 0)
		.map((lines) => {
			const [titles = [], aligns = [], ...rows] = lines.map(splitRow);
			const odd = [aligns, ...rows].find(({length}) => length !== titles.length);
			if (odd !== undefined || !aligns.every((cell) => /^-+:?$/.test(cell))) {
				throw new Error(`not a table: ${JSON.stringify(odd ?? aligns)}`);
			}

			return {titles, rows: rows.map((row) => row.map(showCell))};
		});
