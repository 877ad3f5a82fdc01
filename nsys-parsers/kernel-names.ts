/**
 * Names of kernels and of API calls, read only when a report or a timeline shows them: rows refer to texts in StringIds
 * that a million of them share. Old exports lack one column or another, so several are tried.
 */

import {explainSqliteError, openExport} from './export-file.ts';
import type {ExportFile} from './export-tables.ts';
import {readRows} from './export-tables.ts';
import {operationTables} from './gpu-operations.ts';
import {IndexList} from './lists.ts';
import {registeredStrings} from './queries/registered-strings.ts';
import {unnamed} from './range-names.ts';
import {makeContext} from './row-block.ts';
import type {Lane, LargeIds} from './row-block.ts';
import {withRows} from './export-rows.ts';
import type {RowSource} from './row-source.ts';
import {Tuples} from './tuples.ts';

/** Names by row. */
export interface RowNames {
	/** In the order of rows: index into `names`. */
	readonly name: Int32Array;
	/** Distinct. */
	readonly names: readonly string[];
}

/** Which name of a kernel is wanted: "void add<float>(float*, int)", or "add". */
export type KernelNameKind = 'demangled' | 'short';

/** Columns that can name a kernel, those tried first in front. Three at most: they make a tuple. */
const nameColumns: Readonly<Record<KernelNameKind, readonly string[]>> = {
	demangled: ['demangledName', 'shortName', 'mangledName'],
	short: ['shortName', 'demangledName', 'mangledName'],
};

const none = -1;
const places = [0, 1, 2] as const;

const orNone = (id: number | undefined): number =>
	id === undefined || Number.isNaN(id) ? none : id;

/** The texts of tuples' ids, by id as a lane holds it. */
const readTexts = (
	from: ExportFile,
	tuples: Tuples,
	largeIds: LargeIds,
): ReadonlyMap<number, string> => {
	const ids = new Map<bigint, number>();
	for (let tuple = 0; tuple < tuples.size; tuple++) {
		for (const id of places.map((place) => tuples.valueOf(tuple, place))) {
			if (id !== none) {
				ids.set(largeIds.exact(id), id);
			}
		}
	}

	const rows = readRows(from, registeredStrings, {ids: `[${[...ids.keys()].join(',')}]`});
	return new Map(rows.map(({id, value}) => [ids.get(id) ?? Number(id), value]));
};

/** Collects the ids of names row by row, up to three for each: the first that stands for a text says the name. */
export class NameIds {
	private readonly tuples = new Tuples();
	private readonly tuple: IndexList;

	/** @param rows how many there will be at most, as far as is known */
	constructor(rows: number) {
		this.tuple = new IndexList(rows);
	}

	push(first?: number, second?: number, third?: number): void {
		this.tuple.push(this.tuples.intern(orNone(first), orNone(second), orNone(third), 0));
	}

	resolve(from: ExportFile, largeIds: LargeIds): RowNames {
		const {tuples} = this;
		const texts = readTexts(from, tuples, largeIds);
		const numbers = new Map<string, number>();
		const nameOf = new Int32Array(tuples.size);
		for (let tuple = 0; tuple < tuples.size; tuple++) {
			const found = places.map((place) => texts.get(tuples.valueOf(tuple, place)) ?? '');
			const name = found.find((text) => text !== '') ?? unnamed;
			const number = numbers.get(name) ?? numbers.size;
			numbers.set(name, number);
			nameOf[tuple] = number;
		}

		return {
			name: this.tuple.view().map((tuple) => Number(nameOf[tuple])),
			names: [...numbers.keys()],
		};
	}
}

const addNames = (
	[first, second, third]: readonly (Lane | undefined)[],
	rows: number,
	into: NameIds,
): void => {
	for (let row = 0; row < rows; row++) {
		into.push(first?.values[row], second?.values[row], third?.values[row]);
	}
};

/** By kernel, in the order of rows: that of GpuOperations, which begin with the kernels. */
export const namesOfKernels = (
	from: ExportFile,
	source: RowSource,
	kind: KernelNameKind,
): RowNames => {
	const table = operationTables.kernels;
	const wanted = nameColumns[kind].filter((column) => from.tables.get(table)?.has(column));
	const columns = Object.fromEntries(wanted.map((column) => [column, 'id'] as const));
	const context = makeContext(0n);
	const ids = new NameIds(source.rowsAtMost(table));
	for (const block of source.scan({table, columns}, context)) {
		addNames(
			wanted.map((column) => block.lanes[column]),
			block.length,
			ids,
		);
	}

	return ids.resolve(from, context.largeIds);
};

/** @throws UserError when the file is missing, unreadable, damaged, or no nsys export */
export const readKernelNames = (file: string, kind: KernelNameKind): RowNames => {
	using from = openExport(file);
	try {
		return withRows(from, (source) => namesOfKernels(from, source, kind));
	} catch (error) {
		throw explainSqliteError(file, error);
	}
};
