/**
 * Whether a comparison shall stop a change from going in.
 *
 *     regression   even the better end of the interval is worse than the limit
 *     passed       even its worse end is not
 *     undecided    the limit lies inside, or there is no interval
 *
 * A gate over a hundred ranges must not fire on every fortieth of them: where several are gated, the better end is that
 * of an interval corrected for all of them (Benjamini and Hochberg, on the one-sided tests of "no worse than the
 * limit"). For a single range it is the 95 % interval's own.
 */

import type {ComparedMetric, RangeComparison} from '../../schemas/comparison.ts';
import {testNoWorse} from './estimate.ts';
import {adjustForDiscoveries} from './false-discovery.ts';
import {createLimitSearch, type GateLimit} from './gate-limits.ts';
import {toLogChange, worseSign} from './relative-change.ts';

export type GateOutcome = 'regression' | 'passed' | 'undecided';

export interface GatedRange {
	readonly comparison: RangeComparison;
	/** As asked for, as a share. The noise floor counts instead where it is higher. */
	readonly limit: number;
	readonly outcome: GateOutcome;
}

export interface GateResult {
	/** A regression if any range is one; undecided if any is, or none was gated. */
	readonly outcome: GateOutcome;
	/** In the order of the comparisons; those without a limit are left out. */
	readonly ranges: readonly GatedRange[];
	/** Limits that fit no range at all: most likely a slip in a name. */
	readonly unused: readonly GateLimit[];
}

/** How far towards worse, as a logarithm: 5 % more time, or a throughput of 95 %. */
const toWorse = (limit: number, metric: ComparedMetric): number =>
	metric === 'throughput' ? -toLogChange(-Math.min(limit, 1)) : toLogChange(limit);

interface Candidate {
	readonly comparison: RangeComparison;
	readonly limit: number;
	/** The limit as a logarithm, the noise floor included. */
	readonly worst: number;
	/** One-sided, of being no worse than the limit. */
	readonly p: number | null;
}

const weigh = (comparison: RangeComparison, limit: number): Candidate => {
	const {metric, noiseFloor, estimate, p} = comparison;
	const worst = Math.max(toWorse(limit, metric), toLogChange(noiseFloor ?? 0));
	return {
		comparison,
		limit,
		worst,
		p: estimate === null ? null : testNoWorse(estimate, worseSign(metric), worst, p ?? 1),
	};
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

/**
 * @param comparisons of one call of `compareSides` or `compareRounds`
 * @param alpha what that call was given: each gate errs in half of it, to the worse side
 */
export const evaluateGate = (
	comparisons: readonly RangeComparison[],
	limits: readonly GateLimit[],
	alpha = 0.05,
): GateResult => {
	const limitsOf = createLimitSearch(limits);
	const used = new Set<GateLimit>();
	const candidates = comparisons.flatMap((comparison) => {
		const found = limitsOf(comparison.path, comparison.metric);
		found.forEach((limit) => used.add(limit));
		return found.slice(-1).map(({limit}) => weigh(comparison, limit));
	});
	const adjusted = adjustForDiscoveries(candidates.map(({p}) => p));
	const ranges = candidates.map((candidate, index): GatedRange => {
		const p = adjusted[index] ?? null;
		const {comparison, limit} = candidate;
		const isWorse = p !== null && p <= alpha / 2;
		const outcome = isWorse ? 'regression' : isWithin(candidate) ? 'passed' : 'undecided';
		return {comparison, limit, outcome};
	});
	return {
		outcome: summarizeOutcomes(ranges),
		ranges,
		unused: limits.filter((limit) => !used.has(limit)),
	};
};
