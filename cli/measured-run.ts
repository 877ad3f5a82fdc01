/** A run's measured workers on their way to `benchmark_mean.json`. */

import path from 'node:path';
import {computeMeanResult} from '../results/mean-result.ts';
import type {MeasuredProcess} from '../results/process-result.ts';
import type {RunPlan} from '../results/result-meta.ts';
import {MeanResult} from '../schemas/benchmark-result.ts';
import {writeJsonFile} from '../schemas/json-file.ts';
import type {WorkerOutcome} from '../schemas/manifest.ts';
import {runFiles} from '../schemas/run-files.ts';
import type {Warning} from '../schemas/warning.ts';

export interface MeasuredWorker {
	readonly repeat: number;
	readonly process: number;
	readonly gpu: number;
	readonly measured: MeasuredProcess;
}

/**
 * A worker that did not complete is measured all the same, as far as it came. Its own file says so, and the run's means
 * leave it out: a process that died after three of thirty batches is not a slower process.
 */
export const labelIncomplete = (outcome: WorkerOutcome): Warning | undefined => {
	switch (outcome.kind) {
		case 'completed':
		case 'skipped':
			return undefined;
		case 'failed':
		case 'timed-out':
		case 'cancelled':
			return {
				code: 'incomplete',
				message: `This worker did not complete: ${outcome.message} Its numbers cover what ran before that.`,
			};
	}
};

/**
 * Computes the run's means and, given a folder, writes them there.
 * @returns null, and writes nothing, when no worker completed
 */
export const writeMean = (
	folder: string | null,
	workers: readonly MeasuredWorker[],
	plan: RunPlan,
): MeanResult | null => {
	if (workers.length === 0) {
		return null;
	}

	const inOrder = workers.toSorted(
		(a, b) => a.repeat - b.repeat || a.gpu - b.gpu || a.process - b.process,
	);
	const mean = computeMeanResult(inOrder, plan);
	if (folder !== null) {
		writeJsonFile(MeanResult, path.join(folder, runFiles.mean), mean);
	}

	return mean;
};
