/**
 * With start/end ranges among the push/pop ranges, `benchmark ranges` has every row and column of NVIDIA's three reports:
 * generated traces of every odd kind, and small ones of what the generator does not make.
 *
 * docs/ranges.md lists where it differs; the generator is told to make none of that.
 */

import {expect, it} from 'vitest';
import {generateTrace} from '../../bench/trace-generator.ts';
import type {TraceOptions} from '../../bench/trace-generator.ts';
import {listRanges} from '../../nsys-parsers/range-listing.ts';
import {summarizeNames} from '../../nsys-parsers/range-reports.ts';
import {readDetailedTrace} from '../../nsys-parsers/read-trace.ts';
import {askNvidia} from '../support/ask-nvidia.ts';
import {
	byRangeId,
	differingNames,
	listedNames,
	listedProjections,
	listedPushPop,
} from '../support/listed-reports.ts';
import {describeWithNsys} from '../support/nsys.ts';
import {
	parseFullProjectionTrace,
	parseFullPushPopTrace,
	parseProjectionSum,
} from '../support/nvidia-reports.ts';
import {oddSpecs} from '../support/start-end-specs.ts';
import {temporaryFile} from '../support/temporary-file.ts';
import {buildTrace} from '../support/trace-builder.ts';

interface Case extends Partial<TraceOptions> {
	readonly name: string;
}

const cases: readonly Case[] = [
	{name: 'start/end ranges of three threads', threads: 3, startEnd: 0.3},
	{name: 'mostly start/end ranges', startEnd: 0.8, streams: 1},
	{
		name: 'in any order, with ends that meet and calls that cross them',
		startEnd: 0.3,
		overlaps: 0.1,
		ties: 0.3,
		straddling: 0.2,
		shuffled: true,
	},
	{
		name: 'ids and times past 2^53, one id in several processes, calls doubled and lost',
		startEnd: 0.3,
		processes: 3,
		vm: 200,
		tsNormalize: true,
		collisions: true,
		doubledCalls: 0.3,
		withoutCall: 0.05,
		shuffled: true,
	},
	{
		name: 'graphs, unnamed ranges, threads that only launch',
		startEnd: 0.3,
		graphs: 0.05,
		unnamed: 0.1,
		unfinished: true,
		bareThreads: 1,
		inDomains: 0.3,
	},
];

describeWithNsys('benchmark ranges with start/end ranges', (nsys) => {
	if (nsys.version.startsWith('2022')) {
		// 2022.4 names its reports otherwise, and its parents are wrong on long traces.
		it('needs nsys 2023 or later', ({skip}) => skip(`this is nsys ${nsys.version}`));
		return;
	}

	/** @returns how many projections of start/end ranges there were */
	const expectNvidiasRows = (file: string): number => {
		const [pushPop = '', projections = '', names = ''] = askNvidia(nsys, file, [
			'nvtx_pushpop_trace',
			'nvtx_gpu_proj_trace',
			'nvtx_gpu_proj_sum',
		]);
		const read = readDetailedTrace(file, {cudaGraphs: false, startEndRanges: true});
		const expected = parseFullProjectionTrace(projections);
		expect(listedPushPop(listRanges(read, undefined, true))).toEqual(
			parseFullPushPopTrace(pushPop).sort(byRangeId),
		);
		expect(listedProjections(listRanges(read, undefined, true))).toEqual(expected.sort(byRangeId));
		expect(
			differingNames(listedNames(summarizeNames(read, undefined, true)), parseProjectionSum(names)),
		).toEqual([]);
		return expected.filter(({style}) => style === 'StartEnd').length;
	};

	it.each(cases)("gives NVIDIA's rows of 10,000 events: $name", ({name, ...options}) => {
		const file = generateTrace(temporaryFile(`${name.length}.sqlite`), {
			events: 10_000,
			...options,
		});
		expect(expectNvidiasRows(file)).toBeGreaterThan(200);
	});

	it.each(oddSpecs)("gives NVIDIA's rows of $name", ({spec}) => {
		expect(expectNvidiasRows(buildTrace(temporaryFile('odd.sqlite'), spec))).toBeGreaterThan(0);
	});
});
