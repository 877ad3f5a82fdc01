/** Pictures of a run's GPUs over its time, from gpu_metrics.csv and when the batches ran. */

import {readFileSync} from 'node:fs';
import path from 'node:path';
import {messageOf} from '../base/errors.ts';
import {nameGpus} from '../results/gpu-names.ts';
import type {GpuSample} from '../schemas/gpu-sample.ts';
import {parseGpuSamples} from '../schemas/gpu-samples-csv.ts';
import type {Manifest} from '../schemas/manifest.ts';
import {gpuPlotNames, runFiles} from '../schemas/run-files.ts';
import type {MeasuredWorker} from './measured-run.ts';
import {writePlots} from './plot-files.ts';
import type {Terminal} from './terminal.ts';

/** null where no GPU was watched, or somebody removed the file. */
const readSamples = (folder: string): readonly GpuSample[] | null => {
	let text: string;
	try {
		text = readFileSync(path.join(folder, runFiles.gpuMetrics), 'utf8');
	} catch {
		// What was measured stands without it, and a run without a GPU never has it.
		return null;
	}

	return parseGpuSamples(text)?.samples ?? null;
};

const nameWorker = ({repeat, process, gpu}: MeasuredWorker, repeats: number): string =>
	`${repeats > 1 ? `${repeat}: ` : ''}proc_${process}_gpu_${gpu}`;

const drawPlots = async (
	samples: readonly GpuSample[],
	manifest: Manifest,
	workers: readonly MeasuredWorker[],
): Promise<readonly {readonly name: string; readonly svg: string}[]> => {
	const {drawGpuPlots} = await import('../report/gpu-plots.ts');
	const repeats = new Set(workers.map(({repeat}) => repeat)).size;
	const batches = workers.flatMap((worker) => {
		const {originUnixNs, batchTimes} = worker.measured;
		return originUnixNs === null
			? []
			: [
					{
						name: nameWorker(worker, repeats),
						batches: batchTimes.map(({index, startNs, endNs, isMeasured}) => ({
							name: String(index),
							fromUnixNs: originUnixNs + BigInt(Math.round(startNs)),
							toUnixNs: originUnixNs + BigInt(Math.round(endNs)),
							isWarmUp: !isMeasured,
						})),
					},
				];
	});
	return drawGpuPlots(samples, batches, {
		gpuNames: nameGpus(manifest),
		intervalNs: (manifest.options.metricsIntervalMs ?? 100) * 1e6,
		subtitle: path.basename(manifest.program[0] ?? ''),
	});
};

/**
 * Never throws: a picture that cannot be drawn costs a warning, not the run.
 * @returns the files' names, relative to the folder
 */
export const writeGpuPlots = async (
	{
		folder,
		source,
		manifest,
		workers,
	}: {
		/** Where the pictures go. */
		readonly folder: string;
		/** The run's folder, with its samples. */
		readonly source: string;
		readonly manifest: Manifest;
		readonly workers: readonly MeasuredWorker[];
	},
	terminal: Terminal,
): Promise<readonly string[]> => {
	try {
		const samples = readSamples(source);
		return samples === null || samples.length === 0
			? []
			: await writePlots(
					{
						folder,
						plots: await drawPlots(samples, manifest, workers),
						kinds: ['svg'],
						known: gpuPlotNames,
					},
					terminal,
				);
	} catch (error) {
		terminal.say('warning', `warning: the GPUs' plots could not be written: ${messageOf(error)}`);
		return [];
	}
};
