/** What ran on a GPU, row by row: kernels, copies, fillings, whole graphs. One shape for all of them. */

import {LaunchSlots} from './launch-numbers.ts';
import type {LaunchNumbers} from './launch-numbers.ts';
import {DoubleList, IndexList} from './lists.ts';
import type {RowBlock, RowContext} from './row-block.ts';
import type {RowSource} from './row-source.ts';

/** Kinds of operations, and of copies by direction: arrays and unified memory count with host and device memory. */
export const operationKinds = [
	'kernel',
	'graph',
	'memset',
	'copy host to device',
	'copy device to host',
	'copy device to device',
	'copy peer to peer',
	'copy host to host',
	'copy of unknown direction',
] as const;

export type OperationKind = (typeof operationKinds)[number];

const kindNumber = (kind: OperationKind): number => operationKinds.indexOf(kind);

/** By copyKind of CUPTI (CUpti_ActivityMemcpyKind; 11 to 13 are copies of unified memory). */
const copyDirections: Readonly<Record<number, OperationKind>> = {
	1: 'copy host to device',
	2: 'copy device to host',
	3: 'copy host to device',
	4: 'copy device to host',
	5: 'copy device to device',
	6: 'copy device to device',
	7: 'copy device to device',
	8: 'copy device to device',
	9: 'copy host to host',
	10: 'copy peer to peer',
	11: 'copy host to device',
	12: 'copy device to host',
	13: 'copy device to device',
};

const copyKindNumbers = Uint8Array.from({length: 256}, (_, copyKind) =>
	kindNumber(copyDirections[copyKind] ?? 'copy of unknown direction'),
);

/** By operation, in the order of tables and rows. */
export interface GpuOperations {
	readonly length: number;
	/** Since the base; NaN or infinite where there is no time to be had. */
	readonly startNs: Float64Array;
	readonly endNs: Float64Array;
	/** Number of its launch; -1 without a process or a correlation id. */
	readonly launch: Int32Array;
	/** Index into operationKinds. */
	readonly kind: Int32Array;
	/** How many of the last ones are CUDA graphs that were traced as a whole. */
	readonly wholeGraphs: number;
	/** Moved or set; 0 for what moves nothing. */
	readonly bytes: Float64Array;
}

/** Lists that grow table by table. */
export interface OperationLists {
	readonly slots: LaunchSlots;
	readonly startNs: DoubleList;
	readonly endNs: DoubleList;
	readonly launch: IndexList;
	readonly kind: IndexList;
	readonly bytes: DoubleList;
}

const columns = {
	start: 'time',
	end: 'time',
	globalPid: 'thread',
	correlationId: 'id',
} as const;

const copyColumns = {...columns, bytes: 'id', copyKind: 'id'} as const;

/** The tables that operations come from. */
export const operationTables = {
	kernels: 'CUPTI_ACTIVITY_KIND_KERNEL',
	copies: 'CUPTI_ACTIVITY_KIND_MEMCPY',
	memsets: 'CUPTI_ACTIVITY_KIND_MEMSET',
	graphs: 'CUPTI_ACTIVITY_KIND_GRAPH_TRACE',
} as const;

/** What they must have for their operations to be placed. */
export const operationNeeds = ['start', 'end', 'globalPid', 'correlationId'] as const;

/** What is asked of each. */
export const operationScans = [
	{table: operationTables.kernels, columns},
	{table: operationTables.copies, columns: copyColumns},
	{table: operationTables.memsets, columns: copyColumns},
	{table: operationTables.graphs, columns},
] as const;

const addTimes = (block: RowBlock<typeof columns>, lists: OperationLists): void => {
	const {start, end, globalPid, correlationId} = block.lanes;
	lists.startNs.append(start.values, 0, block.length);
	lists.endNs.append(end.values, 0, block.length);
	lists.slots.collect(globalPid.values, correlationId.values, lists.launch.extend(block.length));
};

const addCopies = (block: RowBlock<typeof copyColumns>, lists: OperationLists): void => {
	const {bytes, copyKind} = block.lanes;
	const kind = lists.kind.extend(block.length);
	const moved = lists.bytes.extend(block.length);
	for (let row = 0; row < block.length; row++) {
		kind[row] = Number(copyKindNumbers[Number(copyKind.values[row]) & 0xff]);
		moved[row] = Number(bytes.values[row]) || 0;
	}
};

const addMemsets = (block: RowBlock<typeof copyColumns>, lists: OperationLists): void => {
	const {bytes} = block.lanes;
	lists.kind.extend(block.length).fill(kindNumber('memset'));
	const set = lists.bytes.extend(block.length);
	for (let row = 0; row < block.length; row++) {
		set[row] = Number(bytes.values[row]) || 0;
	}
};

/** They move nothing. Kernels, most of all operations, are kind 0, and what is not written takes no memory. */
const addPlain = (length: number, kind: number, lists: OperationLists): void => {
	const kinds = lists.kind.extend(length);
	if (kind !== 0) {
		kinds.fill(kind);
	}

	lists.bytes.extend(length);
};

/** @param options.cudaGraphs whether a graph that was traced as a whole counts as an operation */
export const readOperations = (
	source: RowSource,
	context: RowContext,
	options: {readonly cudaGraphs: boolean},
): {readonly operations: GpuOperations; readonly launches: LaunchNumbers} => {
	const {kernels, copies, memsets, graphs} = operationTables;
	const tables = [kernels, copies, memsets, ...(options.cudaGraphs ? [graphs] : [])];
	const most = tables.reduce((sum, table) => sum + source.rowsAtMost(table), 0);
	let wholeGraphs = 0;
	const lists: OperationLists = {
		slots: new LaunchSlots(),
		startNs: new DoubleList(most),
		endNs: new DoubleList(most),
		launch: new IndexList(most),
		kind: new IndexList(most),
		bytes: new DoubleList(most),
	};
	for (const table of tables) {
		const isPlain = table === kernels || table === graphs;
		const kind = kindNumber(table === kernels ? 'kernel' : 'graph');
		const asked = isPlain ? columns : copyColumns;
		const before = lists.startNs.length;
		for (const block of source.scan({table, columns: asked}, context)) {
			addTimes(block, lists);
			if (isPlain) {
				addPlain(block.length, kind, lists);
			} else if (table === copies) {
				addCopies(block as RowBlock<typeof copyColumns>, lists);
			} else {
				addMemsets(block as RowBlock<typeof copyColumns>, lists);
			}
		}

		wholeGraphs = table === graphs ? lists.startNs.length - before : 0;
	}

	const launches = lists.slots.finish();
	launches.numberAll(lists.launch.view());
	return {
		operations: {
			length: lists.startNs.length,
			startNs: lists.startNs.view(),
			endNs: lists.endNs.view(),
			launch: lists.launch.view(),
			kind: lists.kind.view(),
			wholeGraphs,
			bytes: lists.bytes.view(),
		},
		launches,
	};
};
