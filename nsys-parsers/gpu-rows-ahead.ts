/**
 * Reads the GPU side of a large export on a second core, while the first one reads the ranges. The caller waits without
 * an event loop: a worker thread says through shared memory how far it is.
 *
 * Only where there is something to gain, and where workers can be started: from the built files. Whatever goes wrong over
 * there, the rows are read here instead.
 */

import {statSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {MessageChannel, receiveMessageOnPort, Worker} from 'node:worker_threads';
import type {MessagePort} from 'node:worker_threads';
import type {ExportFile} from './export-tables.ts';
import {countGpuRows, gpuScans, readGpuRows} from './gpu-rows.ts';
import type {GpuRows, GpuRowsOptions} from './gpu-rows.ts';
import type {WorkerOrder, WorkerReply, WorkerSetup} from './gpu-rows-worker.ts';
import type {RowContext} from './row-block.ts';
import {locateTables} from './row-source.ts';
import type {RowSource} from './row-source.ts';
import {leafDecoder} from './table-pages/leaf-rows.ts';

/** Below that a worker's start takes longer than it saves. */
const worthwhileRows = 200_000;

/** Of an export with that many. */
const worthwhileBytes = 10e6;

/** A worker that does not report for so long is given up, ms. */
const patience = 3_000;

export interface GpuRowsAhead extends Disposable {
	/** Once. Waits where need be. */
	take(): GpuRows;
}

/** @returns false where the worker went silent */
const waitFor = (state: Int32Array): boolean => {
	for (let steps = 0; ;) {
		if (Atomics.wait(state, 0, 0, patience) !== 'timed-out') {
			return true;
		}

		const now = Atomics.load(state, 1);
		if (now === steps) {
			return false;
		}

		steps = now;
	}
};

class RowsWorker {
	private readonly port: MessagePort;
	private readonly state = new Int32Array(new SharedArrayBuffer(8));
	private readonly worker: Worker;

	constructor() {
		const {port1, port2} = new MessageChannel();
		this.port = port1;
		const workerData: WorkerSetup = {port: port2, state: this.state, decoder: leafDecoder()};
		this.worker = new Worker(new URL('./gpu-rows-worker.js', import.meta.url), {
			workerData,
			transferList: [port2],
		});
		this.worker.unref();
		// Whatever it dies of, the rows are read without it.
		this.worker.on('error', () => undefined);
	}

	begin(order: WorkerOrder): void {
		this.port.postMessage(order);
	}

	/** Undefined where the worker failed. */
	wait(): GpuRows | undefined {
		const message = waitFor(this.state) ? receiveMessageOnPort(this.port) : undefined;
		return (message?.message as WorkerReply | undefined)?.rows;
	}

	stop(): void {
		this.port.close();
		void this.worker.terminate();
	}
}

const canStartWorkers = import.meta.url.endsWith('.js') && availableParallelism() > 1;

/** Started before it is known what it is to read. */
let spare: RowsWorker | undefined;

/**
 * Starts a worker for an export that will be read soon: it takes as long to start as the export takes to be opened.
 * Nothing comes of it for a small one.
 */
export const expectGpuRows = (file: string): void => {
	const {size = 0} = statSync(file, {throwIfNoEntry: false}) ?? {};
	if (canStartWorkers && size >= worthwhileBytes) {
		spare ??= new RowsWorker();
	}
};

const startWorker = (order: WorkerOrder): RowsWorker => {
	const worker = spare ?? new RowsWorker();
	spare = undefined;
	worker.begin(order);
	return worker;
};

const canStart = (source: RowSource): boolean =>
	canStartWorkers && source.how === 'pages' && countGpuRows(source) >= worthwhileRows;

/** Begins to read at once where that can be done aside, else when the rows are taken. */
export const readGpuRowsAhead = (
	from: ExportFile,
	source: RowSource,
	context: RowContext,
	options: GpuRowsOptions,
): GpuRowsAhead => {
	const {baseNs} = context;
	const worker = canStart(source)
		? startWorker({
				file: from.file,
				tables: locateTables(from, gpuScans),
				baseNs,
				options,
			})
		: undefined;
	return {
		take: () => {
			const rows = worker?.wait();
			worker?.stop();
			return rows ?? readGpuRows(source, context, options);
		},
		[Symbol.dispose]: () => worker?.stop(),
	};
};
