/** Start/end ranges among push/pop ranges, checked against the rules written out naively: every pair is looked at. */

import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {listRanges} from '../../nsys-parsers/range-listing.ts';
import {readDetailedTrace, readTrace} from '../../nsys-parsers/read-trace.ts';
import type {Cell} from '../../schemas/report-rows.ts';
import {withoutSource} from '../support/range-listing.ts';
import {temporaryFile} from '../support/temporary-file.ts';
import {buildTrace} from '../support/trace-builder.ts';
import type {CallSpec, OperationSpec, RangeSpec, TraceSpec} from '../support/trace-builder.ts';

let files = 0;
const build = (spec: TraceSpec): string =>
	buildTrace(temporaryFile(`trace-${files++}.sqlite`), spec);

const interval = (latest: number) =>
	fc
		.tuple(fc.nat(latest), fc.nat(latest))
		.map(([a, b]) => ({start: Math.min(a, b), end: Math.max(a, b)}));

/** Mostly one thread: what matters happens within it. */
const where = fc.record({
	pid: fc.constantFrom(1, 1, 1, 2),
	tid: fc.constantFrom(10, 10, 10, 11),
});

const startEndTypes: ReadonlySet<number> = new Set([60, 71]);

type Placed = RangeSpec & {readonly name: string; readonly start: number; readonly end: number};

const ranges = fc
	.array(
		fc.record({
			where,
			times: interval(30),
			eventType: fc.constantFrom(59, 60, 60, 70, 71),
			elsewhere: fc.constantFrom(false, false, false, true),
		}),
		{maxLength: 14},
	)
	.map((rows) =>
		rows.map(({where: place, times, eventType, elsewhere}, row): Placed => ({
			name: `r${row}`,
			eventType,
			...place,
			...times,
			...(elsewhere && startEndTypes.has(eventType) ? {endTid: 12} : {}),
		})),
	);

const calls: fc.Arbitrary<CallSpec[]> = fc.array(
	fc
		.record({place: where, times: interval(30), correlation: fc.nat(8)})
		.map(({place, times, correlation}) => ({...place, ...times, correlation})),
	{maxLength: 12},
);

const operations: fc.Arbitrary<OperationSpec[]> = fc.array(
	fc
		.record({pid: fc.constantFrom(1, 1, 1, 2), times: interval(60), correlation: fc.nat(8)})
		.map(({times, ...rest}) => ({...rest, start: times.start + 1, end: times.end + 1})),
	{maxLength: 12},
);

const contains = (
	outer: Placed,
	inner: {pid?: number; tid?: number; start: unknown; end: unknown},
) =>
	outer.pid === inner.pid &&
	outer.tid === inner.tid &&
	outer.start <= Number(inner.start) &&
	outer.end >= Number(inner.end);

const isStartEnd = ({eventType = 59}: Placed): boolean => startEndTypes.has(eventType);

/** Of identical ranges, the later row is the inner one. */
const naiveParent = (known: readonly Placed[], inner: Placed): Placed | undefined =>
	known
		.map((range, at) => ({range, at}))
		.filter(
			({range, at}) =>
				range !== inner &&
				contains(range, inner) &&
				(!contains(inner, range) || at < known.indexOf(inner)),
		)
		.sort(
			(a, b) =>
				a.range.end - a.range.start - (b.range.end - b.range.start) ||
				a.range.start - b.range.start ||
				b.at - a.at,
		)[0]?.range;

const naiveStack = (known: readonly Placed[], range: Placed): string => {
	const parent = naiveParent(known, range);
	return (parent === undefined ? '' : naiveStack(known, parent)) + `/${range.name}`;
};

const naiveWork = (
	range: Placed,
	allCalls: readonly CallSpec[],
	work: readonly OperationSpec[],
) => {
	const ids = new Set(
		allCalls.filter((call) => contains(range, call)).map(({correlation}) => correlation),
	);
	const own = work
		.filter(({pid, correlation}) => pid === range.pid && ids.has(correlation))
		.map(({start, end, correlation}) => ({start: Number(start), end: Number(end), correlation}));
	if (own.length === 0) {
		return {launches: 0, start: null, span: null, busy: null};
	}

	const start = Math.min(...own.map((operation) => operation.start));
	return {
		launches: new Set(own.map(({correlation}) => correlation)).size,
		start,
		span: Math.max(...own.map(({end}) => end)) - start,
		busy: Array.from({length: 100}, (_, ns) => ns).filter((ns) =>
			own.some((operation) => operation.start <= ns && ns < operation.end),
		).length,
	};
};

