/**
 * A comparison as a comment on a pull request: the verdict, what changed, what stands in the way of trusting it; all else is
 * folded. GitHub refuses comments above 65,536 characters, so each candidate has a share of that: parts go in by their
 * weight, and what does not fit is counted.
 */

import {plural} from '../base/plural.ts';
import type {RangeComparison} from '../schemas/comparison.ts';
import type {
	CandidateComparison,
	ComparisonReport,
	RangeKernels,
} from '../schemas/comparison-report.ts';
import {
	differenceColumns,
	explainColumns,
	fillTable,
	groupMeans,
	kernelColumns,
	listColumns,
	titleKernels,
	type ComparisonColumn,
} from './comparison-cells.ts';
import {selectComparisons, sortComparisons} from './comparison-order.ts';
import {markdownStyle as style} from './comparison-style.ts';
import type {ComparisonTextOptions} from './comparison-table.ts';
import {
	describeInput,
	describeLevels,
	describeStructure,
	describeVerdicts,
	gatherMissing,
	gatherOthers,
} from './comparison-words.ts';
import {describeGate} from './gate-words.ts';
import {formatCount} from './format.ts';
import {writeHeader, writeLine} from './row-markdown.ts';

/** Below GitHub's limit by what a workflow may add. */
const longestComment = 60_000;

interface Part {
	/** What is in short supply goes to the lowest first. */
	readonly priority: number;
	/** Up to its rows. */
	readonly head: string;
	/** As many of them as fit. */
	readonly rows: readonly string[];
	readonly foot: string;
}

const makeList = (priority: number, lines: readonly string[]): readonly Part[] =>
	lines.length === 0
		? []
		: [{priority, head: '', rows: lines.map((line) => `- ${line}\n`), foot: '\n'}];

const makeTable = <Row>(
	priority: number,
	given: readonly ComparisonColumn<Row>[],
	rows: readonly Row[],
): readonly Part[] => {
	const {columns, lines} = fillTable(given, rows, style);
	const head =
		writeLine(columns.map(({title}) => writeHeader(title))) +
		writeLine(columns.map(({align}) => (align === 'left' ? '---' : '---:')));
	return lines.length === 0 ? [] : [{priority, head, rows: lines.map(writeLine), foot: '\n'}];
};

const fold = (summary: string, parts: readonly Part[], open = false): readonly Part[] =>
	parts.map((part) => ({
		...part,
		head: `<details${open ? ' open' : ''}><summary>${summary}</summary>\n\n${part.head}`,
		foot: `${part.foot}</details>\n\n`,
	}));

interface NamedRow {
	/** Of a range, or of a mean. */
	readonly title: string;
	readonly comparison: RangeComparison;
}

const makeComparisons = (
	priority: number,
	columns: readonly ComparisonColumn<RangeComparison>[],
	rows: readonly RangeComparison[],
	means: CandidateComparison['means'],
): readonly Part[] =>
	makeTable<NamedRow>(
		priority,
		[
			{title: 'range', align: 'left', write: ({title}) => title},
			...columns.map(({title, align, write}) => ({
				title,
				align,
				write: ({comparison}: NamedRow) => write(comparison, style),
			})),
		],
		[
			...rows.map((comparison) => ({title: style.cell(comparison.path), comparison})),
			...[...groupMeans(means)].flatMap(([title, group]) =>
				group.map((comparison) => ({title, comparison})),
			),
		],
	);

const makeKernels = (kernels: RangeKernels): readonly Part[] =>
	makeTable(5, kernelColumns, kernels.kernels).map((part) => ({
		...part,
		head: `${titleKernels(kernels, style)}\n\n${part.head}`,
		foot: `${kernels.more > 0 ? `\n... and ${plural(kernels.more, 'more kernel')}\n` : ''}${part.foot}`,
	}));

const headOf = (candidate: CandidateComparison, {baseline, options}: ComparisonReport): string => {
	const {input, comparisons} = candidate;
	const verdicts = describeVerdicts(comparisons, options.margin, style);
	return [
		`### ${verdicts.charAt(0).toUpperCase()}${verdicts.slice(1)}\n`,
		`${style.name(input.label)} (${describeInput(input)}) against ${style.name(baseline.label)} (${describeInput(baseline)})\n\n`,
	].join('\n');
};

