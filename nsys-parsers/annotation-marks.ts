/**
 * What the annotation library said of ranges, from its marks (base/annotation-protocol.ts).
 *
 *     |---------------------- pipeline ----------------------|
 *       |------ batch ------|   |------ batch ------|
 *        ^ {"batch":0}     ^ {"items":16}
 *
 * A mark speaks of the innermost open range of its thread. Where ranges of several domains overlap without nesting,
 * two can lay claim to that: a mark that follows a push speaks of the range that opened last, one that precedes a pop
 * of the range that closes first. In nested ranges both are the same.
 */

import {messageOf} from '../base/errors.ts';
import {AnnotationMark} from '../schemas/annotation-mark.ts';
import type {RangeNote} from '../schemas/trace.ts';
import type {NestedRanges} from './range-nesting.ts';

export interface PlacedMark {
	/** Index of the thread in the ranges' numbering; -1 for a thread without ranges. */
	readonly thread: number;
	/** A point of the same kind as the ranges' `open` and `close`. */
	readonly at: number;
	readonly mark: AnnotationMark;
}

export interface MarkedRanges {
	/** By range. */
	readonly notes: ReadonlyMap<number, RangeNote>;
	/** Marks that speak of a range while none is open on their thread. */
	readonly homeless: number;
}

export type ParsedMark =
	| {readonly ok: true; readonly mark: AnnotationMark}
	/** The text, cut if it is long, and what is wrong with it. */
	| {readonly ok: false; readonly problem: string};

const describeProblem = (text: string | null, problem: string): string => {
	const whole = JSON.stringify(text);
	return `${whole.length > 80 ? `${whole.slice(0, 80)}...` : whole} (${problem})`;
};

export const parseMark = (text: string | null): ParsedMark => {
	try {
		const parsed = AnnotationMark.safeParse(JSON.parse(text ?? ''));
		return parsed.success
			? {ok: true, mark: parsed.data}
			: {ok: false, problem: describeProblem(text, 'no kind of mark that this version knows')};
	} catch (error) {
		return {ok: false, problem: describeProblem(text, messageOf(error))};
	}
};

const followsPush = (mark: AnnotationMark): boolean => 'batch' in mark || 'object' in mark;

const noteOf = (mark: AnnotationMark): RangeNote => {
	if ('batch' in mark) {
		return {batch: mark.batch};
	}

	if ('items' in mark) {
		return {items: mark.items};
	}

	if ('object' in mark) {
		return {object: mark.object};
	}

	return 'delete' in mark ? {deleted: true} : {};
};

/** The open ranges of a thread at a point that only moves forward. */
const openAt = ({open, close}: NestedRanges, [from, to]: readonly [number, number]) => {
	const byOpening: number[] = [];
	/** The one that closes first is last. */
	const byClosing: number[] = [];
	let next = from;
	const add = (range: number): void => {
		byOpening.push(range);
		let place = byClosing.length;
		while (place > 0 && Number(close[Number(byClosing[place - 1])]) < Number(close[range])) {
			place--;
		}

		byClosing.splice(place, 0, range);
	};

	const dropClosed = (stack: number[], at: number): void => {
		while (stack.length > 0 && Number(close[Number(stack.at(-1))]) < at) {
			stack.pop();
		}
	};

	return (at: number): {openedLast: number | undefined; closesFirst: number | undefined} => {
		for (; next < to && Number(open[next]) <= at; next++) {
			dropClosed(byOpening, Number(open[next]));
			dropClosed(byClosing, Number(open[next]));
			add(next);
		}

		dropClosed(byOpening, at);
		dropClosed(byClosing, at);
		return {openedLast: byOpening.at(-1), closesFirst: byClosing.at(-1)};
	};
};

/** Marks of each thread, in order of time. */
const groupByThread = (marks: readonly PlacedMark[]): Map<number, PlacedMark[]> => {
	const groups = new Map<number, PlacedMark[]>();
	for (const mark of marks) {
		const group = groups.get(mark.thread) ?? [];
		group.push(mark);
		groups.set(mark.thread, group);
	}

	for (const group of groups.values()) {
		group.sort((a, b) => a.at - b.at);
	}

	return groups;
};

/**
 * @param marks in any order; those of `meta` speak of no range and belong elsewhere
 */
export const attachMarks = (ranges: NestedRanges, marks: readonly PlacedMark[]): MarkedRanges => {
	const byThread = groupByThread(marks);
	const notes = new Map<number, RangeNote>();
	let attached = 0;
	const {threads, threadStarts} = ranges;
	for (const [place, thread] of threads.entries()) {
		const bounds = [Number(threadStarts[place]), Number(threadStarts[place + 1])] as const;
		const find = openAt(ranges, bounds);
		for (const {at, mark} of byThread.get(thread) ?? []) {
			const {openedLast, closesFirst} = find(at);
			const range = followsPush(mark) ? openedLast : closesFirst;
			if (range !== undefined) {
				notes.set(range, {...notes.get(range), ...noteOf(mark)});
				attached++;
			}
		}
	}

	return {notes, homeless: marks.length - attached};
};
