/**
 * Whatever the machine, the environment and the options: a worker sees one GPU, none outside of CUDA_VISIBLE_DEVICES, and
 * no two of a run see the same. What a worker sees is read by a model of CUDA's own rules, from its environment alone.
 */

import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {UserError} from '../../base/errors.ts';
import type {ListedGpu} from '../../launcher/list-gpus.ts';
import {planRun, type PlannedWorker, type RunPlan} from '../../launcher/plan.ts';
import {describePlanHost} from '../../launcher/plan-host.ts';
import {buildEnvironment} from '../../launcher/worker-environment.ts';
import {runOptions} from '../support/launch.ts';

interface Machine {
	readonly gpus: readonly ListedGpu[];
	/** Indices in CUDA's own order: nvidia-smi's where all are alike. */
	readonly fastestFirst: readonly number[];
}

const hex = (index: number): string => `${index}c${index % 3}`;
const buildGpu = (index: number, model: string, instances: number | null): ListedGpu => {
	const uuid = `GPU-${hex(index)}`;
	return {
		index,
		uuid,
		name: model,
		driver: '550',
		migInstances:
			instances === null
				? null
				: Array.from({length: instances}, (_, device) => ({
						uuid: `MIG-${hex(index)}${device}`,
						profile: '1g',
						path: `MIG-${uuid}/${device}/0`,
					})),
	};
};

const machine: fc.Arbitrary<Machine> = fc
	.record({
		models: fc.array(fc.constantFrom('A', 'B'), {minLength: 1, maxLength: 5}),
		alike: fc.boolean(),
		parts: fc.array(fc.option(fc.nat({max: 3}), {freq: 1, nil: null}), {
			minLength: 5,
			maxLength: 5,
		}),
		hasMig: fc.boolean(),
	})
	.chain(({models, alike, parts, hasMig}) => {
		const gpus = models.map((model, index) =>
			buildGpu(index, alike ? 'A' : model, hasMig ? (parts[index] ?? null) : null),
		);
		const indices = gpus.map(({index}) => index);
		const order = new Set(gpus.map(({name}) => name)).size > 1;
		return fc.record({
			gpus: fc.constant(gpus),
			fastestFirst: order
				? fc.shuffledSubarray(indices, {minLength: indices.length})
				: fc.constant(indices),
		});
	});

/** Names of all forms, of what is there and what is not. */
const nameOf = ({gpus}: Machine): fc.Arbitrary<string> =>
	fc.constantFrom(
		...gpus.flatMap(({index, uuid, migInstances}) => [
			String(index),
			uuid,
			uuid.slice(0, 6),
			...(migInstances ?? []).flatMap((mig) => [mig.uuid, mig.path ?? '']),
		]),
		'9',
		'GPU-9',
		'MIG-9',
		'-1',
	);

interface Case extends Machine {
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly asked: {gpus: number; gpuOffset: number; gpuNames: readonly string[]};
}

const someCase: fc.Arbitrary<Case> = machine.chain((on) =>
	fc
		.record({
			visible: fc.option(fc.array(nameOf(on), {maxLength: 4}), {nil: undefined}),
			order: fc.constantFrom(undefined, 'PCI_BUS_ID', 'FASTEST_FIRST'),
			slurm: fc.option(fc.subarray(['0', '1', '2', '6']), {nil: undefined, freq: 3}),
			gpus: fc.integer({min: 1, max: 3}),
			gpuOffset: fc.nat({max: 2}),
			gpuNames: fc.oneof(fc.constant([]), fc.array(nameOf(on), {maxLength: 3})),
		})
		.map(({visible, order, slurm, gpus, gpuOffset, gpuNames}) => ({
			...on,
			env: {
				CUDA_VISIBLE_DEVICES: visible?.join(','),
				CUDA_DEVICE_ORDER: order,
				SLURM_JOB_GPUS: slurm?.join(','),
			},
			asked:
				gpuNames.length > 0
					? {gpus: gpuNames.length, gpuOffset: 0, gpuNames}
					: {gpus, gpuOffset, gpuNames},
		})),
);