const makeReading = (
	candidate: CandidateComparison,
	shown: readonly RangeComparison[],
	report: ComparisonReport,
): readonly Part[] => {
	const {gate, comparisons, notes, means} = candidate;
	const brief = listColumns(report).filter((column) => column.brief);
	return [
		{priority: 0, head: headOf(candidate, report), rows: [], foot: ''},
		...makeList(1, gate === null ? [] : describeGate(gate, comparisons, style)),
		...makeComparisons(2, brief, shown, means).map((part) => ({
			...part,
			foot: shown.some(({verdict}) => verdict === 'inconclusive')
				? `\n${style.sentence('~: nothing is proven')}\n\n`
				: part.foot,
		})),
		...makeList(3, [
			...notes.map(({message}) => style.sentence(message)),
			...gatherMissing(comparisons, style),
		]),
	];
};

const makeFolded = (
	candidate: CandidateComparison,
	sorted: readonly RangeComparison[],
	report: ComparisonReport,
): readonly Part[] => {
	const {means, differences, structure, kernels} = candidate;
	const inDoubt = differences.some(({putsInDoubt}) => putsInDoubt);
	const legend = style.sentence(explainColumns(sorted, report).join('; '));
	const changes = structure.map((change) => describeStructure(change, style));
	return [
		...fold(
			`${plural(differences.length, 'difference')} between the sides${inDoubt ? ' (!: could explain a change by itself)' : ''}`,
			makeTable(4, differenceColumns, differences),
			inDoubt,
		),
		...fold(`${plural(changes.length, 'range')} not the same on both sides`, makeList(4, changes)),
		...kernels.flatMap((one) => fold('Kernels', makeKernels(one))),
		...fold(
			`All ${plural(sorted.length, 'row')}`,
			makeComparisons(7, listColumns(report), sorted, means).map((part) => ({
				...part,
				foot: `\n${legend}\n\n`,
			})),
		),
		...fold(
			'Reasons',
			makeList(6, [...describeLevels(sorted, report), ...gatherOthers(sorted, style)]),
		),
	];
};

const bytes = (text: string): number => Buffer.byteLength(text);

/** "... and 1,234 more", with room to spare. */
const widestClosing = 40;

/** A part without room for its head is left out as a whole. */
const fitPart = ({head, rows, foot}: Part, room: number): string => {
	let left = room - bytes(head) - bytes(foot) - widestClosing;
	if (left < 0) {
		return '';
	}

	const fitting: string[] = [];
	for (const row of rows) {
		left -= bytes(row);
		if (left < 0) {
			break;
		}

		fitting.push(row);
	}

	const hidden = rows.length - fitting.length;
	const closing = hidden === 0 ? '' : `\n... and ${formatCount(hidden)} more\n`;
	return `${head}${fitting.join('')}${closing}${foot}`;
};

const fitParts = (parts: readonly Part[], room: number): string => {
	const texts = new Map<Part, string>();
	let left = room;
	for (const part of parts.toSorted((a, b) => a.priority - b.priority)) {
		const text = fitPart(part, left);
		texts.set(part, text);
		left -= bytes(text);
	}

	return parts.map((part) => texts.get(part) ?? '').join('');
};

/** With `all`, whatever its length. */
export function* formatComparisonMarkdown(
	report: ComparisonReport,
	options: ComparisonTextOptions,
): Generator<string> {
	const room =
		options.all === true
			? Number.POSITIVE_INFINITY
			: Math.floor(longestComment / report.candidates.length);
	for (const candidate of report.candidates) {
		const sort = options.sort ?? 'verdict';
		const shown = selectComparisons(candidate, {sort});
		const parts = [
			...makeReading(candidate, shown, report),
			...makeFolded(candidate, sortComparisons(candidate.comparisons, sort), report),
		];
		yield fitParts(parts, room);
	}
}
