/**
 * Watches the GPUs of one launch: samples go to the run's `gpu_metrics.csv`; who else computes there is asked before and
 * after, and so is which Xids the driver logged. Nothing that goes wrong here ends a run or makes it fail; the end tells
 * of it.
 *
 * All that is started carries a token, and a reaper waits for the case that we are killed: nvidia-smi would end at its
 * next line, which nobody reads, but one that waits for a broken driver has no next line.
 */

import {randomBytes} from 'node:crypto';
import path from 'node:path';
import {workerEnvironment} from '../base/annotation-protocol.ts';
import type {GpuSample} from '../schemas/gpu-sample.ts';
import type {ForeignGpuProcess, GpuWatchEnd} from '../schemas/gpu-watch.ts';
import type {SmiOptions} from './ask-nvidia-smi.ts';
import {GpuMetricsFile} from './gpu-metrics-file.ts';
import {listForeignGpuProcesses} from './gpu-processes.ts';
import {startGpuTelemetry, type TelemetryStart} from './gpu-telemetry.ts';
import {pollUntil} from './poll.ts';
import {listProcesses} from './process-table.ts';
import {startReaper, type Reaper} from './reaper.ts';
import {isRaised, type StopSignal} from './stop-signal.ts';
import {withDescendants} from './worker-processes.ts';
import {limitXids, XidWatch} from './xid-watch.ts';

export interface WatchOrder {
	/** UUIDs of the physical GPUs. */
	readonly gpus: readonly string[];
	/** UUIDs of the MIG instances in use: of those the driver tells processes by their own name. */
	readonly migInstances: readonly string[];
	/** By UUID, as nvidia-smi tells them; of those that are not known no Xid is told. */
	readonly busIds: ReadonlyMap<string, string>;
	readonly intervalMs: number;
	/** Path of gpu_metrics.csv; made with the first sample. */
	readonly file: string;
	/** Raised, it ends questions that wait for an answer. */
	readonly stop: StopSignal;
	/** Name or path of nvidia-smi. */
	readonly command?: string;
	/** For tests: how long samples on their way are waited for. */
	readonly settleMs?: number;
	/** For tests: a file in place of /dev/kmsg. */
	readonly kernelLog?: string;
}

/** From a sample's moment to its line: far less, but for a driver that is busy. */
const defaultSettleMs = 1000;
const settlePollMs = 10;
/** Who else is there is not worth a longer wait. */
const processesMs = 5000;
const mostWords = 5;
const mostForeign = 16;

/** Us and all that we started. */
const listOwnPids = (): ReadonlySet<number> => {
	const all = listProcesses();
	const own = all.filter(({pid}) => pid === process.pid);
	return new Set(withDescendants(own, all).map(({pid}) => pid));
};

const listForeign = async (
	{gpus, migInstances}: WatchOrder,
	options: SmiOptions,
): Promise<readonly ForeignGpuProcess[] | null> => {
	const watched = new Set([...gpus, ...migInstances]);
	const found = await listForeignGpuProcesses(listOwnPids(), {...options, timeoutMs: processesMs});
	return (
		found
			?.filter(({gpu}) => watched.has(gpu))
			.map(({gpu, pid, name, memoryMib}) => ({
				gpu,
				pid,
				// Where others keep their programs is nobody's business.
				name: name === null ? null : path.basename(name),
				memoryMib,
			})) ?? null
	);
};

const mergeForeign = (
	a: GpuWatchEnd['foreign'],
	b: GpuWatchEnd['foreign'],
): ForeignGpuProcess[] | null =>
	a === null && b === null
		? null
		: [
				...new Map(
					[...(a ?? []), ...(b ?? [])].map((one) => [`${one.gpu} ${one.pid}`, one]),
				).values(),
			].slice(0, mostForeign);

/** An empty list says that there was none, in any launch: it takes two that know. */
const mergeXids = (
	a: GpuWatchEnd['xids'] = null,
	b: GpuWatchEnd['xids'] = null,
): GpuWatchEnd['xids'] => {
	const all = limitXids([...(a ?? []), ...(b ?? [])]);
	return all.length === 0 && (a === null || b === null) ? null : all;
};

