/** The points of a study as lines of a plot: what differs in the load alone is one line. */

import type {LineAnswer} from '../schemas/study-answers.ts';
import type {Load, Study, StudyPoint} from '../schemas/study.ts';
import {nameVariants, variantKey} from '../schemas/study-variant.ts';
import type {PlotPoint, PointMark} from './charts/figure.ts';

export type LoadKind = Exclude<Load['kind'], 'schedule'>;

/** A load of a line, with all its repeats. */
export interface LineLoad {
	readonly load: number;
	readonly points: readonly StudyPoint[];
}

export interface StudyLine {
	/** Unique among the lines of a study. */
	readonly name: string;
	readonly label: string;
	readonly model: string | null;
	readonly device: StudyPoint['device'];
	readonly instances: number | null;
	readonly kind: LoadKind;
	/** Ascending. */
	readonly loads: readonly LineLoad[];
	/** What the study answers of it; undefined where nobody asked. */
	readonly answer: LineAnswer | undefined;
}

const groupBy = <Item>(
	items: readonly Item[],
	key: (item: Item) => unknown,
): readonly (readonly Item[])[] => {
	const groups = new Map<string, Item[]>();
	for (const item of items) {
		const name = JSON.stringify(key(item));
		const group = groups.get(name);
		if (group === undefined) {
			groups.set(name, [item]);
		} else {
			group.push(item);
		}
	}

	return [...groups.values()];
};

const loadOf = ({load}: StudyPoint): number => (load.kind === 'schedule' ? 0 : load.value);

/** Of one kind of load; a schedule has no place on an axis. */
export const listLines = (
	{points, answers}: Pick<Study, 'points' | 'answers'>,
	kind: LoadKind,
): readonly StudyLine[] => {
	const lines = groupBy(
		points.filter(({load}) => load.kind === kind),
		variantKey,
	);
	const names = nameVariants(lines.flatMap(([first]) => first ?? []));
	return lines.flatMap((line, place): readonly StudyLine[] => {
		const [first] = line;
		if (first === undefined) {
			return [];
		}

		const key = variantKey(first);
		const loads = groupBy(line, loadOf).map((repeats) => ({
			load: repeats[0] === undefined ? 0 : loadOf(repeats[0]),
			points: repeats,
		}));
		return [
			{
				name: names[place] ?? first.label,
				label: first.label,
				model: first.model,
				device: first.device,
				instances: first.instances,
				kind,
				loads: loads.toSorted((a, b) => a.load - b.load),
				answer: answers?.lines.find(
					(answer) => answer.loadKind === kind && variantKey(answer) === key,
				),
			},
		];
	});
};

const isTrusted = ({status}: StudyPoint): boolean => status === 'stable' || status === 'unknown';

/** Repeats that can be trusted, or all where none can. */
const chooseRepeats = (points: readonly StudyPoint[]): readonly StudyPoint[] => {
	const trusted = points.filter(isTrusted);
	return trusted.length > 0 ? trusted : points;
};

export const markOf = (points: readonly StudyPoint[]): PointMark =>
	points.some(isTrusted)
		? 'full'
		: points.every(({status}) => status === 'failed')
			? 'cross'
			: 'hollow';

const mean = (values: readonly number[]): number =>
	values.reduce((sum, value) => sum + value, 0) / values.length;

export type ReadPoint = (point: StudyPoint) => number | undefined;
/** The same quantity of a point's windows. */
export type ReadWindow = (window: StudyPoint['windows'][number]) => number | undefined;

const listSpread = (
	points: readonly StudyPoint[],
	read: ReadPoint,
	readWindow: ReadWindow | undefined,
): readonly number[] => {
	const repeats = points.map(read).filter((value) => value !== undefined);
	if (repeats.length > 1 || readWindow === undefined) {
		return repeats;
	}

	return points.flatMap(({windows}) =>
		windows.map(readWindow).filter((value) => value !== undefined),
	);
};

/** The mean over repeats. */
export const placeMean = ({load, points}: LineLoad, read: ReadPoint): PlotPoint => {
	const values = chooseRepeats(points)
		.map(read)
		.filter((value) => value !== undefined);
	return {x: load, y: values.length === 0 ? null : mean(values), mark: markOf(points)};
};

/**
 * With a bar that spans the repeats, or the windows of a single measurement, in which the mean may lie outside of what
 * its windows have.
 */
export const placeLoad = (load: LineLoad, read: ReadPoint, readWindow?: ReadWindow): PlotPoint => {
	const placed = placeMean(load, read);
	const spread = listSpread(chooseRepeats(load.points), read, readWindow);
	return placed.y === null || spread.length < 2
		? placed
		: {...placed, low: Math.min(...spread), high: Math.max(...spread)};
};
