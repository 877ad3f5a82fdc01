/** What the kernel tells of the machine and of the container that we may be in. */

import {existsSync, readFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type {MachineFacts} from '../schemas/fingerprint.ts';
import {findFiles} from './find-files.ts';
import type {Environment} from './worker-environment.ts';

/** null: no such file here, as on most virtual machines, or not ours to read. */
const readText = (file: string): string | null => {
	try {
		return readFileSync(file, 'utf8').trim();
	} catch {
		// Which files exist differs from kernel to kernel; one that is absent is a fact not known.
		return null;
	}
};

const readGovernors = (root: string): string[] | null => {
	const files = findFiles(path.join(root, 'sys/devices/system/cpu/cpu*/cpufreq/scaling_governor'));
	const governors = files.map(readText).filter((governor) => governor !== null);
	return governors.length === 0 ? null : [...new Set(governors)].toSorted();
};

/** Intel's driver says "no turbo", the others say "boost". */
const readBoost = (root: string): boolean | null => {
	const cpu = path.join(root, 'sys/devices/system/cpu');
	const noTurbo = readText(path.join(cpu, 'intel_pstate/no_turbo'));
	const boost = readText(path.join(cpu, 'cpufreq/boost'));
	return noTurbo === null ? (boost === null ? null : boost === '1') : noTurbo === '0';
};

const readNumaNodes = (root: string): MachineFacts['numaNodes'] => {
	const nodes = findFiles(path.join(root, 'sys/devices/system/node/node*'))
		.map((folder) => ({
			node: Number(/\d+$/.exec(folder)?.[0] ?? NaN),
			cpus: readText(path.join(folder, 'cpulist')),
		}))
		.filter((found): found is {node: number; cpus: string} => found.cpus !== null)
		.toSorted((a, b) => a.node - b.node);
	return nodes.length === 0 ? null : nodes;
};

/** Signs in the cgroups of process 1, or ours where that one is hidden; cgroup v2 inside a container mostly shows "/". */
const cgroupSigns: readonly (readonly [RegExp, string])[] = [
	[/kubepods/, 'kubernetes'],
	[/libpod/, 'podman'],
	[/docker|containerd/, 'docker'],
	[/\blxc\b/, 'lxc'],
];

const findContainer = (root: string, env: Environment): string | null => {
	const exists = (file: string): boolean => existsSync(path.join(root, file));
	const cgroups = ['proc/1/cgroup', 'proc/self/cgroup']
		.map((file) => readText(path.join(root, file)) ?? '')
		.join('\n');
	const isSet = (name: string): boolean => (env[name] ?? '') !== '';
	if (isSet('KUBERNETES_SERVICE_HOST')) {
		return 'kubernetes';
	}

	if (isSet('APPTAINER_CONTAINER') || isSet('SINGULARITY_CONTAINER') || exists('.singularity.d')) {
		return 'apptainer';
	}

	const sign = cgroupSigns.find(([pattern]) => pattern.test(cgroups))?.[1];
	return (
		sign ??
		(exists('.dockerenv') ? 'docker' : null) ??
		(exists('run/.containerenv') ? 'podman' : null) ??
		(isSet('container') ? 'container' : null) ??
		(/microsoft/i.test(readText(path.join(root, 'proc/version')) ?? '') ? 'wsl' : null)
	);
};

/** @param root for tests: where /sys and /proc are */
export const fingerprintMachine = (env: Environment, root = '/'): MachineFacts => ({
	cpuGovernors: readGovernors(root),
	cpuBoost: readBoost(root),
	cpusAllowed: Math.max(1, os.availableParallelism()),
	numaNodes: readNumaNodes(root),
	container: findContainer(root, env),
});
