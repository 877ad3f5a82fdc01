/**
 * Which GPUs a run may use. A GPU is named by its ordinal among those that CUDA lets us see: an incoming
 * CUDA_VISIBLE_DEVICES (a Slurm job's, say) renumbers them, and ordinal i is its i-th entry.
 */

import {UserError} from '../base/errors.ts';
import type {Gpu} from '../schemas/manifest.ts';
import type {Warning} from '../schemas/warning.ts';

export interface PlanHost {
	/** As nvidia-smi lists them; empty where there is no driver. */
	readonly gpus: readonly Gpu[];
	/** Our own CUDA_VISIBLE_DEVICES. */
	readonly cudaVisibleDevices: string | undefined;
}

/** An index, the beginning of a GPU's UUID, or a MIG instance, of which nvidia-smi's list says nothing. */
const namesDevice = (entry: string, gpus: readonly Gpu[]): boolean => {
	// Without nvidia-smi (a slim container) only the form can be judged.
	const exists = (found: (gpu: Gpu) => boolean): boolean => gpus.length === 0 || gpus.some(found);
	if (/^\d+$/.test(entry)) {
		return exists((gpu) => gpu.index === Number(entry));
	}

	return (
		entry.startsWith('MIG-') ||
		(entry.startsWith('GPU-') && exists((gpu) => gpu.uuid.startsWith(entry)))
	);
};

/**
 * The value of CUDA_VISIBLE_DEVICES that shows one GPU, by ordinal. CUDA stops reading its list at the first entry that
 * names no device ("-1" hides all that follow), and so do we.
 */
export const visibleGpus = ({gpus, cudaVisibleDevices}: PlanHost): readonly string[] => {
	if (cudaVisibleDevices === undefined) {
		return gpus.map((gpu) => String(gpu.index));
	}

	const entries = cudaVisibleDevices.split(',').map((entry) => entry.trim());
	const end = entries.findIndex((entry) => !namesDevice(entry, gpus));
	return end === -1 ? entries : entries.slice(0, end);
};

const describeGpus = ({gpus, cudaVisibleDevices}: PlanHost, visible: number): string => {
	const limit =
		cudaVisibleDevices === undefined
			? ''
			: `CUDA_VISIBLE_DEVICES=${cudaVisibleDevices} leaves ${visible} usable; `;
	if (gpus.length === 0) {
		return `${limit}nvidia-smi sees no GPU on this machine`;
	}

	const list = gpus.map((gpu) => `\n  ${gpu.index}  ${gpu.name}  ${gpu.uuid}`).join('');
	return `${limit}this machine has ${gpus.length === 1 ? '1 GPU' : `${gpus.length} GPUs`}:${list}`;
};

/** @throws UserError when fewer are visible than were asked for; one GPU that is not there is let through: CPU times */
export const checkVisibleGpus = (
	asked: {readonly gpus: number; readonly gpuOffset: number},
	host: PlanHost,
	visible: readonly string[],
): void => {
	const {gpus, gpuOffset} = asked;
	const onlyCpu = visible.length === 0 && gpus === 1 && gpuOffset === 0;
	if (onlyCpu || gpuOffset + gpus <= visible.length) {
		return;
	}

	const flags = gpuOffset === 0 ? `-ng ${gpus}` : `-ng ${gpus} -go ${gpuOffset}`;
	throw new UserError(`${flags}: ${describeGpus(host, visible.length)}`, {
		next:
			visible.length === 0
				? 'Leave -ng and -go out to measure CPU times only.'
				: `-ng and -go together may reach ${visible.length}.`,
	});
};

/** Said before the run starts. */
export const warnOfNoGpu = (host: PlanHost, visible: readonly string[]): readonly Warning[] =>
	host.gpus.length > 0 && visible.length > 0
		? []
		: [
				{
					code: 'no-gpu',
					message: `${describeGpus(host, visible.length)}: only CPU times can be measured, GPU times will be 0.`,
				},
			];
