import {describe, expect, it} from 'vitest';
import {ascendingOrder} from '../../../nsys-parsers/ascending-order.ts';
import {readTrace} from '../../../nsys-parsers/read-trace.ts';
import {listRanges, warningCodes} from '../../support/range-listing.ts';
import {temporaryFile} from '../../support/temporary-file.ts';
import {buildTrace} from '../../support/trace-builder.ts';

type Interval = readonly [name: string, start: number, end: number];

const read = (...intervals: Interval[]) =>
	readTrace(
		buildTrace(temporaryFile('trace.sqlite'), {
			ranges: intervals.map(([name, start, end]) => ({name, start, end})),
		}),
	);

const pathsOf = (...intervals: Interval[]): string[] =>
	listRanges(read(...intervals)).map(({path}) => path);

describe('the parent of a range', () => {
	it('is the innermost range around it', () => {
		expect(pathsOf(['a', 0, 100], ['b', 10, 50], ['c', 20, 30], ['d', 60, 70])).toEqual([
			'a',
			'a/b',
			'a/b/c',
			'a/d',
		]);
	});

	it('may share its start or its end', () => {
		expect(pathsOf(['a', 0, 100], ['b', 0, 50], ['c', 90, 100])).toEqual(['a', 'a/b', 'a/c']);
	});

	it('does not depend on the order of the rows', () => {
		expect(pathsOf(['c', 20, 30], ['d', 60, 70], ['a', 0, 100], ['b', 0, 50])).toEqual([
			'a',
			'a/b',
			'a/b/c',
			'a/d',
		]);
	});

	it('is the shortest range that contains it where ranges overlap without nesting', () => {
		expect(pathsOf(['long', 0, 20], ['short', 10, 25], ['in both', 12, 18])).toEqual([
			'long',
			'short',
			'short/in both',
		]);
	});

	it('is not the one that closed too early', () => {
		expect(pathsOf(['long', 0, 30], ['short', 5, 15], ['late', 10, 28], ['later', 12, 27])).toEqual(
			['long', 'long/short', 'long/late', 'long/late/later'],
		);
	});

	it('is the earlier of two that are equally long', () => {
		expect(pathsOf(['first', 0, 20], ['second', 5, 25], ['in both', 8, 12])).toEqual([
			'first',
			'second',
			'first/in both',
		]);
	});

	it('can be shorter than one that opened after it', () => {
		expect(
			pathsOf(['short', 0, 10], ['long', 5, 50], ['in both', 6, 9], ['in long', 20, 30]),
		).toEqual(['short', 'long', 'short/in both', 'long/in long']);
	});

	it('is the one recorded first where two are identical, and that is told', () => {
		const trace = read(['outer', 0, 9], ['inner', 0, 9], ['in both', 2, 3]);
		expect(listRanges(trace).map(({path}) => path)).toEqual([
			'outer',
			'outer/inner',
			'outer/inner/in both',
		]);
		expect(warningCodes(trace)).toEqual(['identical-ranges']);
	});

	it('can touch it at a single point', () => {
		expect(pathsOf(['a', 0, 10], ['b', 10, 10], ['c', 10, 20])).toEqual(['a', 'c', 'a/b']);
	});

	it('is found at great depth without recursion', () => {
		const depth = 20_000;
		const nested = Array.from({length: depth}, (_, at): Interval => [`r`, at, 3 * depth - at]);
		const {ranges} = read(...nested);
		expect([...ranges.parent]).toEqual(Array.from({length: depth}, (_, at) => at - 1));
	});
});

describe('ascendingOrder', () => {
	it.each([
		[[], []],
		[[5], [0]],
		[
			[1, 2, 3],
			[0, 1, 2],
		],
		[
			[3, 1, 2, 1],
			[1, 3, 2, 0],
		],
		[
			[2 ** 52, -(2 ** 52), 0, 65_536, 65_535],
			[1, 2, 4, 3, 0],
		],
	])('of %j is %j: stable, for any whole numbers', (keys, order) => {
		expect([...ascendingOrder(Float64Array.from(keys))]).toEqual(order);
	});
});
