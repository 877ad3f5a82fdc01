/** The GPU side of an export: what ran on the GPUs, and the calls that started it. */

import type {Columns} from './columns.ts';
import type {ExportFile} from './export-tables.ts';
import {lackingColumns, readColumns} from './export-tables.ts';
import {fill} from './fill-column.ts';
import {joinOperations} from './gpu-operations.ts';
import type {GpuOperations} from './gpu-operations.ts';
import type {ApiCalls} from './launching-ranges.ts';
import {apiCalls} from './queries/api-calls.ts';
import {graphLaunches} from './queries/graph-launches.ts';
import {kernels} from './queries/kernels.ts';
import {memcpys} from './queries/memcpys.ts';
import {memsets} from './queries/memsets.ts';

export interface ExportGpuWork {
	readonly operations: GpuOperations;
	readonly calls: ApiCalls;
	/** GPU time of CUDA graphs that were traced as a whole, ns: the sum of their lengths. */
	readonly graphNs: number;
	/** "TABLE.column" that an old export lacks. */
	readonly lacking: readonly string[];
}

const placeCalls = (
	calls: Columns<typeof apiCalls.columns>,
	findThread: (process: number, tid: number) => number,
): ApiCalls => ({
	length: calls.length,
	startNs: calls.startNs,
	endNs: calls.endNs,
	process: calls.process,
	correlation: calls.correlation,
	thread: fill(new Int32Array(calls.length), (row) =>
		findThread(Number(calls.process[row]), Number(calls.tid[row])),
	),
});

const sumOfLengths = ({length, startNs, endNs}: GpuOperations): number => {
	let sum = 0;
	for (let row = 0; row < length; row++) {
		const takes = Number(endNs[row]) - Number(startNs[row]);
		sum += takes > 0 ? takes : 0;
	}

	return sum;
};

/**
 * @param options.cudaGraphs whether a graph that was traced as a whole counts as an operation
 * @param findThread the number of a thread in the ranges' numbering, -1 where it has no ranges
 */
export const readGpuWork = (
	from: ExportFile,
	baseNs: bigint,
	options: {readonly cudaGraphs: boolean},
	findThread: (process: number, tid: number) => number,
): ExportGpuWork => {
	const queries = [kernels, memcpys, memsets];
	const graphs = options.cudaGraphs ? [readColumns(from, graphLaunches, {baseNs})] : [];
	const operations = queries.map((query) => readColumns(from, query, {baseNs}));
	return {
		operations: joinOperations([...operations, ...graphs]),
		calls: placeCalls(readColumns(from, apiCalls, {baseNs}), findThread),
		graphNs: graphs.reduce((sum, graph) => sum + sumOfLengths(graph), 0),
		lacking: [...queries, graphLaunches, apiCalls].flatMap(({needs}) =>
			lackingColumns(from.tables, needs),
		),
	};
};
