import {chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {assignCpus, type CpuHost} from '../../../launcher/cpu-affinity.ts';
import {bindCommand, findCpuBinder} from '../../../launcher/cpu-binder.ts';
import {formatCpuList, parseCpuList} from '../../../launcher/cpu-list.ts';
import {readCpuTopology, readPciPlace} from '../../../launcher/cpu-topology.ts';
import {findGpuPlaces} from '../../../launcher/gpu-places.ts';
import {FakeSmi} from '../../support/fake-smi.ts';
import {h100MigOf535} from '../../support/recorded-hopper-gpus.ts';

let root: string;
beforeEach(() => {
	root = mkdtempSync(path.join(os.tmpdir(), 'cpus-'));
});
afterEach(() => rmSync(root, {recursive: true, force: true}));

const write = (name: string, text: string): void => {
	const file = path.join(root, name);
	mkdirSync(path.dirname(file), {recursive: true});
	writeFileSync(file, `${text}\n`);
};

/** Two sockets of two cores, two threads each: 0 and 4 are one core, as Linux mostly numbers them. */
const writeMachine = (allowed: string): void => {
	write('proc/self/status', `Name:\tnode\nCpus_allowed_list:\t${allowed}\nMems_allowed_list:\t0-1`);
	for (let cpu = 0; cpu < 8; cpu++) {
		const topology = `sys/devices/system/cpu/cpu${cpu}/topology`;
		write(`${topology}/thread_siblings_list`, `${cpu % 4},${(cpu % 4) + 4}`);
		write(`${topology}/physical_package_id`, String((cpu >> 1) % 2));
	}

	write('sys/devices/system/node/node0/cpulist', '0-1,4-5');
	write('sys/devices/system/node/node1/cpulist', '2-3,6-7');
};

describe('a list of CPUs', () => {
	it.each([
		['0-3,8,10-11', [0, 1, 2, 3, 8, 10, 11]],
		['8,0-1,1', [0, 1, 8]],
		['', []],
		['N/A', []],
		['1,0-99999999999999', [1]],
	])('%j', (text, cpus) => {
		expect(parseCpuList(text)).toEqual(cpus);
	});

	it('is read as it is written', () => {
		fc.assert(
			fc.property(fc.uniqueArray(fc.nat({max: 300})), (cpus) => {
				expect(parseCpuList(formatCpuList(cpus))).toEqual(cpus.toSorted((a, b) => a - b));
			}),
		);
	});
});

describe('readCpuTopology', () => {
	it('whole cores, those of one node together', () => {
		writeMachine('0-7');
		expect(readCpuTopology(root)).toEqual({
			allowed: [0, 1, 2, 3, 4, 5, 6, 7],
			cores: [
				[0, 4],
				[1, 5],
				[2, 6],
				[3, 7],
			],
			nodes: [
				{node: 0, cpus: [0, 1, 4, 5]},
				{node: 1, cpus: [2, 3, 6, 7]},
			],
			memoryNodes: [0, 1],
		});
	});

	it('only what a cgroup leaves', () => {
		writeMachine('1,3-4,7');
		expect(readCpuTopology(root)).toMatchObject({
			cores: [[1], [4], [3, 7]],
			nodes: [{cpus: [1, 4]}, {cpus: [3, 7]}],
		});
	});

	it('of a kernel that tells nothing', () => {
		expect(readCpuTopology(root)).toEqual({allowed: [], cores: [], nodes: [], memoryNodes: []});
	});

	it('of this machine: as many as Node counts', () => {
		expect(readCpuTopology().allowed).toHaveLength(os.availableParallelism());
	});
});

describe('where a GPU is', () => {
	const device = (id: string, cpus: string, node: string): void => {
		write(`sys/bus/pci/devices/${id}/local_cpulist`, cpus);
		write(`sys/bus/pci/devices/${id}/numa_node`, node);
	};

	it('the kernel tells, under a shorter name', () => {
		device('0000:0c:00.0', '0-3', '1');
		expect(readPciPlace('00000000:0C:00.0', root)).toEqual({cpuAffinity: '0-3', numaNode: '1'});
	});

	it('node -1, as on virtual machines: not told', () => {
		device('0000:0c:00.0', '0-3', '-1');
		expect(readPciPlace('00000000:0C:00.0', root)).toBeNull();
		expect(readPciPlace('00000000:0D:00.0', root)).toBeNull();
	});

	it('nvidia-smi is asked for the rest', async () => {
		device('0000:05:00.0', '6-7', '3');
		const gpus = ['00000000:04:00.0', '00000000:05:00.0', null].map((busId, index) => ({
			index,
			uuid: `GPU-${index}`,
			name: 'H100',
			driver: '535',
			busId,
		}));
		expect([...(await findGpuPlaces(gpus, new FakeSmi(root, h100MigOf535), root))]).toEqual([
			[0, {cpuAffinity: '0-1', numaNode: '0'}],
			[1, {cpuAffinity: '6-7', numaNode: '3'}],
			[2, {cpuAffinity: '2-3', numaNode: '1'}],
		]);
	});
});

const hostOf = (allowed: string, given: Partial<CpuHost> = {}): CpuHost => {
	writeMachine(allowed);
	return {
		topology: readCpuTopology(root),
		binder: {taskset: 'taskset', numactl: 'numactl'},
		places: new Map([
			[0, {cpuAffinity: '0-1,4-5', numaNode: '0'}],
			[1, {cpuAffinity: '2-3,6-7', numaNode: '1'}],
		]),
		...given,
	};
};
const workers = (...gpus: readonly (number | null)[]) => gpus.map((gpuIndex) => ({gpuIndex}));
const cpusOf = (plan: ReturnType<typeof assignCpus>) => plan.bindings.map(({cpus}) => cpus);

describe('assignCpus', () => {
	it('none: nothing is bound', () => {
		expect(assignCpus('none', workers(0), hostOf('0-7')).bindings).toEqual([
			{cpus: null, memoryNode: null},
		]);
	});

	it('numa: the CPUs and the memory near its GPU, shared by its processes', () => {
		expect(assignCpus('numa', workers(1, 0, 1), hostOf('0-7'))).toEqual({
			warnings: [],
			bindings: [
				{cpus: '2-3,6-7', memoryNode: 1},
				{cpus: '0-1,4-5', memoryNode: 0},
				{cpus: '2-3,6-7', memoryNode: 1},
			],
		});
	});

	it('numa: no more than a cgroup leaves, and memory only with numactl', () => {
		const host = hostOf('1,3-7', {binder: {taskset: 'taskset', numactl: null}});
		expect(assignCpus('numa', workers(0), host).bindings).toEqual([
			{cpus: '1,4-5', memoryNode: null},
		]);
	});

	it.each([
		['none of them near', '2-3', [0, 1], [null, '2-3'], /near GPU 0 /],
		['a GPU of unknown place', '0-7', [5], [null], /near GPU 5 /],
		['no GPU', '0-7', [null], [null], /near its GPU /],
	] as const)('numa: %s, unbound and told', (_, allowed, gpus, cpus, words) => {
		const plan = assignCpus('numa', workers(...gpus), hostOf(allowed));
		expect(cpusOf(plan)).toEqual(cpus);
		expect(plan.warnings).toMatchObject([{code: 'cpu-affinity'}]);
		expect(plan.warnings[0]?.message).toMatch(words);
	});

	it.each([
		['whole cores', '0-7', 2, ['0-1,4-5', '2-3,6-7']],
		['a core each', '0-7', 4, ['0,4', '1,5', '2,6', '3,7']],
		['what is left over stays free', '0-7', 3, ['0,4', '1,5', '2,6']],
		['threads, where there are not enough cores', '0-7', 5, ['0', '4', '1', '5', '2']],
		['of what a cgroup leaves', '1,3-4,7', 2, ['1', '4']],
		['one alone gets all', '0-7', 1, ['0-7']],
	])('spread: %s', (_, allowed, count, cpus) => {
		const plan = assignCpus('spread', workers(...Array<null>(count).fill(null)), hostOf(allowed));
		expect(cpusOf(plan)).toEqual(cpus);
		expect(plan.warnings).toEqual([]);
	});

	it('spread: more processes than CPUs share them, and it is told', () => {
		const plan = assignCpus('spread', workers(0, 0, 0), hostOf('2-3'));
		expect(cpusOf(plan)).toEqual(['2', '3', '2']);
		expect(plan.warnings[0]?.message).toContain('3 processes run side by side on 2 CPUs (2-3)');
	});

	it('spread: everyone gets as many, nobody another’s, all within what is allowed', () => {
		fc.assert(
			fc.property(
				fc.uniqueArray(fc.nat({max: 7}), {minLength: 1}),
				fc.integer({min: 1, max: 10}),
				(allowed, count) => {
					const host = hostOf(formatCpuList(allowed));
					const plan = assignCpus('spread', workers(...Array<null>(count).fill(null)), host);
					const given = cpusOf(plan).map((cpus) => parseCpuList(cpus ?? ''));
					expect(given.every((cpus) => cpus.length > 0)).toBe(true);
					expect(given.flat().every((cpu) => allowed.includes(cpu))).toBe(true);
					const isEnough = count <= allowed.length;
					expect(plan.warnings.length === 0).toBe(isEnough);
					expect(!isEnough || new Set(given.flat()).size === given.flat().length).toBe(true);
				},
			),
			{numRuns: 40},
		);
	});

	it('without a tool: unbound and told', () => {
		const host = hostOf('0-7', {binder: {taskset: null, numactl: null}});
		const plan = assignCpus('spread', workers(0, 1), host);
		expect(cpusOf(plan)).toEqual([null, null]);
		expect(plan.warnings[0]?.message).toContain('neither taskset nor numactl works here');
	});
});

describe('the tool that binds', () => {
	it.each([
		[{taskset: 'taskset', numactl: 'numactl'}, '0-1', null, 'taskset -c 0-1'],
		[{taskset: 'taskset', numactl: 'numactl'}, '0-1', 1, 'numactl --physcpubind=0-1 --membind=1'],
		[{taskset: null, numactl: 'numactl'}, '3', null, 'numactl --physcpubind=3'],
		[{taskset: 'taskset', numactl: null}, null, null, ''],
		[null, '3', null, ''],
	])('%j %j %j', (binder, cpus, memoryNode, expected) => {
		expect(bindCommand(binder, {cpus, memoryNode}).join(' ')).toBe(expected);
	});

	it('is one that works, not only one that is there', async () => {
		write('bin/taskset', '#!/bin/sh\necho "invalid option -- c" >&2; exit 1');
		write('bin/numactl', '#!/bin/sh\nwhile [ "${1#--}" != "$1" ]; do shift; done\nexec "$@"');
		write('bin/true', '#!/bin/sh');
		['taskset', 'numactl', 'true'].forEach((name) =>
			chmodSync(path.join(root, 'bin', name), 0o755),
		);
		const env = {PATH: path.join(root, 'bin')};
		expect(await findCpuBinder(hostOf('0-7').topology, env)).toEqual({
			taskset: null,
			numactl: 'numactl',
		});
	});

	it('none in PATH: none', async () => {
		expect(await findCpuBinder(hostOf('0-7').topology, {PATH: root})).toEqual({
			taskset: null,
			numactl: null,
		});
	});
});
