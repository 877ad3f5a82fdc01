/** Writes `gpu_metrics.csv` while samples arrive, so that a run that is killed keeps them. */

import {createWriteStream, type WriteStream} from 'node:fs';
import {messageOf} from '../base/errors.ts';
import type {GpuSample} from '../schemas/gpu-sample.ts';
import {formatGpuSample, gpuSamplesHeader} from '../schemas/gpu-samples-csv.ts';

export class GpuMetricsFile {
	readonly #stream: WriteStream;
	#failure: string | null = null;

	/** Replaces a file of that name. A disk that refuses is told of at the end: it costs this file, not the run. */
	constructor(file: string) {
		this.#stream = createWriteStream(file);
		this.#stream.on('error', (error) => {
			this.#failure ??= messageOf(error);
		});
		this.#stream.write(gpuSamplesHeader);
	}

	write(sample: GpuSample): void {
		if (this.#failure === null) {
			this.#stream.write(formatGpuSample(sample));
		}
	}

	/** @returns what the disk said when it refused; null: all is written */
	async close(): Promise<string | null> {
		if (!this.#stream.destroyed) {
			await new Promise<void>((resolve) => {
				this.#stream.once('close', resolve);
				this.#stream.end();
			});
		}

		return this.#failure;
	}
}
