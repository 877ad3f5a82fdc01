/** What nvidia-smi tells of the GPUs themselves: settings and limits, which hold for a whole run. */

import type {Fingerprint, GpuFacts, GpuLink, MigDevice} from '../schemas/fingerprint.ts';
import {askNvidiaSmi, readSmiNumber, type SmiOptions} from './ask-nvidia-smi.ts';
import {parseTopology, type GpuPlace} from './gpu-topology.ts';
import {parseMigList} from './mig-instances.ts';
import {queryGpus, type WantedFields} from './query-gpus.ts';

type AskedFact = Exclude<keyof GpuFacts, 'migDevices' | 'cpuAffinity' | 'numaNode'>;

/** Names from `nvidia-smi --help-query-gpu` of drivers 470 to 580. */
const factFields: WantedFields<AskedFact> = {
	index: ['index'],
	uuid: ['uuid'],
	name: ['name'],
	driver: ['driver_version'],
	vbios: ['vbios_version'],
	busId: ['pci.bus_id'],
	computeCapability: ['compute_cap'],
	memoryMib: ['memory.total'],
	computeMode: ['compute_mode'],
	persistenceMode: ['persistence_mode'],
	migMode: ['mig.mode.current'],
	ecc: ['ecc.mode.current'],
	pcieGeneration: ['pcie.link.gen.gpucurrent', 'pcie.link.gen.current'],
	pcieMaxGeneration: ['pcie.link.gen.max'],
	pcieWidth: ['pcie.link.width.current'],
	pcieMaxWidth: ['pcie.link.width.max'],
	powerLimitWatts: ['power.limit'],
	enforcedPowerLimitWatts: ['enforced.power.limit'],
	defaultPowerLimitWatts: ['power.default_limit'],
	minPowerLimitWatts: ['power.min_limit'],
	maxPowerLimitWatts: ['power.max_limit'],
	maxSmClockMhz: ['clocks.max.sm'],
	maxMemoryClockMhz: ['clocks.max.memory'],
	applicationGraphicsClockMhz: ['clocks.applications.graphics'],
	applicationMemoryClockMhz: ['clocks.applications.memory'],
	defaultGraphicsClockMhz: ['clocks.default_applications.graphics'],
	defaultMemoryClockMhz: ['clocks.default_applications.memory'],
};

type FactRow = Readonly<Record<AskedFact, string | null>>;

const readEnabled = (value: string | null): boolean | null =>
	value === 'Enabled' ? true : value === 'Disabled' ? false : null;

const readNumbers = <Name extends AskedFact>(
	row: FactRow,
	names: readonly Name[],
): Record<Name, number | null> =>
	Object.fromEntries(names.map((name) => [name, readSmiNumber(row[name])])) as Record<
		Name,
		number | null
	>;

const numbers = [
	'memoryMib',
	'pcieGeneration',
	'pcieMaxGeneration',
	'pcieWidth',
	'pcieMaxWidth',
	'powerLimitWatts',
	'enforcedPowerLimitWatts',
	'defaultPowerLimitWatts',
	'minPowerLimitWatts',
	'maxPowerLimitWatts',
	'maxSmClockMhz',
	'maxMemoryClockMhz',
	'applicationGraphicsClockMhz',
	'applicationMemoryClockMhz',
	'defaultGraphicsClockMhz',
	'defaultMemoryClockMhz',
] as const satisfies readonly AskedFact[];

const buildFacts = (
	row: FactRow,
	index: number,
	place: GpuPlace | undefined,
	migDevices: readonly MigDevice[],
): GpuFacts => ({
	index,
	uuid: row.uuid,
	name: row.name,
	driver: row.driver,
	vbios: row.vbios,
	busId: row.busId,
	computeCapability: row.computeCapability,
	computeMode: row.computeMode,
	persistenceMode: readEnabled(row.persistenceMode),
	migMode: readEnabled(row.migMode),
	migDevices: [...migDevices],
	ecc: readEnabled(row.ecc),
	...readNumbers(row, numbers),
	cpuAffinity: place?.cpuAffinity ?? null,
	numaNode: place?.numaNode ?? null,
});

/** From `nvidia-smi -L`, by the index of the GPU that they are part of. */
export const parseMigDevices = (text: string): ReadonlyMap<number, readonly MigDevice[]> => {
	const devices = new Map<number, MigDevice[]>();
	for (const {gpu, profile, uuid} of parseMigList(text)) {
		devices.set(gpu, [...(devices.get(gpu) ?? []), {profile, uuid}]);
	}

	return devices;
};

/** From the head of nvidia-smi's table, which every driver prints; no field of a query tells it. */
export const parseCudaVersion = (text: string): string | null =>
	/CUDA(?: UMD)? Version\s*:\s*(\d+\.\d+)/.exec(text)?.[1] ?? null;

export interface GpuFingerprint {
	readonly gpus: readonly GpuFacts[];
	/** null where nvidia-smi does not tell. */
	readonly gpuLinks: readonly GpuLink[] | null;
	readonly driverCudaVersion: Fingerprint['driverCudaVersion'];
}

/** Without a driver: no GPU, and nothing known. Never throws. */
export const fingerprintGpus = async (options: SmiOptions = {}): Promise<GpuFingerprint> => {
	const {rows} = await queryGpus(factFields, options);
	const indexed = rows.filter(({index}) => /^\d+$/.test(index ?? ''));
	if (indexed.length === 0) {
		return {gpus: [], gpuLinks: null, driverCudaVersion: null};
	}

	const [list, table, topology] = await Promise.all(
		[['-L'], [], ['topo', '-m']].map(async (question) => askNvidiaSmi(question, options)),
	);
	const migDevices = parseMigDevices(list?.text ?? '');
	const {places, links} = parseTopology(topology?.text ?? '');
	return {
		gpus: indexed.map((row) => {
			const index = Number(row.index);
			return buildFacts(row, index, places.get(index), migDevices.get(index) ?? []);
		}),
		gpuLinks: places.size === 0 ? null : links,
		driverCudaVersion: parseCudaVersion(table?.text ?? ''),
	};
};