/** Of two launches of one run. */
export const mergeWatchEnds = (a: GpuWatchEnd, b: GpuWatchEnd): GpuWatchEnd => ({
	samples: a.samples + b.samples,
	restarts: a.restarts + b.restarts,
	failure: a.failure ?? b.failure,
	words: [...a.words, ...b.words].slice(0, mostWords),
	fileFailure: a.fileFailure ?? b.fileFailure,
	foreign: mergeForeign(a.foreign, b.foreign),
	xids: mergeXids(a.xids, b.xids),
});

export class GpuWatch {
	readonly #order: WatchOrder;
	readonly #smi: SmiOptions;
	readonly #reaper: Reaper;
	readonly #xids: XidWatch;
	readonly #unsubscribe: () => void;
	readonly #lastNs = new Map<string, bigint>();
	#started: TelemetryStart = {kind: 'unavailable', reason: 'it was not started'};
	#before: readonly ForeignGpuProcess[] | null = null;
	#file: GpuMetricsFile | undefined;

	private constructor(order: WatchOrder) {
		const token = randomBytes(8).toString('hex');
		this.#order = order;
		this.#reaper = startReaper(token, '');
		this.#xids = new XidWatch(order.busIds, order.kernelLog);
		const cancel = new AbortController();
		this.#unsubscribe = order.stop.onRaise(() => cancel.abort());
		this.#smi = {
			command: order.command,
			env: {[workerEnvironment.token]: `${token}.gpus`},
			cancelSignal: cancel.signal,
		};
	}

	/** Resolves when samples come, or it is known that none will. Never throws. */
	static async start(order: WatchOrder): Promise<GpuWatch> {
		const watch = new GpuWatch(order);
		await watch.#start();
		return watch;
	}

	/** Whether more samples may come. */
	get isRunning(): boolean {
		return this.#started.kind === 'running' && !this.#started.telemetry.hasDied;
	}

	/** Waits until all samples of a GPU up to a moment are in the file, but not for long. */
	async settle(gpu: string, unixNs: bigint): Promise<void> {
		const startedAt = performance.now();
		const {settleMs = defaultSettleMs} = this.#order;
		await pollUntil(
			() =>
				!this.isRunning ||
				(this.#lastNs.get(gpu) ?? 0n) > unixNs ||
				performance.now() - startedAt > settleMs
					? true
					: undefined,
			settlePollMs,
		);
		await this.#file?.flush();
	}

	async stop(): Promise<GpuWatchEnd> {
		const started = this.#started;
		const asked = isRaised(this.#order.stop)
			? Promise.resolve(null)
			: listForeign(this.#order, this.#smi);
		const end = started.kind === 'running' ? await started.telemetry.stop() : null;
		const after = await asked;
		const fileFailure = (await this.#file?.close()) ?? null;
		await this.#reaper.dismiss();
		this.#unsubscribe();
		return {
			samples: end?.samples ?? 0,
			restarts: end?.restarts ?? 0,
			failure: started.kind === 'running' ? (end?.died ?? null) : started.reason,
			words: [...(end?.words ?? [])],
			fileFailure,
			foreign: mergeForeign(
				this.#before === null ? null : [...this.#before],
				after === null ? null : [...after],
			),
			xids: this.#xids.end(),
		};
	}

	async #start(): Promise<void> {
		const {gpus, intervalMs} = this.#order;
		[this.#before, this.#started] = await Promise.all([
			listForeign(this.#order, this.#smi),
			startGpuTelemetry({
				...this.#smi,
				gpus,
				intervalMs,
				onSample: (sample) => this.#keep(sample),
			}),
		]);
	}

	#keep(sample: GpuSample): void {
		this.#lastNs.set(sample.gpu, sample.unixNs);
		this.#file ??= new GpuMetricsFile(this.#order.file);
		this.#file.write(sample);
	}
}
