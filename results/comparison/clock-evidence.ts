/**
 * Whether the SM clock alone explains a change of a GPU time. Pure.
 *
 * Compute-bound work takes a number of cycles, so its time goes with 1 / clock, and time x clock stays what it is. Each
 * process has its time t and its clock c, and three combinations of them are compared by the very statistics that judge
 * the time itself (all in logarithms, so that products are sums):
 *
 *     clock   c              did it change at all, in the direction that fits?
 *     half    c * sqrt(t)    does it make more than half of the change?
 *     rest    c * t          is what it leaves not distinguishable from none, or a tenth of the change at most?
 *
 * Only three times yes is "explained". The middle one is what keeps a rest from hiding in noise: where the clock makes
 * half of a change or less, 2.5 % at most are called explained. Against a true clock effect it costs no power, since c
 * then changes by as much as t, and half the change has half the error. docs/comparing.md has how often it errs.
 *
 * What it cannot know: work that waits for memory does not follow the SM clock, and a clock can be low because of what
 * the candidate itself draws. So this is a reason beside a verdict, and never a "same".
 */

import type {ChangeEstimate} from '../../schemas/comparison.ts';
import {findInterval} from './estimate.ts';
import type {ComparedSamples} from './measured-change.ts';
import {toLogChange} from './relative-change.ts';
import type {Replicates} from './replicates.ts';

/** MHz by repeat and process, in the places of the samples; null where it is not known. */
export type ProcessClocks = readonly (readonly (number | null)[])[];

export interface SideClocks {
	readonly baseline: ProcessClocks;
	readonly candidate: ProcessClocks;
}

/** The power of the time in its product with the clock. */
export type TimeWeight = 0 | 0.5 | 1;

export interface ClockJudgement {
	readonly explains: boolean;
	/** ln(candidate / baseline) of the clock. */
	readonly clockLog: number;
	/** ln(candidate / baseline) of time x clock: what is left of the change. */
	readonly rest: ChangeEstimate;
}

/** null where a time has no clock. */
const weighSide = (
	replicates: Replicates,
	clocks: ProcessClocks,
	weight: TimeWeight,
): Replicates | null => {
	const clockAt = (repeat: number, process: number): number => clocks[repeat]?.[process] ?? 0;
	const isKnown = replicates.every((processes, repeat) =>
		processes.every(({length}, process) => length === 0 || clockAt(repeat, process) > 0),
	);
	return isKnown
		? replicates.map((processes, repeat) =>
				processes.map((samples, process) =>
					samples.map((time) => time ** weight * clockAt(repeat, process)),
				),
			)
		: null;
};

/** @returns null where the clock of a process is not known that has a time */
export const weighByClock = (
	samples: ComparedSamples,
	clocks: SideClocks,
	weight: TimeWeight,
): ComparedSamples | null => {
	const baseline = weighSide(samples.baseline, clocks.baseline, weight);
	const candidate = weighSide(samples.candidate, clocks.candidate, weight);
	return baseline === null || candidate === null ? null : {...samples, baseline, candidate};
};

/** 1 or -1 where a change in that direction is proven, else 0. Clocks that are locked do not vary at all. */
const provenSign = (estimate: ChangeEstimate, alpha: number): number => {
	const interval = findInterval(estimate, alpha);
	return interval === null || interval.low > 0 || interval.high < 0
		? Math.sign(estimate.logChange)
		: 0;
};

/** Less than this share of a change is not worth a word: clocks are only known to a step, times to a nanosecond. */
const tellingShare = 0.1;

const isTrifle = (rest: ChangeEstimate, change: number, alpha: number): boolean => {
	const interval = findInterval(rest, alpha);
	const [low, high] =
		interval === null
			? [rest.logChange, rest.logChange]
			: [toLogChange(interval.low), toLogChange(interval.high)];
	return Math.max(-low, high) <= tellingShare * Math.abs(change);
};

/**
 * @param change ln(candidate / baseline) of the time: proven, or nothing needs an explanation
 * @param measure the change of time ^ weight x clock; null where it cannot be measured
 * @returns null where the clocks are not known, or have no part in the change
 */
export const judgeByClock = (
	change: number,
	measure: (weight: TimeWeight) => ChangeEstimate | null,
	alpha: number,
): ClockJudgement | null => {
	const [clock, half, rest] = [measure(0), measure(0.5), measure(1)];
	if (clock === null || half === null || rest === null) {
		return null;
	}

	const fits = Math.sign(change) === -provenSign(clock, alpha);
	if (!fits || Math.abs(clock.logChange) < tellingShare * Math.abs(change)) {
		return null;
	}

	const makesMost = provenSign(half, alpha) === -Math.sign(change);
	return {
		explains: makesMost && (provenSign(rest, alpha) === 0 || isTrifle(rest, change, alpha)),
		clockLog: clock.logChange,
		rest,
	};
};
