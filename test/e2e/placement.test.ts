/** Where programs run: on which GPUs, as a nvidia-smi of our own tells of them, and on which CPUs, for real. */

import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {beforeEach, describe, expect, it} from 'vitest';
import {formatCpuList} from '../../launcher/cpu-list.ts';
import {readCpuTopology} from '../../launcher/cpu-topology.ts';
import {readJsonFile} from '../../schemas/json-file.ts';
import {Manifest} from '../../schemas/manifest.ts';
import {runBenchmark, temporaryFolder, type Ended} from '../support/command.ts';
import {describeWithNsys} from '../support/nsys.ts';
import {FakeSmi} from '../support/fake-smi.ts';
import {h100MigOf535} from '../support/recorded-hopper-gpus.ts';
import type {SmiRecording} from '../support/recorded-smi.ts';

let folder: string;
let out: string;
let program: string;
beforeEach(() => {
	folder = temporaryFolder('placement');
	out = path.join(folder, 'out');
	program = path.join(folder, 'program.sh');
	writeFileSync(
		program,
		`#!/bin/sh
echo "gpu $CUDA_VISIBLE_DEVICES order $CUDA_DEVICE_ORDER"
pid=$$
while [ "$pid" -gt 1 ]; do
	echo "$(tr -d ' ' <"/proc/$pid/comm") $(grep Cpus_allowed_list "/proc/$pid/status" | cut -f 2)"
	pid=$(grep PPid "/proc/$pid/status" | cut -f 2)
done
`,
		{mode: 0o755},
	);
});

const allowed = readCpuTopology().allowed;
const allCpus = formatCpuList(allowed);

const run = async (
	options: readonly string[],
	env: Readonly<Record<string, string>> = {},
): Promise<Ended> => runBenchmark(['-o', out, ...options, program], {env});

