/** Operations by kind, overlap and queue times of ranges and paths, and work of threads without ranges, by their rules. */

import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {chooseDetail, detailGroups, detailRanges} from '../../nsys-parsers/range-detail-columns.ts';
import {groupByPath} from '../../nsys-parsers/range-groups.ts';
import {readDetailedTrace} from '../../nsys-parsers/read-trace.ts';
import type {DetailedTrace} from '../../nsys-parsers/read-trace.ts';
import type {MoreColumns} from '../../nsys-parsers/more-columns.ts';
import {describeRange, isTimed, writeNaiveTrace} from '../support/naive-detail.ts';
import type {NaiveDetail, NaiveOperation, NaiveTrace} from '../support/naive-detail.ts';
import {temporaryFile} from '../support/temporary-file.ts';

const times = (latest: number) =>
	fc
		.tuple(fc.nat(latest), fc.nat(latest))
		.map(([a, b]) => ({start: Math.min(a, b), end: Math.max(a, b)}));

const pid = fc.constantFrom(1, 1, 2);
const tid = fc.constantFrom(10, 10, 11, 12);
const correlation = fc.nat(6);

/** Rarely: no times, or an end before the start. */
const operationTimes = fc.oneof(
	{weight: 8, arbitrary: times(60)},
	{weight: 1, arbitrary: fc.constant({start: 0, end: 0})},
	{weight: 1, arbitrary: fc.constant({start: 20, end: 10})},
);

const traces: fc.Arbitrary<NaiveTrace> = fc.record({
	ranges: fc.array(
		fc
			.record({name: fc.constantFrom('a', 'b'), pid, tid, times: times(30)})
			.map(({times: own, ...rest}) => ({...rest, ...own})),
		{minLength: 1, maxLength: 12},
	),
	calls: fc.array(
		fc
			.record({pid, tid, correlation, times: times(30)})
			.map(({times: own, ...rest}) => ({...rest, ...own})),
		{maxLength: 12},
	),
	operations: fc.array(
		fc
			.record({
				kind: fc.constantFrom('kernel', 'graph', 'memset', 'copy'),
				pid,
				correlation,
				times: operationTimes,
				bytes: fc.nat(1000),
				copyKind: fc.constantFrom(1, 2, 8, 10, 99),
			})
			.map(({times: own, ...rest}) => ({...rest, ...own})),
		{maxLength: 16},
	),
});

const read = (trace: NaiveTrace, attributeThreads = false): DetailedTrace =>
	readDetailedTrace(writeNaiveTrace(temporaryFile('trace.sqlite'), trace), {attributeThreads});

const titlesOf = ({kind, copyKind}: NaiveOperation): string =>
	kind === 'copy'
		? ({1: 'HtoD', 2: 'DtoH', 8: 'DtoD', 10: 'PtoP'}[copyKind] ?? 'Unknown')
		: {kernel: 'Kernel', graph: 'Graph', memset: 'Memset'}[kind];

const sum = (values: readonly number[]): number =>
	values.reduce((total, value) => total + value, 0);

/** What the columns of a kind say of some operations. */
const kindCells = (title: string, own: readonly NaiveOperation[]): Record<string, unknown> => {
	const timed = own.filter(isTimed);
	const timeNs = sum(timed.map(({start, end}) => end - start));
	const bytes = sum(timed.map((operation) => operation.bytes));
	if (title === 'Kernel' || title === 'Graph' || title === 'Memset') {
		return {
			[`${title}s`]: own.length,
			[`${title} Time (ns)`]: timeNs,
			...(title === 'Memset' ? {'Memset (bytes)': bytes} : {}),
		};
	}

	return {
		[`${title} Copies`]: own.length,
		[`${title} Copy Time (ns)`]: timeNs,
		[`${title} Copied (bytes)`]: bytes,
		[`${title} Rate (GB/s)`]: timeNs === 0 ? null : bytes / timeNs,
	};
};

const median = (values: readonly number[]): number => {
	const sorted = values.toSorted((a, b) => a - b);
	const half = sorted.length >> 1;
	return (Number(sorted[half]) + Number(sorted[(sorted.length - 1) >> 1])) / 2;
};

