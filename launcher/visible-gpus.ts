/**
 * Which GPUs a run may use, and in which order `-ng` counts them.
 *
 * Without limits those are all that nvidia-smi lists. An incoming CUDA_VISIBLE_DEVICES is a limit and an order, else what
 * Slurm allotted is. A GPU in MIG mode counts as its instances, and workers get them one by one and by UUID: up to
 * driver 565, CUDA shows a process one instance of all, and no whole GPU beside it; later ones, one per GPU instance (MIG
 * user guide, "CUDA Device Enumeration").
 *
 * nvidia-smi numbers GPUs by their place on the PCI bus, CUDA by speed unless CUDA_DEVICE_ORDER=PCI_BUS_ID. Where the
 * numbers are ours, workers get that variable with them (worker-environment.ts). Where they came with an incoming
 * CUDA_VISIBLE_DEVICES, they keep the meaning that they had, and are only taken for nvidia-smi's where both orders are
 * the same: if the variable is set, or if all GPUs are of one model.
 */

import type {Warning} from '../schemas/warning.ts';
import {describeLimit, describeUsable} from './describe-gpus.ts';
import type {ListedGpu} from './list-gpus.ts';
import type {PlanHost, UsableGpu} from './plan-host.ts';
import {readSlurmLimit} from './slurm-gpus.ts';

/** With a GPU in MIG mode beside it, CUDA may not count a whole GPU at all: then its UUID is safer than its number. */
const nameWhole = (gpu: ListedGpu, gpus: readonly ListedGpu[]): string =>
	gpus.some(({migInstances}) => (migInstances ?? null) !== null) && gpu.uuid.startsWith('GPU-')
		? gpu.uuid
		: String(gpu.index);

const expand = (gpu: ListedGpu, whole: string): readonly UsableGpu[] =>
	(gpu.migInstances ?? null) === null
		? [{cudaVisibleDevices: whole, gpu, mig: null}]
		: (gpu.migInstances ?? []).map((mig) => ({cudaVisibleDevices: mig.uuid, gpu, mig}));

const areAlike = (gpus: readonly ListedGpu[]): boolean =>
	new Set(gpus.map(({name}) => name)).size <= 1;

/** null: the entry names no device, which is where CUDA stops to read. */
const readIndex = (entry: string, host: PlanHost): readonly UsableGpu[] | null => {
	const {gpus} = host;
	const gpu = gpus.find(({index}) => index === Number(entry));
	if (gpus.length > 0 && gpu === undefined) {
		return null;
	}

	// Without nvidia-smi (a slim container) only the form can be judged.
	if (gpu === undefined || !(host.cudaDeviceOrder === 'PCI_BUS_ID' || areAlike(gpus))) {
		return [{cudaVisibleDevices: entry, gpu: null, mig: null}];
	}

	const whole = nameWhole(gpu, gpus);
	return expand(gpu, whole === gpu.uuid ? whole : entry);
};

const readUuid = (entry: string, {gpus}: PlanHost): readonly UsableGpu[] | null => {
	if (gpus.length === 0) {
		return [{cudaVisibleDevices: entry, gpu: null, mig: null}];
	}

	const [gpu, ...others] = gpus.filter(({uuid}) => uuid.startsWith(entry));
	return gpu === undefined || others.length > 0 ? null : expand(gpu, entry);
};

const readMig = (entry: string, {gpus}: PlanHost): readonly UsableGpu[] | null => {
	const instances = gpus.flatMap((gpu) => (gpu.migInstances ?? []).map((mig) => ({gpu, mig})));
	const found = instances.find(({mig}) => mig.uuid === entry || mig.path === entry);
	if (found !== undefined) {
		return [{cudaVisibleDevices: entry, ...found}];
	}

	if (gpus.length > 0 && gpus.every(({migInstances}) => migInstances !== undefined)) {
		return null;
	}

	const gpu = gpus.find(({uuid}) => entry.startsWith(`MIG-${uuid}/`)) ?? null;
	return [{cudaVisibleDevices: entry, gpu, mig: {uuid: entry, profile: '', path: null}}];
};

const readEntry = (entry: string, host: PlanHost): readonly UsableGpu[] | null =>
	/^\d+$/.test(entry)
		? readIndex(entry, host)
		: /^GPU-./.test(entry)
			? readUuid(entry, host)
			: /^MIG-./.test(entry)
				? readMig(entry, host)
				: null;

/** One name for one device, however it was written. */
const identify = ({cudaVisibleDevices, gpu, mig}: UsableGpu): string =>
	mig?.uuid ?? (gpu === null ? cudaVisibleDevices : String(gpu.index));

const dropRepeated = (usable: readonly UsableGpu[]): readonly UsableGpu[] =>
	[...new Map(usable.toReversed().map((one) => [identify(one), one])).values()].toReversed();

/** CUDA stops reading its list at the first entry that names no device ("-1" hides all that follow), and so do we. */
const readList = (list: string, host: PlanHost): readonly UsableGpu[] => {
	const usable: UsableGpu[] = [];
	for (const entry of list.split(',')) {
		const devices = readEntry(entry.trim(), host);
		if (devices === null) {
			break;
		}

		usable.push(...devices);
	}

	return dropRepeated(usable);
};

/** In the order in which -ng and -go count them; each once. */
export const visibleGpus = (host: PlanHost): readonly UsableGpu[] => {
	const {gpus, cudaVisibleDevices} = host;
	if (cudaVisibleDevices !== undefined) {
		return readList(cudaVisibleDevices, host);
	}

	const all = gpus.flatMap((gpu) => expand(gpu, nameWhole(gpu, gpus)));
	const limit = readSlurmLimit(host.slurm, gpus, all.length);
	return limit.kind === 'indices'
		? all.filter(({gpu}) => gpu !== null && limit.indices.includes(gpu.index))
		: all;
};

const warnOfSlurm = ({gpus, slurm, cudaVisibleDevices}: PlanHost, all: number): string | null => {
	const limit = readSlurmLimit(slurm, gpus, all);
	return cudaVisibleDevices === undefined && limit.kind === 'unknown' ? limit.message : null;
};

/** Said before the run starts. */
export const warnOfGpus = (
	host: PlanHost,
	visible: readonly UsableGpu[],
	used: readonly UsableGpu[],
): readonly Warning[] => {
	if (host.gpus.length === 0 || visible.length === 0) {
		const message = `${describeUsable(host, visible)}: only CPU times can be measured, GPU times will be 0.`;
		return [{code: 'no-gpu', message}];
	}

	const slurm = warnOfSlurm(host, visible.length);
	const isUnsure = used.some(({gpu, mig}) => gpu === null && mig === null);
	return [
		...(slurm === null ? [] : [{code: 'gpu-allocation', message: slurm}]),
		...(isUnsure
			? [
					{
						code: 'gpu-order',
						message: `${describeLimit(host)} counts GPUs in CUDA's own order, and they are of several models here: which of nvidia-smi's GPUs is used is not known. Set CUDA_DEVICE_ORDER=PCI_BUS_ID, or name them by UUID.`,
					},
				]
			: []),
	];
};
