/** From the samples of one range and metric to its change, not yet judged: that takes all ranges together. */

import type {
	ChangeEstimate,
	ComparedMetric,
	ComparedSide,
	ComparisonReason,
} from '../../schemas/comparison.ts';
import {estimateChange, measureSpread, type Spread} from './estimate.ts';
import {
	describeSide,
	explainUnits,
	gatherUnits,
	leastUnits,
	locateSide,
	mean,
	takeLogs,
	type LocatedSide,
	type ProcessValues,
	type Replicates,
	type Units,
} from './replicates.ts';

export interface ComparedSamples {
	/** As in `stats`. */
	readonly path: string;
	readonly metric: ComparedMetric;
	/** Any unit, the same on both sides; 0 or more. Throughput has one sample per repeat. */
	readonly baseline: Replicates;
	readonly candidate: Replicates;
	/** What a calibration found for this range: changes up to this share prove nothing. Without one: absent. */
	readonly noiseFloor?: number;
}

export interface MeasuredChange {
	readonly baseline: ComparedSide;
	readonly candidate: ComparedSide;
	/** ln(candidate / baseline); null where a side cannot be compared. */
	readonly logChange: number | null;
	/** null also where there are too few units. */
	readonly estimate: ChangeEstimate | null;
	/** Of both sides, or of the rounds' differences; empty without an estimate. */
	readonly spreads: readonly Spread[];
	/** What the spreads are of, in the same order. */
	readonly units: readonly (Omit<Units, 'values' | 'unit'> & {
		readonly unit: ComparedSide['unit'];
	})[];
	readonly reasons: readonly ComparisonReason[];
}

const measureNothing = (
	baseline: LocatedSide,
	candidate: LocatedSide,
	unit: ComparedSide['unit'] | null,
): MeasuredChange => ({
	baseline: {...describeSide(baseline, null), ...(unit === null ? {} : {unit})},
	candidate: {...describeSide(candidate, null), ...(unit === null ? {} : {unit})},
	logChange: null,
	estimate: null,
	spreads: [],
	units: [],
	reasons: [...baseline.reasons, ...candidate.reasons],
});

const hasLogs = (...sides: readonly LocatedSide[]): boolean =>
	sides.every(({reasons}) => reasons.length === 0);

/** @returns null below the least number of units */
const estimateFrom = (
	logChange: number,
	values: readonly (readonly number[])[],
): Pick<MeasuredChange, 'estimate' | 'spreads'> => {
	if (values.some(({length}) => length < leastUnits)) {
		return {estimate: null, spreads: []};
	}

	const spreads = values.map(measureSpread);
	return {estimate: estimateChange(logChange, spreads), spreads};
};

/** From logarithms by repeat and process. */
export const measureLogs = (
	baseline: ProcessValues,
	candidate: ProcessValues,
): Omit<MeasuredChange, 'baseline' | 'candidate'> => {
	const units = [gatherUnits(baseline), gatherUnits(candidate)] as const;
	const logChange = mean(units[1].values) - mean(units[0].values);
	return {
		logChange,
		...estimateFrom(
			logChange,
			units.map(({values}) => values),
		),
		units,
		reasons: [...explainUnits(units[0], 'baseline'), ...explainUnits(units[1], 'candidate')],
	};
};

/** Two sides that were measured each on its own. */
export const measureSides = (samples: ComparedSamples): MeasuredChange => {
	const baseline = locateSide(samples.baseline, 'baseline');
	const candidate = locateSide(samples.candidate, 'candidate');
	if (!hasLogs(baseline, candidate)) {
		return measureNothing(baseline, candidate, null);
	}

	const logs = [takeLogs(baseline.medians), takeLogs(candidate.medians)] as const;
	return {
		...measureLogs(logs[0], logs[1]),
		baseline: describeSide(baseline, gatherUnits(logs[0])),
		candidate: describeSide(candidate, gatherUnits(logs[1])),
	};
};

/** A round's value on one side; null where it has none. */
const averageRound = (processes: readonly (number | null)[] | undefined): number | null => {
	const known = (processes ?? []).filter((value) => value !== null);
	return known.length === 0 ? null : mean(known);
};

export interface PairedLogs {
	/** One element per round that both sides have. */
	readonly baseline: readonly number[];
	readonly candidate: readonly number[];
	/** Rounds that only one side has. */
	readonly dropped: number;
}

export const pairRounds = (baseline: ProcessValues, candidate: ProcessValues): PairedLogs => {
	const rounds = Array.from(
		{length: Math.max(baseline.length, candidate.length)},
		(_, round) => [averageRound(baseline[round]), averageRound(candidate[round])] as const,
	);
	const pairs = rounds.flatMap(([a, b]) => (a === null || b === null ? [] : [[a, b] as const]));
	const lost = rounds.filter(([a, b]) => (a === null) !== (b === null)).length;
	return {baseline: pairs.map(([a]) => a), candidate: pairs.map(([, b]) => b), dropped: lost};
};

/** @param logs of the rounds that both sides have */
export const describePaired = (side: LocatedSide, logs: readonly number[]): ComparedSide => ({
	...describeSide(side, null),
	center: logs.length === 0 ? null : Math.exp(mean(logs)),
	n: logs.length,
	unit: 'round',
});

export const measurePairs = ({
	baseline,
	candidate,
	dropped,
}: PairedLogs): Omit<MeasuredChange, 'baseline' | 'candidate'> => {
	const differences = candidate.map((value, round) => value - (baseline[round] ?? 0));
	const {length} = differences;
	const logChange = length === 0 ? null : mean(differences);
	return {
		logChange,
		...estimateFrom(logChange ?? 0, [differences]),
		units: [{unit: 'round', repeats: length, processes: length}],
		reasons: [
			...(length < leastUnits
				? [{kind: 'too-few', side: null, unit: 'round', have: length, need: leastUnits} as const]
				: []),
			...(dropped > 0 ? [{kind: 'rounds-dropped', count: dropped} as const] : []),
		],
	};
};

/** Rounds of `ab`: repeat r of both sides ran right after each other, so that drift falls out of their difference. */
export const measureRounds = (samples: ComparedSamples): MeasuredChange => {
	const baseline = locateSide(samples.baseline, 'baseline');
	const candidate = locateSide(samples.candidate, 'candidate');
	if (!hasLogs(baseline, candidate)) {
		return measureNothing(baseline, candidate, 'round');
	}

	const pairs = pairRounds(takeLogs(baseline.medians), takeLogs(candidate.medians));
	return {
		...measurePairs(pairs),
		baseline: describePaired(baseline, pairs.baseline),
		candidate: describePaired(candidate, pairs.candidate),
	};
};
