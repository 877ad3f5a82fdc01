/** Which CPUs each worker's program is bound to, by `--cpu-affinity`. Pure. */

import type {Warning} from '../schemas/warning.ts';
import type {Binding, CpuBinder} from './cpu-binder.ts';
import {formatCpuList, parseCpuList} from './cpu-list.ts';
import type {CpuTopology} from './cpu-topology.ts';
import type {GpuPlace} from './gpu-topology.ts';

/** numa: the CPUs near its GPU. spread: an equal share of all CPUs for each worker. */
export const cpuAffinities = ['none', 'numa', 'spread'] as const;
export type CpuAffinity = (typeof cpuAffinities)[number];

export interface CpuHost {
	readonly topology: CpuTopology;
	readonly binder: CpuBinder;
	/** By nvidia-smi's index. */
	readonly places: ReadonlyMap<number, GpuPlace>;
}

/** One of the workers that run side by side. */
export interface Bindee {
	/** nvidia-smi's index of its GPU; null: not known. */
	readonly gpuIndex: number | null;
}

export interface CpuPlan {
	/** In the order of the workers. */
	readonly bindings: readonly Binding[];
	readonly warnings: readonly Warning[];
}

export const unbound: Binding = {cpus: null, memoryNode: null};

const warn = (message: string): readonly Warning[] => [{code: 'cpu-affinity', message}];

const bindNear = ({gpuIndex}: Bindee, {topology, binder, places}: CpuHost): Binding => {
	const place = gpuIndex === null ? undefined : places.get(gpuIndex);
	const allowed = new Set(topology.allowed);
	const near = parseCpuList(place?.cpuAffinity ?? '').filter((cpu) => allowed.has(cpu));
	if (near.length === 0) {
		return unbound;
	}

	const node = /^\d+$/.test(place?.numaNode ?? '') ? Number(place?.numaNode) : null;
	const hasChoice = topology.memoryNodes.length > 1 && binder.numactl !== null;
	return {
		cpus: formatCpuList(near),
		memoryNode: node !== null && hasChoice && topology.memoryNodes.includes(node) ? node : null,
	};
};

/** All workers of a node share it: the scheduler then moves threads of one worker to where another one waits. */
const bindNuma = (workers: readonly Bindee[], host: CpuHost): CpuPlan => {
	const bindings = workers.map((worker) => bindNear(worker, host));
	const lost = new Set(
		workers
			.filter((_, index) => bindings[index]?.cpus === null)
			.map(({gpuIndex}) => (gpuIndex === null ? 'its GPU' : `GPU ${gpuIndex}`)),
	);
	return {
		bindings,
		warnings:
			lost.size === 0
				? []
				: warn(
						`--cpu-affinity numa: which of the CPUs that may be used (${formatCpuList(host.topology.allowed)}) are near ${[...lost].join(', ')} is not known, or none is: programs there run unbound. --cpu-affinity spread needs no GPU.`,
					),
	};
};

/**
 * Everyone gets the same number of whole cores, so that processes can be compared; cores that are left over stay free for
 * the profiler. With more workers than cores, threads are shared out alike; with more workers than those, workers share.
 */
const bindSpread = (count: number, {topology: {allowed, cores}}: CpuHost): CpuPlan => {
	const units = count <= cores.length ? cores : cores.flat().map((cpu) => [cpu]);
	const share = Math.max(1, Math.floor(units.length / count));
	const bindings = Array.from({length: count}, (_, index) => {
		const start = (index * share) % units.length;
		const cpus = units.slice(start, start + share).flat();
		return {cpus: formatCpuList(cpus), memoryNode: null};
	});
	return {
		bindings,
		warnings:
			count <= allowed.length
				? []
				: warn(
						`--cpu-affinity spread: ${count} processes run side by side on ${allowed.length} CPUs (${formatCpuList(allowed)}), so some of them share one.`,
					),
	};
};

/** @param host null: nothing was looked up, since nothing was asked for */
export const assignCpus = (
	affinity: CpuAffinity,
	workers: readonly Bindee[],
	host: CpuHost | null,
): CpuPlan => {
	const none = workers.map(() => unbound);
	if (affinity === 'none' || host === null) {
		return {bindings: none, warnings: []};
	}

	if (host.topology.allowed.length === 0) {
		return {
			bindings: none,
			warnings: warn('This system does not tell which CPUs may be used: programs run unbound.'),
		};
	}

	if (host.binder.taskset === null && host.binder.numactl === null) {
		return {
			bindings: none,
			warnings: warn(
				`--cpu-affinity ${affinity}: neither taskset nor numactl works here, so programs run unbound. taskset is part of util-linux.`,
			),
		};
	}

	return affinity === 'numa' ? bindNuma(workers, host) : bindSpread(workers.length, host);
};
