/**
 * Whether a comparison shall stop a change from going in.
 *
 *     regression   even the better end of the interval is worse than the limit, and than the noise floor where one is known
 *     passed       even its worse end is not worse than the limit, whatever the floor is
 *     undecided    anything else: the limit lies inside, there is no interval, the floor could explain what is worse, or a
 *                  side has no such row at all
 *
 * A gate over a hundred ranges must not fire on every fortieth of them: where several are gated, the better end is that
 * of an interval corrected for all of them (Benjamini and Hochberg, on the one-sided tests of "no worse than the
 * limit"). For a single range it is the 95 % interval's own.
 */

import type {ComparedMetric, RangeComparison} from '../../schemas/comparison.ts';
import type {GateDoubt} from '../../schemas/comparison-report.ts';
import {testNoWorse} from './estimate.ts';
import {adjustForDiscoveries} from './false-discovery.ts';
import type {AbsentRow} from './absent-rows.ts';
import {createLimitSearch, type GateLimit} from './gate-limits.ts';
import {toLogChange, worseSign} from './relative-change.ts';

export type GateOutcome = 'regression' | 'passed' | 'undecided';

export interface GatedRange {
	readonly comparison: RangeComparison;
	/** As asked for, as a share. For a regression the noise floor counts instead where it is higher. */
	readonly limit: number;
	readonly outcome: GateOutcome;
	/** Why it is undecided; null where it is not. */
	readonly doubt: GateDoubt | null;
}

/** A row that is asked for and cannot be compared: undecided. */
export interface AbsentRange extends AbsentRow {
	readonly limit: number;
}

export interface GateResult {
	/** A regression if any range is one; undecided if any is, or none was gated. */
	readonly outcome: GateOutcome;
	/** In the order of the comparisons; those without a limit are left out. */
	readonly ranges: readonly GatedRange[];
	readonly absent: readonly AbsentRange[];
	/** Limits that fit no row of either side: most likely a slip in a name. */
	readonly unused: readonly GateLimit[];
}

/** How far towards worse, as a logarithm: 5 % more time, or a throughput of 95 %. */
const toWorse = (limit: number, metric: ComparedMetric): number =>
	metric === 'throughput' ? -toLogChange(-Math.min(limit, 1)) : toLogChange(limit);

interface Candidate {
	readonly comparison: RangeComparison;
	readonly limit: number;
	/** The limit as a logarithm. */
	readonly worst: number;
	/** One-sided, of being no worse than the limit. */
	readonly p: number | null;
	/** Of being no worse than the limit and the noise floor. */
	readonly floorP: number | null;
}

const weigh = (comparison: RangeComparison, limit: number): Candidate => {
	const {metric, noiseFloor, estimate, p} = comparison;
	const worst = toWorse(limit, metric);
	const test = (bound: number): number | null =>
		estimate === null ? null : testNoWorse(estimate, worseSign(metric), bound, p ?? 1);
	const floorP = test(Math.max(worst, toLogChange(noiseFloor ?? 0)));
	return {comparison, limit, worst, p: test(worst), floorP};
};

const isWithin = ({comparison: {interval, metric}, worst}: Candidate): boolean => {
	if (interval === null) {
		return false;
	}

	const worse = worseSign(metric) === 1 ? toLogChange(interval.high) : -toLogChange(interval.low);
	return worse <= worst;
};

/** A regression if any is one; undecided if any is, or there is none. */
export const summarizeOutcomes = (ranges: readonly Pick<GatedRange, 'outcome'>[]): GateOutcome => {
	const outcomes = new Set(ranges.map(({outcome}) => outcome));
	return outcomes.has('regression')
		? 'regression'
		: outcomes.has('undecided') || outcomes.size === 0
			? 'undecided'
			: 'passed';
};

const judge = (
	candidate: Candidate,
	isWorse: {readonly limit: boolean; readonly floor: boolean},
): GatedRange => {
	const {comparison, limit} = candidate;
	if (isWorse.floor || isWithin(candidate)) {
		return {comparison, limit, outcome: isWorse.floor ? 'regression' : 'passed', doubt: null};
	}

	const doubt = isWorse.limit
		? 'below-noise-floor'
		: comparison.interval === null
			? 'no-interval'
			: 'within-interval';
	return {comparison, limit, outcome: 'undecided', doubt};
};

/** Each errs in half of alpha, to the worse side. */
const judgeAll = (candidates: readonly Candidate[], alpha: number): readonly GatedRange[] => {
	const findWorse = (ps: readonly (number | null)[]): readonly boolean[] =>
		adjustForDiscoveries(ps).map((p) => p !== null && p <= alpha / 2);
	const [limits, floors] = [
		findWorse(candidates.map(({p}) => p)),
		findWorse(candidates.map(({floorP}) => floorP)),
	];
	return candidates.map((candidate, index) =>
		judge(candidate, {limit: limits[index] ?? false, floor: floors[index] ?? false}),
	);
};

/**
 * @param comparisons of one call of `compareSides` or `compareRounds`
 * @param alpha what that call was given: each gate errs in half of it, to the worse side
 * @param absent rows that one side alone has
 */
export const evaluateGate = (
	comparisons: readonly RangeComparison[],
	limits: readonly GateLimit[],
	alpha = 0.05,
	absent: readonly AbsentRow[] = [],
): GateResult => {
	const limitsOf = createLimitSearch(limits);
	const used = new Set<GateLimit>();
	const findLimit = ({path, metric}: Pick<AbsentRow, 'path' | 'metric'>): readonly GateLimit[] => {
		const found = limitsOf(path, metric);
		found.forEach((limit) => used.add(limit));
		return found.slice(-1);
	};

	const candidates = comparisons.flatMap((comparison) =>
		findLimit(comparison).map(({limit}) => weigh(comparison, limit)),
	);
	const vanished = absent
		.filter(({isNew}) => !isNew)
		.flatMap((row) => findLimit(row).map(({limit}): AbsentRange => ({...row, limit})));
	const idle = createLimitSearch(limits.filter((limit) => !used.has(limit)));
	const appeared = absent
		.filter(({isNew, path, metric}) => isNew && idle(path, metric).length > 0)
		.flatMap((row) => findLimit(row).map(({limit}): AbsentRange => ({...row, limit})));
	const ranges = judgeAll(candidates, alpha);
	const missing = [...vanished, ...appeared];
	return {
		outcome: summarizeOutcomes([
			...ranges,
			...missing.map(() => ({outcome: 'undecided' as const})),
		]),
		ranges,
		absent: missing,
		unused: limits.filter((limit) => !used.has(limit)),
	};
};
