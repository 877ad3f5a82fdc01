import {describe, expect, it} from 'vitest';
import {listRanges} from '../../../nsys-parsers/range-listing.ts';
import {
	chooseDetail,
	detailGroups,
	detailRanges,
} from '../../../nsys-parsers/range-detail-columns.ts';
import {summarizePaths} from '../../../nsys-parsers/range-reports.ts';
import {readDetailedTrace} from '../../../nsys-parsers/read-trace.ts';
import type {DetailedTrace} from '../../../nsys-parsers/read-trace.ts';
import type {ReportRows} from '../../../schemas/report-rows.ts';
import {writeNaiveTrace} from '../../support/naive-detail.ts';
import type {NaiveOperation} from '../../support/naive-detail.ts';
import {temporaryFile} from '../../support/temporary-file.ts';
import {buildTrace} from '../../support/trace-builder.ts';
import type {TraceSpec} from '../../support/trace-builder.ts';

const asObjects = ({columns, rows}: ReportRows): Record<string, unknown>[] =>
	[...rows].map((row) => {
		expect(row).toHaveLength(columns.length);
		return Object.fromEntries(columns.map(({title}, place) => [title, row[place]]));
	});

const byPath = (read: DetailedTrace): Record<string, unknown>[] =>
	asObjects(summarizePaths(read, detailGroups(read, chooseDetail([read]))));

const byRange = (read: DetailedTrace): Record<string, unknown>[] =>
	asObjects(listRanges(read, detailRanges(read, chooseDetail([read]))));

const readSpec = (spec: TraceSpec): DetailedTrace =>
	readDetailedTrace(buildTrace(temporaryFile('trace.sqlite'), spec));

const outer = {name: 'outer', start: 0, end: 100};

describe('a CUDA graph traced node by node', () => {
	const file = () =>
		buildTrace(
			temporaryFile('trace.sqlite'),
			{
				ranges: [outer],
				calls: [
					{correlation: 7, start: 10, end: 20},
					{correlation: 8, start: 30, end: 35},
				],
				kernels: [
					{correlation: 7, start: 200, end: 210},
					{correlation: 7, start: 205, end: 230, stream: 8},
					{correlation: 7, start: 240, end: 250},
					{correlation: 8, start: 300, end: 301},
				],
				memcpys: [{correlation: 7, start: 245, end: 260}],
			},
			(database) => {
				database.exec(`ALTER TABLE CUPTI_ACTIVITY_KIND_KERNEL ADD COLUMN graphNodeId INTEGER;
					UPDATE CUPTI_ACTIVITY_KIND_KERNEL SET graphNodeId = rowid << 32
					WHERE correlationId = 7`);
			},
		);

	it('is one launch, and as many operations as it has nodes', () => {
		const read = readDetailedTrace(file());
		expect(read.trace.ranges.gpuOperations[0]).toBe(2);
		expect(byPath(read)[0]).toMatchObject({
			'Total GPU Ops': 2,
			Launches: 2,
			Operations: 5,
			Kernels: 4,
			'Kernel Time (ns)': 10 + 25 + 10 + 1,
			'Unknown Copies': 1,
			'Unknown Copy Time (ns)': 15,
		});
	});

	it('has the times of its nodes: their union is busy, the gaps between them are idle', () => {
		const read = readDetailedTrace(file());
		expect(byRange(read)[0]).toMatchObject({
			'Projected Duration (ns)': 101,
			'Projected Busy (ns)': 30 + 20 + 1,
			'Projected Idle (ns)': 50,
			'Compute Busy (ns)': 30 + 10 + 1,
			'Memory Busy (ns)': 15,
			'Overlap (ns)': 5,
		});
	});

	it('waits once: from the end of the launch to its first node', () => {
		expect(byPath(readDetailedTrace(file()))[0]).toMatchObject({
			'Queue Avg (ns)': (180 + 265) / 2,
			'Queue Max (ns)': 265,
		});
	});
});

