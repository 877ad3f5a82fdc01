/** What a reader must know of a verdict, or why there is none, in plain sentences: the words of `ComparisonReason`. */

import {plural} from '../base/plural.ts';
import type {ComparedSide, ComparisonReason, Verdict} from '../schemas/comparison.ts';
import {formatChange, formatInterval, formatSize} from './comparison-numbers.ts';

type ReasonOf<Kind extends ComparisonReason['kind']> = Extract<ComparisonReason, {kind: Kind}>;

const countUnits = (count: number, unit: ComparedSide['unit']): string =>
	plural(count, unit, unit === 'process' ? 'processes' : `${unit}s`);

/** "the baseline", "the candidate", "either side". */
type Who = string;

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const describeTooFew = ({side, unit, have, need}: ReasonOf<'too-few'>, who: Who): string =>
	side === null || unit === 'round'
		? `There is no verdict from ${countUnits(have, unit)}, ${need} are needed: allow more rounds or more time.`
		: `There is no verdict from ${countUnits(have, unit)} of ${who}, ${need} are needed: run it with --repeat ${need}.`;

const describeBadValues = ({value, count}: ReasonOf<'bad-values'>, who: Who): string => {
	const values = `${plural(count, 'value')} of ${who} ${count === 1 ? 'is' : 'are'}`;
	const what = value === 'not-a-number' ? (count === 1 ? 'no number' : 'no numbers') : value;
	return `${values} ${what}: such a file cannot be right, and is not judged.`;
};

const describeZero = ({count, of}: ReasonOf<'zero'>, who: Who): string =>
	`${
		count === of
			? `${capitalize(who)} is 0`
			: `${count} of ${countUnits(of, 'process')} of ${who} ${count === 1 ? 'is' : 'are'} 0`
	}: no change can be stated in percent of nothing.`;

const describeAlone = (verdict: Verdict): string =>
	verdict === 'same' || verdict === 'inconclusive'
		? `The numbers alone would say ${verdict}`
		: `It is ${verdict}`;

const describeItems = ({side, verdict}: ReasonOf<'items-unknown'>, who: Who): string => {
	const unknown =
		side === null
			? 'how many items it had is not known, and around it their numbers differ'
			: `how many items it had is not known of ${who}`;
	return `${describeAlone(verdict)}, but ${unknown}: more items take more time. Named with --metric, times are compared as they are.`;
};

/** "The SM clock was 9.1 % lower" */
const describeShift = (clock: number): string =>
	`the SM clock was ${formatSize(clock, ' ')} ${clock < 0 ? 'lower' : 'higher'}`;

const describeClock = ({
	verdict,
	withdrawn,
	clock,
	rest,
	low,
	high,
}: ReasonOf<'clock-explained'>): string => {
	const interval =
		low === null || high === null ? '' : ` (${formatInterval({low, high, level: 0.95})})`;
	const left = `time x clock changed by ${formatChange(rest)}${interval}`;
	const end = withdrawn
		? 'Lock the clock or measure in turn (benchmark ab); --despite-differences gives the verdict all the same.'
		: 'Work that waits for memory does not follow the clock.';
	return `It is ${verdict}, and the clock alone explains it: ${describeShift(clock)}, and ${left}. ${end}`;
};

/** Time x clock that changed as the clock did: compute-bound work would have followed it by more. */
const describePart = ({clock, rest}: ReasonOf<'clock-differs'>): string => {
	const shift = capitalize(describeShift(clock));
	return Math.sign(rest) === Math.sign(clock)
		? `${shift}, by more than it would take: work that waits for memory follows the clock in part, so the clock may be the cause, and may not.`
		: `${shift}, which may be a part of it: of compute-bound work, ${formatChange(rest)} is left to explain.`;
};

const describeReason = (reason: ComparisonReason, who: Who): string => {
	switch (reason.kind) {
		case 'no-samples':
			return `${capitalize(who)} has no value of it.`;
		case 'too-few':
			return describeTooFew(reason, who);
		case 'bad-values':
			return describeBadValues(reason, who);
		case 'zero':
			return describeZero(reason, who);
		case 'no-variance':
			return 'On each side all units are equal, as with a coarse clock: how far they vary is not known, and p is that of the exact permutation test.';
		case 'rests-on-model':
			return `With ${reason.have} units a side the verdict rests on a model of how times vary; from ${reason.exactFrom} on, tests without one can confirm it.`;
		case 'repeats-not-unit':
			return `${capitalize(who)} has ${plural(reason.repeats, 'repeat')}: what all processes of a repeat have in common is not seen, and false alarms are likelier. With --repeat ${reason.need} it is.`;
		case 'processes-missing':
			return `Only ${reason.have} of ${countUnits(reason.of, 'process')} of ${who} have it: the others are not in its numbers.`;
		case 'items-unknown':
			return describeItems(reason, who);
		case 'same-measurement':
			return `${countUnits(reason.count, 'process')} ${reason.count === 1 ? 'is' : 'are'} on both sides, copied: that ${reason.count === 1 ? 'it is' : 'they are'} the same as ${reason.count === 1 ? 'itself' : 'themselves'} proves nothing.`;
		case 'rounds-dropped':
			return `${plural(reason.count, 'round')} ${reason.count === 1 ? 'was' : 'were'} left out, since one side has no value there.`;
		case 'not-after-correction':
			return `Its own p would be small enough, but among ${plural(reason.tests, 'test')} some are so by chance.`;
		case 'below-noise-floor':
			return `The change is proven, but no larger than what this machine shows between identical programs (${formatSize(reason.floor, ' ')}).`;
		case 'sides-differ':
			return `${describeAlone(reason.verdict)}, but the sides differ in ${reason.facts.join(', ')}, which could be the cause: --despite-differences gives the verdict all the same.`;
		case 'clock-explained':
			return describeClock(reason);
		case 'clock-differs':
			return describePart(reason);
		case 'means-only':
			return `Of ${who} only means over processes are known, not how far they vary: give the run's folder, if it is still there.`;
	}
};

const sideOf = (reason: ComparisonReason): string | null => ('side' in reason ? reason.side : null);

/** A sentence each, without the range's name. What is true of both sides is said once. */
export const describeReasons = (reasons: readonly ComparisonReason[]): readonly string[] => {
	const groups = new Map<string, ComparisonReason[]>();
	for (const reason of reasons) {
		const key = JSON.stringify({...reason, side: null});
		groups.set(key, [...(groups.get(key) ?? []), reason]);
	}

	return [...groups.values()].flatMap(([reason, ...same]) =>
		reason === undefined
			? []
			: [describeReason(reason, same.length > 0 ? 'either side' : `the ${sideOf(reason) ?? ''}`)],
	);
};
