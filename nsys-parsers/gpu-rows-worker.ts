/** What runs in the worker thread of gpu-rows-ahead.ts. */

import {workerData} from 'node:worker_threads';
import type {MessagePort} from 'node:worker_threads';
import {readGpuRows} from './gpu-rows.ts';
import type {GpuRows, GpuRowsOptions} from './gpu-rows.ts';
import {makeContext} from './row-block.ts';
import {openLocated} from './row-source.ts';
import type {LocatedTable, RowSource} from './row-source.ts';
import {useLeafDecoder} from './table-pages/leaf-rows.ts';

export interface WorkerSetup {
	/** Brings the order, and takes the reply. */
	readonly port: MessagePort;
	/** Shared. [0]: 1 once there is a reply. [1]: grows while the worker is at work. */
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

export interface WorkerReply {
	/** Undefined where they could not be read: whoever asked finds out why by reading them. */
	readonly rows: GpuRows | undefined;
}

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

const readAside = ({file, tables, baseNs, options, decoder}: WorkerOrder): GpuRows => {
	useLeafDecoder(decoder);
	using source = openLocated(file, tables);
	return readGpuRows(reportProgress(source), makeContext(baseNs), options);
};

/** They are handed over, not copied. */
const listBuffers = ({operations, timed, calls}: GpuRows): ArrayBuffer[] =>
	[
		operations.startNs,
		operations.endNs,
		operations.launch,
		operations.kind,
		operations.bytes,
		timed.order,
		calls.startNs,
		calls.endNs,
		calls.thread,
		calls.launch,
	].flatMap(({buffer}) => (buffer instanceof ArrayBuffer ? [buffer] : []));

const reply = (rows: GpuRows | undefined): void => {
	port.postMessage({rows} satisfies WorkerReply, rows === undefined ? [] : listBuffers(rows));
	Atomics.store(state, 0, 1);
	Atomics.notify(state, 0);
};

port.once('message', (order: WorkerOrder) => {
	try {
		reply(readAside(order));
	} catch {
		// The one who waits reads the rows itself, and meets the same error where it can be told.
		reply(undefined);
	}
});
