/** The GPUs of one run: those that `--gpus` names, or as many as `-ng` says from `-go` on. Pure. */

import {UserError} from '../base/errors.ts';
import {callGpu, describeUsable, suggestGpus} from './describe-gpus.ts';
import type {RunOptions} from './run-options.ts';
import type {PlanHost, UsableGpu} from './plan-host.ts';

type Asked = Pick<RunOptions, 'gpus' | 'gpuOffset' | 'gpuNames'>;

interface Naming {
	readonly name: string;
	readonly host: PlanHost;
	readonly visible: readonly UsableGpu[];
}

const readForm = (name: string): 'index' | 'gpu' | 'mig' | null =>
	/^\d+$/.test(name)
		? 'index'
		: /^GPU-[\da-f]/i.test(name)
			? 'gpu'
			: /^MIG-(GPU-)?[\da-f]/i.test(name)
				? 'mig'
				: null;

const refuseForm = (name: string): never => {
	const isUuid = /^[\da-f]{4,}/i.test(name);
	throw new UserError(`--gpus: "${name}" names no GPU`, {
		next: isUuid
			? `A UUID begins with GPU- or MIG-: --gpus GPU-${name}.`
			: 'Name GPUs by nvidia-smi’s index, or by the beginning of their UUID: --gpus 0,GPU-8a3f. `benchmark doctor` lists them.',
	});
};

const begins = (text: string, prefix: string): boolean =>
	text.toLowerCase().startsWith(prefix.toLowerCase());

const isNamed = (name: string, {cudaVisibleDevices, gpu, mig}: UsableGpu): boolean => {
	switch (readForm(name)) {
		case 'index':
			return gpu === null ? cudaVisibleDevices === name : gpu.index === Number(name);
		case 'gpu':
			return begins(gpu?.uuid ?? cudaVisibleDevices, name);
		case 'mig':
			return (
				mig !== null && (begins(mig.uuid, name) || mig.path?.toLowerCase() === name.toLowerCase())
			);
		case null:
			return refuseForm(name);
	}
};

const sayNext = (visible: readonly UsableGpu[]): string =>
	visible.length === 0
		? 'Leave --gpus, -ng and -go out to measure CPU times only.'
		: `Type for example ${suggestGpus(visible)}.`;

/** A number of CUDA's own order: which of nvidia-smi's GPUs it is, is not known, and no index must be taken for it. */
const isUnordered =
	({gpus}: PlanHost) =>
	({gpu, mig}: UsableGpu): boolean =>
		gpus.length > 0 && gpu === null && mig === null;

const refuseUnknown = ({name, host, visible}: Naming): never => {
	if (visible.some(isUnordered(host))) {
		throw new UserError(
			`--gpus ${name}: CUDA_VISIBLE_DEVICES=${host.cudaVisibleDevices} counts in CUDA's own order, and the GPUs here are of several models, so which one is meant is not known`,
			{next: 'Set CUDA_DEVICE_ORDER=PCI_BUS_ID, or CUDA_VISIBLE_DEVICES to UUIDs.'},
		);
	}

	const isHere = host.gpus.some((gpu) =>
		[null, ...(gpu.migInstances ?? [])].some((mig) =>
			isNamed(name, {cudaVisibleDevices: '', gpu, mig}),
		),
	);
	throw new UserError(
		`--gpus ${name}: ${isHere ? 'that GPU may not be used' : 'there is no such GPU'}: ${describeUsable(host, visible)}`,
		{next: sayNext(visible)},
	);
};

const refuseAmbiguous = ({name}: Naming, found: readonly UsableGpu[]): never => {
	const gpus = new Set(found.map(({gpu}) => gpu?.index));
	const what =
		gpus.size === 1 && readForm(name) !== 'mig'
			? 'is in MIG mode and has several instances'
			: 'is the beginning of several UUIDs';
	throw new UserError(`--gpus ${name} ${what}: ${found.map(callGpu).join(', ')}`, {
		next: `Name one of them, or several: ${suggestGpus(found)}.`,
	});
};

const findNamed = (naming: Naming): UsableGpu => {
	const {name, host, visible} = naming;
	const found = visible.filter((one) => !isUnordered(host)(one) && isNamed(name, one));
	const [first] = found;
	if (first === undefined) {
		return refuseUnknown(naming);
	}

	return found.length > 1 ? refuseAmbiguous(naming, found) : first;
};

const chooseNamed = (
	names: readonly string[],
	host: PlanHost,
	visible: readonly UsableGpu[],
): readonly UsableGpu[] => {
	const chosen = new Map<UsableGpu, string>();
	for (const name of names) {
		const one = findNamed({name, host, visible});
		const earlier = chosen.get(one);
		if (earlier !== undefined) {
			throw new UserError(`--gpus names the same GPU twice: ${earlier} and ${name}`, {
				next: 'For several processes on a GPU there is -np.',
			});
		}

		chosen.set(one, name);
	}

	return [...chosen.keys()];
};

/** A number in CUDA's order and a UUID may be the same GPU: nobody here can tell. */
const requireDistinct = (chosen: readonly UsableGpu[], host: PlanHost): readonly UsableGpu[] => {
	const unordered = chosen.filter(isUnordered(host));
	if (unordered.length > 0 && unordered.length < chosen.length) {
		throw new UserError(
			`CUDA_VISIBLE_DEVICES=${host.cudaVisibleDevices} names GPUs both by CUDA's own numbers and by UUID: two of them may be the same`,
			{next: 'Use UUIDs alone, or set CUDA_DEVICE_ORDER=PCI_BUS_ID.'},
		);
	}

	return chosen;
};

/**
 * @returns fewer than asked only where there is none and one was meant: CPU times
 * @throws UserError for GPUs that are not there or may not be used
 */
export const chooseGpus = (
	{gpus, gpuOffset, gpuNames}: Asked,
	host: PlanHost,
	visible: readonly UsableGpu[],
): readonly UsableGpu[] => {
	if (gpuNames.length > 0) {
		return chooseNamed(gpuNames, host, visible);
	}

	const onlyCpu = visible.length === 0 && gpus === 1 && gpuOffset === 0;
	if (!onlyCpu && gpuOffset + gpus > visible.length) {
		const flags = gpuOffset === 0 ? `-ng ${gpus}` : `-ng ${gpus} -go ${gpuOffset}`;
		throw new UserError(`${flags}: ${describeUsable(host, visible)}`, {
			next:
				visible.length === 0
					? 'Leave -ng and -go out to measure CPU times only.'
					: `-ng and -go together may reach ${visible.length}; or name them: ${suggestGpus(visible)}.`,
		});
	}

	return requireDistinct(visible.slice(gpuOffset, gpuOffset + gpus), host);
};
