/**
 * The points of a study as lines: one for each variant, over its loads, repeats together.
 *
 *     points --same variant and kind of load--> line --same load--> its repeats
 */

import type {Load, StudyPoint} from '../../schemas/study.ts';
import {variantKey} from '../../schemas/study-variant.ts';

export interface MeasuredLoad {
	/** null for a schedule: there is one only. */
	readonly load: number | null;
	/** Usable ones, in the order of the study; at least one. */
	readonly points: readonly StudyPoint[];
}

export interface Line {
	/** Any point of it: all of them have its names in common. */
	readonly first: StudyPoint;
	/** Ascending. Only loads with a usable point; where none is, those that were measured all the same. */
	readonly loads: readonly MeasuredLoad[];
	/** The largest load that was measured, stable or not: what limits it shows in both. */
	readonly busiest: MeasuredLoad | null;
	/** Whether no point is usable, and `loads` are of points that are not. */
	readonly unstableOnly: boolean;
	/** In the order of the study, unusable ones too. */
	readonly points: readonly StudyPoint[];
}

export const valueOf = (load: Load): number | null =>
	load.kind === 'schedule' ? null : load.value;

/** perf_analyzer's own limit (-l) makes a point no worse a measurement. */
export const isUsable = ({status, client}: StudyPoint): boolean =>
	client.throughput !== undefined &&
	client.throughput > 0 &&
	(status === 'stable' || status === 'unknown' || status === 'over-limit');

/** In the order in which each key was first seen. */
export const groupBy = <Key, Element>(
	elements: readonly Element[],
	keyOf: (element: Element) => Key,
): ReadonlyMap<Key, readonly Element[]> => {
	const groups = new Map<Key, Element[]>();
	for (const element of elements) {
		const key = keyOf(element);
		const group = groups.get(key);
		if (group === undefined) {
			groups.set(key, [element]);
		} else {
			group.push(element);
		}
	}

	return groups;
};

const lineKey = (point: StudyPoint): string => JSON.stringify([variantKey(point), point.load.kind]);

const isMeasured = ({status, client}: StudyPoint): boolean =>
	status !== 'failed' && (client.throughput ?? 0) > 0;

const listLoads = (points: readonly StudyPoint[]): readonly MeasuredLoad[] =>
	[...groupBy(points, ({load}) => valueOf(load))]
		.map(([load, repeats]) => ({load, points: repeats}))
		.toSorted((a, b) => (a.load ?? 0) - (b.load ?? 0));

const makeLine = (first: StudyPoint, points: readonly StudyPoint[]): Line => {
	const usable = listLoads(points.filter(isUsable));
	const measured = listLoads(points.filter(isMeasured));
	return {
		first,
		points,
		loads: usable.length > 0 ? usable : measured,
		busiest: measured.at(-1) ?? null,
		unstableOnly: usable.length === 0 && measured.length > 0,
	};
};

/** In the order of the study. */
export const listLines = (points: readonly StudyPoint[]): readonly Line[] =>
	[...groupBy(points, lineKey).values()].flatMap((own) => {
		const [first] = own;
		return first === undefined ? [] : [makeLine(first, own)];
	});
