/**
 * Every row of nvtx_kern_sum of generated traces is what `benchmark ranges --kernels --nvidia-rules` says: every odd kind
 * of range, call and kernel that real traces at hand have few of.
 */

import {expect, it} from 'vitest';
import {generateTrace} from '../../bench/trace-generator.ts';
import type {TraceOptions} from '../../bench/trace-generator.ts';
import {askNvidia} from '../support/ask-nvidia.ts';
import {differentKernelRows, kernelRows} from '../support/kernel-rows.ts';
import {describeWithNsys} from '../support/nsys.ts';
import {parseKernelSum} from '../support/nvidia-reports.ts';
import {temporaryFile} from '../support/temporary-file.ts';

interface Case extends Partial<TraceOptions> {
	readonly name: string;
}

const cases: readonly Case[] = [
	{name: 'two processes, ranges that nest'},
	{
		name: 'one correlationId in several processes, calls doubled and lost',
		processes: 4,
		collisions: true,
		doubledCalls: 0.3,
		withoutCall: 0.05,
		bareThreads: 1,
	},
	{
		name: 'ranges that overlap, start/end ranges, calls that cross their ends',
		overlaps: 0.3,
		startEnd: 0.2,
		inDomains: 0.3,
		unnamed: 0.2,
		ties: 0.3,
		straddling: 0.2,
		doubledCalls: 0.3,
		threads: 3,
	},
	{name: 'graphs node by node, identical ranges', graphs: 0.05, identical: 0.05},
	{
		name: 'times and ids past 2^53, in any order',
		tsNormalize: true,
		vm: 200,
		shuffled: true,
		unfinished: true,
	},
	{
		name: '100,000 events',
		events: 100_000,
		doubledCalls: 0.1,
		startEnd: 0.05,
		withoutCall: 0.02,
	},
];

describeWithNsys('kernels by range of generated traces', (nsys) => {
	if (nsys.version.startsWith('2022')) {
		it('needs nsys 2023 or later', ({skip}) => skip(`this is nsys ${nsys.version}`));
		return;
	}

	const expectNvidiasRows = ({name, ...options}: Case): void => {
		const file = temporaryFile('trace.sqlite');
		generateTrace(file, {events: 10_000, ...options});
		const [csv = ''] = askNvidia(nsys, file, ['nvtx_kern_sum']);
		const expected = parseKernelSum(csv);
		expect(expected.length, name).toBeGreaterThan(1000);
		expect(differentKernelRows(kernelRows(file, true), expected)).toEqual([]);
	};

	it.each(cases)("are NVIDIA's rows: $name", expectNvidiasRows);
});
