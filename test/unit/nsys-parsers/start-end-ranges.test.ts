import {describe, expect, it} from 'vitest';
import {listRanges} from '../../../nsys-parsers/range-listing.ts';
import {summarizeNames} from '../../../nsys-parsers/range-reports.ts';
import {readDetailedTrace} from '../../../nsys-parsers/read-trace.ts';
import type {DetailedTrace} from '../../../nsys-parsers/read-trace.ts';
import type {Cell, ReportRows} from '../../../schemas/report-rows.ts';
import {warningCodes} from '../../support/range-listing.ts';
import {temporaryFile} from '../../support/temporary-file.ts';
import {buildTrace} from '../../support/trace-builder.ts';
import type {TraceSpec} from '../../support/trace-builder.ts';

const build = (spec: TraceSpec): string => buildTrace(temporaryFile('trace.sqlite'), spec);
const read = (spec: TraceSpec): DetailedTrace =>
	readDetailedTrace(build(spec), {startEndRanges: true});

/** Some columns of a report. */
const pick = ({columns, rows}: ReportRows, ...titles: readonly string[]): Cell[][] => {
	const places = titles.map((title) => columns.findIndex((column) => column.title === title));
	return [...rows].map((row) => places.map((place) => row[place] ?? null));
};

const call = (correlation: number, start: number, end = start) => ({correlation, start, end});

/** A stack with work, a start/end range inside of it and around its inner range, and one ended on another thread. */
const mixed: TraceSpec = {
	ranges: [
		{name: 'outer', start: 0, end: 100},
		{name: 'request', start: 10, end: 90, eventType: 60},
		{name: 'inner', start: 20, end: 80},
		{name: 'moved', start: 30, end: 70, eventType: 60, endTid: 7},
		{name: 'waiting', start: 95, end: 140, eventType: 60, tid: 8},
	],
	calls: [call(1, 40, 42), call(2, 85, 86)],
	kernels: [call(1, 200, 210), call(2, 260, 300)],
};

describe('the list of ranges', () => {
	it('tells of push/pop ranges what nvtx_pushpop_trace tells, and of both kinds what the projection tells', () => {
		const list = listRanges(read(mixed));
		expect(list.length).toBe(5);
		expect(pick(list, 'Name', 'Style', 'Lvl', 'NumChild', 'ParentId', 'RangeStack')).toEqual([
			['outer', 'PushPop', 0, 1, null, ':1'],
			['inner', 'PushPop', 1, 0, 1, ':1:3'],
			['request', 'StartEnd', null, null, null, null],
			['moved', 'StartEnd', null, null, null, null],
			['waiting', 'StartEnd', null, null, null, null],
		]);
		expect(
			pick(
				listRanges(read(mixed)),
				'Name',
				'Proj Lvl',
				'Proj NumChild',
				'Proj ParentId',
				'Proj RangeStack',
			),
		).toEqual([
			['outer', 0, 1, null, ':1'],
			['inner', 2, 0, 2, ':1:2:3'],
			['request', 1, 1, 1, ':1:2'],
			['moved', null, null, null, null],
			['waiting', null, null, null, null],
		]);
	});

	it('has no projection of a range that ended on another thread, and says so by empty cells', () => {
		const list = listRanges(read(mixed));
		expect(
			pick(list, 'Name', 'TID', 'Duration (ns)', 'NumGPUOps', 'Projected Start (ns)').slice(2),
		).toEqual([
			['request', 1000, 80, 2, 200],
			['moved', 1000, 40, null, null],
			['waiting', 8, 45, 0, null],
		]);
		expect(
			pick(listRanges(read(mixed)), 'Projected Duration (ns)', 'Projected Busy (ns)')[2],
		).toEqual([100, 50]);
	});

	it("by NVIDIA's rules has start/end ranges with GPU work only", () => {
		const list = listRanges(read(mixed), undefined, true);
		expect(list.length).toBe(3);
		expect(pick(list, 'Name').flat()).toEqual(['outer', 'inner', 'request']);
	});

	it('has empty cells where a start/end range has nothing of what was asked for besides', () => {
		const more = {
			columns: [{title: 'More', kind: 'count'} as const],
			cells: (range: number) => [100 + range],
		};
		expect(pick(listRanges(read(mixed), more), 'Name', 'More')).toEqual([
			['outer', 100],
			['inner', 101],
			['request', null],
			['moved', null],
			['waiting', null],
		]);
	});
});

