/** Traces of other people against each other: reasons without a verdict; kernels by range as the report of kernels has them. */

import {describe, expect, it} from 'vitest';
import {addUpKernelsByGroup} from '../../nsys-parsers/grouped-kernels.ts';
import {readExportFacts} from '../../nsys-parsers/export-facts.ts';
import {readKernelNames} from '../../nsys-parsers/kernel-names.ts';
import {summarizeKernels} from '../../nsys-parsers/range-kernels.ts';
import {readDetailedTrace} from '../../nsys-parsers/read-trace.ts';
import {ComparisonReport} from '../../schemas/comparison-report.ts';
import {runMain} from '../support/compared-runs.ts';
import {noSharedTraces, sharedTrace} from '../support/shared-traces.ts';

const [before, after] = ['before', 'after'].map((name) =>
	sharedTrace(`pytorch-2gpu-${name}.sqlite`),
) as [string | undefined, string | undefined];

describe.skipIf(before === undefined || after === undefined)(
	before === undefined ? noSharedTraces('pytorch-2gpu-before.sqlite') : 'a pair of captures',
	() => {
		it('is told apart by kernels and counts, and proves nothing', async () => {
			const {exitCode, stdout} = await runMain(['compare', '--json', before ?? '', after ?? '']);
			expect(exitCode).toBe(0);
			const report = ComparisonReport.parse(JSON.parse(stdout));
			const [candidate] = report.candidates;
			expect(report.baseline).toMatchObject({
				kind: 'traces',
				processes: 1,
				startedAt: /^2026-05-26/,
			});
			expect(candidate?.verdict).toBe('inconclusive');
			expect(new Set(candidate?.comparisons.map(({verdict}) => verdict))).toEqual(
				new Set(['inconclusive']),
			);
			expect(candidate?.differences).toEqual([]);
			expect(candidate?.notes.map(({code}) => code)).toEqual(
				expect.arrayContaining(['one-process', 'running-numbers', 'unlike-counts']),
			);

			// 66 AllToAlls before, 60 after; each takes longer.
			const calls = candidate?.structure.find(({path}) => path === 'AllToAll4D');
			expect(calls).toMatchObject({kind: 'count', baseline: 66, candidate: 60, per: 'process'});
			const sendReceive = candidate?.kernels.find(({path}) => path?.startsWith('AllToAll4D'));
			expect(sendReceive?.kernels[0]?.kernel).toMatch(/^ncclDevKernel_SendRecv/);
			expect((sendReceive?.candidate ?? 0) / (sendReceive?.baseline ?? 1)).toBeGreaterThan(1.4);

			const whole = candidate?.kernels.find(({path}) => path === null);
			expect(whole?.kernels[0]?.kernel).toMatch(/flash_fwd_kernel/);
			const flash = candidate?.comparisons.find(
				({path, metric}) => path === 'FlashAttnFunc' && metric === 'gpu_time',
			);
			expect(flash?.change).toBeCloseTo(-0.062, 3);
		});

		it('asks for a verdict in vain', async () => {
			const asked = ['compare', '--require-verdict', '--kernels', '0', before ?? '', after ?? ''];
			expect((await runMain(asked)).exitCode).toBe(4);
		});
	},
);

const names = ['llm-a100-nvtx.sqlite', 'saxpy-mpi-a100.sqlite', 'pytorch-2gpu-after.sqlite'];

describe.each(names)('kernels by group in %s', (name) => {
	const file = sharedTrace(name);
	it.skipIf(file === undefined)(
		file === undefined
			? noSharedTraces(name)
			: 'are those of the report of kernels, over all threads',
		() => {
			const read = readDetailedTrace(file ?? '');
			const kernels = readKernelNames(file ?? '', 'demangled');
			const {trace} = read;
			const groupOf = Int32Array.from(trace.ranges.name);
			const {groups, all} = addUpKernelsByGroup(read, kernels, groupOf, trace.names.length);

			const {columns, rows} = summarizeKernels(read, kernels);
			const place = (title: string): number =>
				columns.findIndex((column) => column.title === title);
			const reported = new Map<string, number>();
			for (const row of rows) {
				const range = row[place('NVTX Range')];
				if (typeof range === 'string') {
					const key = `${range} > ${String(row[place('Kernel Name')])}`;
					const ns = Number(row[place('Total Time (ns)')]);
					reported.set(key, (reported.get(key) ?? 0) + ns);
				}
			}

			const summed = groups.flatMap((own, group) =>
				[...own].map(([kernel, {ns}]) => [`${trace.names[group] ?? ''} > ${kernel}`, ns] as const),
			);
			// A name that stands inside itself counts a kernel twice in the report, once in a group.
			const nested = trace.ranges.name.some((own, range) => {
				let above = Number(trace.ranges.parent[range]);
				while (above >= 0 && trace.ranges.name[above] !== own) {
					above = Number(trace.ranges.parent[above]);
				}

				return above >= 0;
			});
			expect(summed.length).toBeGreaterThan(0);
			expect(nested || summed.every(([key, ns]) => reported.get(key) === ns)).toBe(true);
			expect(new Set(summed.map(([key]) => key))).toEqual(new Set(reported.keys()));
			const launches = [...all.values()].reduce((sum, own) => sum + own.launches, 0);
			expect(launches).toBe(kernels.name.length);
		},
	);
});

describe('facts of an export', () => {
	const file = sharedTrace('fuser-h200-threads.sqlite');
	it.skipIf(file === undefined)(
		file === undefined ? noSharedTraces('fuser-h200-threads.sqlite') : 'name the machine',
		() => {
			expect(readExportFacts(file ?? '')).toEqual({
				host: 'ipp2-0047.nvidia.com',
				system: 'Ubuntu 24.04.1 LTS',
				cpu: 'AMD EPYC 7413 24-Core Processor',
				cores: '48',
				driver: '570.86.15',
				cuda: '12.8',
				nsys: '2025.1.1',
				gpus: [{name: 'NVIDIA H200', uuid: '1825e7cc-6d1b-a3ac-d9bf-66534f906620'}],
			});
		},
	);

	const old = sharedTrace('poolformer-cpu-only.sqlite');
	it.skipIf(old === undefined)(
		old === undefined ? noSharedTraces('poolformer-cpu-only.sqlite') : 'are what it has',
		() => {
			expect(readExportFacts(old ?? '')).toMatchObject({
				nsys: '2022.4.2',
				cuda: '12.1',
				gpus: [{name: 'NVIDIA TITAN RTX'}],
			});
		},
	);
});
