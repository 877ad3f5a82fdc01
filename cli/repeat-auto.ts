/** `--repeat auto`: repeats until what is looked at is known well enough, and a word of why they ended. */

import {plural} from '../base/plural.ts';
import {toMilliseconds} from '../base/units.ts';
import {isRaised, type StopSignal} from '../launcher/stop-signal.ts';
import {formatMilliseconds, formatShare} from '../report/format.ts';
import {measurePrecision, type Precision} from '../results/comparison/precision.ts';
import {
	listPrecisionTargets,
	type PrecisionTarget,
} from '../results/comparison/precision-target.ts';
import type {RepeatsEnd} from '../schemas/manifest.ts';
import type {RepeatSeries} from './repeat-series.ts';
import {mostRepeats, type AutoRepeat} from './run-options.ts';
import type {Terminal} from './terminal.ts';

interface Watched {
	readonly target: PrecisionTarget;
	readonly precision: Precision;
}

const nameTarget = ({path, metric}: PrecisionTarget): string => `${metric} of ${path}`;

/** What is known least. */
const findWorst = (
	targets: readonly PrecisionTarget[],
	{precision}: AutoRepeat,
): Watched | undefined =>
	targets
		.map((target) => ({
			target,
			precision: measurePrecision(target.samples, {precision, alpha: 0.05}),
		}))
		.reduce<Watched | undefined>((worst, next) => {
			const reach = ({precision: {reached}}: Watched): number =>
				reached ?? Number.POSITIVE_INFINITY;
			return worst === undefined || reach(next) > reach(worst) ? next : worst;
		}, undefined);

/** Processes that ran side by side share what the machine did meanwhile: they alone prove nothing. */
const isEnough = ({precision: {isEnough: enough, reasons}}: Watched): boolean =>
	enough && !reasons.some(({kind}) => kind === 'repeats-not-unit');

const isHopeless = ({precision: {reasons}}: Watched): boolean =>
	reasons.some(({kind}) => kind === 'zero' || kind === 'bad-values' || kind === 'no-samples');

const describeState = ({target, precision}: Watched, repeats: number): string => {
	const {side, reached, moreRepeats} = precision;
	const value = formatMilliseconds(toMilliseconds(side.center ?? 0));
	const known =
		reached === null ? ': too early to tell' : `: ${value} ms within ${formatShare(reached)}`;
	const more =
		moreRepeats === null || moreRepeats === 0
			? ''
			: repeats + moreRepeats > mostRepeats
				? `, more than ${mostRepeats} in all needed`
				: `, some ${moreRepeats} more to go`;
	return `${plural(repeats, 'repeat')}, ${nameTarget(target)}${known}${more}`;
};

/** What the interval came to, for the sentence at the end. */
const describeEnd = (worst: Watched, goal: number): string => {
	const {reached} = worst.precision;
	const name = nameTarget(worst.target);
	return reached === null
		? `too little is known of ${name} for an interval`
		: `the 95 % interval of ${name} is within ${formatShare(reached)} (wanted: ${formatShare(goal)})`;
};

const endedBy = (reason: RepeatsEnd['reason'], repeats: number, because: string): RepeatsEnd => ({
	reason,
	message: `Ended after ${plural(repeats, 'repeat')}: ${because}.`,
});

/** @returns null to go on */
const decideEnd = (
	series: RepeatSeries,
	auto: AutoRepeat,
	seconds: number,
	terminal: Terminal,
): RepeatsEnd | null => {
	const {repeats} = series;
	const worst = findWorst(listPrecisionTargets(series.launched.whole, auto.wish), auto);
	if (worst === undefined) {
		return endedBy('nothing', repeats, 'there is no range and metric to look at');
	}

	if (isHopeless(worst)) {
		return endedBy(
			'nothing',
			repeats,
			`${nameTarget(worst.target)} has values of 0 or none at all`,
		);
	}

	terminal.say('info', describeState(worst, repeats));
	const state = describeEnd(worst, auto.precision);
	if (isEnough(worst)) {
		return endedBy('precise', repeats, state);
	}

	if (repeats >= mostRepeats) {
		return endedBy('most', repeats, `no more than that are made, and ${state}`);
	}

	const {maxSeconds} = auto;
	return maxSeconds !== null && seconds + series.longestSeconds > maxSeconds
		? endedBy('max-time', repeats, `--max-time leaves no time for another, and ${state}`)
		: null;
};

export const repeatUntilPrecise = async (
	series: RepeatSeries,
	auto: AutoRepeat,
	{stop, terminal}: {stop: StopSignal; terminal: Terminal},
): Promise<RepeatsEnd> => {
	const startedAt = performance.now();
	while (!isRaised(stop)) {
		const complete = await series.runRepeat();
		if (isRaised(stop)) {
			break;
		}

		if (!complete) {
			return endedBy('failed', series.repeats, 'the last one did not complete');
		}

		const seconds = (performance.now() - startedAt) / 1000;
		const end = decideEnd(series, auto, seconds, terminal);
		if (end !== null) {
			return end;
		}
	}

	return endedBy('interrupted', series.repeats, 'a signal came');
};
