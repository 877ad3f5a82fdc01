import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {fingerprintEnvironment} from '../../../launcher/fingerprint-environment.ts';
import {fingerprintGit} from '../../../launcher/fingerprint-git.ts';
import {
	fingerprintGpus,
	parseCudaVersion,
	parseMigDevices,
} from '../../../launcher/fingerprint-gpus.ts';
import {fingerprintMachine} from '../../../launcher/fingerprint-machine.ts';
import {fingerprintPython} from '../../../launcher/fingerprint-python.ts';
import {gatherFingerprint} from '../../../launcher/fingerprint.ts';
import {parseTopology} from '../../../launcher/gpu-topology.ts';
import {findPython} from '../../../launcher/program.ts';
import {Fingerprint} from '../../../schemas/fingerprint.ts';
import {FakeSmi} from '../../support/fake-smi.ts';
import {h100Pair590, h200Mig580} from '../../support/recorded-hopper-gpus.ts';
import {a100Of470, laptop} from '../../support/recorded-older-gpus.ts';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(os.tmpdir(), 'fingerprint-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

const write = (name: string, text: string): string => {
	const file = path.join(folder, name);
	mkdirSync(path.dirname(file), {recursive: true});
	writeFileSync(file, text, {mode: 0o755});
	return file;
};

describe('fingerprintGpus', () => {
	it('tells of a MIG GPU what its driver tells', async () => {
		expect(await fingerprintGpus(new FakeSmi(folder, h200Mig580))).toEqual({
			driverCudaVersion: '13.0',
			gpuLinks: [],
			gpus: [
				{
					index: 0,
					uuid: 'GPU-00000000-0000-0000-0000-000000000000',
					name: 'NVIDIA H200',
					driver: '580.173.02',
					vbios: '96.00.A5.00.03',
					busId: '00000000:83:00.0',
					computeCapability: '9.0',
					memoryMib: 143_771,
					computeMode: 'Default',
					persistenceMode: true,
					migMode: true,
					migDevices: [{uuid: 'MIG-f165f0ad-bde2-5b72-acdf-73bbf48eeb2c', profile: '3g.71gb'}],
					ecc: true,
					pcieGeneration: 5,
					pcieMaxGeneration: 5,
					pcieWidth: 16,
					pcieMaxWidth: 16,
					powerLimitWatts: 700,
					enforcedPowerLimitWatts: 700,
					defaultPowerLimitWatts: 700,
					minPowerLimitWatts: 200,
					maxPowerLimitWatts: 700,
					maxSmClockMhz: 1980,
					maxMemoryClockMhz: 3201,
					applicationGraphicsClockMhz: 1980,
					applicationMemoryClockMhz: 3201,
					defaultGraphicsClockMhz: 1980,
					defaultMemoryClockMhz: 3201,
					cpuAffinity: '0-23',
					numaNode: '0',
				},
			],
		});
	});

	it('knows how two GPUs are linked and which CPUs are near each', async () => {
		const {gpus, gpuLinks} = await fingerprintGpus(new FakeSmi(folder, h100Pair590));
		expect(gpuLinks).toEqual([{from: 0, to: 1, kind: 'NV18'}]);
		expect(gpus.map(({cpuAffinity, numaNode}) => [cpuAffinity, numaNode])).toEqual([
			['0-23,96-119', '0'],
			['24-47,120-143', '1'],
		]);
	});

	it('asks driver 470 by its own names', async () => {
		const {gpus} = await fingerprintGpus(new FakeSmi(folder, a100Of470));
		expect(gpus[0]).toMatchObject({
			driver: '470.129.06',
			computeCapability: null,
			pcieGeneration: 3,
			powerLimitWatts: 400,
			applicationGraphicsClockMhz: 1095,
			cpuAffinity: '0-9,20-29',
			numaNode: null,
		});
	});

	it('of a laptop knows little, and says so', async () => {
		const {gpus, gpuLinks} = await fingerprintGpus(new FakeSmi(folder, laptop));
		expect(gpuLinks).toBeNull();
		expect(gpus[0]).toMatchObject({
			powerLimitWatts: null,
			maxSmClockMhz: null,
			ecc: null,
			migMode: null,
			persistenceMode: null,
			applicationGraphicsClockMhz: 901,
		});
	});

	it.each([null, '/no/such/nvidia-smi'])(
		'without a driver there are none (%s)',
		async (command) => {
			const smi = command === null ? new FakeSmi(folder, null) : {command};
			expect(await fingerprintGpus(smi)).toEqual({
				gpus: [],
				gpuLinks: null,
				driverCudaVersion: null,
			});
		},
	);
});

describe('what nvidia-smi prints for people', () => {
	it('MIG devices belong to the GPU above them', () => {
		const text = `GPU 0: NVIDIA A100 (UUID: GPU-a)
GPU 1: NVIDIA A100 (UUID: GPU-b)
  MIG 1g.5gb      Device  0: (UUID: MIG-1)
  MIG 1g.5gb+me   Device  1: (UUID: MIG-GPU-b/2/0)
`;
		expect([...parseMigDevices(text)]).toEqual([
			[
				1,
				[
					{profile: '1g.5gb', uuid: 'MIG-1'},
					{profile: '1g.5gb+me', uuid: 'MIG-GPU-b/2/0'},
				],
			],
		]);
	});

	it.each([
		['| NVIDIA-SMI 470.129.06   Driver Version: 470.129.06   CUDA Version: 11.4     |', '11.4'],
		['CUDA Version                              : 13.1', '13.1'],
		['| NVIDIA-SMI 550 Driver Version: 550 CUDA Version: N/A |', null],
	])('%j: CUDA %s', (text, version) => {
		expect(parseCudaVersion(text)).toBe(version);
	});

	it('without a topology there is none', () => {
		expect(parseTopology('Failed to run topology matrix\n')).toEqual({
			places: new Map(),
			links: [],
		});
	});
});

describe('fingerprintMachine', () => {
	it('reads governors, boost and memory nodes', () => {
		for (const [cpu, governor] of ['powersave', 'performance', 'performance'].entries()) {
			write(`sys/devices/system/cpu/cpu${cpu}/cpufreq/scaling_governor`, `${governor}\n`);
		}

		write('sys/devices/system/cpu/intel_pstate/no_turbo', '0\n');
		write('sys/devices/system/node/node10/cpulist', '32-63\n');
		write('sys/devices/system/node/node2/cpulist', '0-31\n');
		expect(fingerprintMachine({}, folder)).toMatchObject({
			cpuGovernors: ['performance', 'powersave'],
			cpuBoost: true,
			numaNodes: [
				{node: 2, cpus: '0-31'},
				{node: 10, cpus: '32-63'},
			],
			container: null,
		});
	});

	it('knows nothing where the kernel tells nothing', () => {
		expect(fingerprintMachine({}, folder)).toMatchObject({
			cpuGovernors: null,
			cpuBoost: null,
			numaNodes: null,
			container: null,
		});
	});

	it.each([
		['.dockerenv', '', {}, 'docker'],
		['proc/1/cgroup', '0::/kubepods/burstable/pod1', {}, 'kubernetes'],
		['proc/1/cgroup', '0::/', {}, null],
		['proc/self/cgroup', '12:cpu:/docker/abc', {}, 'docker'],
		['run/.containerenv', '', {container: 'podman'}, 'podman'],
		['.singularity.d', '', {}, 'apptainer'],
		['proc/version', 'Linux 5.15.90.1-microsoft-standard-WSL2', {}, 'wsl'],
		['other', '', {KUBERNETES_SERVICE_HOST: '10.0.0.1'}, 'kubernetes'],
		['other', '', {container: 'systemd-nspawn'}, 'container'],
	])('%s %j %j: %s', (file, text, env, container) => {
		write(file, text);
		expect(fingerprintMachine(env, folder).container).toBe(container);
	});
});

describe('fingerprintEnvironment', () => {
	it('takes what is on the list, and never a secret', () => {
		expect(
			fingerprintEnvironment({
				OMP_NUM_THREADS: '4',
				CUDA_VISIBLE_DEVICES: '0',
				NCCL_P2P_DISABLE: '1',
				LD_PRELOAD: undefined,
				HOME: '/home/someone',
				AWS_SECRET_ACCESS_KEY: 'abc',
				HF_TOKEN: 'abc',
				CUDA_LICENSE_KEY: 'abc',
				NCCL_AUTH: 'abc',
				NCCL_CONF_FILE: 'http://someone:word@host/conf',
			}),
		).toEqual({CUDA_VISIBLE_DEVICES: '0', NCCL_P2P_DISABLE: '1', OMP_NUM_THREADS: '4'});
	});
});

describe('fingerprintPython', () => {
	it('tells the version and the packages that matter', async () => {
		const info = 'METADATA';
		write(
			`site/torch-2.5.1.dist-info/${info}`,
			'Metadata-Version: 2.1\nName: torch\nVersion: 2.5.1\n',
		);
		write(
			`site/left-pad-1.0.dist-info/${info}`,
			'Metadata-Version: 2.1\nName: left-pad\nVersion: 1.0\n',
		);
		const env = {...process.env, PYTHONPATH: path.join(folder, 'site')};
		const facts = await fingerprintPython(findPython(null, env), env);
		expect(facts?.version).toMatch(/^3\.\d+\.\d+/);
		expect(facts?.packages).toMatchObject({torch: '2.5.1'});
		expect(facts?.packages).not.toHaveProperty('left-pad');
	});

	it.each([
		['hangs', 'exec sleep 1000'],
		['fails', 'exit 1'],
		['says something else', 'echo hello'],
		['says too little', 'echo {}'],
	])('is null where Python %s', async (_, script) => {
		const python = write('python', `#!/bin/sh\n${script}\n`);
		expect(
			await fingerprintPython(python, process.env, script.includes('sleep') ? 100 : 5000),
		).toBeNull();
	});
});

describe('fingerprintGit', () => {
	const git = (...argv: readonly string[]): string =>
		execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...argv], {
			encoding: 'utf8',
			env: {PATH: process.env['PATH'] ?? '', HOME: folder},
			stdio: ['ignore', 'pipe', 'ignore'],
		}).trim();

	it('tells the commit, and whether the files are what it says', async () => {
		const program = write('program.py', 'pass');
		expect(await fingerprintGit(program)).toBeNull();
		git('init', '-b', 'main');
		expect(await fingerprintGit(program)).toBeNull();
		git('add', 'program.py');
		git('commit', '-m', 'first');
		const commit = git('rev-parse', 'HEAD');
		const clean = {commit, branch: 'main', dirty: false, tracked: true};
		expect(await fingerprintGit(program)).toEqual(clean);
		const other = write('other.py', 'pass');
		expect(await fingerprintGit(other)).toEqual({...clean, tracked: false});
		write('program.py', 'pass # changed');
		git('checkout', '--detach');
		expect(await fingerprintGit(program)).toEqual({...clean, branch: null, dirty: true});
	});

	it('starts nothing that the repository configures', async () => {
		const program = write('program.py', 'pass');
		const hook = write('hook', `#!/bin/sh\ntouch '${folder}/started'\n`);
		git('init');
		git('config', 'core.fsmonitor', hook);
		git('add', 'program.py');
		git('commit', '-m', 'first');
		rmSync(path.join(folder, 'started'), {force: true});
		expect(await fingerprintGit(program)).not.toBeNull();
		expect(() => rmSync(path.join(folder, 'started'))).toThrow(/ENOENT/);
	});
});

it('a fingerprint is of its schema, without GPU and Python too', async () => {
	const program = {
		kind: 'executable',
		typed: ['true'],
		command: ['/bin/true'],
		arguments: [],
		takesFolder: false,
	} as const;
	const fingerprint = await gatherFingerprint({
		program,
		env: {OMP_NUM_THREADS: '2'},
		smi: new FakeSmi(folder, null),
	});
	expect(Fingerprint.parse(fingerprint)).toMatchObject({
		gpus: [],
		python: null,
		git: null,
		environment: {OMP_NUM_THREADS: '2'},
	});
	const smi = mkdtempSync(path.join(folder, 'mig-'));
	const withGpu = await gatherFingerprint({program, env: {}, smi: new FakeSmi(smi, h200Mig580)});
	expect(Fingerprint.parse(withGpu).gpus).toHaveLength(1);
});