/** A device as CUDA knows it: "0", or "0/MIG-..." for a part. Every part of a GPU that its entry names may be used. */
const namedDevices = (entry: string, {gpus, fastestFirst}: Machine, env: Case['env']): string[] => {
	const parts = (gpu: ListedGpu): string[] =>
		gpu.migInstances === null
			? [String(gpu.index)]
			: (gpu.migInstances ?? []).map(({uuid}) => `${gpu.index}/${uuid}`);
	if (/^\d+$/.test(entry)) {
		const order =
			env['CUDA_DEVICE_ORDER'] === 'PCI_BUS_ID' ? gpus.map(({index}) => index) : fastestFirst;
		return gpus.filter(({index}) => index === order[Number(entry)]).flatMap(parts);
	}

	const found = gpus.filter(({uuid}) => uuid.startsWith(entry));
	return entry.startsWith('GPU-')
		? (found.length === 1 ? found : []).flatMap(parts)
		: gpus.flatMap(({index, migInstances}) =>
				(migInstances ?? [])
					.filter(({uuid, path}) => uuid === entry || path === entry)
					.map(({uuid}) => `${index}/${uuid}`),
			);
};

/** What its own list leaves to a program; undefined: everything. */
const allowedDevices = (on: Case): ReadonlySet<string> | undefined => {
	const list = on.env['CUDA_VISIBLE_DEVICES'];
	return list === undefined
		? undefined
		: new Set(list.split(',').flatMap((entry) => namedDevices(entry, on, on.env)));
};

/** A process sees the first part only of a GPU that it is given whole. */
const seenDevice = (worker: PlannedWorker, on: Case): string | undefined => {
	const env = buildEnvironment({
		worker,
		folder: '/out',
		scratch: {folder: '/s', temporary: '/s/t', progressFile: '/s/p'},
		token: 't',
		recordingFolder: null,
		startLine: null,
		pythonAnnotations: '/p',
		packageRoot: '/n',
		inherited: on.env,
	});
	const entries = (env['CUDA_VISIBLE_DEVICES'] ?? '').split(',');
	expect(entries).toHaveLength(1);
	return namedDevices(entries[0] ?? '', on, env)[0];
};

/** null: refused, in words for the user. */
const plan = (on: Case): RunPlan | null => {
	try {
		return planRun(runOptions(on.asked), describePlanHost({gpus: on.gpus}, on.env));
	} catch (error) {
		expect(error).toBeInstanceOf(UserError);
		return null;
	}
};

describe('placement', () => {
	it('one GPU for each, never outside, never the same, and the record says which', () => {
		let planned = 0;
		fc.assert(
			fc.property(someCase, (on) => {
				const made = plan(on);
				if (made === null || made.warnings.some(({code}) => code === 'no-gpu')) {
					return;
				}

				planned++;
				const allowed = allowedDevices(on);
				const seen = made.workers.map((worker) => seenDevice(worker, on));
				expect(new Set(seen).size).toBe(on.asked.gpus);
				made.workers.forEach((worker, at) => {
					const device = seen[at] ?? 'nothing';
					expect(device).not.toBe('nothing');
					expect(allowed?.has(device) ?? true).toBe(true);
					const [index, mig = null] = device.split('/');
					const uuid = on.gpus.find((gpu) => gpu.index === Number(index))?.uuid;
					expect([uuid, null]).toContain(worker.gpuUuid);
					expect(worker.migUuid).toBe(mig);
				});
			}),
			{numRuns: 3000},
		);
		expect(planned).toBeGreaterThan(200);
	});

	it('--gpus gets what it names, where it is refused nothing', () => {
		fc.assert(
			fc.property(someCase, (on) => {
				const made = plan(on);
				made?.workers.forEach((worker, at) => {
					const name = on.asked.gpuNames[at];
					if (name !== undefined) {
						const pci = {...on.env, CUDA_DEVICE_ORDER: 'PCI_BUS_ID'};
						expect(namedDevices(name, on, pci)).toContain(seenDevice(worker, on));
					}
				});
			}),
			{numRuns: 2000},
		);
	});
});
