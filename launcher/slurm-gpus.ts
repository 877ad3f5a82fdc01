/**
 * What Slurm allotted, where it left no CUDA_VISIBLE_DEVICES (a container's start script may drop it). Of sbatch's and
 * srun's manuals: SLURM_JOB_GPUS and SLURM_STEP_GPUS are "global GPU IDs", not renumbered within a device cgroup;
 * SLURM_GPUS_ON_NODE is a number of GPUs.
 *
 * Where devices are constrained by cgroup, nvidia-smi lists only the allotted ones, and numbers them from 0: then there is
 * nothing left to limit. Slurm's ids follow device files or NVML, as it was set up; NVML's is nvidia-smi's order
 * (slurm.schedmd.com/gres.html), and that is what we take them for.
 */

import {parseCpuList} from './cpu-list.ts';
import type {ListedGpu} from './list-gpus.ts';

export interface SlurmAllocation {
	/** Of the step, else of the job: "0,2". */
	readonly ids: string | undefined;
	/** SLURM_GPUS_ON_NODE. */
	readonly count: string | undefined;
}

export type SlurmLimit =
	| {readonly kind: 'none'}
	/** nvidia-smi's. */
	| {readonly kind: 'indices'; readonly indices: readonly number[]}
	/** There is one, but which GPUs is not known. */
	| {readonly kind: 'unknown'; readonly message: string};

type Environment = Readonly<Record<string, string | undefined>>;

export const readSlurmAllocation = (env: Environment): SlurmAllocation => ({
	ids: env['SLURM_STEP_GPUS'] ?? env['SLURM_JOB_GPUS'],
	count: env['SLURM_GPUS_ON_NODE'],
});

/** @param devices how many nvidia-smi lists, MIG instances counted one by one */
export const readSlurmLimit = (
	slurm: SlurmAllocation | undefined,
	gpus: readonly ListedGpu[],
	devices: number,
): SlurmLimit => {
	const ids = parseCpuList(slurm?.ids ?? '');
	const count = ids.length > 0 ? ids.length : Number.parseInt(slurm?.count ?? '', 10);
	if (!(count < devices) || devices === 0) {
		return {kind: 'none'};
	}

	const hasMig = gpus.some(({migInstances}) => (migInstances ?? null) !== null);
	if (!hasMig && ids.length > 0 && ids.every((id) => gpus.some(({index}) => index === id))) {
		return {kind: 'indices', indices: ids};
	}

	const told = ids.length > 0 ? ` (its ids ${ids.join(',')})` : '';
	return {
		kind: 'unknown',
		message: `Slurm allotted ${count}${told} of the ${devices} GPUs here, but which ones nvidia-smi's list does not tell, and CUDA_VISIBLE_DEVICES is not set: they are counted from the first. Name yours with --gpus.`,
	};
};
