/** Making columns out of others, in plain loops: iterators and callbacks take several times as long. */

/** Rows of a column in another order, or a choice of them. @param picked where they go */
export const pickRows = (
	column: Float64Array,
	rows: Uint32Array,
	picked = new Float64Array(rows.length),
): Float64Array => {
	for (let place = 0; place < picked.length; place++) {
		picked[place] = Number(column[Number(rows[place])]);
	}

	return picked;
};

/** Row numbers in another order, or a choice of them. */
export const pickIndices = (column: Uint32Array, rows: Uint32Array): Uint32Array => {
	const picked = new Uint32Array(rows.length);
	for (let place = 0; place < picked.length; place++) {
		picked[place] = Number(column[Number(rows[place])]);
	}

	return picked;
};

/** 0, 1, 2 and so on. */
export const listNumbers = (length: number): Uint32Array => {
	const numbers = new Uint32Array(length);
	for (let number = 0; number < length; number++) {
		numbers[number] = number;
	}

	return numbers;
};

/** How many rows of a column hold a value. */
export const countValue = (column: Uint8Array, value: number): number => {
	let count = 0;
	for (let row = 0; row < column.length; row++) {
		count += column[row] === value ? 1 : 0;
	}

	return count;
};

/** Rows by group, in the order in which they came. */
export interface Groups {
	/** Group -> its places in `rows`: from[group] up to from[group + 1]. */
	readonly from: Uint32Array;
	readonly rows: Uint32Array;
}

/** @param group by row: its group, below `groups`; -1 for a row that belongs to none */
export const groupRows = (group: Uint32Array | Int32Array, groups: number): Groups => {
	const from = new Uint32Array(groups + 1);
	let grouped = 0;
	for (let row = 0; row < group.length; row++) {
		const number = Number(group[row]);
		if (number >= 0) {
			from[number + 1] = Number(from[number + 1]) + 1;
			grouped++;
		}
	}

	for (let number = 0; number < groups; number++) {
		from[number + 1] = Number(from[number + 1]) + Number(from[number]);
	}

	const next = from.slice();
	const rows = new Uint32Array(grouped);
	for (let row = 0; row < group.length; row++) {
		const number = Number(group[row]);
		if (number >= 0) {
			const place = Number(next[number]);
			rows[place] = row;
			next[number] = place + 1;
		}
	}

	return {from, rows};
};
