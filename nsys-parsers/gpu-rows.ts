/** The GPU side of an export: what ran on the GPUs, and the calls that started it. */

import type {ExportFile} from './export-tables.ts';
import {lackingColumns} from './export-tables.ts';
import {operationNeeds, operationScans, operationTables, readOperations} from './gpu-operations.ts';
import type {GpuOperations} from './gpu-operations.ts';
import type {LaunchNumbers} from './launch-numbers.ts';
import type {LaunchCalls} from './launching-ranges.ts';
import {DoubleList, IndexList} from './lists.ts';
import {ThreadNumbers} from './thread-numbers.ts';
import {orderOperations} from './timed-operations.ts';
import type {OrderedOperations} from './timed-operations.ts';
import {blockCapacity} from './row-block.ts';
import type {RowBlock, RowContext, TableScan} from './row-block.ts';
import type {RowSource} from './row-source.ts';

/** Nothing but columns and plain values, as all here: it can come from another thread (gpu-rows-ahead.ts). */
export interface GpuCalls {
	/** How many there are. */
	readonly launches: number;
	/** Their threads are numbers in `threads`. */
	readonly calls: LaunchCalls;
	/** Threads that made calls which launched something. */
	readonly threads: readonly {readonly process: number; readonly tid: number}[];
}

export interface GpuWorkRows {
	readonly operations: GpuOperations;
	readonly timed: OrderedOperations;
}

export interface GpuRows {
	readonly calls: GpuCalls;
	readonly work: () => GpuWorkRows;
}

export interface GpuRowsOptions {
	/** Whether a graph that was traced as a whole counts as an operation. */
	readonly cudaGraphs: boolean;
	/** The session's time 0, counted from the context's base. */
	readonly zeroNs: number;
}

const table = 'CUPTI_ACTIVITY_KIND_RUNTIME';

const columns = {start: 'time', end: 'time', globalTid: 'thread', correlationId: 'id'} as const;

/** Rows of a block, and their launches. */
interface LaunchRows {
	count: number;
	readonly row: Int32Array;
	readonly launch: Int32Array;
}

interface CallLists {
	readonly startNs: DoubleList;
	readonly endNs: DoubleList;
	readonly thread: IndexList;
	readonly launch: IndexList;
}

/** The rows of a block whose calls started something: most started nothing (allocations, queries, synchronization). */
const findLaunchCalls = (
	{length, lanes: {start, end, globalTid, correlationId}}: RowBlock<typeof columns>,
	launches: LaunchNumbers,
	into: LaunchRows,
): void => {
	let count = 0;
	for (let row = 0; row < length; row++) {
		const launch = launches.find(Number(globalTid.values[row]), Number(correlationId.values[row]));
		// One of no known time lies in no range.
		if (launch >= 0 && !Number.isNaN(Number(start.values[row]) + Number(end.values[row]))) {
			into.row[count] = row;
			into.launch[count++] = launch;
		}
	}

	into.count = count;
};

const addLaunchCalls = (
	{lanes: {start, end, globalTid}}: RowBlock<typeof columns>,
	found: LaunchRows,
	threads: ThreadNumbers,
	lists: CallLists,
): void => {
	const startNs = lists.startNs.extend(found.count);
	const endNs = lists.endNs.extend(found.count);
	const thread = lists.thread.extend(found.count);
	lists.launch.extend(found.count).set(found.launch.subarray(0, found.count));
	for (let at = 0; at < found.count; at++) {
		const row = Number(found.row[at]);
		startNs[at] = Number(start.values[row]);
		endNs[at] = Number(end.values[row]);
		thread[at] = threads.intern(Number(globalTid.values[row]), Number(globalTid.low[row]));
	}
};

const readCalls = (
	source: RowSource,
	context: RowContext,
	launches: LaunchNumbers,
	threads: ThreadNumbers,
): LaunchCalls => {
	const most = launches.count === 0 ? 0 : source.rowsAtMost(table);
	const lists: CallLists = {
		startNs: new DoubleList(most),
		endNs: new DoubleList(most),
		thread: new IndexList(most),
		launch: new IndexList(most),
	};
	if (launches.count > 0) {
		const found = {
			count: 0,
			row: new Int32Array(blockCapacity),
			launch: new Int32Array(blockCapacity),
		};
		for (const block of source.scan({table, columns}, context)) {
			findLaunchCalls(block, launches, found);
			addLaunchCalls(block, found, threads, lists);
		}
	}

	return {
		length: lists.launch.length,
		startNs: lists.startNs.view(),
		endNs: lists.endNs.view(),
		thread: lists.thread.view(),
		launch: lists.launch.view(),
	};
};

/** "TABLE.column" that an old export lacks. */
export const listLackingGpuColumns = (from: ExportFile): readonly string[] =>
	lackingColumns(from.tables, {
		...Object.fromEntries(Object.values(operationTables).map((name) => [name, operationNeeds])),
		[table]: Object.keys(columns),
	});

/** All that is asked of an export. */
export const gpuScans: readonly TableScan[] = [...operationScans, {table, columns}];

/** How many rows there are at most. */
export const countGpuRows = (source: RowSource): number =>
	gpuScans.reduce((sum, scan) => sum + source.rowsAtMost(scan.table), 0);

/** The calls first: those can be placed while the operations are put in order. Times are counted from the context's base. */
export const readGpuRows = (
	source: RowSource,
	context: RowContext,
	options: GpuRowsOptions,
): GpuRows => {
	const {operations, launches} = readOperations(source, context, options);
	const threads = new ThreadNumbers();
	const calls = readCalls(source, context, launches, threads);
	return {
		calls: {calls, launches: launches.count, threads: threads.listIds()},
		work: () => ({operations, timed: orderOperations(operations, options.zeroNs)}),
	};
};
