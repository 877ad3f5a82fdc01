/** What is to run where: repeats x GPUs x processes, each a worker with its own folder. Pure: the machine is an argument. */

import type {Warning} from '../schemas/warning.ts';
import {checkRunOptions, type RunOptions} from './run-options.ts';
import {checkVisibleGpus, visibleGpus, warnOfNoGpu, type PlanHost} from './visible-gpus.ts';

export {defaultTrace, type RunOptions, type ScriptArguments} from './run-options.ts';
export type {PlanHost} from './visible-gpus.ts';

export interface PlannedWorker {
	/** 0-based. */
	readonly repeat: number;
	/** 0-based process on its GPU. */
	readonly process: number;
	/** 0-based GPU of the run, offset not added. */
	readonly gpu: number;
	/** Relative to the run's folder: "proc_0_gpu_0", or "repeat_0/proc_0_gpu_0". */
	readonly folder: string;
	/** What CUDA_VISIBLE_DEVICES is set to. */
	readonly cudaVisibleDevices: string;
}

export interface RunPlan {
	readonly options: RunOptions;
	/** Repeats one after another; those of one repeat run side by side. */
	readonly workers: readonly PlannedWorker[];
	/** What the user should know before it starts. */
	readonly warnings: readonly Warning[];
}

const count = (length: number): number[] => Array.from({length}, (_, index) => index);

const workerFolder = (repeats: number, repeat: number, process: number, gpu: number): string => {
	const name = `proc_${process}_gpu_${gpu}`;
	return repeats > 1 ? `repeat_${repeat}/${name}` : name;
};

/** The part of a plan that runs side by side. */
export const workersOfRepeat = ({workers}: RunPlan, repeat: number): readonly PlannedWorker[] =>
	workers.filter((worker) => worker.repeat === repeat);

/** @throws UserError for numbers that make no sense, or for GPUs that are not there */
export const planRun = (options: RunOptions, host: PlanHost): RunPlan => {
	checkRunOptions(options);
	const visible = visibleGpus(host);
	checkVisibleGpus(options, host, visible);
	// Where no GPU is known, CUDA may know better than nvidia-smi: nothing more is hidden from the program than before.
	const fallback = host.cudaVisibleDevices ?? '0';
	const workers = count(options.repeats).flatMap((repeat) =>
		count(options.gpus).flatMap((gpu) =>
			count(options.processesPerGpu).map((process) => ({
				repeat,
				process,
				gpu,
				folder: workerFolder(options.repeats, repeat, process, gpu),
				cudaVisibleDevices: visible[options.gpuOffset + gpu] ?? fallback,
			})),
		),
	);
	return {options, workers, warnings: warnOfNoGpu(host, visible)};
};
