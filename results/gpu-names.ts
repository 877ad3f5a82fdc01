/** What people read for a GPU of a run: its number there, and nvidia-smi's where that is another (`--gpus 3`, `-go 1`). */

import type {Gpu, Manifest} from '../schemas/manifest.ts';

/**
 * @param number of the run, from 0, as in the names of its folders
 * @param gpus of the machine; absent where they are not known
 */
export const nameGpu = (number: number, uuid: string, gpus: readonly Gpu[] = []): string => {
	const listed = gpus.find((gpu) => gpu.uuid === uuid);
	return listed === undefined || listed.index === number
		? `GPU ${number}`
		: `GPU ${number} (nvidia-smi's ${listed.index})`;
};

/** By UUID: "GPU 0", as the manifest numbers them. */
export const nameGpus = ({workers}: Pick<Manifest, 'workers'>): ReadonlyMap<string, string> =>
	new Map(
		workers.flatMap(({gpu, gpuUuid}) =>
			gpuUuid === undefined || gpuUuid === null ? [] : [[gpuUuid, `GPU ${gpu}`] as const],
		),
	);
