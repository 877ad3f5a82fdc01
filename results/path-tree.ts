/**
 * The ranges of a trace by path: one node per path, whatever the number of ranges, threads and processes behind it.
 *
 *     0 (root) -> object -> pipeline -> batch_0 -> stage_1
 *
 * A node is a number, its facts are columns; a parent stands before its children. A label is an index into `labels`: the
 * trace's names of ranges, then the names of objects. So an object and a range of the same name stay two nodes.
 */

import type {Trace} from '../schemas/trace.ts';
import type {BatchFact, BatchSource} from './batch-facts.ts';
import {createChildTable, type ChildTable} from './child-table.ts';
import {listDeletedBatches, type DeletedBatch} from './deleted-batches.ts';

/** One occurrence of a path. */
export interface RangeInstance {
	/** Index into the trace's threads. */
	readonly thread: number;
	readonly startNs: number;
	readonly endNs: number;
}

/** One range that is (part of) a batch. */
export interface BatchInstance extends RangeInstance {
	/** Pushed and never popped. */
	readonly unfinished: boolean;
	readonly fact: BatchFact;
}

export interface PathTree {
	/** Nodes; the root is 0. */
	readonly length: number;
	/** -1 for the root. */
	readonly parent: Int32Array;
	readonly label: Int32Array;
	readonly labels: readonly string[];
	/** Labels from this one on are objects. */
	readonly firstObject: number;
	/** Sums over all instances on all threads. */
	readonly cpuNs: Float64Array;
	readonly gpuNs: Float64Array;
	readonly gpuBusyNs: Float64Array;
	readonly instances: Uint32Array;
	/** Distinct threads that have the path. */
	readonly threads: Uint32Array;
	/** By range: its node; -1 where it vanished. */
	readonly nodes: Int32Array;
	/** By node, in order of the trace. */
	readonly batches: ReadonlyMap<number, readonly BatchInstance[]>;
	/** By node that directly holds batches; none of what is no range. */
	readonly holderInstances: ReadonlyMap<number, readonly RangeInstance[]>;
	/** By the node right above. */
	readonly deletedBatches: ReadonlyMap<number, readonly DeletedBatch[]>;
	/** Children in order of their first instance. */
	readonly childrenOf: (node: number) => readonly number[];
}

/** A range that vanishes has no node. */
const vanished = -1;

interface Columns extends ChildTable {
	readonly cpuNs: Float64Array;
	readonly gpuNs: Float64Array;
	readonly gpuBusyNs: Float64Array;
	readonly instances: Uint32Array;
}

/** Finds or makes the node of every range. */
const placeRanges = (
	{ranges}: Trace,
	source: BatchSource,
	table: ChildTable,
	top: number,
	objectNode: (name: string) => number,
): Int32Array => {
	const nodes = new Int32Array(ranges.length);
	for (let range = 0; range < ranges.length; range++) {
		const parentRange = ranges.parent[range] ?? -1;
		const above = parentRange === -1 ? top : (nodes[parentRange] ?? vanished);
		if (above === vanished || source.deleted.has(range)) {
			nodes[range] = vanished;
			continue;
		}

		const object = source.objects.get(range);
		const parent = object === undefined ? above : objectNode(object);
		nodes[range] = table.child(parent, ranges.name[range] ?? 0);
	}

	return nodes;
};

const add = (column: Float64Array | Uint32Array, at: number, value: number): void => {
	column[at] = (column[at] ?? 0) + value;
};

/** The wait for the other workers is nobody's work: no range has it in its times. */
const takeOffWaits = ({waits}: Trace, nodes: Int32Array, columns: Columns): void => {
	for (const {range, cpuNs, gpuNs} of waits.flatMap(({around}) => around)) {
		const node = nodes[range] ?? vanished;
		if (node !== vanished) {
			add(columns.cpuNs, node, -cpuNs);
			add(columns.gpuNs, node, -gpuNs);
		}
	}
};

const addTimes = ({ranges}: Trace, nodes: Int32Array, columns: Columns): void => {
	for (let range = 0; range < ranges.length; range++) {
		const node = nodes[range] ?? vanished;
		if (node !== vanished) {
			add(columns.cpuNs, node, (ranges.endNs[range] ?? 0) - (ranges.startNs[range] ?? 0));
			add(columns.gpuNs, node, ranges.gpuSpanNs[range] ?? 0);
			add(columns.gpuBusyNs, node, ranges.gpuBusyNs[range] ?? 0);
			add(columns.instances, node, 1);
		}
	}
};

