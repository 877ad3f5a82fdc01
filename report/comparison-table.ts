/**
 * A comparison for the terminal. A range's path stands in a line of its own above its metrics: paths are long, and eleven
 * columns of numbers would not fit beside them.
 */

import {plural} from '../base/plural.ts';
import type {RangeComparison} from '../schemas/comparison.ts';
import type {
	CandidateComparison,
	ComparisonReport,
	Difference,
	RangeKernels,
} from '../schemas/comparison-report.ts';
import {alignColumns} from './columns-table.ts';
import {
	differenceColumns,
	explainColumns,
	fillTable,
	groupMeans,
	kernelColumns,
	listColumns,
	nameDifference,
	titleKernels,
	type ComparisonColumn,
} from './comparison-cells.ts';
import {formatCount} from './format.ts';
import {groupRows, selectComparisons, type ComparisonSort} from './comparison-order.ts';
import {terminalStyle, undecorated, type Decorate, type TextStyle} from './comparison-style.ts';
import {describeInput, describeStructure, describeVerdicts, listNotes} from './comparison-words.ts';
import {describeGate} from './gate-words.ts';

export interface ComparisonTextOptions {
	/** Every row; else what changed, and some of what is not known. */
	readonly all?: boolean;
	/** What matters first, if absent. */
	readonly sort?: ComparisonSort;
	/** Colours; none if absent. For terminals only. */
	readonly decorate?: Decorate;
}

/** What all parts of one text need. */
interface Page {
	readonly report: ComparisonReport;
	readonly options: ComparisonTextOptions;
	readonly style: TextStyle;
}

function* alignRows<Row>(
	columns: readonly ComparisonColumn<Row>[],
	rows: readonly Row[],
	style: TextStyle,
): Generator<string> {
	const filled = fillTable(columns, rows, style);
	yield* alignColumns(
		filled.columns.map(({title}) => title),
		filled.columns.map(({align}) => align),
		filled.lines,
	);
}

const widest = 100;

/** Short phrases, as many as fit on a line. */
const fillLines = (phrases: readonly string[]): readonly string[] => {
	const lines: string[] = [];
	for (const phrase of phrases) {
		const longer = `${lines.at(-1) ?? ''}; ${phrase}`;
		if (lines.length > 0 && longer.length <= widest) {
			lines[lines.length - 1] = longer;
		} else {
			lines.push(phrase);
		}
	}

	return lines;
};

/** "... and 9 more rows (7 same, 2 inconclusive): --all shows them". */
const describeHidden = (
	{comparisons}: CandidateComparison,
	shown: readonly RangeComparison[],
): readonly string[] => {
	const seen = new Set(shown);
	const hidden = comparisons.filter((comparison) => !seen.has(comparison));
	const counts = (['slower', 'faster', 'same', 'inconclusive'] as const)
		.map((verdict) => ({verdict, count: hidden.filter((row) => row.verdict === verdict).length}))
		.filter(({count}) => count > 0)
		.map(({verdict, count}) => `${formatCount(count)} ${verdict}`);
	return hidden.length === 0
		? []
		: [`... and ${plural(hidden.length, 'more row')} (${counts.join(', ')}): --all shows them`];
};

function* writeComparisons(
	candidate: CandidateComparison,
	shown: readonly RangeComparison[],
	{report, options, style}: Page,
): Generator<string> {
	const {decorate, name} = style;
	const means = candidate.means.map(({comparison}) => comparison);
	const groups = [
		...groupRows(shown, options.sort).map(({path, rows}) => ({title: name(path), rows})),
		...[...groupMeans(candidate.means)].map(([title, rows]) => ({title, rows})),
	];
	if (groups.length === 0) {
		yield* describeHidden(candidate, shown);
		return;
	}

	const [head = '', ...lines] = alignRows(
		listColumns(report),
		groups.flatMap(({rows}) => rows),
		style,
	);
	yield '';
	yield `  ${head}`;
	let line = 0;
	for (const {title, rows} of groups) {
		yield decorate('bold', title);
		for (const text of lines.slice(line, line + rows.length)) {
			yield `  ${text}`;
		}

		line += rows.length;
	}

	yield* describeHidden(candidate, shown);
	yield* fillLines(explainColumns([...shown, ...means], report)).map((text) =>
		decorate('dim', text),
	);
}

