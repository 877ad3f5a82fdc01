/** What must hold for every trace, checked against the rules written out naively. */

import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {readTrace} from '../../nsys-parsers/read-trace.ts';
import type {Trace} from '../../schemas/trace.ts';
import {withoutSource} from '../support/range-listing.ts';
import {temporaryFile} from '../support/temporary-file.ts';
import {buildTrace} from '../support/trace-builder.ts';
import type {CallSpec, OperationSpec, RangeSpec, TraceSpec} from '../support/trace-builder.ts';
import {traceTables} from '../support/trace-tables.ts';
import type {TraceTable} from '../support/trace-tables.ts';

let files = 0;
const read = (spec: TraceSpec): Trace =>
	readTrace(buildTrace(temporaryFile(`trace-${files++}.sqlite`), spec));

const interval = (latest: number) =>
	fc
		.tuple(fc.nat(latest), fc.nat(latest))
		.map(([a, b]) => ({start: Math.min(a, b), end: Math.max(a, b)}));

/** Mostly one thread: what matters happens within it. */
const pid = fc.constantFrom(1, 1, 1, 2);
const tid = fc.constantFrom(10, 10, 10, 11);

type Placed = RangeSpec & {readonly name: string; readonly start: number; readonly end: number};

/** Short times, so that touching, equal and overlapping ranges abound. The name is the row. */
const rangeRows = fc
	.array(fc.record({where: fc.record({pid, tid}), times: interval(30)}), {maxLength: 14})
	.map((rows) =>
		rows.map(({where, times}, row): Placed => ({name: `r${row}`, ...where, ...times})),
	);

const calls: fc.Arbitrary<CallSpec[]> = fc.array(
	fc
		.record({where: fc.record({pid, tid}), times: interval(30), correlation: fc.nat(8)})
		.map(({where, times, correlation}) => ({...where, ...times, correlation})),
	{maxLength: 12},
);

const operations: fc.Arbitrary<OperationSpec[]> = fc.array(
	fc
		.record({pid, times: interval(60), correlation: fc.nat(8)})
		.map(({times, ...rest}) => ({...rest, start: times.start + 1, end: times.end + 1})),
	{maxLength: 12},
);

const lengthOf = ({start, end}: Placed): number => end - start;

const contains = (outer: Placed, inner: Placed): boolean =>
	outer.pid === inner.pid &&
	outer.tid === inner.tid &&
	outer.start <= inner.start &&
	outer.end >= inner.end;

const areIdentical = (a: Placed, b: Placed): boolean => a.start === b.start && a.end === b.end;

/** Every pair is looked at. Of identical ranges, the later row is the inner one. */
const naiveParent = (ranges: readonly Placed[], row: number): string | undefined => {
	const inner = ranges[row];
	const candidates = ranges
		.map((range, at) => ({range, at}))
		.filter(
			({range, at}) =>
				inner !== undefined &&
				at !== row &&
				contains(range, inner) &&
				(!areIdentical(range, inner) || at < row),
		)
		.sort(
			(a, b) =>
				lengthOf(a.range) - lengthOf(b.range) || a.range.start - b.range.start || b.at - a.at,
		);
	return candidates[0]?.range.name;
};

const parentNames = ({names, ranges}: Trace): Map<string, string | undefined> =>
	new Map(
		[...ranges.parent].map((parent, range) => [
			String(names[Number(ranges.name[range])]),
			parent < 0 ? undefined : names[Number(ranges.name[parent])],
		]),
	);

const naiveUnion = (parts: readonly {readonly start: number; readonly end: number}[]): number =>
	Array.from({length: 100}, (_, ns) => ns).filter((ns) =>
		parts.some(({start, end}) => start <= ns && ns < end),
	).length;