/** Most paths live on one thread: a set is made only for the others. */
const countThreads = ({ranges}: Trace, nodes: Int32Array, length: number): Uint32Array => {
	const threads = new Uint32Array(length);
	const last = new Int32Array(length).fill(-1);
	const sets = new Map<number, Set<number>>();
	for (let range = 0; range < ranges.length; range++) {
		const node = nodes[range] ?? vanished;
		const thread = ranges.thread[range] ?? 0;
		if (node === vanished || last[node] === thread) {
			continue;
		}

		const before = last[node] ?? -1;
		const set = sets.get(node) ?? new Set(before === -1 ? [] : [before]);
		set.add(thread);
		if (set.size > 1) {
			sets.set(node, set);
		}

		threads[node] = set.size;
		last[node] = thread;
	}

	return threads;
};

const listBatches = (
	{ranges}: Trace,
	nodes: Int32Array,
	facts: BatchSource['batches'],
): ReadonlyMap<number, readonly BatchInstance[]> => {
	const batches = new Map<number, BatchInstance[]>();
	for (const [range, fact] of [...facts].sort(([a], [b]) => a - b)) {
		const node = nodes[range] ?? vanished;
		if (node === vanished) {
			continue;
		}

		const instances = batches.get(node) ?? [];
		batches.set(node, instances);
		instances.push({
			thread: ranges.thread[range] ?? 0,
			startNs: ranges.startNs[range] ?? 0,
			endNs: ranges.endNs[range] ?? 0,
			unfinished: ranges.unfinished[range] === 1,
			fact,
		});
	}

	return batches;
};

const listHolderInstances = (
	{ranges}: Trace,
	nodes: Int32Array,
	holders: ReadonlySet<number>,
): ReadonlyMap<number, readonly RangeInstance[]> => {
	const instances = new Map<number, RangeInstance[]>([...holders].map((node) => [node, []]));
	for (let range = 0; range < ranges.length; range++) {
		const node = nodes[range] ?? vanished;
		if (holders.has(node)) {
			instances.get(node)?.push({
				thread: ranges.thread[range] ?? 0,
				startNs: ranges.startNs[range] ?? 0,
				endNs: ranges.endNs[range] ?? 0,
			});
		}
	}

	return instances;
};

export const buildPathTree = (trace: Trace, source: BatchSource): PathTree => {
	const labels = [...trace.names];
	// The root, the objects, and at most one node per range.
	const table = createChildTable(trace.ranges.length + source.objects.size + 2);
	const objects = new Map<string, number>();
	const objectNode = (name: string): number => {
		const node = objects.get(name) ?? table.child(0, labels.push(name) - 1);
		objects.set(name, node);
		return node;
	};

	const top = source.object === null ? 0 : objectNode(source.object);
	const nodes = placeRanges(trace, source, table, top, objectNode);
	const nodeAbove = (range: number): number | undefined => {
		const object = source.objects.get(range);
		const parent = trace.ranges.parent[range] ?? -1;
		const above = parent === -1 ? top : (nodes[parent] ?? vanished);
		// An object that holds nothing else has no node.
		return above === vanished ? undefined : object === undefined ? above : objects.get(object);
	};

	const columns: Columns = {
		...table,
		cpuNs: new Float64Array(table.length()),
		gpuNs: new Float64Array(table.length()),
		gpuBusyNs: new Float64Array(table.length()),
		instances: new Uint32Array(table.length()),
	};
	addTimes(trace, nodes, columns);
	takeOffWaits(trace, nodes, columns);
	const batches = listBatches(trace, nodes, source.batches);
	const holders = new Set([...batches.keys()].map((node) => table.parent[node] ?? 0));
	return {
		...columns,
		nodes,
		length: table.length(),
		labels,
		firstObject: trace.names.length,
		threads: countThreads(trace, nodes, table.length()),
		batches,
		holderInstances: listHolderInstances(trace, nodes, holders),
		deletedBatches: listDeletedBatches(trace, source, nodeAbove),
	};
};
