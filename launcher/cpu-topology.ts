/** The CPUs that we may use, which of them are threads of one core, and which are near which memory and which GPU. */

import {readFileSync} from 'node:fs';
import path from 'node:path';
import {parseCpuList} from './cpu-list.ts';
import {findFiles} from './find-files.ts';
import type {GpuPlace} from './gpu-topology.ts';

export interface CpuNode {
	readonly node: number;
	/** Those that we may use. */
	readonly cpus: readonly number[];
}

export interface CpuTopology {
	/** What cgroup and scheduler leave us. */
	readonly allowed: readonly number[];
	/** The allowed CPUs by physical core; cores of one NUMA node, then of one socket, stand together. */
	readonly cores: readonly (readonly number[])[];
	/** NUMA nodes; empty where the kernel does not tell. */
	readonly nodes: readonly CpuNode[];
	/** The nodes whose memory we may use. */
	readonly memoryNodes: readonly number[];
}

/** "" for what this kernel does not have. */
const readText = (...parts: readonly string[]): string => {
	try {
		return readFileSync(path.join(...parts), 'utf8').trim();
	} catch {
		// Which files exist differs from kernel to kernel; one that is absent is a fact not known.
		return '';
	}
};

const readStatus = (root: string, name: string): string =>
	new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(readText(root, 'proc/self/status'))?.[1] ?? '';

const readNodes = (root: string, allowed: ReadonlySet<number>): readonly CpuNode[] =>
	findFiles(path.join(root, 'sys/devices/system/node/node*/cpulist'))
		.map((file) => ({
			node: Number(/node(\d+)\/cpulist$/.exec(file)?.[1] ?? NaN),
			cpus: parseCpuList(readText(file)).filter((cpu) => allowed.has(cpu)),
		}))
		.toSorted((a, b) => a.node - b.node);

const readSocket = (root: string, cpu: number): number =>
	Number(readText(root, `sys/devices/system/cpu/cpu${cpu}/topology/physical_package_id`) || 0);

const readCores = (
	root: string,
	allowed: readonly number[],
	nodes: readonly CpuNode[],
): CpuTopology['cores'] => {
	const cores = new Map<string, {order: readonly number[]; cpus: number[]}>();
	for (const cpu of allowed) {
		const topology = `sys/devices/system/cpu/cpu${cpu}/topology`;
		// The newer name, the older one; without either a CPU is a core of its own.
		const threads =
			readText(root, topology, 'core_cpus_list') ||
			readText(root, topology, 'thread_siblings_list') ||
			String(cpu);
		const core = cores.get(threads);
		if (core === undefined) {
			const node = nodes.findIndex(({cpus}) => cpus.includes(cpu));
			cores.set(threads, {order: [node, readSocket(root, cpu), cpu], cpus: [cpu]});
		} else {
			core.cpus.push(cpu);
		}
	}

	return [...cores.values()]
		.toSorted((a, b) => {
			const at = a.order.findIndex((value, index) => value !== b.order[index]);
			return (a.order[at] ?? 0) - (b.order[at] ?? 0);
		})
		.map(({cpus}) => cpus);
};

/** @param root for tests: where /sys and /proc are */
export const readCpuTopology = (root = '/'): CpuTopology => {
	const allowed = parseCpuList(readStatus(root, 'Cpus_allowed_list'));
	const nodes = readNodes(root, new Set(allowed));
	return {
		allowed,
		cores: readCores(root, allowed, nodes),
		nodes,
		memoryNodes: parseCpuList(readStatus(root, 'Mems_allowed_list')),
	};
};

/** nvidia-smi writes eight digits of the domain, the kernel four: "00000000:0C:00.0" is 0000:0c:00.0. */
const kernelBusId = (busId: string): string =>
	busId.toLowerCase().replace(/^0000(?=[\da-f]{4}:)/, '');

/**
 * What the kernel tells of a PCI device's place; null where it does not: it says node -1 on most virtual machines, and
 * some containers hide it.
 */
export const readPciPlace = (busId: string, root = '/'): GpuPlace | null => {
	const device = path.join(root, 'sys/bus/pci/devices', kernelBusId(busId));
	const cpus = readText(device, 'local_cpulist');
	const node = readText(device, 'numa_node');
	return /^\d/.test(cpus) && /^\d+$/.test(node) ? {cpuAffinity: cpus, numaNode: node} : null;
};