/** The cells of one or several ranges, without a range's idle time. */
const expectedCells = (
	trace: NaiveTrace,
	details: readonly NaiveDetail[],
): Record<string, unknown> => {
	const own = details.flatMap(({operations}) => operations);
	const total = (field: 'launches' | 'busyNs' | 'computeBusyNs' | 'memoryBusyNs'): number =>
		sum(details.map((detail) => detail[field]));
	const queue = details.flatMap(({queueNs}) => queueNs);
	const hasQueue = queue.length > 0;
	const titles = [...new Set(trace.operations.map(titlesOf))];
	return {
		Launches: total('launches'),
		Operations: own.length,
		...Object.fromEntries(
			titles.flatMap((title) =>
				Object.entries(
					kindCells(
						title,
						own.filter((operation) => titlesOf(operation) === title),
					),
				),
			),
		),
		'Compute Busy (ns)': total('computeBusyNs'),
		'Memory Busy (ns)': total('memoryBusyNs'),
		'Overlap (ns)': total('computeBusyNs') + total('memoryBusyNs') - total('busyNs'),
		'Queue Avg (ns)': hasQueue ? (expect.closeTo(sum(queue) / queue.length, 9) as unknown) : null,
		'Queue Med (ns)': hasQueue ? median(queue) : null,
		'Queue Max (ns)': hasQueue ? Math.max(...queue) : null,
	};
};

const asObject = ({columns, cells}: MoreColumns, row: number): Record<string, unknown> => {
	const own = cells(row);
	expect(own).toHaveLength(columns.length);
	return Object.fromEntries(columns.map(({title}, place) => [title, own[place]]));
};

/** RangeId is the row of the range, from 1 on. */
const naiveRangeOf = (trace: NaiveTrace, {rowId}: DetailedTrace, range: number) => {
	const own = trace.ranges[Number(rowId[range]) - 1];
	if (own === undefined) {
		throw new Error(`no range ${range}`);
	}

	return own;
};

const expectDetail = (trace: NaiveTrace, attributeThreads: boolean): void => {
	const detailed = read(trace, attributeThreads);
	const choice = chooseDetail([detailed]);
	const details = [...detailed.rowId.keys()].map((range) =>
		describeRange(trace, naiveRangeOf(trace, detailed, range), attributeThreads),
	);
	const byRange = detailRanges(detailed, choice);
	for (const [range, detail] of details.entries()) {
		const {'Projected Idle (ns)': idle, ...cells} = asObject(byRange, range);
		const expected = expectedCells(trace, [detail]);
		delete expected['Queue Med (ns)'];
		const isEmpty = detail.launches === 0;
		expect(cells).toEqual(
			isEmpty ? Object.fromEntries(Object.keys(expected).map((key) => [key, null])) : expected,
		);
		expect(idle).toBe(
			isEmpty ? null : Number(detailed.trace.ranges.gpuSpanNs[range]) - detail.busyNs,
		);
	}

	const groups = groupByPath(detailed.trace);
	const byPath = detailGroups(detailed, choice)(groups);
	for (let group = 0; group < groups.count; group++) {
		const own = details.filter((_, range) => groups.group[range] === group);
		expect(asObject(byPath, group)).toEqual(expectedCells(trace, own));
	}
};

describe('detail', () => {
	it('of ranges and of paths is what the rules give', () => {
		fc.assert(
			fc.property(traces, (trace) => expectDetail(trace, false)),
			{numRuns: 150},
		);
	});

	it('counts work of threads without ranges where it goes on request', () => {
		fc.assert(
			fc.property(traces, (trace) => expectDetail(trace, true)),
			{numRuns: 150},
		);
	});
});

describe('work of threads without ranges', () => {
	it('adds to what ranges have, and takes nothing away', () => {
		fc.assert(
			fc.property(traces, (trace) => {
				const plain = read(trace).trace.ranges.gpuOperations;
				const attributed = read(trace, true).trace.ranges.gpuOperations;
				for (const [range, launches] of plain.entries()) {
					expect(attributed[range]).toBeGreaterThanOrEqual(launches);
				}
			}),
			{numRuns: 50},
		);
	});
});
