import {describe, expect, it} from 'vitest';
import {listTimeline} from '../../../nsys-parsers/range-timeline.ts';
import {readDetailedTrace} from '../../../nsys-parsers/read-trace.ts';
import {readTimelineColumns} from '../../../nsys-parsers/timeline-columns.ts';
import {writeChromeTrace} from '../../../report/chrome-trace.ts';
import {readTrace} from '../../support/chrome-trace.ts';
import type {TraceSlice} from '../../support/chrome-trace.ts';
import {nameKernels} from '../../support/name-kernels.ts';
import {temporaryFile} from '../../support/temporary-file.ts';
import {buildTrace} from '../../support/trace-builder.ts';
import type {AlterExport, TraceSpec} from '../../support/trace-builder.ts';

const slicesOf = (
	spec: TraceSpec,
	alter: AlterExport = () => undefined,
	cudaGraphs = true,
): readonly TraceSlice[] => {
	const file = buildTrace(temporaryFile('trace.sqlite'), spec, alter);
	const read = readDetailedTrace(file, {startEndRanges: true, cudaGraphs});
	const timeline = listTimeline(read, readTimelineColumns(file, cudaGraphs));
	return readTrace([...writeChromeTrace(timeline)].join('')).slices;
};

/** "process | thread: name start+duration {details} >flow". */
const describeSlice = ({
	process,
	thread,
	name,
	startNs,
	durationNs,
	details,
	flow,
}: TraceSlice): string => {
	const arrow = flow === undefined ? '' : ` ${flow.starts ? '>' : '<'}${flow.id}`;
	return `${process} | ${thread}: ${name} ${startNs}+${durationNs} ${JSON.stringify(details)}${arrow}`;
};

const at = {pid: 1, tid: 1};

