/**
 * The rows of a table's leaf pages, by the decoder in assembly/leaf-rows.ts: here is what it needs to know, and what it asks
 * back for.
 */

import {readFileSync} from 'node:fs';
import type {Lane, LaneKind, RowBlock, RowContext, TableScan} from '../row-block.ts';
import type {PageFile} from './page-file.ts';
import {readPayload} from './payload.ts';
import {PageRefusal, refuse} from './refusal.ts';

/** More cells than a page holds: each takes a pointer of 2 bytes and at least 4 of its own. */
export const mostCells = (pageSize: number): number => Math.floor(pageSize / 6);

/** Built from assembly/leaf-rows.ts, whether this file is built or not. */
const moduleFile = new URL(
	import.meta.url.endsWith('.ts')
		? '../../dist/nsys-parsers/table-pages/leaf-rows.wasm'
		: './leaf-rows.wasm',
	import.meta.url,
);

let compiled: WebAssembly.Module | undefined;

/** The decoder, compiled once. Threads can share it. */
export const leafDecoder = (): WebAssembly.Module =>
	(compiled ??= new WebAssembly.Module(readFileSync(moduleFile)));

/** This thread's decoder from then on. */
export const useLeafDecoder = (module: WebAssembly.Module): void => {
	compiled = module;
};

/** In the order in which the decoder numbers them. */
const reasons = [
	'a leaf page is none',
	'a cell that does not fit into its page',
	'a record whose values do not fit',
	'a value that is none where a whole number belongs',
	'a number where text belongs',
	'a number past 2^53',
] as const;

/** What to do with a column, as the decoder numbers it. 0: nothing. */
const kindNumbers: Readonly<Record<LaneKind, number>> = {time: 1, id: 2, thread: 3, text: 4};

/** Numbers of 4 bytes that describe a column. */
const columnWords = 3;

interface Decoder {
	begin(
		baseNs: bigint,
		usableSize: number,
		mostCells: number,
		rowIds: number,
		columns: number,
		columnsEnd: number,
		chosenBy: number,
		wanted: number,
	): void;
	takeRows(leaf: number, row: number): number;
}

/** Describes the columns of a table, up to the last one that matters, for the decoder. @returns where, from and to */
const describeColumns = (
	{memory}: PageFile,
	lanes: readonly (Lane | undefined)[],
): readonly [number, number] => {
	const words = memory.words(columnWords * lanes.length).fill(0);
	for (const [column, lane] of lanes.entries()) {
		if (lane !== undefined) {
			const {kind, values, low} = lane;
			words.set([kindNumbers[kind], values.byteOffset, low.byteOffset], columnWords * column);
		}
	}

	return [words.byteOffset, words.byteOffset + words.byteLength];
};

/** Puts the wanted rows of leaves into a block. */
export class LeafRows {
	private readonly file: PageFile;
	private readonly block: RowBlock;
	private readonly decoder: Decoder;
	/** Bytes of the records of the present leaf that go on in other pages. */
	private assembled = 0;

	/** @param block its columns lie in the file's memory */
	constructor(
		file: PageFile,
		tableColumns: readonly string[],
		scan: TableScan,
		block: RowBlock,
		context: RowContext,
	) {
		this.file = file;
		this.block = block;
		this.decoder = this.startDecoder(context);
		const asked = tableColumns.map((name) => block.lanes[name]);
		const lanes = asked.slice(0, asked.findLastIndex((lane) => lane !== undefined) + 1);
		const [columns, columnsEnd] = describeColumns(file, lanes);
		const chosenBy = tableColumns.indexOf(scan.where?.column ?? '');
		const wanted = file.memory.words(64);
		const isWanted = new Uint8Array(wanted.buffer, wanted.byteOffset, wanted.byteLength).fill(0);
		for (const value of scan.where?.values ?? []) {
			isWanted[value] = 1;
		}

		this.decoder.begin(
			context.baseNs,
			file.usableSize,
			mostCells(file.pageSize),
			block.rowId.byteOffset,
			columns,
			columnsEnd,
			chosenBy < 0 ? 0 : columns + 4 * columnWords * chosenBy,
			wanted.byteOffset,
		);
	}

	/**
	 * Appends the wanted rows of a leaf, for which the block has room.
	 * @param leaf where it lies in the file's memory
	 * @throws PageRefusal
	 */
	take(leaf: number): void {
		this.assembled = 0;
		try {
			this.block.length = this.decoder.takeRows(leaf, this.block.length);
		} catch (error) {
			throw error instanceof WebAssembly.RuntimeError
				? new PageRefusal('a page that makes no sense', {cause: error})
				: error;
		}
	}

	/** What the decoder asks for in the midst of a page. */
	private startDecoder({texts, largeIds}: RowContext): Decoder {
		const {memory, all} = this.file.memory;
		const answers = {
			internText: (at: number, length: number) => texts.intern(all, at, at + length),
			standInFor: (high: number, low: number) => largeIds.standInFor(high, low >>> 0),
			assemble: (at: number, length: number, local: number) => this.assemble(at, length, local),
			refuse: (why: number) => refuse(reasons[why] ?? 'a page that makes no sense'),
		};
		const imports = {env: {memory}, owner: answers};
		return new WebAssembly.Instance(leafDecoder(), imports).exports as unknown as Decoder;
	}

	private assemble(at: number, length: number, local: number): number {
		this.assembled += length;
		// Records of one leaf lie in pages of their own: more than the file holds are a trap.
		if (this.assembled > this.file.pages * this.file.pageSize) {
			refuse('a page whose records are longer than its file');
		}

		return readPayload(this.file, at, length, local);
	}
}
