/**
 * What is known of what a side was measured on, and how: from its manifest, from what its program told, from an export.
 * Facts are added here as more of them are recorded; a comparison needs no more than their names.
 */

import type {Fact} from '../../schemas/comparison-report.ts';
import type {Fingerprint, GpuFacts} from '../../schemas/fingerprint.ts';
import type {Gpu, Manifest, WorkerRecord} from '../../schemas/manifest.ts';
import {describeClockSetting} from './clock-facts.ts';

/** What every fact is called, and whether a difference in it alone could explain a change. */
const knownFacts = {
	host: ['machine', true],
	cpu: ['CPU', true],
	cores: ['CPU cores', true],
	memory: ['memory', false],
	os: ['system', true],
	gpu: ['GPU', true],
	'gpu-uuid': ['GPU uuid', true],
	driver: ['driver', true],
	cuda: ['CUDA', true],
	clocks: ['GPU clocks', true],
	'clock-lock': ['SM clock', true],
	// Of the clock that it costs the GPU times tell; other times need not follow.
	throttled: ['GPU throttled', false],
	'drop-throttled': ['throttled batches left out', true],
	'power-limit': ['GPU power limit', true],
	mig: ['MIG', true],
	profiler: ['profiler', true],
	nsys: ['nsys', true],
	trace: ['traced', true],
	'warm-up': ['warm-up batches', true],
	'batch-pattern': ['batches by name', true],
	'batch-value': ['value of a process', true],
	format: ['written by', false],
	program: ['program', false],
	environment: ['environment', false],
	'git-commit': ['git commit', false],
	governor: ['CPU governor', true],
	container: ['container', false],
	python: ['Python', false],
	'processes-per-gpu': ['processes per GPU', false],
	gpus: ['GPUs', false],
	'cpu-affinity': ['CPU affinity', false],
	'sync-start': ['processes begin together', true],
	benchmark: ['nsys-benchmark', false],
} as const satisfies Readonly<Record<string, readonly [string, boolean]>>;

export type FactName = keyof typeof knownFacts;

const isKnown = (fact: string): fact is FactName => Object.hasOwn(knownFacts, fact);

export const putsInDoubt = (fact: string): boolean => isKnown(fact) && knownFacts[fact][1];

export const fact = (name: FactName, value: string): Fact => ({
	fact: name,
	name: knownFacts[name][0],
	value,
});

/** "0.5.1" alone, "A, B" where several were seen. */
const join = (values: Iterable<string>): string => [...new Set(values)].toSorted().join(', ');

const usedGpus = (gpus: readonly Gpu[], workers: readonly WorkerRecord[]): readonly Gpu[] => {
	const known = new Set(workers.flatMap(({gpuUuid}) => gpuUuid ?? []));
	// Manifests of older versions tell only what CUDA was shown.
	const visible = new Set(workers.map(({cudaVisibleDevices}) => cudaVisibleDevices));
	const used = gpus.filter(({index, uuid}) =>
		known.size > 0 ? known.has(uuid) : visible.has(String(index)) || visible.has(uuid),
	);
	return used.length > 0 ? used : gpus;
};

const describeGpus = ({gpus, workers}: Manifest): readonly Fact[] => {
	const used = usedGpus(gpus, workers);
	return used.length === 0
		? []
		: [
				fact('gpu', join(used.map(({name}) => name))),
				fact('gpu-uuid', join(used.map(({uuid}) => uuid))),
				fact('driver', join(used.map(({driver}) => driver))),
			];
};

const describeProfiler = ({profiler, options}: Manifest): readonly Fact[] => [
	fact('profiler', profiler.kind),
	...(profiler.kind === 'nsys' ? [fact('nsys', profiler.version)] : []),
	fact('trace', join(options.trace)),
];

/** What all GPUs of the run have in common, or each of them in turn. */
const describeGpuSettings = (gpus: readonly GpuFacts[]): readonly Fact[] => {
	const settings = [
		['power-limit', gpus.map((gpu) => gpu.enforcedPowerLimitWatts), ' W'],
		['clocks', gpus.map((gpu) => gpu.applicationGraphicsClockMhz), ' MHz'],
		['mig', gpus.map((gpu) => (gpu.migMode === null ? null : gpu.migMode ? 'on' : 'off')), ''],
	] as const;
	return settings.flatMap(([name, values, unit]) => {
		const known = values.flatMap((value) => (value === null ? [] : [`${value}${unit}`]));
		return known.length === 0 ? [] : [fact(name, join(known))];
	});
};

