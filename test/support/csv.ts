/** Reads CSV as RFC 4180 has it, character by character; it shares nothing with the writer. */
export const parseCsv = (text: string): readonly (readonly string[])[] => {
	const rows: string[][] = [];
	let row: string[] = [];
	let field = '';
	let state: 'start' | 'bare' | 'quoted' | 'quote' = 'start';
	const endField = (): void => {
		row.push(field);
		field = '';
		state = 'start';
	};
	for (const character of text) {
		if (state === 'quoted') {
			if (character === '"') {
				state = 'quote';
			} else {
				field += character;
			}
		} else if (character === ',') {
			endField();
		} else if (character === '\n') {
			endField();
			rows.push(row);
			row = [];
		} else if (character === '"' && state === 'quote') {
			field += '"';
			state = 'quoted';
		} else if (character === '"' && state === 'start') {
			state = 'quoted';
		} else if (character === '"' || character === '\r' || state === 'quote') {
			throw new Error(`not CSV: ${JSON.stringify(character)} in row ${rows.length + 1}`);
		} else {
			field += character;
			state = 'bare';
		}
	}

	if (state !== 'start' || row.length > 0) {
		throw new Error('not CSV: the last row has no end');
	}

	return rows;
};
