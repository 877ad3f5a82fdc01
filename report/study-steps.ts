/**
 * A tuning log as rows: one for each variant, in the order in which they were tried, with what each changed. Changes are
 * of throughput; a variant with several points or repeats stands for its best one, by the mean over repeats.
 */

import type {CellKind, Cell, ReportColumn, ReportRows} from '../schemas/report-rows.ts';
import type {Study, StudyPoint} from '../schemas/study.ts';
import {listVariants, variantKey} from '../schemas/study-variant.ts';
import {loadKind, loadValue, toNs} from './study-rows.ts';

/** A variant at the load where it reached most. */
export interface StudyStep {
	/** Unlike that of any other step. */
	readonly name: string;
	/** Of its points: several steps can have it in common. */
	readonly label: string;
	readonly model: string | null;
	/** Of one load. */
	readonly points: readonly StudyPoint[];
	/** Inferences per second, mean over the repeats. */
	readonly throughput: number;
}

const mean = (values: readonly number[]): number =>
	values.reduce((sum, value) => sum + value, 0) / values.length;

/** Points that nobody can trust have no say. */
const measured = ({status, client}: StudyPoint): boolean =>
	client.throughput !== undefined && (status === 'stable' || status === 'unknown');

const groupBy = (
	points: readonly StudyPoint[],
	key: (point: StudyPoint) => string,
): readonly StudyPoint[][] => {
	const groups = new Map<string, StudyPoint[]>();
	for (const point of points) {
		const name = key(point);
		groups.set(name, [...(groups.get(name) ?? []), point]);
	}

	return [...groups.values()];
};

const throughputOf = (points: readonly StudyPoint[]): number =>
	mean(points.map(({client}) => client.throughput ?? 0));

export const listSteps = ({points}: Pick<Study, 'points'>): readonly StudyStep[] => {
	const usable = points.filter(measured);
	const names = listVariants(usable);
	return groupBy(usable, variantKey).flatMap((variant) => {
		const loads = groupBy(variant, ({load}) => JSON.stringify(load));
		const [best] = loads.toSorted((a, b) => throughputOf(b) - throughputOf(a));
		const [first] = best ?? [];
		if (best === undefined || first === undefined) {
			return [];
		}

		const {label, model} = first;
		const name = names.get(variantKey(first)) ?? label;
		return [{name, label, model, points: best, throughput: throughputOf(best)}];
	});
};

/** Whether a study is a tuning log: several variants, each measured at one load. */
export const isTuningLog = (study: Pick<Study, 'points'>): boolean => {
	const variants = groupBy(study.points.filter(measured), variantKey);
	return (
		variants.length > 1 &&
		variants.every((points) => new Set(points.map(({load}) => JSON.stringify(load))).size === 1)
	);
};

/** 0.08 for 8 % more; null without a base. */
const changeFrom = (base: StudyStep | undefined, step: StudyStep): number | null =>
	base === undefined || base === step || base.throughput <= 0
		? null
		: step.throughput / base.throughput - 1;

const meanLatency = ({points}: StudyStep): number | null => {
	const times = points.flatMap(({client}) => client.mean ?? []);
	return times.length === 0 ? null : mean(times);
};

const latencyChange = (base: StudyStep | undefined, step: StudyStep): number | null => {
	const [before, after] = [base === undefined ? null : meanLatency(base), meanLatency(step)];
	return base === step || before === null || after === null || before <= 0
		? null
		: after / before - 1;
};

export interface StepInterval {
	readonly low: number;
	readonly high: number;
}

/** What is known of how far a step's numbers vary: worked out elsewhere. */
export interface StepIntervals {
	/** 95 %, inferences per second. */
	readonly throughput: (step: StudyStep) => StepInterval | null;
	/** 95 %, of the change of throughput, as a share. */
	readonly change: (base: StudyStep, step: StudyStep) => StepInterval | null;
}

const noIntervals: StepIntervals = {throughput: () => null, change: () => null};

const fastest = (steps: readonly StudyStep[]): StudyStep | undefined =>
	steps.toSorted((a, b) => b.throughput - a.throughput)[0];