const describeFingerprint = ({
	gpus,
	driverCudaVersion,
	machine,
	python,
	git,
	environment,
}: Fingerprint): readonly Fact[] => [
	...describeGpuSettings(gpus),
	...(driverCudaVersion === null ? [] : [fact('cuda', driverCudaVersion)]),
	...(machine.cpuGovernors === null ? [] : [fact('governor', join(machine.cpuGovernors))]),
	...(machine.container === null ? [] : [fact('container', machine.container)]),
	...(python === null ? [] : [fact('python', python.version)]),
	...Object.entries(python?.packages ?? {}).map(([name, value]) => ({
		fact: `package.${name}`,
		name,
		value,
	})),
	...(git?.tracked === true
		? [fact('git-commit', git.commit + (git.dirty ? ' + changes' : ''))]
		: []),
	...Object.entries(environment).map(([name, value]) => ({
		fact: `variable.${name}`,
		name,
		value,
	})),
];

const gibibyte = 2 ** 30;

/** One process has nobody to wait for. */
const beginsTogether = ({processesPerGpu, gpus, syncStartSeconds}: Manifest['options']): boolean =>
	processesPerGpu * gpus > 1 && (syncStartSeconds ?? null) !== null;

export const describeManifest = (manifest: Manifest): readonly Fact[] => {
	const {machine, options, program, environment, versions, fingerprint} = manifest;
	const clockSetting = describeClockSetting(manifest);
	const variables = Object.entries(environment ?? {}).map(([name, value]) => `${name}=${value}`);
	return [
		fact('host', machine.host),
		fact('cpu', machine.cpu),
		fact('cores', String(machine.cores)),
		fact('memory', `${Math.round(machine.memoryBytes / gibibyte)} GiB`),
		fact('os', machine.kernel),
		...describeGpus(manifest),
		...(clockSetting === null ? [] : [fact('clock-lock', clockSetting)]),
		...describeProfiler(manifest),
		fact('batch-pattern', options.batchPattern),
		fact('processes-per-gpu', String(options.processesPerGpu)),
		fact('gpus', String(options.gpus)),
		fact('cpu-affinity', options.cpuAffinity ?? 'none'),
		fact('sync-start', beginsTogether(options) ? 'yes' : 'no'),
		fact('program', program.join(' ')),
		...(environment === undefined ? [] : [fact('environment', variables.join(' ') || '(none)')]),
		fact('benchmark', versions.benchmark),
		...(fingerprint === undefined ? [] : describeFingerprint(fingerprint)),
	];
};

/** Of `meta`: what the results say elsewhere, and what differs from process to process. */
const passedOver: ReadonlySet<string> = new Set([
	'obj_name',
	'measurement_unit',
	'total_batches',
	'warmup_batches',
	'dropped_batches',
	'profiler',
	'gpu_traced',
	'batch_source',
	'processes',
	'processes_planned',
	'repeats',
	'annotation_objects',
	'pid',
	'nsys_benchmark_version',
	'sync_start',
	'device.id',
	'args.device_id',
	'args.deviceId',
	'args.output_dir',
	'args.outputDir',
]);

const listPlain = (value: unknown, key: string): readonly (readonly [string, string])[] => {
	if (passedOver.has(key) || value === null) {
		return [];
	}

	if (typeof value === 'object' && !Array.isArray(value)) {
		return Object.entries(value).flatMap(([name, inner]) =>
			listPlain(inner, key === '' ? name : `${key}.${name}`),
		);
	}

	return [[key, typeof value === 'string' ? value : JSON.stringify(value)]];
};

/** @param meta what all processes of the side have in common */
export const describeMeta = (meta: Readonly<Record<string, unknown>>): readonly Fact[] =>
	listPlain(meta, '').map(([key, value]) =>
		key === 'device.name'
			? fact('gpu', value)
			: key === 'git_commit'
				? fact('git-commit', value)
				: {fact: `meta.${key}`, name: key.replace(/^args\./, '--').replaceAll('_', ' '), value},
	);

/** The first to tell of a fact is believed. */
export const mergeFacts = (...sources: readonly (readonly Fact[])[]): Fact[] => {
	const merged = new Map<string, Fact>();
	for (const known of sources.flat()) {
		if (!merged.has(known.fact)) {
			merged.set(known.fact, known);
		}
	}

	return [...merged.values()];
};