/** First on PATH; its GPUs are on no bus that a machine has. */
const smiEnvironment = (
	recording: SmiRecording,
	env: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> => {
	const nowhere = ['00000000:FD:1E.0', '00000000:FE:1E.0', '00000000:FF:1E.0'];
	const smi = new FakeSmi(folder, {
		...recording,
		values: {...recording.values, 'pci.bus_id': nowhere},
	});
	return {PATH: `${path.dirname(smi.command)}:${process.env['PATH'] ?? ''}`, ...env};
};
const workersOf = () => readJsonFile(Manifest, path.join(out, 'run.json')).workers;
const outputOf = (worker: string): readonly string[] =>
	readFileSync(path.join(out, worker, 'stdout.log'), 'utf8')
		.trim()
		.split('\n');

const [first = '', , third = ''] = h100MigOf535.values['uuid'] ?? [];
const secondPart = 'MIG-11111111-0000-5000-8000-000000000002';

describe('GPUs', () => {
	/** Nothing is measured: the program has no ranges for it, which makes the exit code 3. */
	const builtin = ['--profiler', 'builtin'] as const;

	it('named: each worker sees its own, and run.json says which it is', async () => {
		const env = smiEnvironment(h100MigOf535, {CUDA_DEVICE_ORDER: 'FASTEST_FIRST'});
		await run([...builtin, '--gpus', `${secondPart},2`], env);
		expect(workersOf()).toMatchObject([
			{folder: 'proc_0_gpu_0', gpuUuid: first, migUuid: secondPart, cudaVisibleDevices: secondPart},
			{folder: 'proc_0_gpu_1', gpuUuid: third, migUuid: null, cudaVisibleDevices: third},
		]);
		expect(outputOf('proc_0_gpu_0')[0]).toBe(`gpu ${secondPart} order PCI_BUS_ID`);
		expect(outputOf('proc_0_gpu_1')[0]).toBe(`gpu ${third} order PCI_BUS_ID`);
		expect(readJsonFile(Manifest, path.join(out, 'run.json'))).toMatchObject({
			options: {gpus: 2, gpuNames: [secondPart, '2'], cpuAffinity: 'none'},
			gpus: [{index: 0}, {index: 1}, {index: 2}],
		});
	});

	it.each([
		[
			'one that is not there',
			['--gpus', '7'],
			{},
			/--gpus 7: there is no such GPU[^]*MIG 3g\.40gb {2}MIG-1111/,
		],
		[
			'one that is hidden',
			['--gpus', '0'],
			{CUDA_VISIBLE_DEVICES: '2'},
			/CUDA_VISIBLE_DEVICES=2 leaves 1 usable[^]*--gpus 2/,
		],
		['more than there are', ['-ng', '4'], {}, /-ng 4: this machine has 3 GPUs[^]*may reach 3/],
		['-ng that disagrees', ['-ng', '2', '--gpus', '2'], {}, /--gpus 2 names 1, but -ng 2/],
		['-go beside names', ['-go', '1', '--gpus', '2'], {}, /-go 1 has no meaning beside --gpus 2/],
		['an empty name', ['--gpus', '0,,2'], {}, /"0,,2" has an empty name/],
		['an affinity that is none', ['--cpu-affinity', 'near'], {}, /one of none, numa, spread/],
	])('refuses %s', async (_, options, env, words) => {
		const ended = await run([...builtin, ...options], smiEnvironment(h100MigOf535, env));
		expect(ended.stderr).toMatch(words);
		expect(ended.stderr).not.toMatch(/\n\s+at /);
		expect(ended.exitCode).toBe(2);
	});

	it('what should be known of the placement is said without nsys too', async () => {
		const values = {...h100MigOf535.values, 'mig.mode.current': ['[N/A]', '[N/A]', '[N/A]']};
		const recording = {...h100MigOf535, values: {...values, name: ['A', 'A', 'B']}};
		const {stderr} = await run(builtin, smiEnvironment(recording, {CUDA_VISIBLE_DEVICES: '1'}));
		expect(stderr).toMatch(/CUDA_VISIBLE_DEVICES=1 counts GPUs in CUDA's own order/);
		expect(workersOf()).toMatchObject([{cudaVisibleDevices: '1', gpuUuid: null}]);
		expect(outputOf('proc_0_gpu_0')[0]).toBe('gpu 1 order ');
	});

	it('-ng and -go 0 beside names that agree', async () => {
		const options = [...builtin, '-ng', '1', '-go', '0', '--gpus', '2'];
		await run(options, smiEnvironment(h100MigOf535));
		expect(workersOf()).toMatchObject([{gpuUuid: third}]);
	});

	it('doctor shows instances, what cannot be used, and what to type', async () => {
		const {stdout} = await runBenchmark(['doctor'], {env: smiEnvironment(h100MigOf535)});
		expect(stdout).toContain(`MIG 3g.40gb  ${secondPart}`);
		expect(stdout).toContain('no MIG instance: CUDA cannot use it');
		expect(stdout).toMatch(/A run may use 3: --gpus MIG-\S+0001,MIG-\S+0002,2, or/);
	});
});

describeWithNsys('CPUs under nsys', (nsys) => {
	const real = ['--nsys', nsys.path] as const;
	const canBind = process.platform === 'linux' && allowed.length > 1;

	it('spread: each program is bound to its share, nsys is not', async ({skip}) => {
		skip(!canBind, 'needs two CPUs');
		expect(await run([...real, '-np', '2', '--cpu-affinity', 'spread'])).toMatchObject({
			exitCode: 0,
		});
		const [one, two] = workersOf();
		expect(one?.cpus).not.toBe(two?.cpus);
		for (const worker of workersOf()) {
			const [, ...ancestors] = outputOf(worker.folder).map((line) => line.split(' '));
			expect(ancestors[0]).toEqual(['program.sh', worker.cpus]);
			const profiler = ancestors.find(([name]) => name?.startsWith('nsys'));
			expect(profiler?.[1]).toBe(allCpus);
		}
	});

	it('numa: the CPUs near its GPU; a GPU without any near runs unbound, and that is said', async () => {
		const far = Math.max(...allowed) + 1;
		const topology = `\tGPU0\tGPU2\tCPU Affinity\tNUMA Affinity
GPU0\t X \tSYS\t${allowed[0] ?? 0},${far}\t0
GPU2\tSYS\t X \t${far}\t1
`;
		const env = smiEnvironment({...h100MigOf535, topology});
		const options = [...real, '--gpus', `${secondPart},2`, '--cpu-affinity', 'numa'];
		const ended = await run(options, env);
		expect(ended.exitCode).toBe(0);
		expect(ended.stderr).toMatch(/are near GPU 2 is not known/);
		expect(workersOf()).toMatchObject([{cpus: String(allowed[0])}, {cpus: null}]);
		expect(outputOf('proc_0_gpu_0')[1]).toBe(`program.sh ${allowed[0] ?? 0}`);
		expect(outputOf('proc_0_gpu_1')[1]).toBe(`program.sh ${allCpus}`);
	});
});
