/** The points of a study as lines of a plot: what differs in the load alone is one line. */

import type {LineAnswer} from '../schemas/study-answers.ts';
import type {Load, Study, StudyPoint} from '../schemas/study.ts';
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

type Facts = Pick<
	StudyPoint,
	'label' | 'model' | 'batchSize' | 'protocol' | 'device' | 'instances'
>;

const factsOf = ({
	label,
	model,
	batchSize,
	protocol,
	device,
	instances,
}: Facts): readonly unknown[] => [label, model, batchSize, protocol, device, instances];

/** What tells lines of one label apart. */
const listDetails = ({
	model,
	batchSize,
	protocol,
	device,
	instances,
}: Facts): readonly (string | null)[] => [
	model,
	batchSize === null ? null : `batch ${String(batchSize)}`,
	protocol,
	device === null ? null : device.toUpperCase(),
	instances === null ? null : `${String(instances)} inst.`,
];

/** The label, and of its details those in which lines of the same label differ. */
const nameLine = (facts: Facts, all: readonly Facts[]): string => {
	const alike = all.filter(({label}) => label === facts.label).map(listDetails);
	const differing = listDetails(facts).filter(
		(_, place) => new Set(alike.map((details) => details[place])).size > 1,
	);
	return [facts.label, ...differing.filter((detail) => detail !== null)].join(', ');
};

const loadOf = ({load}: StudyPoint): number => (load.kind === 'schedule' ? 0 : load.value);

/** Of one kind of load; a schedule has no place on an axis. */
export const listLines = (
	{points, answers}: Pick<Study, 'points' | 'answers'>,
	kind: LoadKind,
): readonly StudyLine[] => {
	const lines = groupBy(
		points.filter(({load}) => load.kind === kind),
		factsOf,
	);
	const firsts = lines.flatMap(([first]) => first ?? []);
	return lines.flatMap((line): readonly StudyLine[] => {
		const [first] = line;
		if (first === undefined) {
			return [];
		}

		const key = JSON.stringify(factsOf(first));
		const loads = groupBy(line, loadOf).map((repeats) => ({
			load: repeats[0] === undefined ? 0 : loadOf(repeats[0]),
			points: repeats,
		}));
		return [
			{
				name: nameLine(first, firsts),
				label: first.label,
				model: first.model,
				device: first.device,
				instances: first.instances,
				kind,
				loads: loads.toSorted((a, b) => a.load - b.load),
				answer: answers?.lines.find(
					(answer) => answer.loadKind === kind && JSON.stringify(factsOf(answer)) === key,
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
