/**
 * Binds a program to CPUs with taskset (util-linux), and to a node's memory with numactl. The tool stands between nsys and
 * the program: nsys's own agent, which writes the report, stays free to run elsewhere and takes no time from the program.
 */

import {execa} from 'execa';
import {formatCpuList} from './cpu-list.ts';
import type {CpuTopology} from './cpu-topology.ts';

export interface CpuBinder {
	/** Names or paths; null: not there, or it does not work here. */
	readonly taskset: string | null;
	readonly numactl: string | null;
}

export interface Binding {
	/** "0-15,64-79"; null: all. */
	readonly cpus: string | null;
	/** null: any node's memory. */
	readonly memoryNode: number | null;
}

const patienceMs = 10_000;

const works = async (
	argv: readonly string[],
	env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> => {
	const [file = '', ...rest] = argv;
	const tried = await execa(file, [...rest, 'true'], {
		reject: false,
		stdio: 'ignore',
		timeout: patienceMs,
		env: {...env},
		extendEnv: false,
	});
	return !tried.failed;
};

/**
 * Both are tried, since being there is not enough: BusyBox's old taskset takes no lists, and Docker forbids the call that
 * binds memory.
 */
export const findCpuBinder = async (
	{allowed, memoryNodes}: CpuTopology,
	env: Readonly<Record<string, string | undefined>>,
): Promise<CpuBinder> => {
	const cpus = formatCpuList(allowed);
	const nodes = formatCpuList(memoryNodes);
	const [taskset, numactl] = await Promise.all([
		works(['taskset', '-c', cpus], env),
		works(['numactl', `--physcpubind=${cpus}`, `--membind=${nodes}`], env),
	]);
	return {taskset: taskset ? 'taskset' : null, numactl: numactl ? 'numactl' : null};
};

/** What stands before a command to bind it. */
export const bindCommand = (
	binder: CpuBinder | null,
	{cpus, memoryNode}: Binding,
): readonly string[] => {
	if (binder === null || cpus === null) {
		return [];
	}

	const {taskset, numactl} = binder;
	if (numactl !== null && (memoryNode !== null || taskset === null)) {
		const memory = memoryNode === null ? [] : [`--membind=${memoryNode}`];
		return [numactl, `--physcpubind=${cpus}`, ...memory];
	}

	return taskset === null ? [] : [taskset, '-c', cpus];
};
