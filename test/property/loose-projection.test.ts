/** Ranges that lie across each other in any way: both ways to project them, against the rules written out naively. */

import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {LatestCover} from '../../nsys-parsers/latest-cover.ts';
import {projectLooseRanges} from '../../nsys-parsers/loose-projection.ts';
import {gatherLooseWork} from '../../nsys-parsers/loose-work.ts';
import {projectSingly} from '../../nsys-parsers/single-projection.ts';
import {SuffixLeasts, SuffixSums} from '../../nsys-parsers/suffix-columns.ts';
import {projectSweeping} from '../../nsys-parsers/swept-projection.ts';

const latest = 40;
const launches = 8;
const threads = 3;

const interval = fc
	.tuple(fc.nat(latest), fc.nat(latest))
	.map(([a, b]) => ({start: Math.min(a, b), end: Math.max(a, b)}));

/** Mostly the ranges of a trace whose program never ended them, and some that did. */
const ranges = fc.array(
	fc.record({
		thread: fc.constantFrom(0, 0, 0, 1, 2, -1),
		times: fc.oneof(
			interval,
			fc.nat(latest).map((start) => ({start, end: latest})),
		),
	}),
	{maxLength: 20},
);

const calls = fc.array(
	fc.record({
		thread: fc.constantFrom(0, 0, 0, 1, 2, -1),
		launch: fc.nat(launches - 1),
		start: fc.nat(latest),
		/** Below 0: it ended before it began. */
		takes: fc.oneof({weight: 9, arbitrary: fc.nat(12)}, fc.constantFrom(-3, NaN, Infinity)),
	}),
	{maxLength: 30},
);

const operations = fc.array(
	fc.record({
		launch: fc.integer({min: -1, max: launches - 1}),
		times: interval,
		timed: fc.boolean(),
	}),
	{maxLength: 30},
);

interface Interval {
	readonly start: number;
	readonly end: number;
}

type Ranges = readonly {readonly thread: number; readonly times: Interval}[];
type Calls = readonly {
	readonly thread: number;
	readonly launch: number;
	readonly start: number;
	readonly takes: number;
}[];
type Operations = readonly {
	readonly launch: number;
	readonly times: Interval;
	readonly timed: boolean;
}[];

const columnsOf = (all: Ranges, made: Calls, ran: Operations) => {
	const timed = [...ran.keys()]
		.filter((row) => ran[row]?.timed === true)
		.sort((a, b) => Number(ran[a]?.times.start) - Number(ran[b]?.times.start));
	return [
		{
			length: all.length,
			thread: Int32Array.from(all, ({thread}) => thread),
			startNs: Float64Array.from(all, ({times}) => times.start),
			endNs: Float64Array.from(all, ({times}) => times.end),
		},
		{
			length: made.length,
			startNs: Float64Array.from(made, ({start}) => start),
			endNs: Float64Array.from(made, ({start, takes}) => start + takes),
			thread: Int32Array.from(made, ({thread}) => thread),
			launch: Int32Array.from(made, ({launch}) => launch),
		},
		launches,
		{
			length: ran.length,
			startNs: Float64Array.from(ran, ({times}) => times.start),
			endNs: Float64Array.from(ran, ({times}) => times.end),
			launch: Int32Array.from(ran, ({launch}) => launch),
			kind: new Int32Array(ran.length),
			bytes: new Float64Array(ran.length),
			wholeGraphs: 0,
		},
		{order: Uint32Array.from(timed), withoutTimes: ran.length - timed.length},
	] as const;
};

const projectNaively = (all: Ranges, made: Calls, ran: Operations) =>
	all.map(({thread, times}) => {
		const ids = new Set(
			made
				.filter(
					({start, takes, ...call}) =>
						thread >= 0 &&
						call.thread === thread &&
						times.start <= start &&
						start <= times.end &&
						start + takes <= times.end,
				)
				.map(({launch}) => launch),
		);
		const own = ran.filter(({launch, timed}) => timed && ids.has(launch)).map(({times}) => times);
		const first = Math.min(...own.map(({start}) => start));
		return own.length === 0
			? {launches: ids.size, first: 0, span: 0, busy: 0}
			: {
					launches: ids.size,
					first,
					span: Math.max(...own.map(({end}) => end)) - first,
					busy: Array.from({length: latest}, (_, ns) => ns).filter((ns) =>
						own.some(({start, end}) => start <= ns && ns < end),
					).length,
				};
	});

describe('loose ranges', () => {
	it.each([
		['one by one', projectSingly],
		['in a sweep', projectSweeping],
	] as const)('have the projection that the rules give: %s', (_, project) => {
		fc.assert(
			fc.property(ranges, calls, operations, (all, made, ran) => {
				const found = project(gatherLooseWork(...columnsOf(all, made, ran)));
				expect(
					all.map((_, range) => ({
						launches: found.launches[range],
						first: found.firstStartNs[range],
						span: found.spanNs[range],
						busy: found.busyNs[range],
					})),
				).toEqual(projectNaively(all, made, ran));
			}),
			{numRuns: 500},
		);
	});

	it('are swept where thousands of them hold thousands of calls', () => {
		const count = 6000;
		const numbers = Array.from({length: count}, (_, number) => number);
		const columns = columnsOf(
			numbers.map((at) => ({thread: at % threads, times: {start: 10 * at, end: 10 * count}})),
			numbers.map((at) => ({thread: at % threads, launch: at, start: 10 * at + 1, takes: 3})),
			numbers.map((at) => ({
				launch: at,
				times: {start: 10 * at + 2, end: 10 * at + 7},
				timed: true,
			})),
		);
		const [all, made, , ran, timed] = columns;
		const found = projectLooseRanges(all, made, count, ran, timed);
		expect(found).toEqual(projectSingly(gatherLooseWork(all, made, count, ran, timed)));
		expect(found.busyNs[0]).toBe((5 * count) / threads);
	});
});

const changes = fc.array(
	fc.record({times: interval, number: fc.nat(9), value: fc.integer({min: -50, max: 50})}),
	{maxLength: 40},
);

describe('time under cover', () => {
	it('bears the highest of the numbers that were put on it', () => {
		fc.assert(
			fc.property(changes, (all) => {
				const ends = Float64Array.from(all.flatMap(({times}) => [times.start, times.end]));
				const cover = new LatestCover(ends, 10);
				const naive = new Int32Array(latest).fill(-1);
				for (const {times, number} of all) {
					cover.put(times.start, times.end, number);
					for (let ns = times.start; ns < times.end; ns++) {
						naive[ns] = Math.max(Number(naive[ns]), number);
					}

					for (let from = 0; from < 10; from++) {
						expect(cover.coveredFrom(from)).toBe(naive.filter((known) => known >= from).length);
					}
				}
			}),
			{numRuns: 300},
		);
	});
});

describe('columns asked for their suffixes', () => {
	it('give the sum and the least value from a place on', () => {
		fc.assert(
			fc.property(changes, (all) => {
				const sums = new SuffixSums(10);
				const leasts = new SuffixLeasts(10);
				const values = new Float64Array(10);
				const least = new Float64Array(10).fill(Infinity);
				for (const {number, value} of all) {
					sums.add(number, value);
					leasts.lower(number, value);
					values[number] = Number(values[number]) + value;
					least[number] = Math.min(Number(least[number]), value);
				}

				for (let place = 0; place <= 10; place++) {
					const rest = [...values.subarray(place)];
					expect(sums.from(place)).toBe(rest.reduce((sum, value) => sum + value, 0));
					expect(leasts.from(place)).toBe(Math.min(Infinity, ...least.subarray(place)));
				}
			}),
		);
	});
});