interface StepColumn extends ReportColumn {
	readonly cell: (step: StudyStep, place: number) => Cell;
}

const column = (
	title: string,
	short: string,
	kind: CellKind,
	cell: StepColumn['cell'],
): StepColumn => ({
	title,
	short,
	kind,
	cell,
});

const latency =
	(percentile: number) =>
	({points}: StudyStep): Cell => {
		const times = points.map(({client}) =>
			percentile === 0
				? client.mean
				: client.percentiles.find((entry) => entry.percentile === percentile)?.time,
		);
		const known = times.filter((time) => time !== undefined);
		return known.length === 0 ? null : toNs(mean(known));
	};

const boundColumns = (
	name: string,
	baseAt: (place: number) => StudyStep | undefined,
	intervals: StepIntervals,
): readonly StepColumn[] =>
	(['low', 'high'] as const).map((end) =>
		column(
			`Change From ${name} ${end === 'low' ? 'Low' : 'High'}`,
			`${name.toLowerCase()} ${end}`,
			'share',
			(step, place) => {
				const base = baseAt(place);
				return base === undefined || base === step
					? null
					: (intervals.change(base, step)?.[end] ?? null);
			},
		),
	);

/** Most tuning logs have one measurement of each step: columns of intervals would be empty, and are left to CSV. */
const hideEmpty = (steps: readonly StudyStep[], intervals: StepIntervals) => {
	const hasAny = (columns: readonly StepColumn[]): boolean =>
		steps.some((step, place) => columns.some(({cell}) => cell(step, place) !== null));
	return (columns: readonly StepColumn[]): readonly StepColumn[] =>
		intervals === noIntervals || !hasAny(columns)
			? columns.map(({title, kind, cell}) => ({title, kind, cell}))
			: columns;
};

/** @param against steps that each step is held against too, besides the first, the one before, and the best before */
export const listStepRows = (
	steps: readonly StudyStep[],
	against: readonly StudyStep[],
	intervals: StepIntervals = noIntervals,
): ReportRows => {
	const kind = loadKind(steps.flatMap(({points}) => points.map(({load}) => load)));
	const hide = hideEmpty(steps, intervals);
	const columns: readonly StepColumn[] = [
		column('Step', 'step', 'id', (_, place) => place + 1),
		column('Variant', 'variant', 'text', ({name}) => name),
		column('Model', 'model', 'text', ({model}) => model),
		column('Load Value', 'at', kind, ({points: [point]}) =>
			point === undefined ? null : loadValue(point.load),
		),
		column('Repeats', 'n', 'count', ({points}) => points.length),
		column('Throughput (infer/s)', 'infer/s', 'real', ({throughput}) => throughput),
		...hide([
			column('Throughput Low', 'low', 'real', (step) => intervals.throughput(step)?.low ?? null),
			column('Throughput High', 'high', 'real', (step) => intervals.throughput(step)?.high ?? null),
		]),
		column('Change From First', 'first', 'share', (step) => changeFrom(steps[0], step)),
		...hide(boundColumns('First', () => steps[0], intervals)),
		column('Change From Previous', 'previous', 'share', (step, place) =>
			changeFrom(steps[place - 1], step),
		),
		...hide(boundColumns('Previous', (place) => steps[place - 1], intervals)),
		column('Change From Best Before', 'best before', 'share', (step, place) =>
			changeFrom(fastest(steps.slice(0, place)), step),
		),
		...against.map((base) => {
			const name = `step ${steps.indexOf(base) + 1}`;
			return column(`Change From ${name}`, name, 'share', (step) => changeFrom(base, step));
		}),
		column('Mean Latency (ns)', 'mean ms', 'duration', latency(0)),
		column('Mean Latency Change From First', 'ms first', 'share', (step) =>
			latencyChange(steps[0], step),
		),
		column('Mean Latency Change From Previous', 'ms previous', 'share', (step, place) =>
			latencyChange(steps[place - 1], step),
		),
		column('p99 (ns)', 'p99 ms', 'duration', latency(99)),
	];
	return {
		columns,
		length: steps.length,
		rows: steps.map((step, place) => columns.map(({cell}) => cell(step, place))),
	};
};
