/** What `compare` and `ab` found, as tables: the columns of the terminal, and each interval as a line around no change. */

import {plural} from '../../base/plural.ts';
import type {RangeComparison} from '../../schemas/comparison.ts';
import type {
	CandidateComparison,
	ComparisonReport,
	RangeKernels,
} from '../../schemas/comparison-report.ts';
import {
	differenceColumns,
	explainColumns,
	fillTable,
	groupMeans,
	kernelColumns,
	listColumns,
	titleKernels,
	type ComparisonColumn,
} from '../comparison-cells.ts';
import {groupRows, selectComparisons, sortComparisons} from '../comparison-order.ts';
import {terminalStyle, undecorated} from '../comparison-style.ts';
import {
	describeInput,
	describeStructure,
	describeVerdicts,
	listNotes,
} from '../comparison-words.ts';
import {describeGate} from '../gate-words.ts';
import {formatText} from '../cell-text.ts';
import {formatCount} from '../format.ts';
import {markup, Markup, nothing} from './markup.ts';
import {writeNotes} from './notes.ts';
import {scrollBox} from './table.ts';

/** Cells become text of the page, which escapes them: no signs of a terminal or of Markdown. */
const style = terminalStyle(undecorated);

/** Further ones stand in comparison.json. */
const mostRows = 1000;
const mostListed = 40;
const longestPath = 160;

const forestWidth = 150;
const forestHeight = 14;
/** Wider intervals leave the picture. */
const widestChange = 1;

/** The largest end of an interval, so that all lines have one scale. */
const findScale = (rows: readonly RangeComparison[]): number => {
	const ends = rows.flatMap(({change, interval}) =>
		[change, interval?.low, interval?.high].flatMap((value) =>
			value === null || value === undefined || !Number.isFinite(value) ? [] : [Math.abs(value)],
		),
	);
	const most = ends.reduce((largest, value) => Math.max(largest, value), 0);
	return Math.min(widestChange, most === 0 ? 0.01 : most * 1.05);
};

/** Slower lies right, whatever the metric: more throughput is faster. */
const drawForest = ({metric, change, interval}: RangeComparison, scale: number): Markup => {
	const middle = forestHeight / 2;
	const place = (value: number): number => {
		const worse = metric === 'throughput' ? -value : value;
		const share = Math.max(-1, Math.min(1, worse / scale));
		return Math.round((forestWidth / 2) * (1 + share * 0.96) * 10) / 10;
	};
	return change === null
		? nothing
		: markup`<svg class="forest" viewBox="0 0 ${forestWidth} ${forestHeight}" aria-hidden="true"><line class="zero" x1="${forestWidth / 2}" y1="0" x2="${forestWidth / 2}" y2="${forestHeight}"/>${interval === null ? nothing : markup`<line x1="${place(interval.low)}" y1="${middle}" x2="${place(interval.high)}" y2="${middle}"/>`}<circle cx="${place(change)}" cy="${middle}" r="3"/></svg>`;
};

interface RowGroup {
	readonly title: string;
	readonly rows: readonly RangeComparison[];
}

const listGroups = (
	shown: readonly RangeComparison[],
	means: CandidateComparison['means'],
): readonly RowGroup[] => [
	...groupRows(shown).map(({path, rows}) => ({title: formatText(path, longestPath), rows})),
	...[...groupMeans(means)].map(([title, rows]) => ({title, rows})),
];

const writeCells = (
	line: readonly string[],
	columns: readonly ComparisonColumn<RangeComparison>[],
): Markup =>
	markup`${line.map((cell, place) => {
		const {align, title} = columns[place] ?? {align: 'left', title: ''};
		return place === 0
			? markup`<th scope="row">${cell}</th>`
			: markup`<td class="${title === 'verdict' ? 'verdict' : align === 'right' ? 'n' : ''}">${cell}</td>`;
	})}`;

const writeGroups = (
	caption: string,
	groups: readonly RowGroup[],
	report: ComparisonReport,
): Markup => {
	const rows = groups.flatMap((group) => group.rows);
	const {columns, lines} = fillTable(listColumns(report), rows, style);
	const scale = findScale(rows);
	let line = 0;
	const table = markup`<table>
<caption>${caption}</caption>
<thead><tr>${columns.map(({title, align}) => markup`<th scope="col"${align === 'right' ? markup` class="n"` : nothing}>${title}</th>`)}<th scope="col" class="around">faster | slower</th></tr></thead>
${groups.map(
	({title, rows: own}) => markup`<tbody>
<tr class="group"><th scope="rowgroup" colspan="${columns.length + 1}">${title}</th></tr>
${own.map(
	(
		row,
	) => markup`<tr class="${row.verdict}">${writeCells(lines[line++] ?? [], columns)}<td>${drawForest(row, scale)}</td></tr>
`,
)}</tbody>
`,
)}</table>`;
	return scrollBox(table, caption);
};

