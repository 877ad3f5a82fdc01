/**
 * The answers of a study in a few lines, below its tables. What several lines of a plot have in common is said once.
 *
 *     gpu_2instances: best 24.8 infer/s at concurrency 6 (mean 240.450 ms); knee at 2
 *     Limited by preprocessing: ...
 */

import {plural} from '../base/plural.ts';
import type {
	Bottleneck,
	LineAnswer,
	LoadPoint,
	SloLimit,
	StudyAnswers,
	TimePart,
	TimeShare,
} from '../schemas/study-answers.ts';
import type {Study} from '../schemas/study.ts';
import {nameVariants, variantKey} from '../schemas/study-variant.ts';
import {formatMilliseconds, formatRate, formatShare} from './format.ts';

/** More lines than these are no answer at a glance; study.json has all. */
const mostLines = 12;

/** Up to this many, each says where its time goes. */
const mostDetailed = 3;

const loadNames = {
	concurrency: 'concurrency',
	'request-rate': 'rate',
	schedule: 'the schedule',
} as const;

const nameLoad = ({loadKind}: Pick<LineAnswer, 'loadKind'>, load: number | null): string =>
	loadKind === 'schedule' || load === null ? loadNames.schedule : `${loadNames[loadKind]} ${load}`;

const nameLimit = ({percentile, time}: SloLimit): string =>
	`${percentile === null ? 'mean' : `p${percentile}`} <= ${time} ms`;

const describeRate = ({throughput, interval}: LoadPoint): string =>
	interval === null
		? `${formatRate(throughput)} infer/s`
		: `${formatRate(throughput)} infer/s (${formatRate(Math.max(0, interval.low))} to ${formatRate(interval.high)})`;

const describeLatency = ({mean, p99}: LoadPoint): string =>
	p99 === undefined
		? mean === undefined
			? ''
			: `, mean ${formatMilliseconds(mean)} ms`
		: `, p99 ${formatMilliseconds(p99)} ms`;

/** A variant that was asked in several ways is named after them, too. */
const listNames = (lines: readonly LineAnswer[]): readonly string[] => {
	const keys = lines.map(variantKey);
	return nameVariants(lines).map((name, place) => {
		const isAlone = keys.filter((key) => key === keys[place]).length === 1;
		const kind = lines[place]?.loadKind;
		return isAlone || kind === undefined ? name : `${name}, by ${loadNames[kind]}`;
	});
};

const describeNoBest = ({loads}: LineAnswer, slo: readonly SloLimit[]): string => {
	const limits = slo.map(nameLimit).join(', ');
	if (loads.length === 0) {
		return 'nothing usable was measured';
	}

	return slo.length === 0
		? "every load is over perf_analyzer's own limit (-l)"
		: loads.every((load) => load.slo === 'unknown')
			? `whether ${limits} holds is not known`
			: `no load holds ${limits}`;
};

const describeBest = (line: LineAnswer, slo: readonly SloLimit[]): string => {
	const best = line.best === null ? undefined : line.loads[line.best];
	const least = line.leastEqual === null ? undefined : line.loads[line.leastEqual];
	const knee = line.knee === null ? undefined : line.loads[line.knee];
	if (best === undefined) {
		return describeNoBest(line, slo);
	}

	const parts = [
		`${line.loads.length > 1 ? 'best ' : ''}${describeRate(best)} at ${nameLoad(line, best.load)}${describeLatency(best)}`,
		...(least === undefined || least === best
			? []
			: [`as good within what is known: ${nameLoad(line, least.load)}${describeLatency(least)}`]),
		...(knee === undefined ? [] : [`knee at ${nameLoad(line, knee.load)}`]),
	];
	return parts.join('; ');
};

const partNames: Readonly<Record<TimePart, string>> = {
	client: 'client',
	network: 'network',
	overhead: 'overhead',
	queue: 'queue',
	cache: 'cache',
	input: 'input',
	infer: 'infer',
	output: 'output',
	compute: 'compute',
	rest: 'not told',
};

/** Models only where there are several. */
const namePart = ({part, model}: TimeShare, several: boolean): string =>
	several && model !== null ? `${model} ${partNames[part]}` : partNames[part];

