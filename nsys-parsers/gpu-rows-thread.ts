/**
 * The worker thread of gpu-rows-ahead.ts, seen from the first thread, which waits without an event loop: the worker says
 * through shared memory how far it is. Nothing else is loaded here, so that it can be started before all else.
 */

import {statSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {MessageChannel, receiveMessageOnPort, Worker} from 'node:worker_threads';
import type {MessagePort} from 'node:worker_threads';
import type {GpuCalls, GpuWorkRows} from './gpu-rows.ts';
import type {WorkerOrder, WorkerReply, WorkerSetup} from './gpu-rows-worker.ts';

/** Below that an export has too few rows for a worker to be worth its start. */
const worthwhileBytes = 10e6;

/** A worker that does not report for so long is given up, ms. */
const patience = 3_000;

/** @returns false where the worker went silent before there was another reply than so many */
const waitFor = (state: Int32Array, replies: number): boolean => {
	for (let steps = 0; ;) {
		if (Atomics.wait(state, 0, replies, patience) !== 'timed-out') {
			return true;
		}

		const now = Atomics.load(state, 1);
		if (now === steps) {
			return false;
		}

		steps = now;
	}
};

/** Where the reading is done. */
class RowsThread {
	private readonly port: MessagePort;
	private readonly state = new Int32Array(new SharedArrayBuffer(8));
	private readonly worker: Worker;

	constructor() {
		const {port1, port2} = new MessageChannel();
		this.port = port1;
		const workerData: WorkerSetup = {port: port2, state: this.state};
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
	takeCalls(): GpuCalls | undefined {
		return this.wait(0) as GpuCalls | undefined;
	}

	/** Once the calls are taken. Undefined where the worker failed. */
	takeWork(): GpuWorkRows | undefined {
		return this.wait(1) as GpuWorkRows | undefined;
	}

	stop(): void {
		this.port.close();
		void this.worker.terminate();
	}

	private wait(replies: number): WorkerReply {
		const message = waitFor(this.state, replies) ? receiveMessageOnPort(this.port) : undefined;
		return message?.message as WorkerReply;
	}
}

export const canStartWorkers = import.meta.url.endsWith('.js') && availableParallelism() > 1;

/** Started before it is known what it is to read. */
let spare: RowsThread | undefined;

/**
 * Starts a worker for an export that will be read soon: it takes as long to start as the command takes to load.
 * Nothing comes of it for a small one.
 */
export const expectGpuRows = (file: string): void => {
	const {size = 0} = statSync(file, {throwIfNoEntry: false}) ?? {};
	if (canStartWorkers && size >= worthwhileBytes) {
		spare ??= new RowsThread();
	}
};

export const startRowsThread = (order: WorkerOrder): RowsThread => {
	const worker = spare ?? new RowsThread();
	spare = undefined;
	worker.begin(order);
	return worker;
};