const mostListed = 10;

/** Longer ones would be cut in the middle, maybe where they differ: they are written below each other. */
const widestValue = 36;

const isShort = ({baseline, candidate}: Difference): boolean =>
	baseline.length <= widestValue && candidate.length <= widestValue;

function* writeDifferences(differences: readonly Difference[], {style}: Page): Generator<string> {
	const short = differences.filter(isShort);
	if (differences.length > 0) {
		yield '';
		yield style.decorate('bold', 'the sides differ in');
		yield* short.length === 0 ? [] : alignRows(differenceColumns, short, style);
		for (const long of differences.filter((difference) => !isShort(difference))) {
			yield nameDifference(long, style);
			yield `  baseline   ${style.value(long.baseline)}`;
			yield `  candidate  ${style.value(long.candidate)}`;
		}

		if (differences.some(({putsInDoubt}) => putsInDoubt)) {
			yield style.decorate('dim', '(!): could explain a change by itself');
		}
	}
}

function* writeStructure(
	{structure}: CandidateComparison,
	{options: {all = false}, style}: Page,
): Generator<string> {
	const shown = all ? structure : structure.slice(0, mostListed);
	if (shown.length > 0) {
		yield '';
		yield style.decorate('bold', 'ranges that appeared, vanished or changed in number');
		yield* shown.map((change) => `  ${describeStructure(change, style)}`);
		const hidden = structure.length - shown.length;
		yield* hidden > 0 ? [`  ... and ${plural(hidden, 'more range')}: --all shows them`] : [];
	}
}

function* writeKernels(kernels: RangeKernels, {style}: Page): Generator<string> {
	yield '';
	yield style.decorate('bold', titleKernels(kernels, style));
	for (const line of alignRows(kernelColumns, kernels.kernels, style)) {
		yield `  ${line}`;
	}

	yield* kernels.more > 0 ? [`  ... and ${plural(kernels.more, 'more kernel')}`] : [];
}

const headline = ({input, comparisons}: CandidateComparison, {report, style}: Page): string => {
	const {decorate, name} = style;
	const verdicts = describeVerdicts(comparisons, report.options.margin, style);
	return `${decorate('bold', name(input.label))} against ${decorate('bold', name(report.baseline.label))}: ${verdicts}`;
};

function* writeCandidate(candidate: CandidateComparison, page: Page): Generator<string> {
	const {report, options, style} = page;
	const shown = selectComparisons(candidate, options);
	yield headline(candidate, page);
	yield `  baseline   ${describeInput(report.baseline)}`;
	yield `  candidate  ${describeInput(candidate.input)}`;
	yield* candidate.gate === null
		? []
		: describeGate(candidate.gate, candidate.comparisons, style).map((line) => `  ${line}`);
	yield* writeComparisons(candidate, shown, page);
	yield* writeDifferences(candidate.differences, page);
	yield* writeStructure(candidate, page);
	for (const kernels of candidate.kernels) {
		yield* writeKernels(kernels, page);
	}

	const notes = listNotes(candidate, shown, report, style);
	yield* notes.length > 0 ? [''] : [];
	yield* notes.map((note) => `${style.decorate('dim', 'note:')} ${note}`);
}

export function* formatComparisonTable(
	report: ComparisonReport,
	options: ComparisonTextOptions,
): Generator<string> {
	const page = {report, options, style: terminalStyle(options.decorate ?? undecorated)};
	if (report.candidates.length > 1) {
		yield* report.candidates.map((candidate) => `${headline(candidate, page)}\n`);
		yield '\n';
	}

	for (const [place, candidate] of report.candidates.entries()) {
		yield place > 0 ? '\n\n' : '';
		for (const line of writeCandidate(candidate, page)) {
			yield `${line}\n`;
		}
	}
}