describe('a timeline of a trace', () => {
	it('has ranges with their calls, projections, and operations by GPU and stream', () => {
		const spec = {
			ranges: [
				{name: 'step', start: 1000, end: 1100, ...at},
				{name: 'load', start: 1010, end: 1060, ...at},
				{name: 'request', start: 1005, end: 1200, eventType: 60, ...at},
			],
			calls: [
				{correlation: 1, start: 1010, end: 1060, ...at},
				{correlation: 2, start: 1070, end: 1080, ...at},
				{correlation: 3, start: 1070, end: 1075, pid: 1, tid: 2},
				{correlation: 99, start: 1090, end: 1095, ...at},
			],
			memcpys: [{correlation: 1, start: 1020, end: 1030, pid: 1, stream: 13}],
			kernels: [{correlation: 2, start: 1075, end: 1105, pid: 1}],
			graphs: [{correlation: 3, start: 1090, end: 1190, pid: 1, device: 1}],
			memsets: [{correlation: null, start: 1001, end: 1002, pid: 2, stream: 9}],
		};
		const alter: AlterExport = (database) => {
			nameKernels({shortName: ['gemm'], demangledName: ['void gemm<float>()']})(database);
			database.exec(`
				ALTER TABLE CUPTI_ACTIVITY_KIND_MEMCPY ADD COLUMN bytes INTEGER;
				ALTER TABLE CUPTI_ACTIVITY_KIND_MEMCPY ADD COLUMN copyKind INTEGER;
				UPDATE CUPTI_ACTIVITY_KIND_MEMCPY SET bytes = 4096, copyKind = 1;
				INSERT INTO StringIds VALUES (500, 'cudaMemcpyAsync_v3020'), (501, 'cuGraphLaunch');
				UPDATE CUPTI_ACTIVITY_KIND_RUNTIME SET nameId = 500 WHERE correlationId = 1;
				UPDATE CUPTI_ACTIVITY_KIND_RUNTIME SET nameId = 501 WHERE correlationId = 3;
			`);
		};
		expect(slicesOf(spec, alter).map(describeSlice)).toEqual([
			'process 1 | thread 1: step 0+100 {"GPU ops":2}',
			'process 1 | thread 1: load 10+50 {"GPU ops":1}',
			'process 1 | thread 1: cudaMemcpyAsync 10+50 {} >1',
			'process 1 | thread 1: cudaLaunchKernel 70+10 {} >2',
			'process 1 | thread 2: cuGraphLaunch 70+5 {} >3',
			'process 1 | start/end ranges of thread 1: request 5+195 {}',
			'process 1 on the GPU | ranges of thread 1: step 20+85 {"GPU ops":2,"busy (ns)":40}',
			'process 1 on the GPU | ranges of thread 1: load 20+10 {"GPU ops":1,"busy (ns)":10}',
			'process 1, GPU 0 | stream 7: gemm 75+30 {} <2',
			'process 1, GPU 0 | stream 13: Memcpy HtoD 20+10 {"bytes":4096} <1',
			'process 1, GPU 1 | stream 7: CUDA graph 90+100 {} <3',
			'process 2, GPU 0 | stream 9: Memset 1+1 {"bytes":0}',
		]);
		expect(slicesOf(spec, alter, false).filter(({name}) => /Graph|CUDA graph/.test(name))).toEqual(
			[],
		);
	});

	it('starts one arrow for a launch: at the runtime call, not at the driver call inside of it', () => {
		const slices = slicesOf({
			ranges: [{name: 'a', start: 0, end: 100, ...at}],
			calls: [
				{correlation: 1, start: 12, end: 18, ...at},
				{correlation: 1, start: 10, end: 20, ...at},
			],
			kernels: [
				{correlation: 1, start: 30, end: 40, pid: 1},
				{correlation: 1, start: 40, end: 50, pid: 1},
			],
		});
		const arrows = slices.filter(({flow}) => flow !== undefined);
		expect(arrows.map(({startNs, flow}) => [startNs, flow])).toEqual([
			[10n, {id: 1, starts: true}],
			[30n, {id: 1, starts: false}],
			[40n, {id: 1, starts: false}],
		]);
		expect(slices.filter(({name}) => name === 'cudaLaunchKernel')).toHaveLength(2);
	});

	it('starts at 0 though work began before the first range', () => {
		const slices = slicesOf({
			ranges: [{name: 'a', start: 1000, end: 1100, ...at}],
			calls: [{correlation: 1, start: 400, end: 410, ...at}],
			kernels: [{correlation: 1, start: 500, end: 600, pid: 1}],
		});
		expect(slices.map(({name, startNs}) => [name, startNs])).toEqual([
			['cudaLaunchKernel', 0n],
			['a', 600n],
			['kernel', 100n],
		]);
	});

	it('leaves out what has impossible times, and arrows to it', () => {
		const slices = slicesOf({
			ranges: [{name: 'a', start: 1000, end: 1100, ...at}],
			calls: [
				{correlation: 1, start: 1010, end: 1005, ...at},
				{correlation: 2, start: 1010, end: 1020, ...at},
				{correlation: 3, start: 1030, end: 1040, ...at},
			],
			kernels: [
				{correlation: 1, start: 1040, end: 1050, pid: 1},
				{correlation: 2, start: 1060, end: 1050, pid: 1},
				{correlation: 3, start: -(2n ** 53n) + 2000n, end: 1100, pid: 1},
			],
		});
		expect(slices.map(({name, startNs, flow}) => [name, startNs, flow])).toEqual([
			['a', 0n, undefined],
			['cudaLaunchKernel', 10n, undefined],
			['cudaLaunchKernel', 30n, undefined],
			['kernel', 40n, undefined],
		]);
	});

	it('shows streams and devices that an old export does not name', () => {
		const slices = slicesOf(
			{
				ranges: [{name: 'a', start: 0, end: 100, ...at}],
				kernels: [{correlation: 1, start: 30, end: 40, pid: 1}],
			},
			(database) => {
				database.exec(`
					ALTER TABLE CUPTI_ACTIVITY_KIND_KERNEL DROP COLUMN deviceId;
					ALTER TABLE CUPTI_ACTIVITY_KIND_KERNEL DROP COLUMN streamId;
					ALTER TABLE CUPTI_ACTIVITY_KIND_KERNEL DROP COLUMN globalPid;
				`);
			},
		);
		expect(slices.map(describeSlice)).toEqual([
			'process 1 | thread 1: a 0+100 {"GPU ops":0}',
			'unknown process, GPU ? | stream ?: kernel 30+10 {}',
		]);
	});
});
