/** Who has asked this process for its ranges, by its environment. Empty texts count as absent. */

import {workerEnvironment} from '../../base/annotation-protocol.ts';
import {injectionVariable} from './nvtx-protocol.ts';

const readVariable = (name: string): string | undefined => {
	const value = process.env[name];
	return value === '' ? undefined : value;
};

/** The library of the tool that has started this process. */
export const namedTool = (): string | undefined => readVariable(injectionVariable);

/** The folder for the built-in profiler's recording. */
export const recordingFolder = (): string | undefined =>
	readVariable(workerEnvironment.recordingFolder);

/** The file for the count of batches. */
export const progressFile = (): string | undefined => readVariable(workerEnvironment.progressFile);

/** The file that says that the first batch is about to begin, where all workers begin theirs together. */
export const startLineFile = (): string | undefined => readVariable(workerEnvironment.syncFile);

/** Where nobody says how long to wait for the others. */
const defaultStartTimeoutSeconds = 310;

/** How long to wait for the others. */
export const startTimeoutSeconds = (): number => {
	const seconds = Number(readVariable(workerEnvironment.syncTimeout));
	return Number.isFinite(seconds) && seconds >= 0 ? seconds : defaultStartTimeoutSeconds;
};

/** The worker's folder. */
export const workerFolder = (): string | undefined => readVariable(workerEnvironment.outputFolder);

export const isBenchmarking = (): boolean =>
	readVariable(workerEnvironment.benchmarking) !== undefined;

/** Whether anyone wants to hear of ranges. */
export const isListenedTo = (): boolean =>
	namedTool() !== undefined || recordingFolder() !== undefined;
