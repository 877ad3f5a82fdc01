/** The GPU side of an export: what ran on the GPUs, and the calls that started it. */

import type {ExportFile} from './export-tables.ts';
import {lackingColumns} from './export-tables.ts';
import {operationNeeds, operationTables, readOperations} from './gpu-operations.ts';
import type {GpuOperations} from './gpu-operations.ts';
import type {LaunchNumbers} from './launch-numbers.ts';
import type {LaunchCalls} from './launching-ranges.ts';
import {DoubleList, IndexList} from './lists.ts';
import type {ThreadNumbers} from './range-table.ts';
import type {RowBlock, RowContext} from './row-block.ts';
import type {RowSource} from './row-source.ts';

export interface ExportGpuWork {
	readonly operations: GpuOperations;
	readonly launches: number;
	readonly calls: LaunchCalls;
	/** "TABLE.column" that an old export lacks. */
	readonly lacking: readonly string[];
}

const table = 'CUPTI_ACTIVITY_KIND_RUNTIME';

const columns = {start: 'time', end: 'time', globalTid: 'thread', correlationId: 'id'} as const;

interface CallLists {
	readonly startNs: DoubleList;
	readonly endNs: DoubleList;
	readonly thread: IndexList;
	readonly launch: IndexList;
}

/** Most calls start nothing (allocations, queries, synchronization): they are not kept. */
const addLaunchCalls = (
	{length, lanes}: RowBlock<typeof columns>,
	launches: LaunchNumbers,
	threads: ThreadNumbers,
	lists: CallLists,
): void => {
	const {start, end, globalTid, correlationId} = lanes;
	for (let row = 0; row < length; row++) {
		const process = Number(globalTid.values[row]);
		const launch = launches.find(process, Number(correlationId.values[row]));
		if (launch >= 0) {
			lists.startNs.push(Number(start.values[row]));
			lists.endNs.push(Number(end.values[row]));
			lists.thread.push(threads.intern(process, Number(globalTid.low[row])));
			lists.launch.push(launch);
		}
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
		for (const block of source.scan({table, columns}, context)) {
			addLaunchCalls(block, launches, threads, lists);
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

/**
 * @param threads those of the ranges; threads that only make calls are added
 * @param options.cudaGraphs whether a graph that was traced as a whole counts as an operation
 */
export const readGpuWork = (
	from: ExportFile,
	source: RowSource,
	context: RowContext,
	threads: ThreadNumbers,
	options: {readonly cudaGraphs: boolean},
): ExportGpuWork => {
	const {operations, launches} = readOperations(source, context, options);
	const needs = {
		...Object.fromEntries(Object.values(operationTables).map((name) => [name, operationNeeds])),
		[table]: Object.keys(columns),
	};
	return {
		operations,
		launches: launches.count,
		calls: readCalls(source, context, launches, threads),
		lacking: lackingColumns(from.tables, needs),
	};
};
