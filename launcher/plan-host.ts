/** What a plan has to know of the machine, and a GPU as a plan knows it. */

import type {CpuHost} from './cpu-affinity.ts';
import type {ListedGpu} from './list-gpus.ts';
import type {MigInstance} from './mig-instances.ts';
import {readSlurmAllocation, type SlurmAllocation} from './slurm-gpus.ts';

export interface PlanHost {
	/** As nvidia-smi lists them; empty where there is no driver. */
	readonly gpus: readonly ListedGpu[];
	/** Our own CUDA_VISIBLE_DEVICES. */
	readonly cudaVisibleDevices: string | undefined;
	/** Our own CUDA_DEVICE_ORDER. */
	readonly cudaDeviceOrder?: string | undefined;
	readonly slurm?: SlurmAllocation;
	/** Absent, null: no CPUs are to be assigned. */
	readonly cpus?: CpuHost | null;
}

export const describePlanHost = (
	{gpus, cpus}: Pick<PlanHost, 'gpus' | 'cpus'>,
	env: Readonly<Record<string, string | undefined>>,
): PlanHost => ({
	gpus,
	cpus: cpus ?? null,
	cudaVisibleDevices: env['CUDA_VISIBLE_DEVICES'],
	cudaDeviceOrder: env['CUDA_DEVICE_ORDER'],
	slurm: readSlurmAllocation(env),
});

/** A GPU to CUDA: a whole one, or a MIG instance. */
export interface UsableGpu {
	/** The value of CUDA_VISIBLE_DEVICES that shows this one and no other. */
	readonly cudaVisibleDevices: string;
	/** The physical GPU; null: not known which. */
	readonly gpu: ListedGpu | null;
	/** null: the whole GPU. */
	readonly mig: MigInstance | null;
}