const naiveGpuTime = (
	range: Placed,
	allCalls: readonly CallSpec[],
	work: readonly OperationSpec[],
) => {
	const ids = new Set(
		allCalls
			.filter((call) => contains(range, {name: '', ...call} as Placed))
			.map(({correlation}) => correlation),
	);
	const own = work
		.filter((operation) => operation.pid === range.pid && ids.has(operation.correlation))
		.map(({start, end, correlation}) => ({start: Number(start), end: Number(end), correlation}));
	return {
		operations: new Set(own.map(({correlation}) => correlation)).size,
		span:
			own.length === 0
				? 0
				: Math.max(...own.map(({end}) => end)) - Math.min(...own.map(({start}) => start)),
		busy: naiveUnion(own),
	};
};

describe('ranges', () => {
	it('have the parent that the rule gives, and stand behind it', () => {
		fc.assert(
			fc.property(rangeRows, (ranges) => {
				const trace = read({ranges});
				expect(parentNames(trace)).toEqual(
					new Map(ranges.map(({name}, row) => [name, naiveParent(ranges, row)])),
				);
				expect([...trace.ranges.parent].every((parent, range) => parent < range)).toBe(true);
			}),
			{numRuns: 300},
		);
	});

	it('have the GPU time that the rule gives', () => {
		fc.assert(
			fc.property(rangeRows, calls, operations, (ranges, allCalls, work) => {
				const {names, ranges: columns} = read({ranges, calls: allCalls, kernels: work});
				const measured = [...columns.name].map((name, range) => [
					names[name],
					{
						operations: columns.gpuOperations[range],
						span: columns.gpuSpanNs[range],
						busy: columns.gpuBusyNs[range],
					},
				]);
				expect(Object.fromEntries(measured)).toEqual(
					Object.fromEntries(
						ranges.map((range) => [range.name, naiveGpuTime(range, allCalls, work)]),
					),
				);
			}),
			{numRuns: 300},
		);
	});
});

/** Identical ranges are told apart by their rows alone, so they are left out where rows change places. */
const distinctRanges = rangeRows.map((ranges) =>
	ranges.filter(
		(range, row) =>
			!ranges.slice(0, row).some((other) => contains(other, range) && contains(range, other)),
	),
);

describe('a Trace', () => {
	it('does not depend on the order of rows in the file', () => {
		const shuffled = <Item>(items: readonly Item[]) =>
			fc.shuffledSubarray([...items], {minLength: items.length});
		const twice = fc.tuple(distinctRanges, calls, operations).chain(([ranges, allCalls, kernels]) =>
			fc.tuple(
				fc.constant({ranges, calls: allCalls, kernels}),
				fc.record({
					ranges: shuffled(ranges),
					calls: shuffled(allCalls),
					kernels: shuffled(kernels),
				}),
			),
		);
		fc.assert(
			fc.property(twice, ([spec, other]) => {
				expect(withoutSource(read(other))).toEqual(withoutSource(read(spec)));
			}),
			{numRuns: 300},
		);
	});

	it('does not depend on tables that are empty', () => {
		const spec = {ranges: [{name: 'a', start: 0, end: 9}]};
		const some = fc.subarray(Object.keys(traceTables) as TraceTable[]);
		fc.assert(
			fc.property(some, (tables) => {
				expect(withoutSource(read({...spec, tables}))).toEqual(withoutSource(read(spec)));
			}),
		);
	});

	it('does not depend on a shift of all times', () => {
		fc.assert(
			fc.property(
				rangeRows,
				calls,
				operations,
				fc.bigInt(-(2n ** 61n), 2n ** 61n),
				(ranges, allCalls, kernels, timeShiftNs) => {
					const spec = {ranges, calls: allCalls, kernels, sessionStartUnixNs: 10n ** 18n};
					expect(withoutSource(read({...spec, timeShiftNs}))).toEqual(withoutSource(read(spec)));
				},
			),
		);
	});

	it('keeps any name, registered or not', () => {
		const name = fc.string({unit: 'grapheme', maxLength: 40});
		fc.assert(
			fc.property(fc.uniqueArray(name, {minLength: 1}), fc.boolean(), (names, registered) => {
				const ranges = names.map((each, at) => ({name: each, registered, start: at, end: at}));
				expect(read({ranges}).names).toEqual(names);
			}),
		);
	});
});
