/** What a comparison comes to, in sentences: verdicts counted, the gate, what else to know. For terminals and for Markdown. */

import {formatDecimal} from '../base/decimal-text.ts';
import {plural} from '../base/plural.ts';
import type {RangeComparison, Verdict} from '../schemas/comparison.ts';
import type {
	CandidateComparison,
	ComparedInput,
	ComparisonReport,
	StructureChange,
} from '../schemas/comparison-report.ts';
import {formatLimit, formatSize} from './comparison-numbers.ts';
import {describeReasons} from './comparison-reasons.ts';
import type {Style, TextStyle} from './comparison-style.ts';

const verdictStyles: Readonly<Record<Verdict, Style>> = {
	slower: 'red',
	faster: 'green',
	same: 'dim',
	inconclusive: 'yellow',
};

/** "~" where nothing is proven. */
export const showVerdict = (verdict: Verdict, {decorate}: TextStyle): string =>
	decorate(verdictStyles[verdict], verdict === 'inconclusive' ? '~' : verdict);

/** Of a range by its metrics: slower if one is, else faster if one is; the same only if all are. */
const worst: readonly Verdict[] = ['slower', 'faster', 'inconclusive', 'same'];

export type VerdictCounts = Readonly<Record<Verdict, number>>;

/** By path: a range has the verdict of its worst metric. */
const judgeRanges = (comparisons: readonly RangeComparison[]): ReadonlyMap<string, Verdict> => {
	const byPath = new Map<string, Verdict>();
	for (const {path, verdict} of comparisons) {
		const before = byPath.get(path) ?? 'same';
		byPath.set(path, worst.indexOf(verdict) < worst.indexOf(before) ? verdict : before);
	}

	return byPath;
};

/** Ranges, not metrics of them. */
export const countVerdicts = (comparisons: readonly RangeComparison[]): VerdictCounts => {
	const counts = {slower: 0, faster: 0, same: 0, inconclusive: 0};
	for (const verdict of judgeRanges(comparisons).values()) {
		counts[verdict]++;
	}

	return counts;
};

/** How far from no change an interval reaches, as a share. */
const reachOf = ({interval}: RangeComparison): number =>
	interval === null
		? 0
		: Math.expm1(Math.max(Math.log1p(interval.high), -Math.log1p(interval.low)));

/** "1 %"; where a row is the same by its noise floor alone, the widest of those. */
const describeMargin = (comparisons: readonly RangeComparison[], margin: number): string => {
	const verdicts = judgeRanges(comparisons);
	const floors = comparisons
		.filter((row) => verdicts.get(row.path) === 'same' && reachOf(row) > margin * (1 + 1e-9))
		.map(({noiseFloor}) => noiseFloor ?? 0);
	const widest = floors.reduce((most, floor) => Math.max(most, floor), 0);
	return widest > margin ? `${formatSize(widest, ' ')} (a noise floor)` : formatLimit(margin);
};

/**
 * "2 of 14 ranges slower, 1 faster, 9 same within 1 %, 2 inconclusive"; "all 3 ranges inconclusive"; "all 7 ranges same
 * within 2.3 % (a noise floor)".
 */
export const describeVerdicts = (
	comparisons: readonly RangeComparison[],
	margin: number,
	{decorate}: TextStyle,
): string => {
	const counts = countVerdicts(comparisons);
	const total = worst.reduce((sum, verdict) => sum + counts[verdict], 0);
	if (total === 0) {
		return 'nothing that both sides have';
	}

	const words = {
		slower: 'slower',
		faster: 'faster',
		same: `same within ${describeMargin(comparisons, margin)}`,
		inconclusive: 'inconclusive',
	} as const;
	const found = (['slower', 'faster', 'same', 'inconclusive'] as const).filter(
		(verdict) => counts[verdict] > 0,
	);
	return found
		.map((verdict, place) => {
			const ranges = plural(total, 'range');
			const count = counts[verdict];
			const whole = total === 1 ? ranges : `all ${ranges}`;
			const subject = place > 0 ? String(count) : count === total ? whole : `${count} of ${ranges}`;
			const style = verdict === 'slower' || verdict === 'faster' ? verdictStyles[verdict] : null;
			const text = `${subject} ${words[verdict]}`;
			return style === null ? text : decorate(style, text);
		})
		.join(', ');
};

