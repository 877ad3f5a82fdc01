/** What a reader must know of a verdict, or why there is none, in plain sentences: the words of `ComparisonReason`. */

import {plural} from '../base/plural.ts';
import type {ComparedSide, ComparisonReason, Verdict} from '../schemas/comparison.ts';
import {formatSize} from './comparison-numbers.ts';

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
		case 'rounds-dropped':
			return `${plural(reason.count, 'round')} ${reason.count === 1 ? 'was' : 'were'} left out, since one side has no value there.`;
		case 'not-after-correction':
			return `Its own p would be small enough, but among ${plural(reason.tests, 'test')} some are so by chance.`;
		case 'below-noise-floor':
			return `The change is proven, but no larger than what this machine shows between identical programs (${formatSize(reason.floor, ' ')}).`;
		case 'sides-differ':
			return `${describeAlone(reason.verdict)}, but the sides differ in ${reason.facts.join(', ')}, which could be the cause: --despite-differences gives the verdict all the same.`;
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
