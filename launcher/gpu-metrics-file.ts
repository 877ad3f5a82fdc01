/** Writes `gpu_metrics.csv` while samples arrive, so that a run that is killed keeps them. */

import {createWriteStream, statSync, type WriteStream} from 'node:fs';
import {messageOf} from '../base/errors.ts';
import type {GpuSample} from '../schemas/gpu-sample.ts';
import {formatGpuSample, gpuSamplesHeader} from '../schemas/gpu-samples-csv.ts';

const sizeOf = (file: string): number => {
	try {
		return statSync(file, {throwIfNoEntry: false})?.size ?? 0;
	} catch {
		// What keeps us from looking keeps us from writing too, and writing tells of it.
		return 0;
	}
};

export class GpuMetricsFile {
	readonly #stream: WriteStream;
	#failure: string | null = null;

	/**
	 * Goes on with a file of that name: launches of one run share it, and opening the run's folder has removed any older
	 * one. A disk that refuses is told of at the end: it costs this file, not the run.
	 */
	constructor(file: string) {
		const isNew = sizeOf(file) === 0;
		this.#stream = createWriteStream(file, {flags: 'a'});
		this.#stream.on('error', (error) => {
			this.#failure ??= messageOf(error);
		});
		if (isNew) {
			this.#stream.write(gpuSamplesHeader);
		}
	}

	write(sample: GpuSample): void {
		if (this.#failure === null) {
			this.#stream.write(formatGpuSample(sample));
		}
	}

	/** Resolves when all that was written so far can be read. */
	async flush(): Promise<void> {
		if (this.#failure === null && !this.#stream.destroyed) {
			await new Promise<void>((resolve) => {
				this.#stream.write('', () => resolve());
			});
		}
	}

	/** @returns what the disk said when it refused; null: all is written */
	async close(): Promise<string | null> {
		const stream = this.#stream;
		// One that failed closes by itself, and tells of it before.
		if (!stream.closed) {
			await new Promise<void>((resolve) => {
				stream.once('close', resolve);
				if (!stream.destroyed) {
					stream.end();
				}
			});
		}

		return this.#failure;
	}
}
