/**
 * Which samples of `gpu_metrics.csv` belong to a worker. `run` and `reprocess` both read them from there, by what the
 * manifest says, so both come to the same numbers.
 */

import {readFileSync} from 'node:fs';
import path from 'node:path';
import {systemCodeOf} from '../base/errors.ts';
import {findLock} from '../results/clock-lock.ts';
import type {GpuEvidence} from '../results/gpu-evidence.ts';
import {parseGpuSamples} from '../schemas/gpu-samples-csv.ts';
import type {Manifest, WorkerRecord} from '../schemas/manifest.ts';
import {runFiles} from '../schemas/run-files.ts';

export interface WorkerGpu extends Omit<GpuEvidence, 'samples'> {
	/** Absolute path of gpu_metrics.csv. */
	readonly file: string;
	/** The time in which the worker lived, in ns since 1970. Later samples may be of the next launch. */
	readonly fromUnixNs: bigint;
	readonly toUnixNs: bigint;
}

const toUnixNs = (ms: number): bigint => BigInt(Math.ceil(ms)) * 1_000_000n;

/** The launcher died, and with it the watching: all that is there is the worker's. */
const always = {fromUnixNs: 0n, toUnixNs: 2n ** 63n};

const findLifetime = ({outcome}: WorkerRecord): Pick<WorkerGpu, 'fromUnixNs' | 'toUnixNs'> => {
	if (outcome === null || outcome.kind === 'skipped') {
		return always;
	}

	const startMs = Date.parse(outcome.startedAt);
	return {
		fromUnixNs: toUnixNs(startMs),
		toUnixNs: toUnixNs(startMs + outcome.wallSeconds * 1000),
	};
};

/** null where its GPU is not known, or none was watched. */
export const describeWorkerGpu = (
	folder: string,
	{options, workers, clocks}: Pick<Manifest, 'options' | 'workers' | 'clocks'>,
	worker: WorkerRecord,
): WorkerGpu | null => {
	const gpu = worker.gpuUuid ?? null;
	const intervalMs = options.metricsIntervalMs ?? null;
	return gpu === null || intervalMs === null
		? null
		: {
				file: path.join(folder, runFiles.gpuMetrics),
				gpu,
				intervalMs,
				lock: findLock(clocks, gpu),
				mig: (worker.migUuid ?? null) !== null,
				processes: workers.filter(
					({repeat, gpuUuid}) => repeat === worker.repeat && gpuUuid === gpu,
				).length,
				...findLifetime(worker),
			};
};

const readText = (file: string): string | null => {
	try {
		return readFileSync(file, 'utf8');
	} catch (error) {
		// No sample ever came, or somebody removed them: what was measured stands without them.
		if (systemCodeOf(error) !== undefined) {
			return null;
		}

		throw error;
	}
};

/** null where there are none. */
export const readWorkerGpu = ({
	file,
	fromUnixNs,
	toUnixNs: endUnixNs,
	...facts
}: WorkerGpu): GpuEvidence | null => {
	const text = readText(file);
	const read =
		text === null
			? null
			: parseGpuSamples(
					text,
					(gpu, unixNs) => gpu === facts.gpu && unixNs >= fromUnixNs && unixNs <= endUnixNs,
				);
	return read === null ? null : {...facts, samples: read.samples};
};
