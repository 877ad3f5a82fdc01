/** What is to run where: repeats x GPUs x processes, each a worker with its own folder. Pure: the machine is an argument. */

import type {Warning} from '../schemas/warning.ts';
import {chooseGpus} from './choose-gpus.ts';
import {assignCpus, unbound} from './cpu-affinity.ts';
import type {CpuBinder} from './cpu-binder.ts';
import type {PlanHost, UsableGpu} from './plan-host.ts';
import {checkRunOptions, type RunOptions} from './run-options.ts';
import {visibleGpus, warnOfGpus} from './visible-gpus.ts';

export {defaultTrace, type RunOptions, type ScriptArguments} from './run-options.ts';
export type {PlanHost} from './plan-host.ts';

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
	/** The physical GPU, of a MIG instance its parent; null: none, or not known which. */
	readonly gpuUuid: string | null;
	/** null: the whole GPU. */
	readonly migUuid: string | null;
	/** The CPUs that the program is bound to, "0-15,64-79"; null: all that we may use. */
	readonly cpus: string | null;
	/** The NUMA node that its memory is bound to; null: none. */
	readonly memoryNode: number | null;
}

export interface RunPlan {
	readonly options: RunOptions;
	/** Repeats one after another; those of one repeat run side by side. */
	readonly workers: readonly PlannedWorker[];
	/** What binds a worker to its CPUs; null: none is bound. */
	readonly cpuBinder: CpuBinder | null;
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

/** The GPUs of one repeat, each as often as it has processes. */
const placeWorkers = ({gpus, processesPerGpu}: RunOptions, chosen: readonly UsableGpu[]) =>
	count(gpus).flatMap((gpu) =>
		count(processesPerGpu).map((process) => {
			const device = chosen[gpu];
			return {process, gpu, device, gpuIndex: device?.gpu?.index ?? null};
		}),
	);

/** @param fallback where no GPU is known: CUDA may know better than nvidia-smi, and nothing more is hidden than before */
const describeDevice = (device: UsableGpu | undefined, fallback: string) => {
	const uuid = device?.gpu?.uuid;
	return {
		cudaVisibleDevices: device?.cudaVisibleDevices ?? fallback,
		gpuUuid: uuid === undefined || uuid === 'unknown' ? null : uuid,
		migUuid: device?.mig?.uuid ?? null,
	};
};

/** @throws UserError for numbers that make no sense, or for GPUs that are not there or may not be used */
export const planRun = (options: RunOptions, host: PlanHost): RunPlan => {
	checkRunOptions(options);
	const visible = visibleGpus(host);
	const chosen = chooseGpus(options, host, visible);
	const placed = placeWorkers(options, chosen);
	const {bindings, warnings} = assignCpus(options.cpuAffinity, placed, host.cpus ?? null);
	const workers = count(options.repeats).flatMap((repeat) =>
		placed.map(({process, gpu, device}, index) => ({
			repeat,
			process,
			gpu,
			folder: workerFolder(options.repeats, repeat, process, gpu),
			...describeDevice(device, host.cudaVisibleDevices ?? '0'),
			...(bindings[index] ?? unbound),
		})),
	);
	return {
		options,
		workers,
		cpuBinder: host.cpus?.binder ?? null,
		warnings: [...warnOfGpus(host, visible, chosen), ...warnings],
	};
};
