/**
 * Bulk answers as columns. An integer column is a Float64Array in which NaN stands for NULL; a text column numbers its
 * distinct values, since a million ranges share a few hundred names.
 */

import {assert} from '../base/assert.ts';

export type ColumnKinds = Readonly<Record<string, 'integer' | 'text'>>;

export interface TextColumn {
	/** Row -> values. */
	readonly index: Uint32Array;
	/** Distinct, in order of appearance. */
	readonly values: readonly (string | null)[];
}

/** NaN: NULL, or a number that a double does not hold exactly. */
export type IntegerColumn = Float64Array;

export type Columns<Kinds extends ColumnKinds> = {readonly length: number} & {
	readonly [Name in keyof Kinds]: Kinds[Name] extends 'text' ? TextColumn : IntegerColumn;
};

interface ColumnBuilder {
	/** @throws TypeError when the cell is of another kind */
	push(cell: unknown): void;
	finish(): IntegerColumn | TextColumn;
}

const firstCapacity = 1024;

const integerBuilder = (): ColumnBuilder => {
	let values = new Float64Array(firstCapacity);
	let length = 0;
	return {
		push(cell) {
			if (cell !== null && typeof cell !== 'number') {
				throw new TypeError(`expected an integer, found ${typeof cell}`);
			}

			if (length === values.length) {
				const larger = new Float64Array(length * 2);
				larger.set(values);
				values = larger;
			}

			values[length++] = cell !== null && Number.isSafeInteger(cell) ? cell : NaN;
		},
		finish: () => values.slice(0, length),
	};
};

/** SQLite's columns hold whatever was put in: text that somebody stored as bytes, a name that is a number. */
const textOf = (cell: unknown): string | null => {
	if (cell === null || typeof cell === 'string') {
		return cell;
	}

	return Buffer.isBuffer(cell) ? cell.toString('utf8') : JSON.stringify(cell);
};

const textBuilder = (): ColumnBuilder => {
	const known = new Map<string | null, number>();
	let index = new Uint32Array(firstCapacity);
	let length = 0;
	return {
		push(cell) {
			const text = textOf(cell);
			let value = known.get(text);
			if (value === undefined) {
				value = known.size;
				known.set(text, value);
			}

			if (length === index.length) {
				const larger = new Uint32Array(length * 2);
				larger.set(index);
				index = larger;
			}

			index[length++] = value;
		},
		finish: () => ({index: index.slice(0, length), values: [...known.keys()]}),
	};
};

/**
 * Rows into columns. `rows` yields arrays of cells in the order of `names`.
 * @throws TypeError naming the column whose cell is of the wrong kind
 */
export const collectColumns = <Kinds extends ColumnKinds>(
	kinds: Kinds,
	names: readonly string[],
	rows: Iterable<readonly unknown[]>,
): Columns<Kinds> => {
	assert(names.length === Object.keys(kinds).length, 'one kind for each column');
	const builders = names.map((name) => (kinds[name] === 'text' ? textBuilder() : integerBuilder()));
	let length = 0;
	let column = 0;
	try {
		for (const row of rows) {
			for (column = 0; column < builders.length; column++) {
				builders[column]?.push(row[column]);
			}

			length++;
		}
	} catch (error) {
		throw error instanceof TypeError
			? new TypeError(`column ${String(names[column])}, row ${length + 1}`, {cause: error})
			: error;
	}

	const columns = builders.map((builder, place) => [names[place], builder.finish()] as const);
	return {length, ...Object.fromEntries(columns)} as Columns<Kinds>;
};
