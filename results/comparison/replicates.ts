/**
 * One side's samples as logarithms of its units.
 *
 * The median of a process's batches is its value: a few disturbed batches do not matter. Processes that ran side by side
 * share what the machine did meanwhile, so from three repeats on the repeat is the unit, and its value the mean over its
 * processes. With fewer repeats it is the process, and a reason says so: where repeats differ as much as processes do,
 * one alarm in six is false then.
 */

import type {ComparedSide, ComparisonReason, SideName} from '../../schemas/comparison.ts';
import {quantile, sortSamples} from '../summary.ts';

/** Samples by repeat and process. A process without this range has an empty list: its place is kept. */
export type Replicates = readonly (readonly (readonly number[])[])[];

/** By repeat and process; null where a process has no sample. */
export type ProcessValues = readonly (readonly (number | null)[])[];

/** With two units a side the test errs in one of eight pairs where processes fall into two groups. */
export const leastUnits = 3;

export interface LocatedSide {
	/** Medians, in the samples' unit; empty where a sample is no number to work with. */
	readonly medians: ProcessValues;
	/** Why there can be no logarithms; empty where there are. */
	readonly reasons: readonly ComparisonReason[];
}

type BadValue = Extract<ComparisonReason, {kind: 'bad-values'}>['value'];

const classify = (sample: number): BadValue | null =>
	Number.isNaN(sample)
		? 'not-a-number'
		: !Number.isFinite(sample)
			? 'infinite'
			: sample < 0
				? 'negative'
				: null;

const findBadValues = (replicates: Replicates, side: SideName): readonly ComparisonReason[] => {
	const counts = new Map<BadValue, number>();
	for (const samples of replicates.flat()) {
		for (const sample of samples) {
			const bad = classify(sample);
			if (bad !== null) {
				counts.set(bad, (counts.get(bad) ?? 0) + 1);
			}
		}
	}

	return [...counts].map(([value, count]) => ({kind: 'bad-values', side, value, count}));
};

export const median = (samples: readonly number[]): number => quantile(sortSamples(samples), 0.5);

export const locateSide = (replicates: Replicates, side: SideName): LocatedSide => {
	const bad = findBadValues(replicates, side);
	if (bad.length > 0) {
		return {medians: [], reasons: bad};
	}

	const medians = replicates.map((processes) =>
		processes.map((samples) => (samples.length === 0 ? null : median(samples))),
	);
	const known = medians.flat().filter((value) => value !== null);
	if (known.length === 0) {
		return {medians, reasons: [{kind: 'no-samples', side}]};
	}

	const count = known.filter((value) => value === 0).length;
	return {medians, reasons: count === 0 ? [] : [{kind: 'zero', side, count, of: known.length}]};
};

/** @param medians of a side without reasons against it */
export const takeLogs = (medians: ProcessValues): ProcessValues =>
	medians.map((processes) => processes.map((value) => (value === null ? null : Math.log(value))));

export interface Units {
	readonly unit: ComparedSide['unit'];
	/** One value per unit. */
	readonly values: readonly number[];
	/** That have a value. */
	readonly repeats: number;
	readonly processes: number;
}

export const mean = (values: readonly number[]): number =>
	values.reduce((sum, value) => sum + value, 0) / values.length;

export const gatherUnits = (values: ProcessValues): Units => {
	const repeats = values
		.map((processes) => processes.filter((value) => value !== null))
		.filter(({length}) => length > 0);
	const processes = repeats.flat();
	const alone = repeats.every(({length}) => length === 1);
	const unit = repeats.length >= leastUnits && !alone ? 'repeat' : 'process';
	return {
		unit,
		values: unit === 'repeat' ? repeats.map(mean) : processes,
		repeats: repeats.length,
		processes: processes.length,
	};
};

/** What to say of a side's units. */
export const explainUnits = (
	{unit, values, repeats, processes}: Units,
	side: SideName,
): readonly ComparisonReason[] => [
	...(values.length < leastUnits
		? [{kind: 'too-few', side, unit, have: values.length, need: leastUnits} as const]
		: []),
	...(repeats < leastUnits && processes > repeats
		? [{kind: 'repeats-not-unit', side, repeats, need: leastUnits} as const]
		: []),
];

/** @param units of the logarithms; null where there are none */
export const describeSide = ({medians}: LocatedSide, units: Units | null): ComparedSide => {
	const known = medians.map((processes) => processes.filter((value) => value !== null));
	const processes = known.flat();
	return {
		median: processes.length === 0 ? null : median(processes),
		center: units === null ? null : Math.exp(mean(units.values)),
		n: units?.values.length ?? 0,
		unit: units?.unit ?? 'process',
		repeats: known.filter(({length}) => length > 0).length,
		processes: processes.length,
	};
};
