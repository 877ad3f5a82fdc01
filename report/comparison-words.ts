/** What a comparison comes to, in sentences: verdicts counted, the gate, what else to know. For terminals and for Markdown. */

import {plural} from '../base/plural.ts';
import type {RangeComparison, Verdict} from '../schemas/comparison.ts';
import type {
	CandidateComparison,
	ComparedInput,
	ComparisonReport,
	GateReport,
	StructureChange,
} from '../schemas/comparison-report.ts';
import {formatChange, formatLimit} from './comparison-numbers.ts';
import {keyOf} from './comparison-order.ts';
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

/** Ranges, not metrics of them: each has the verdict of its worst metric. */
export const countVerdicts = (comparisons: readonly RangeComparison[]): VerdictCounts => {
	const byPath = new Map<string, Verdict>();
	for (const {path, verdict} of comparisons) {
		const before = byPath.get(path) ?? 'same';
		byPath.set(path, worst.indexOf(verdict) < worst.indexOf(before) ? verdict : before);
	}

	const counts = {slower: 0, faster: 0, same: 0, inconclusive: 0};
	for (const verdict of byPath.values()) {
		counts[verdict]++;
	}

	return counts;
};

/** "2 of 14 ranges slower, 1 faster, 9 same within 1 %, 2 inconclusive"; "all 3 ranges inconclusive". */
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
		same: `same within ${formatLimit(margin)}`,
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

/** As it was typed: "gpu_time:pipeline/*=3%". */
export const describeLimit = ({metric, pattern, limit}: GateReport['limits'][number]): string =>
	[metric, pattern].filter((part) => part !== null).join(':') +
	((metric ?? pattern) ? '=' : '') +
	formatLimit(limit).replace(' ', '');

const mostUndecided = 5;

type Gated = GateReport['ranges'][number];

/** The outcome first, then each regression, then what is undecided and what fits nothing. */
export const describeGate = (
	{outcome, ranges, unused}: GateReport,
	comparisons: readonly RangeComparison[],
	{decorate, name}: TextStyle,
): readonly string[] => {
	const byKey = new Map(comparisons.map((comparison) => [keyOf(comparison), comparison]));
	const find = (wanted: GateReport['outcome']): readonly Gated[] =>
		ranges.filter((range) => range.outcome === wanted);
	const say = (range: Gated): string => {
		const change = byKey.get(keyOf(range))?.change ?? null;
		const size = change === null ? '' : ` ${formatChange(change)},`;
		return `${name(range.path)} ${range.metric}:${size} limit ${formatLimit(range.limit)}`;
	};
	const [worse, undecided, passed] = [find('regression'), find('undecided'), find('passed')];
	const counts = [
		...(worse.length > 0 ? [`${worse.length} worse than allowed`] : []),
		...(undecided.length > 0 ? [`${undecided.length} undecided`] : []),
		...(passed.length > 0 ? [`${passed.length} within the limit`] : []),
		...(ranges.length === 0 ? ['--fail-on fits nothing that was compared'] : []),
	];
	const styles = {regression: 'red', passed: 'green', undecided: 'yellow'} as const;
	const hidden = undecided.length - mostUndecided;
	return [
		`gate: ${decorate(styles[outcome], outcome)}, ${counts.join(', ')}`,
		...worse.map((range) => `worse: ${say(range)}`),
		...undecided.slice(0, mostUndecided).map((range) => `undecided: ${say(range)}`),
		...(hidden > 0 ? [`undecided: ${hidden} more`] : []),
		...unused.map(
			(limit) =>
				`${name(describeLimit(limit))} of --fail-on fits no range: most likely a slip in a name`,
		),
	];
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
		return of === 2 ? 'both rows' : `all ${of.toLocaleString('en-US')} rows`;
	}

	const others = more.length === 0 ? '' : ` and ${plural(more.length, 'other row')}`;
	return `${name(first.path)} ${first.metric}${others}`;
};

/** Reasons of the rows, each once with the rows that it is about. */
export const gatherReasons = (
	shown: readonly RangeComparison[],
	style: TextStyle,
): readonly string[] => {
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

export const listNotes = (
	{notes}: CandidateComparison,
	shown: readonly RangeComparison[],
	report: ComparisonReport,
	style: TextStyle,
): readonly string[] => [
	...notes.map(({message}) => style.sentence(message)),
	...describeLevels(shown, report),
	...gatherReasons(shown, style),
];
