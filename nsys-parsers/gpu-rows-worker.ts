/** What runs in the worker thread of gpu-rows-ahead.ts. */

import {workerData} from 'node:worker_threads';
import type {MessagePort} from 'node:worker_threads';
import {readGpuRows} from './gpu-rows.ts';
import type {GpuCalls, GpuRowsOptions, GpuWorkRows} from './gpu-rows.ts';
import {makeContext} from './row-block.ts';
import {openLocated} from './row-source.ts';
import type {LocatedTable, RowSource} from './row-source.ts';
import {useLeafDecoder} from './table-pages/leaf-rows.ts';

export interface WorkerSetup {
	/** Brings the order, and takes the reply. */
	readonly port: MessagePort;
	/** Shared. [0]: how many replies there are. [1]: grows while the worker is at work. */
	readonly state: Int32Array;
}

export interface WorkerOrder {
	readonly file: string;
	readonly tables: ReadonlyMap<string, LocatedTable>;
	readonly baseNs: bigint;
	readonly options: GpuRowsOptions;
	/** As the first thread has it: compiled once. */
	readonly decoder: WebAssembly.Module;
}

/** Undefined where the rows could not be read: whoever asked finds out why by reading them. */
export type WorkerReply = GpuCalls | GpuWorkRows | undefined;

const {port, state} = workerData as WorkerSetup;

/** The same rows, telling with each block that there is progress. */
const reportProgress = (source: RowSource): RowSource => ({
	...source,
	*scan(scan, context) {
		for (const block of source.scan(scan, context)) {
			Atomics.add(state, 1, 1);
			yield block;
		}
	},
});

/** @param columns of the reply: they are handed over, not copied */
const reply = (
	message: WorkerReply,
	columns: readonly {readonly buffer: ArrayBufferLike}[],
): void => {
	const buffers = columns.flatMap(({buffer}) => (buffer instanceof ArrayBuffer ? [buffer] : []));
	port.postMessage(message, buffers);
	Atomics.add(state, 0, 1);
	Atomics.notify(state, 0);
};

const readAside = ({file, tables, baseNs, options, decoder}: WorkerOrder): void => {
	useLeafDecoder(decoder);
	using source = openLocated(file, tables);
	const rows = readGpuRows(reportProgress(source), makeContext(baseNs), options);
	const {calls} = rows.calls;
	reply(rows.calls, [calls.startNs, calls.endNs, calls.thread, calls.launch]);
	const work = rows.work();
	const {startNs, endNs, launch, kind, bytes} = work.operations;
	reply(work, [startNs, endNs, launch, kind, bytes, work.timed.order]);
};

port.once('message', (order: WorkerOrder) => {
	try {
		readAside(order);
	} catch {
		// The one who waits reads the rows itself, and meets the same error where it can be told.
		reply(undefined, []);
	}
});