const describeTime = (line: LineAnswer): readonly string[] =>
	line.time.map(({load, parts}) => {
		const several = new Set(parts.flatMap(({model}) => model ?? [])).size > 1;
		const shown = parts.filter(({share}) => share >= 0.005).toSorted((a, b) => b.share - a.share);
		const named = shown.map((share) => `${namePart(share, several)} ${formatShare(share.share)}`);
		return `  time at ${nameLoad(line, load)}: ${named.join(', ')}`;
	});

const describeBottleneck = (
	{message, advice, load}: Bottleneck,
	line: Pick<LineAnswer, 'loadKind'>,
): readonly string[] => [
	`  limited at ${nameLoad(line, load)}: ${message}`,
	`  what helps: ${advice}.`,
];

interface Gathered {
	readonly code: string;
	readonly message: string;
	readonly names: readonly string[];
}

/** The same sentence of several lines is said once. */
const gatherNotes = (
	lines: readonly LineAnswer[],
	names: readonly string[],
): readonly Gathered[] => {
	const notes = new Map<string, {code: string; message: string; names: string[]}>();
	for (const [place, {notes: own}] of lines.entries()) {
		for (const {code, message} of own) {
			const note = notes.get(message) ?? {code, message, names: []};
			note.names.push(names[place] ?? '');
			notes.set(message, note);
		}
	}

	return [...notes.values()];
};

const describeNote = ({code, message, names}: Gathered, all: number): string => {
	const [first = ''] = names;
	const whose =
		all === 1 || names.length === all
			? ''
			: names.length === 1
				? `${first}: `
				: `${names.length} variants: `;
	return `note: ${whose}${message} (${code})`;
};

const throughputOf = ({best, loads}: LineAnswer): number =>
	best === null ? 0 : (loads[best]?.throughput ?? 0);

/** Of many lines the fastest, and those that something else limits. */
const pickDetailed = (lines: readonly LineAnswer[]): ReadonlySet<LineAnswer> => {
	const ranked = lines.toSorted((a, b) => throughputOf(b) - throughputOf(a));
	const kinds = new Map(ranked.toReversed().map((line) => [line.bottleneck?.kind, line]));
	return new Set(lines.length <= mostDetailed ? lines : kinds.values());
};

const describeLines = ({slo, lines}: StudyAnswers, names: readonly string[]): readonly string[] => {
	const detailed = pickDetailed(lines);
	// Of a variant with one load the table says all, unless there are limits to hold.
	const telling = lines.filter(
		(line) => line.loads.length !== 1 || slo.length > 0 || detailed.has(line),
	);
	const shown = telling.slice(0, mostLines);
	return [
		...shown.flatMap((line) => [
			`${names[lines.indexOf(line)] ?? line.label}: ${describeBest(line, slo)}`,
			...(detailed.has(line) ? describeTime(line) : []),
			...(detailed.has(line) && line.bottleneck !== null
				? describeBottleneck(line.bottleneck, line)
				: []),
		]),
		...(telling.length > shown.length
			? [
					`... and ${plural(telling.length - shown.length, 'more variant')}: study.json has all (-o)`,
				]
			: []),
	];
};

const describeHighest = ({lines}: StudyAnswers, names: readonly string[]): readonly string[] => {
	const measured = lines.filter((line) => throughputOf(line) > 0);
	const variants = new Set(measured.map(variantKey)).size;
	const [top] = measured.toSorted((a, b) => throughputOf(b) - throughputOf(a));
	return top === undefined || variants < 2
		? []
		: [
				`highest of ${plural(variants, 'variant')}: ${names[lines.indexOf(top)] ?? ''} with ${formatRate(throughputOf(top))} infer/s`,
			];
};

/** Empty for a study that was not asked (`answers` absent). One element per line of text. */
export const describeStudy = ({answers}: Pick<Study, 'answers'>): readonly string[] => {
	if (answers === undefined || answers.lines.length === 0) {
		return [];
	}

	const names = listNames(answers.lines);
	return [
		...(answers.slo.length === 0 ? [] : [`limits: ${answers.slo.map(nameLimit).join(', ')}`]),
		...describeLines(answers, names),
		...describeHighest(answers, names),
		...gatherNotes(answers.lines, names).map((note) => describeNote(note, answers.lines.length)),
	];
};