/** By name; a range that ended on another thread has neither work nor a place in the tree. */
const naiveListing = (
	all: readonly Placed[],
	allCalls: readonly CallSpec[],
	work: readonly OperationSpec[],
) => {
	const known = all.filter(({endTid}) => endTid === undefined);
	const launches = (range: Placed): boolean => naiveWork(range, allCalls, work).launches > 0;
	return Object.fromEntries(
		all.map((range) => {
			const style = isStartEnd(range) ? 'StartEnd' : 'PushPop';
			const elsewhere = range.endTid !== undefined;
			const own = naiveWork(range, elsewhere ? [] : allCalls, work);
			const inTree = own.launches > 0;
			const stack = inTree ? naiveStack(known, range) : null;
			const row = {
				style,
				...own,
				launches: elsewhere ? null : own.launches,
				stack,
				level: stack === null ? null : stack.split('/').length - 2,
				children: inTree
					? known.filter((other) => naiveParent(known, other) === range && launches(other)).length
					: null,
			};
			return [range.name, row];
		}),
	);
};

const listing = (spec: TraceSpec) => {
	const {columns, rows} = listRanges(readDetailedTrace(build(spec), {startEndRanges: true}));
	const at = (title: string): number => columns.findIndex((column) => column.title === title);
	const list = [...rows];
	const nameOfId = new Map(
		list.map((row) => [String(row[at('RangeId')]), String(row[at('Name')])]),
	);
	const stackOf = (cell: Cell | undefined): string | null =>
		cell === null || cell === undefined
			? null
			: String(cell).replaceAll(/:(\d+)/g, (_, id: string) => `/${nameOfId.get(id) ?? '?'}`);
	return Object.fromEntries(
		list.map((row) => [
			String(row[at('Name')]),
			{
				style: row[at('Style')],
				launches: row[at('NumGPUOps')],
				start: row[at('Projected Start (ns)')],
				span: row[at('Projected Duration (ns)')],
				busy: row[at('Projected Busy (ns)')],
				stack: stackOf(row[at('Proj RangeStack')]),
				level: row[at('Proj Lvl')],
				children: row[at('Proj NumChild')],
			},
		]),
	);
};

describe('start/end ranges', () => {
	it('have the projection and the place in the tree that the rules give', () => {
		fc.assert(
			fc.property(ranges, calls, operations, (all, allCalls, kernels) => {
				expect(listing({ranges: all, calls: allCalls, kernels})).toEqual(
					naiveListing(all, allCalls, kernels),
				);
			}),
			{numRuns: 150},
		);
	});

	it('do not depend on the order of rows in the file', () => {
		const shuffled = <Item>(items: readonly Item[]) =>
			fc.shuffledSubarray([...items], {minLength: items.length});
		/** Identical ranges are told apart by their rows alone. */
		const distinct = ranges.map((all) =>
			all.filter(
				(range, row) =>
					!all.slice(0, row).some((other) => contains(other, range) && contains(range, other)),
			),
		);
		const twice = fc.tuple(distinct, calls, operations).chain(([all, allCalls, kernels]) =>
			fc.tuple(
				fc.constant({ranges: all, calls: allCalls, kernels}),
				fc.record({
					ranges: shuffled(all),
					calls: shuffled(allCalls),
					kernels: shuffled(kernels),
				}),
			),
		);
		fc.assert(
			fc.property(twice, ([spec, other]) => {
				expect(listing(other)).toEqual(listing(spec));
			}),
			{numRuns: 150},
		);
	});

	it('are no part of a Trace', () => {
		fc.assert(
			fc.property(ranges, calls, operations, (all, allCalls, kernels) => {
				const others = {calls: allCalls, kernels};
				const pushPop = all.filter((range) => !isStartEnd(range));
				expect(withoutSource(readTrace(build({ranges: all, ...others})))).toEqual(
					withoutSource(readTrace(build({ranges: pushPop, ...others}))),
				);
			}),
		);
	});
});
