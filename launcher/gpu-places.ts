/** Which CPUs are near which GPU: by the kernel, and where it does not tell, by `nvidia-smi topo -m`. */

import {askNvidiaSmi, type SmiOptions} from './ask-nvidia-smi.ts';
import type {CpuAffinity, CpuHost} from './cpu-affinity.ts';
import {findCpuBinder} from './cpu-binder.ts';
import {readCpuTopology, readPciPlace} from './cpu-topology.ts';
import {parseTopology, type GpuPlace} from './gpu-topology.ts';
import type {ListedGpu} from './list-gpus.ts';

/**
 * By nvidia-smi's index; those of which nothing is told are absent.
 * @param root for tests: where /sys is
 */
export const findGpuPlaces = async (
	gpus: readonly ListedGpu[],
	options: SmiOptions = {},
	root = '/',
): Promise<ReadonlyMap<number, GpuPlace>> => {
	const places = new Map<number, GpuPlace>();
	for (const {index, busId = null} of gpus) {
		const place = busId === null ? null : readPciPlace(busId, root);
		if (place !== null) {
			places.set(index, place);
		}
	}

	if (gpus.every(({index}) => places.has(index))) {
		return places;
	}

	const {text} = await askNvidiaSmi(['topo', '-m'], options);
	return new Map([...parseTopology(text).places, ...places]);
};

/** Looked up only where it is wanted: it costs a process or two. null: not wanted. */
export const describeCpuHost = async (
	affinity: CpuAffinity,
	gpus: readonly ListedGpu[],
	env: Readonly<Record<string, string | undefined>>,
): Promise<CpuHost | null> => {
	if (affinity === 'none') {
		return null;
	}

	const topology = readCpuTopology();
	const [binder, places] = await Promise.all([
		findCpuBinder(topology, env),
		affinity === 'numa' ? findGpuPlaces(gpus) : new Map<number, GpuPlace>(),
	]);
	return {topology, binder, places};
};
