/**
 * MIG instances: parts of a GPU that are GPUs of their own to CUDA. `nvidia-smi -L` lists them below their GPU:
 *
 *     GPU 0: NVIDIA H200 (UUID: GPU-...)
 *       MIG 3g.71gb     Device  0: (UUID: MIG-f165f0ad-...)
 *
 * Drivers 450 and 460 had no UUIDs for them but paths, MIG-GPU-<UUID of the GPU>/<GPU instance>/<compute instance>; newer
 * ones still understand these. The two numbers stand in the table that nvidia-smi prints when it is asked nothing.
 */

import type {MigDevice} from '../schemas/fingerprint.ts';

export interface MigInstance extends MigDevice {
	/** "MIG-GPU-<UUID>/1/0", the name that all drivers know; null: not told. */
	readonly path: string | null;
}

/** A line of -L. */
interface ListedInstance extends MigDevice {
	/** Index and UUID of its GPU. */
	readonly gpu: number;
	readonly gpuUuid: string;
	/** Among the GPU's instances. */
	readonly device: number;
}

export const parseMigList = (text: string): readonly ListedInstance[] => {
	const found: ListedInstance[] = [];
	let gpu = -1;
	let gpuUuid = '';
	for (const line of text.split('\n')) {
		const parent = /^GPU (\d+):.*\(UUID: ([^)]+)\)/.exec(line);
		gpu = Number(parent?.[1] ?? gpu);
		gpuUuid = parent?.[2] ?? gpuUuid;
		const [, profile, device, uuid] =
			/^\s*MIG (\S+)\s+Device\s+(\d+): \(UUID: (MIG-[^)]+)\)/.exec(line) ?? [];
		if (profile !== undefined && uuid !== undefined) {
			found.push({gpu, gpuUuid, device: Number(device), profile, uuid});
		}
	}

	return found;
};

/** Of the table "MIG devices": "0 1" (GPU, device) > "7/0" (GPU instance, compute instance). */
const parseNumbers = (table: string): ReadonlyMap<string, string> =>
	new Map(
		[
			...(table.split('MIG devices:')[1] ?? '').matchAll(
				/^\|\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+\|/gm,
			),
		].map(([, gpu, instance, compute, device]): [string, string] => [
			`${gpu} ${device}`,
			`${instance}/${compute}`,
		]),
	);

/**
 * @param list of `nvidia-smi -L`
 * @param table of `nvidia-smi`; "" where it is not known
 * @returns by the GPU's index, in nvidia-smi's order
 */
export const parseMigInstances = (
	list: string,
	table: string,
): ReadonlyMap<number, readonly MigInstance[]> => {
	const numbers = parseNumbers(table);
	const instances = new Map<number, readonly MigInstance[]>();
	for (const {gpu, gpuUuid, device, profile, uuid} of parseMigList(list)) {
		const number = numbers.get(`${gpu} ${device}`);
		const told = number === undefined ? null : `MIG-${gpuUuid}/${number}`;
		const path = uuid.startsWith('MIG-GPU-') ? uuid : told;
		instances.set(gpu, [...(instances.get(gpu) ?? []), {uuid, profile, path}]);
	}

	return instances;
};
