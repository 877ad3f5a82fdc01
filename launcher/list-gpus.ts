/** The GPUs of this machine and their MIG instances, as nvidia-smi lists them. */

import type {Gpu} from '../schemas/manifest.ts';
import {askNvidiaSmi, type SmiOptions} from './ask-nvidia-smi.ts';
import {parseMigInstances, type MigInstance} from './mig-instances.ts';
import {queryGpus, type WantedFields} from './query-gpus.ts';

export interface ListedGpu extends Gpu {
	/** In nvidia-smi's order; null: MIG mode is off; absent: not known whether it is. */
	readonly migInstances?: readonly MigInstance[] | null;
	/** "00000000:83:00.0" */
	readonly busId?: string | null;
}

type Field = keyof Gpu | 'busId' | 'migMode';

/** Those that a driver before 450 does not know are left out by queryGpus. */
const fields: WantedFields<Field> = {
	index: ['index'],
	uuid: ['uuid'],
	name: ['name'],
	driver: ['driver_version'],
	busId: ['pci.bus_id'],
	migMode: ['mig.mode.current'],
};

const buildGpu = (row: Readonly<Record<Field, string | null>>): ListedGpu | null =>
	row.index !== null && /^\d+$/.test(row.index)
		? {
				index: Number(row.index),
				uuid: row.uuid ?? 'unknown',
				name: row.name ?? 'unknown',
				driver: row.driver ?? 'unknown',
				busId: row.busId,
				migInstances: row.migMode === 'Enabled' ? [] : null,
			}
		: null;

const addInstances = async (
	gpus: readonly ListedGpu[],
	options: SmiOptions,
): Promise<readonly ListedGpu[]> => {
	const [list, table] = await Promise.all(
		[['-L'], []].map(async (question) => askNvidiaSmi(question, options)),
	);
	const instances = parseMigInstances(list?.text ?? '', table?.text ?? '');
	return gpus.map(({migInstances, ...gpu}) => ({
		...gpu,
		// A driver that does not answer has not said that there is none.
		...(list?.failure === null || migInstances === null
			? {migInstances: migInstances === null ? null : (instances.get(gpu.index) ?? [])}
			: {}),
	}));
};

/** Empty where there is no nvidia-smi, no driver, or no answer. */
export const listGpus = async (options: SmiOptions = {}): Promise<readonly ListedGpu[]> => {
	const {rows} = await queryGpus(fields, options);
	const gpus = rows.map(buildGpu).filter((gpu) => gpu !== null);
	return gpus.some(({migInstances}) => migInstances !== null) ? addInstances(gpus, options) : gpus;
};

/** What the manifest keeps. */
export const plainGpu = ({index, uuid, name, driver}: ListedGpu): Gpu => ({
	index,
	uuid,
	name,
	driver,
});
