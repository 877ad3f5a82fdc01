/** The GPUs that a run may use, in words: for errors, which must tell what can be typed instead. Pure. */

import type {ListedGpu} from './list-gpus.ts';
import type {PlanHost, UsableGpu} from './plan-host.ts';

/** Each GPU on a line, its MIG instances below it. */
export const describeGpuList = (gpus: readonly ListedGpu[]): string =>
	gpus
		.flatMap(({index, name, uuid, migInstances = null}) => [
			`\n  ${index}  ${name}  ${uuid}${migInstances === null ? '' : '  in MIG mode'}`,
			...(migInstances ?? []).map((mig) => `\n       MIG ${mig.profile}  ${mig.uuid}`),
			...(migInstances?.length === 0 ? ['\n       no MIG instance: CUDA cannot use it'] : []),
		])
		.join('');

/** "CUDA_VISIBLE_DEVICES=2,3"; "" where nothing limits. */
export const describeLimit = ({cudaVisibleDevices, slurm}: PlanHost): string =>
	cudaVisibleDevices !== undefined
		? `CUDA_VISIBLE_DEVICES=${cudaVisibleDevices}`
		: slurm?.ids === undefined
			? ''
			: `Slurm's GPUs ${slurm.ids}`;

const countGpus = (count: number): string => (count === 1 ? '1 GPU' : `${count} GPUs`);

/** "CUDA_VISIBLE_DEVICES=0 leaves 1 usable; this machine has 2 GPUs:" and the list. */
export const describeUsable = (host: PlanHost, visible: readonly UsableGpu[]): string => {
	const {gpus} = host;
	const whole = gpus.every(({migInstances = null}) => migInstances === null);
	const limit = describeLimit(host);
	const isLimited = host.cudaVisibleDevices !== undefined || visible.length < gpus.length;
	const verb = host.cudaVisibleDevices === undefined ? 'leave' : 'leaves';
	const left = isLimited && limit !== '' ? `${limit} ${verb} ${visible.length} usable; ` : '';
	if (gpus.length === 0) {
		return `${left}nvidia-smi sees no GPU on this machine`;
	}

	const parts = whole ? '' : ' (a GPU in MIG mode counts as its instances)';
	return `${left}this machine has ${countGpus(gpus.length)}${parts}:${describeGpuList(gpus)}`;
};

/** What --gpus calls it, in the shortest way: its index, or a MIG instance's UUID. */
export const callGpu = ({cudaVisibleDevices, gpu, mig}: UsableGpu): string =>
	mig?.uuid ?? (gpu === null ? cudaVisibleDevices : String(gpu.index));

/** "--gpus 2,3"; "" where nothing can be named. */
export const suggestGpus = (visible: readonly UsableGpu[]): string =>
	visible.length === 0 ? '' : `--gpus ${visible.map(callGpu).join(',')}`;