/** "5 repeats of 2 processes each, 2026-11-21 16:00 UTC". */
export const describeInput = (input: ComparedInput): string => {
	const {repeats, processes, processesPlanned, kind} = input;
	const planned =
		processesPlanned === null || processesPlanned === processes ? '' : ` of ${processesPlanned}`;
	const count = `${processes}${planned} ${processes === 1 && planned === '' ? 'process' : 'processes'}`;
	return [
		kind === 'mean'
			? 'means only'
			: repeats > 1
				? `${count} in ${plural(repeats, 'repeat')}`
				: count,
		...(input.format === 'nsys-benchmark' ? [] : ["of CV-CUDA's own launcher"]),
		...(input.startedAt === null
			? []
			: [`${input.startedAt.slice(0, 10)} ${input.startedAt.slice(11, 16)} UTC`]),
	].join(', ');
};

const formatInstances = (count: number | null): string =>
	(count ?? 0).toLocaleString('en-US', {maximumFractionDigits: 2});

export const describeStructure = (
	{path, kind, baseline, candidate, per}: StructureChange,
	{name}: TextStyle,
): string => {
	switch (kind) {
		case 'appeared':
			return `only in the candidate: ${name(path)}, ${formatInstances(candidate)} per ${per}`;
		case 'vanished':
			return `only in the baseline: ${name(path)}, ${formatInstances(baseline)} per ${per}`;
		case 'count':
			return `other count: ${name(path)}, ${formatInstances(baseline)} per ${per} before, ${formatInstances(candidate)} now`;
	}
};

const nameSome = (ranges: readonly RangeComparison[], of: number, {name}: TextStyle): string => {
	const [first, ...more] = ranges;
	if (first === undefined || (ranges.length === of && of > 1)) {
		return of === 2 ? 'both rows' : `all ${formatDecimal(of)} rows`;
	}

	const others = more.length === 0 ? '' : ` and ${plural(more.length, 'other row')}`;
	return `${name(first.path)} ${first.metric}${others}`;
};

/** Reasons of the rows, each once with the rows that it is about. */
const gatherReasons = (shown: readonly RangeComparison[], style: TextStyle): readonly string[] => {
	const groups = new Map<string, RangeComparison[]>();
	for (const comparison of shown) {
		for (const sentence of describeReasons(comparison.reasons)) {
			const group = groups.get(sentence);
			if (group === undefined) {
				groups.set(sentence, [comparison]);
			} else {
				group.push(comparison);
			}
		}
	}

	return [...groups].map(
		([sentence, ranges]) => `${nameSome(ranges, shown.length, style)}: ${style.sentence(sentence)}`,
	);
};

/** Where rounds ended early, an interval has to be wider than the column's title says. */
export const describeLevels = (
	shown: readonly RangeComparison[],
	{options}: ComparisonReport,
): readonly string[] => {
	const other = shown
		.map(({interval}) => interval?.level ?? 1 - options.alpha)
		.filter((level) => Math.abs(level - (1 - options.alpha)) > 1e-9);
	const levels = [...new Set(other)].toSorted((a, b) => a - b).map((level) => formatLimit(level));
	return other.length === 0
		? []
		: [
				`${plural(other.length, 'interval')} ${other.length === 1 ? 'is' : 'are'} of ${levels.join(', ')}: the price of looking before all rounds were done.`,
			];
};

const tellsOfMissing = ({kind}: RangeComparison['reasons'][number]): boolean =>
	kind === 'processes-missing';

const keepReasons = (
	comparisons: readonly RangeComparison[],
	fits: (reason: RangeComparison['reasons'][number]) => boolean,
): readonly RangeComparison[] =>
	comparisons.map((comparison) => ({...comparison, reasons: comparison.reasons.filter(fits)}));

/** Processes that rows go without: told of every row, shown or not. */
export const gatherMissing = (
	comparisons: readonly RangeComparison[],
	style: TextStyle,
): readonly string[] => gatherReasons(keepReasons(comparisons, tellsOfMissing), style);

/** All the other reasons. */
export const gatherOthers = (
	shown: readonly RangeComparison[],
	style: TextStyle,
): readonly string[] =>
	gatherReasons(
		keepReasons(shown, (reason) => !tellsOfMissing(reason)),
		style,
	);

export const listNotes = (
	{notes, comparisons}: CandidateComparison,
	shown: readonly RangeComparison[],
	report: ComparisonReport,
	style: TextStyle,
): readonly string[] => [
	...notes.map(({message}) => style.sentence(message)),
	...describeLevels(shown, report),
	...gatherMissing(comparisons, style),
	...gatherOthers(shown, style),
];
