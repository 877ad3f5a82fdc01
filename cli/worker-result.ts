/**
 * From a worker's evidence to its `benchmark.json`. `run` calls it as workers end, `reprocess` later: both read only what
 * is on the disk, so both come to the same numbers.
 */

import path from 'node:path';
import type {GpuEvidence} from '../results/gpu-evidence.ts';
import {computeProcessResult, type MeasuredProcess} from '../results/process-result.ts';
import {ProcessResult} from '../schemas/benchmark-result.ts';
import {writeJsonFile} from '../schemas/json-file.ts';
import {workerFiles} from '../schemas/run-files.ts';
import type {Warning} from '../schemas/warning.ts';
import {readEvidence, type ReadOptions} from './evidence.ts';
import {readPlaceholder} from './placeholder-file.ts';

export interface MeasureOptions extends ReadOptions {
	readonly warmupBatches: number;
	readonly batchPattern: RegExp;
	readonly dropThrottled: boolean;
}

/** Reads the samples of the worker's GPU, once its trace is read; null where there are none. */
export type ReadGpu = () => Promise<GpuEvidence | null>;

/**
 * @param evidence a report, an export or a recording; a placeholder is looked for beside it
 * @param context.label a warning to put first where the measurement is not whole, such as a program that was stopped
 * @throws UserError, ToolError when the evidence cannot be read
 */
export const measureWorker = async (
	evidence: string,
	options: MeasureOptions,
	{label, readGpu}: {readonly label?: Warning | undefined; readonly readGpu?: ReadGpu} = {},
): Promise<MeasuredProcess> => {
	const {placeholder, warnings} = readPlaceholder(path.dirname(evidence));
	const trace = await readEvidence(evidence, options);
	const {warmupBatches, batchPattern, dropThrottled} = options;
	const gpu = (await readGpu?.()) ?? null;
	const measured = computeProcessResult(trace, {
		warmupBatches,
		batchPattern,
		placeholder,
		gpu,
		dropThrottled,
	});
	const result: ProcessResult = {
		...measured.result,
		warnings: [...(label === undefined ? [] : [label]), ...warnings, ...measured.result.warnings],
	};
	return {...measured, result};
};

/** @throws ToolError when the disk refuses */
export const writeWorkerResult = (folder: string, measured: MeasuredProcess): void =>
	writeJsonFile(ProcessResult, path.join(folder, workerFiles.result), measured.result);