describe('the summary by name', () => {
	it('keeps the two kinds of one name apart', () => {
		const named = {
			...mixed,
			ranges: (mixed.ranges ?? []).map((range) => ({...range, name: 'same'})),
		};
		expect(
			pick(
				summarizeNames(read(named)),
				'Range',
				'Style',
				'Range Instances',
				'Total Range Time (ns)',
				'Avg Range Lvl',
			),
		).toEqual([
			['same', 'PushPop', 2, 160, 1],
			['same', 'StartEnd', 1, 80, 1],
		]);
	});

	it('gives columns besides to push/pop ranges, by their groups', () => {
		const counts = summarizeNames(read(mixed), ({count, group}) => ({
			columns: [{title: 'Ranges', kind: 'count'}],
			cells: (name) => (name < count ? [group.filter((own) => own === name).length] : []),
		}));
		expect(pick(counts, 'Range', 'Ranges')).toEqual([
			['outer', 1],
			['request', null],
			['inner', 1],
		]);
	});
});

describe('spans', () => {
	it("by NVIDIA's rules reach over operations with impossible times; busy times do not", () => {
		const odd: TraceSpec = {
			ranges: [
				{name: 'stack', start: 0, end: 100},
				{name: 'loose', start: 10, end: 90, eventType: 60},
			],
			calls: [call(1, 40), call(2, 50), call(3, 60)],
			kernels: [call(1, 0, 0), call(2, 200, 210), call(3, 400, 300)],
		};
		const titles = ['Projected Start (ns)', 'Projected Duration (ns)', 'Projected Busy (ns)'];
		expect(pick(listRanges(read(odd)), ...titles)).toEqual([
			[200, 10, 10],
			[200, 10, 10],
		]);
		expect(pick(listRanges(read(odd), undefined, true), ...titles)).toEqual([
			[0, 300, 10],
			[0, 300, 10],
		]);
	});
});

describe('start/end ranges', () => {
	it('are not there unless they are asked for, and then nothing is said of them', () => {
		const odd = {ranges: [{name: 'odd', start: 9, end: 3, eventType: 60}]};
		const trace = readDetailedTrace(build(odd));
		expect(trace.startEnd).toBeUndefined();
		expect(warningCodes(trace.trace)).toEqual(['no-ranges']);
	});

	it('end with the last range where they have no end, and where they start if they end before', () => {
		const odd = read({
			ranges: [
				{name: 'open', start: 5, end: null, eventType: 60},
				{name: 'reversed', start: 9, end: 3, eventType: 71},
				{name: 'stack', start: 0, end: 40},
			],
		});
		expect(pick(listRanges(odd), 'Name', 'Start (ns)', 'End (ns)')).toEqual([
			['stack', 0, 40],
			['open', 5, 40],
			['reversed', 9, 9],
		]);
		expect(warningCodes(odd.trace)).toEqual([
			'start-end-ranges-without-end',
			'reversed-start-end-ranges',
		]);
	});

	it('stand beside the process and thread that they started on, though it has no push/pop range', () => {
		const {threads, startEnd} = read({
			ranges: [
				{name: 'a', start: 7, end: 8, pid: 5, tid: 6, eventType: 60},
				{name: 'b', start: 1, end: 2, pid: 3, tid: 4, eventType: 60},
				{name: 'c', start: 3, end: 4, pid: 9, tid: 9},
			],
		});
		expect(threads).toHaveLength(3);
		expect(startEnd?.threads).toEqual([
			{pid: 9, tid: 9},
			{pid: 3, tid: 4},
			{pid: 5, tid: 6},
		]);
	});

	it('refuse times that no recording has', () => {
		const far = {
			ranges: [
				{name: 'a', start: 0, end: 1},
				{name: 'far', start: 10n ** 17n, end: 10n ** 17n, eventType: 60},
			],
		};
		expect(() => read(far)).toThrow(/104 days apart/);
	});
});
