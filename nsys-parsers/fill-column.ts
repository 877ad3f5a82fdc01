/** Making columns out of others. `Float64Array.from(column, f)` goes through an iterator and takes ten times as long. */

type Column = Float64Array | Int32Array | Uint32Array | Uint8Array;

/** Puts a value into every row of a new column, and returns the column. */
export const fill = <Filled extends Column>(
	column: Filled,
	valueAt: (row: number) => number,
): Filled => {
	for (let row = 0; row < column.length; row++) {
		column[row] = valueAt(row);
	}

	return column;
};

/** Rows of a column in another order, or a choice of them. */
export const pickRows = (column: Float64Array, rows: Uint32Array): Float64Array =>
	fill(new Float64Array(rows.length), (place) => Number(column[Number(rows[place])]));

/** Row numbers in another order, or a choice of them. */
export const pickIndices = (column: Uint32Array, rows: Uint32Array): Uint32Array =>
	fill(new Uint32Array(rows.length), (place) => Number(column[Number(rows[place])]));

/** How many rows of a table are so. */
export const countRows = (length: number, isSo: (row: number) => boolean): number => {
	let count = 0;
	for (let row = 0; row < length; row++) {
		count += isSo(row) ? 1 : 0;
	}

	return count;
};
