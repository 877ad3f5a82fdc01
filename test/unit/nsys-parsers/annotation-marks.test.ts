import {describe, expect, it} from 'vitest';
import {attachMarks} from '../../../nsys-parsers/annotation-marks.ts';
import {nestRanges} from '../../../nsys-parsers/range-nesting.ts';
import type {AnnotationMark} from '../../../schemas/annotation-mark.ts';

/** Ranges of one thread, in the order in which nestRanges puts them. */
const rangesOf = (...intervals: (readonly [number, number])[]) =>
	nestRanges({
		length: intervals.length,
		thread: new Uint32Array(intervals.length),
		open: Float64Array.from(intervals, ([open]) => open),
		close: Float64Array.from(intervals, ([, close]) => close),
	}).nested;

const attach = (ranges: ReturnType<typeof rangesOf>, ...marks: [number, AnnotationMark][]) => {
	const {notes, homeless} = attachMarks(
		ranges,
		marks.map(([at, mark]) => ({thread: 0, at, mark})),
	);
	return {notes: Object.fromEntries(notes), homeless};
};

describe('a mark', () => {
	it('speaks of the innermost open range', () => {
		const ranges = rangesOf([0, 100], [10, 40], [20, 30], [50, 90]);
		const marks: [number, AnnotationMark][] = [
			[1, {batch: 0}],
			[21, {batch: 2}],
			[35, {items: 1}],
			[45, {items: 9}],
			[51, {batch: 3}],
		];
		expect(attach(ranges, ...marks)).toEqual({
			notes: {0: {batch: 0, items: 9}, 1: {items: 1}, 2: {batch: 2}, 3: {batch: 3}},
			homeless: 0,
		});
	});

	it('may stand at the very start or end of its range', () => {
		const ranges = rangesOf([0, 10], [20, 30]);
		expect(attach(ranges, [20, {batch: 1}], [30, {items: 4}])).toEqual({
			notes: {1: {batch: 1, items: 4}},
			homeless: 0,
		});
	});

	it('comes in any order', () => {
		const ranges = rangesOf([0, 10], [20, 30]);
		expect(attach(ranges, [25, {batch: 1}], [5, {batch: 0}]).notes).toEqual({
			0: {batch: 0},
			1: {batch: 1},
		});
	});

	it('overrules what was said before', () => {
		expect(attach(rangesOf([0, 10]), [1, {items: 1}], [9, {items: 2}]).notes).toEqual({
			0: {items: 2},
		});
	});

	it('finds no range before the first, between two, or after the last', () => {
		const ranges = rangesOf([10, 20], [30, 40]);
		const marks = [5, 25, 45].map((at): [number, AnnotationMark] => [at, {batch: at}]);
		expect(attach(ranges, ...marks)).toEqual({notes: {}, homeless: 3});
	});
});

describe('a mark where domains overlap without nesting', () => {
	//  a |---------|
	//  b     |----------|
	const ranges = rangesOf([0, 20], [10, 30]);

	it('speaks of the range that opened last, if it follows a push', () => {
		expect(attach(ranges, [11, {batch: 1}]).notes).toEqual({1: {batch: 1}});
	});

	it('speaks of the range that closes first, if it precedes a pop', () => {
		expect(attach(ranges, [19, {items: 4}], [19, {delete: true}]).notes).toEqual({
			0: {items: 4, deleted: true},
		});
	});

	it('speaks of what is left open afterwards', () => {
		expect(attach(ranges, [25, {items: 5}]).notes).toEqual({1: {items: 5}});
	});

	it('sees past ranges that closed beneath one that is open', () => {
		const three = rangesOf([0, 100], [10, 30], [20, 40]);
		expect(attach(three, [35, {batch: 2}], [50, {items: 1}]).notes).toEqual({
			0: {items: 1},
			2: {batch: 2},
		});
	});
});