describe('a CUDA graph traced as a whole', () => {
	it('is one launch and one operation, and counts as compute', () => {
		const [row] = byPath(
			readSpec({
				ranges: [outer],
				calls: [{correlation: 1, start: 1, end: 2}],
				graphs: [{correlation: 1, start: 50, end: 80}],
			}),
		);
		expect(row).toMatchObject({
			Launches: 1,
			Operations: 1,
			Graphs: 1,
			'Graph Time (ns)': 30,
			'Compute Busy (ns)': 30,
		});
		expect(row).not.toHaveProperty('Kernels');
	});
});

describe('copies', () => {
	const copy = (copyKind: number, start: number, end: number, bytes: number): NaiveOperation => ({
		kind: 'copy',
		pid: 1000,
		correlation: 1,
		start,
		end,
		bytes,
		copyKind,
	});

	const read = (...operations: NaiveOperation[]) =>
		readDetailedTrace(
			writeNaiveTrace(temporaryFile('trace.sqlite'), {
				ranges: [{...outer, pid: 1000, tid: 1000}],
				calls: [{correlation: 1, start: 1, end: 2, pid: 1000, tid: 1000}],
				operations,
			}),
		);

	it('are told by direction, with bytes and the rate of each', () => {
		expect(
			byPath(read(copy(1, 10, 20, 50), copy(1, 15, 25, 70), copy(2, 30, 34, 8)))[0],
		).toMatchObject({
			'HtoD Copies': 2,
			'HtoD Copy Time (ns)': 20,
			'HtoD Copied (bytes)': 120,
			'HtoD Rate (GB/s)': 6,
			'DtoH Copies': 1,
			'DtoH Rate (GB/s)': 2,
			'Memory Busy (ns)': 19,
		});
	});

	it('that took no time have no rate', () => {
		expect(byPath(read(copy(8, 10, 10, 50)))[0]).toMatchObject({
			'DtoD Copies': 1,
			'DtoD Copied (bytes)': 50,
			'DtoD Rate (GB/s)': null,
		});
	});

	it('have columns for the directions that occur only', () => {
		const titles = Object.keys(byPath(read(copy(10, 10, 20, 50)))[0] ?? {});
		expect(titles.filter((title) => /Cop(ies|ied|y)|Rate|Kernel|Graph|Memset/.test(title))).toEqual(
			['PtoP Copies', 'PtoP Copy Time (ns)', 'PtoP Copied (bytes)', 'PtoP Rate (GB/s)'],
		);
	});

	it('with impossible times are counted, and in no time, bytes or rate', () => {
		expect(byPath(read(copy(1, 10, 20, 50), copy(1, 30, 25, 999)))[0]).toMatchObject({
			Operations: 2,
			'HtoD Copies': 2,
			'HtoD Copied (bytes)': 50,
			'HtoD Rate (GB/s)': 5,
		});
	});
});

describe('queue time', () => {
	const queueOf = (
		calls: readonly (readonly [start: number, end: number])[],
		start: number,
	): unknown =>
		byRange(
			readSpec({
				ranges: [outer],
				calls: calls.map(([from, to]) => ({correlation: 1, start: from, end: to})),
				kernels: [{correlation: 1, start, end: start + 10}],
			}),
		)[0]?.['Queue Max (ns)'];

	it('runs from the end of the call that ends last, be it of the runtime or of the driver', () => {
		expect(
			queueOf(
				[
					[5, 20],
					[8, 15],
				],
				50,
			),
		).toBe(30);
		expect(
			queueOf(
				[
					[8, 15],
					[5, 20],
				],
				50,
			),
		).toBe(30);
	});

	it('is 0 for work that began before its call ended', () => {
		expect(queueOf([[5, 90]], 50)).toBe(0);
	});

	it('counts a launch once for each range of a path, and not where nothing has a time', () => {
		const read = readSpec({
			ranges: [outer, {name: 'outer', start: 200, end: 300}],
			calls: [
				{correlation: 1, start: 1, end: 2},
				{correlation: 2, start: 201, end: 202},
				{correlation: 3, start: 203, end: 204},
			],
			kernels: [
				{correlation: 1, start: 10, end: 11},
				{correlation: 2, start: 206, end: 210},
				{correlation: 3, start: 300, end: 290},
			],
		});
		expect(byPath(read)[0]).toMatchObject({
			'Queue Avg (ns)': 6,
			'Queue Med (ns)': 6,
			'Queue Max (ns)': 8,
		});
	});
});