const writePlain = <Row>(
	caption: string,
	columns: readonly ComparisonColumn<Row>[],
	rows: readonly Row[],
): Markup => {
	const filled = fillTable(columns, rows, style);
	return scrollBox(
		markup`<table>
<caption>${caption}</caption>
<thead><tr>${filled.columns.map(({title, align}) => markup`<th scope="col"${align === 'right' ? markup` class="n"` : nothing}>${title}</th>`)}</tr></thead>
<tbody>
${filled.lines.map(
	(
		line,
	) => markup`<tr>${line.map((cell, place) => (place === 0 ? markup`<th scope="row" class="wrap">${cell}</th>` : markup`<td class="${filled.columns[place]?.align === 'right' ? 'n' : 'wrap'}">${cell}</td>`))}</tr>
`,
)}</tbody>
</table>`,
		caption,
	);
};

const writeList = (lines: readonly string[]): Markup =>
	lines.length === 0
		? nothing
		: markup`<ul>
${lines.slice(0, mostListed).map(
	(line) => markup`<li>${line}</li>
`,
)}${lines.length > mostListed ? markup`<li>... and ${formatCount(lines.length - mostListed)} more: comparison.json has all</li>` : nothing}</ul>
`;

const fold = (summary: string, content: Markup): Markup =>
	markup`<details><summary>${summary}</summary>${content}</details>
`;

const writeKernels = (kernels: RangeKernels): Markup =>
	markup`${writePlain(`${titleKernels(kernels, style)}.`, kernelColumns, kernels.kernels)}${kernels.more > 0 ? markup`<p class="legend">... and ${plural(kernels.more, 'more kernel')}</p>` : nothing}`;

/** "five_stages.py --slower infer (b) against five_stages.py (a): 2 of 14 ranges slower". */
export const headline = (candidate: CandidateComparison, report: ComparisonReport): string =>
	`${style.name(candidate.input.label)} against ${style.name(report.baseline.label)}: ${describeVerdicts(candidate.comparisons, report.options.margin, style)}`;

const writeVerdicts = (candidate: CandidateComparison, report: ComparisonReport): Markup => {
	const shown = selectComparisons(candidate, {});
	const sorted = sortComparisons(candidate.comparisons, 'path');
	const all = sorted.slice(0, mostRows);
	const title =
		all.length < sorted.length
			? `${formatCount(all.length)} of ${plural(sorted.length, 'row')}: comparison.json has all`
			: `All ${plural(sorted.length, 'row')}`;
	const brief = listGroups(shown, candidate.means);
	return markup`${brief.length === 0 ? nothing : writeGroups('What changed, and some of what is not known.', brief, report)}<p class="legend">${explainColumns(sorted, report).join('; ')}.</p>
${fold(title, writeGroups(`${title}.`, listGroups(all, []), report))}`;
};

export const writeCandidate = (
	candidate: CandidateComparison,
	report: ComparisonReport,
): Markup => {
	const {input, gate, comparisons, differences, structure, kernels} = candidate;
	const shown = selectComparisons(candidate, {});
	return markup`<p>Baseline: ${describeInput(report.baseline)}. Candidate: ${describeInput(input)}.</p>
${writeList(gate === null ? [] : describeGate(gate, comparisons, style))}${writeVerdicts(candidate, report)}${writeNotes(
		listNotes(candidate, shown, report, style).map((message) => ({kind: 'note', message})),
	)}${
		differences.length === 0
			? nothing
			: writePlain(
					`The sides differ in ${plural(differences.length, 'fact')}${differences.some(({putsInDoubt}) => putsInDoubt) ? '; (!): could explain a change by itself' : ''}.`,
					differenceColumns,
					differences,
				)
	}${structure.length === 0 ? nothing : markup`<h3>Ranges that appeared, vanished or changed in number</h3>${writeList(structure.map((change) => describeStructure(change, style)))}`}${kernels.map(writeKernels)}`;
};
