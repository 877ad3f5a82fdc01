/** The rounds of `ab`: both sides measured right after each other, again and again, until the answer is clear. */

import {plural} from '../base/plural.ts';
import {isRaised, type StopSignal} from '../launcher/stop-signal.ts';
import {formatElapsed} from '../report/format.ts';
import {lookRounds} from '../results/comparison/looks.ts';
import {planRounds, type RoundOrder, type RoundSide} from '../results/comparison/round-order.ts';
import type {RepeatsEnd} from '../schemas/manifest.ts';
import type {RepeatSeries} from './repeat-series.ts';
import type {Terminal} from './terminal.ts';

export interface RoundsWish {
	readonly order: RoundOrder;
	/** Of a random order. */
	readonly seed: number;
	/** At most. */
	readonly rounds: number;
	/** No round starts that would end later, by the longest so far; null: no limit. */
	readonly maxSeconds: number | null;
}

export interface Rounds {
	readonly sides: Readonly<Record<RoundSide, RepeatSeries>>;
	readonly wish: RoundsWish;
	/** Whether the answer is clear. */
	readonly look: () => Promise<boolean>;
}

interface Surroundings {
	readonly stop: StopSignal;
	readonly terminal: Terminal;
}

const endedBy = (reason: RepeatsEnd['reason'], rounds: number, because: string): RepeatsEnd => ({
	reason,
	message: `Ended after ${plural(rounds, 'round')}: ${because}.`,
});

/** @returns null to go on */
const runRound = async (
	order: readonly RoundSide[],
	sides: Rounds['sides'],
	round: number,
	stop: StopSignal,
): Promise<RepeatsEnd | null> => {
	for (const side of order) {
		// It may have come while nothing ran.
		if (isRaised(stop)) {
			return endedBy('interrupted', round, 'a signal came');
		}

		const complete = await sides[side].runRepeat();
		if (isRaised(stop)) {
			return endedBy('interrupted', round + 1, 'a signal came');
		}

		if (!complete) {
			return endedBy('failed', round + 1, `side ${side} did not complete`);
		}
	}

	return null;
};

const lastsTooLong = ({wish: {maxSeconds}, sides}: Rounds, seconds: number): boolean =>
	maxSeconds !== null && seconds + sides.a.longestSeconds + sides.b.longestSeconds > maxSeconds;

/** @returns null to go on */
const decideEnd = async (
	rounds: Rounds,
	done: number,
	seconds: number,
): Promise<RepeatsEnd | null> => {
	const {wish, look} = rounds;
	if (done >= wish.rounds) {
		return endedBy('most', done, `--rounds ${wish.rounds}`);
	}

	// The last look is another one: whether this is the last must not depend on what it shows.
	if (lastsTooLong(rounds, seconds)) {
		return endedBy('max-time', done, '--max-time leaves no time for another');
	}

	// After the first one nothing can be clear yet, but a slip in what shall be compared shows.
	return (done === 1 || lookRounds.includes(done)) && (await look())
		? endedBy('clear', done, 'the answer is clear')
		: null;
};

export const runRounds = async (
	rounds: Rounds,
	{stop, terminal}: Surroundings,
): Promise<RepeatsEnd> => {
	const {sides, wish} = rounds;
	const startedAt = performance.now();
	for (const [round, order] of planRounds(wish.order, wish.rounds, wish.seed).entries()) {
		const lost = await runRound(order, sides, round, stop);
		const seconds = (performance.now() - startedAt) / 1000;
		const done = round + 1;
		const end = lost ?? (await decideEnd(rounds, done, seconds));
		if (end !== null) {
			return end;
		}

		terminal.say(
			'info',
			`round ${done} of at most ${wish.rounds} done after ${formatElapsed(seconds)}`,
		);
	}

	throw new Error('rounds went on beyond the last one');
};
