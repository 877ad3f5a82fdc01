/**
 * Verdicts over all ranges that are looked at together.
 *
 *     faster, slower   the corrected p is at most alpha, and the change is above the noise floor
 *     same             no change is proven, and the whole interval lies within the margin (or the floor, where that is
 *                      wider): a proof of its own, not a lack of one
 *     inconclusive     anything else; a proven change that is not above the floor too
 */

import type {ComparisonReason, RangeComparison, Verdict} from '../../schemas/comparison.ts';
import {findDetectable, findExactFrom, planRepeats} from './detectable-change.ts';
import {findInterval, testNoChange} from './estimate.ts';
import {adjustForDiscoveries, listLevels} from './false-discovery.ts';
import type {ComparedSamples, MeasuredChange} from './measured-change.ts';
import {nameDirection, toLogChange, toShare} from './relative-change.ts';

export interface ComparisonOptions {
	/** False alarms: the share of wrong ones among all that are called changed; intervals have 1 - alpha. */
	readonly alpha: number;
	/** A change within plus or minus this share is no change to anybody: what "same" claims. */
	readonly margin: number;
	/** The change, as a share, for which `moreRepeats` plans. */
	readonly target: number;
}

export const defaultComparison: ComparisonOptions = {alpha: 0.05, margin: 0.01, target: 0.01};

export type Named = Pick<ComparedSamples, 'path' | 'metric' | 'noiseFloor'>;

/** One change with what all the others make of it. */
interface Weighed {
	readonly named: Named;
	readonly measured: MeasuredChange;
	readonly p: number | null;
	readonly adjustedP: number | null;
	/** The level that p had to reach. */
	readonly level: number;
}

const isBeyond = (value: number): boolean => !Number.isFinite(value) || value < 0;

const checkOptions = ({alpha, margin, target}: ComparisonOptions, all: readonly Named[]): void => {
	if (!(alpha > 0 && alpha < 1) || isBeyond(margin) || isBeyond(target) || target === 0) {
		throw new RangeError(
			`not an option of a comparison: ${JSON.stringify({alpha, margin, target})}`,
		);
	}

	const wrong = all.find(({noiseFloor = 0}) => isBeyond(noiseFloor));
	if (wrong !== undefined) {
		throw new RangeError(`not a noise floor: ${wrong.noiseFloor ?? ''} (${wrong.path})`);
	}
};

const isProven = ({adjustedP}: Weighed, alpha: number): boolean =>
	adjustedP !== null && adjustedP <= alpha;

/** As a logarithm. */
const floorOf = ({named}: Weighed): number => toLogChange(named.noiseFloor ?? 0);

const liesWithin = ({measured: {estimate}}: Weighed, margin: number, alpha: number): boolean => {
	const interval = estimate === null ? null : findInterval(estimate, alpha);
	return (
		interval !== null &&
		toLogChange(interval.high) <= margin &&
		toLogChange(interval.low) >= -margin
	);
};

const decideVerdict = (weighed: Weighed, {alpha, margin}: ComparisonOptions): Verdict => {
	const {named, measured} = weighed;
	const floor = floorOf(weighed);
	const logChange = measured.logChange ?? 0;
	if (isProven(weighed, alpha)) {
		return Math.abs(logChange) > floor ? nameDirection(logChange, named.metric) : 'inconclusive';
	}

	return liesWithin(weighed, Math.max(toLogChange(margin), floor), alpha) ? 'same' : 'inconclusive';
};

const explainVerdict = (
	weighed: Weighed,
	verdict: Verdict,
	alpha: number,
	tests: number,
): readonly ComparisonReason[] => {
	const {measured, named, p, adjustedP} = weighed;
	const reasons: ComparisonReason[] = [...measured.reasons];
	if (measured.estimate?.standardError === 0) {
		reasons.push({kind: 'no-variance'});
	}

	if (p !== null && adjustedP !== null && p <= alpha && adjustedP > alpha) {
		reasons.push({kind: 'not-after-correction', tests});
	}

	if (verdict !== 'inconclusive') {
		const have = Math.min(...measured.spreads.map(({n}) => n));
		const exactFrom = findExactFrom(alpha, measured.spreads.length);
		reasons.push(...(have < exactFrom ? [{kind: 'rests-on-model', have, exactFrom} as const] : []));
	}

	if (isProven(weighed, alpha) && Math.abs(measured.logChange ?? 0) <= floorOf(weighed)) {
		reasons.push({kind: 'below-noise-floor', floor: named.noiseFloor ?? 0});
	}

	return reasons;
};

const planMore = (
	{measured: {units, spreads}, level}: Weighed,
	floor: number,
	target: number,
): RangeComparison['moreRepeats'] => {
	const threshold = {alpha: level, floor};
	return spreads.length === 0
		? null
		: {target, repeats: planRepeats(units, spreads, threshold, target)};
};

const judge = (weighed: Weighed, options: ComparisonOptions, tests: number): RangeComparison => {
	const {alpha, target} = options;
	const {named, measured, p, adjustedP, level} = weighed;
	const {estimate, spreads, logChange} = measured;
	const floor = floorOf(weighed);
	const verdict = decideVerdict(weighed, options);
	return {
		path: named.path,
		metric: named.metric,
		baseline: measured.baseline,
		candidate: measured.candidate,
		change: logChange === null ? null : toShare(logChange),
		interval: estimate === null ? null : findInterval(estimate, alpha),
		p,
		adjustedP,
		verdict,
		detectable: estimate === null ? null : findDetectable(spreads, {alpha: level, floor}),
		moreRepeats: planMore(weighed, floor, target),
		noiseFloor: named.noiseFloor ?? null,
		estimate,
		reasons: [...explainVerdict(weighed, verdict, alpha, tests)],
	};
};

/**
 * @param changes all that one reader sees at once: they are corrected for each other
 * @throws RangeError for options or noise floors that are none
 */
export const judgeChanges = (
	changes: readonly {readonly named: Named; readonly measured: MeasuredChange}[],
	options: ComparisonOptions,
): readonly RangeComparison[] => {
	checkOptions(
		options,
		changes.map(({named}) => named),
	);
	const ps = changes.map(({measured: {estimate, spreads}}) =>
		estimate === null ? null : testNoChange(estimate, spreads),
	);
	const adjusted = adjustForDiscoveries(ps);
	const levels = listLevels(adjusted, options.alpha);
	const tests = ps.filter((p) => p !== null).length;
	return changes.map((change, index) => {
		const weighed: Weighed = {
			...change,
			p: ps[index] ?? null,
			adjustedP: adjusted[index] ?? null,
			level: levels[index] ?? options.alpha,
		};
		return judge(weighed, options, tests);
	});
};
