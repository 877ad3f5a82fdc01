/** A study of an inference server as a page: answers, pictures, points, steps of a tuning log, models of an ensemble. */

import {plural} from '../../base/plural.ts';
import type {Cell, CellKind, ReportRows} from '../../schemas/report-rows.ts';
import type {Study} from '../../schemas/study.ts';
import {listVariants} from '../../schemas/study-variant.ts';
import {formatCell, formatText} from '../cell-text.ts';
import {formatCount} from '../format.ts';
import {describeStudy} from '../study-answers.ts';
import {listModelRows} from '../study-models.ts';
import {drawStudyPlots, type SplitLatency} from '../study-plots.ts';
import {listStudyRows} from '../study-rows.ts';
import {isTuningLog, listSteps, listStepRows, type StepIntervals} from '../study-steps.ts';
import {writeFiles, type FileLink} from './links.ts';
import {markup, Markup, nothing} from './markup.ts';
import {writeNotes, type PageNote} from './notes.ts';
import {writePage, type Section} from './page.ts';
import {writePicture} from './picture.ts';
import {emptyCell, writeTable, type PageCell, type PageColumn} from './table.ts';

export interface StudyPage {
	readonly study: Study;
	readonly files: readonly FileLink[];
	readonly split: SplitLatency;
	readonly intervals: StepIntervals;
	readonly notes: readonly PageNote[];
}

/** Further ones stand in study.json. */
const mostRows = 1000;

type Row = readonly Cell[];

/** What a table for people sorts by: the number that is shown, not its text. */
const toCell = (kind: CellKind, cell: Cell): PageCell => {
	const text = formatCell(kind, cell);
	if (text === '') {
		return emptyCell;
	}

	return typeof cell === 'number' ? {content: text, value: cell} : {content: text};
};

const pickColumns = (
	{columns}: ReportRows,
	titleOf: (column: ReportRows['columns'][number]) => string | undefined,
): readonly PageColumn<Row>[] =>
	columns.flatMap((column, place) => {
		const title = titleOf(column);
		return title === undefined
			? []
			: [
					{
						title,
						align: column.kind === 'text' ? ('left' as const) : ('right' as const),
						cell: (row: Row) => toCell(column.kind, row[place] ?? null),
					},
				];
	});

const listRows = ({rows}: ReportRows): readonly Row[] => {
	const listed: Row[] = [];
	for (const row of rows) {
		if (listed.length === mostRows) {
			break;
		}

		listed.push([...row]);
	}

	return listed;
};

/** Times are shown in ms, whatever the title of the column in other formats says. */
const spellTitle = (title: string): string =>
	title.replace(/ \((?:ns)\)$/, ' ms').replace(/ \(bytes\)$/, '');

const writeRows = (
	report: ReportRows,
	[one, many]: readonly [string, string],
	all: boolean,
): Markup => {
	const rows = listRows(report);
	const total = report.length ?? rows.length;
	const some = total > rows.length ? `The first ${formatCount(rows.length)} of ` : '';
	const rest = total > rows.length ? ': study.json has all' : '';
	return rows.length === 0
		? nothing
		: writeTable({
				caption: `${some}${plural(total, one, many)}${rest}.`,
				columns: pickColumns(report, ({title, short}) => (all ? spellTitle(title) : short)),
				rows,
				look: 'sortable',
			});
};

const points = ['point', 'points'] as const;

const writePoints = (study: Study): Markup => {
	const report = listStudyRows(study);
	return markup`${writeRows(report, points, false)}<details><summary>All that is known of each point</summary>${writeRows(listStudyRows(study), points, true)}</details>
`;
};

/** The lines of the terminal; those that go on about a variant stand below it. */
const writeAnswers = (study: Study): Markup => {
	const lines = describeStudy(study);
	return lines.length === 0
		? nothing
		: markup`<ul class="answers">
${lines.map(
	(
		line,
	) => markup`<li${line.startsWith(' ') ? markup` class="more"` : nothing}>${formatText(line.trim(), 1000)}</li>
`,
)}</ul>
`;
};

/** Why points are what they are: each reason once. */
const listReasons = ({points}: Study): readonly PageNote[] => {
	const byMessage = new Map<string, number>();
	for (const {message} of points.flatMap(({reasons}) => reasons)) {
		byMessage.set(message, (byMessage.get(message) ?? 0) + 1);
	}

	return [...byMessage].map(([message, count]) => ({
		kind: 'note',
		message: count === 1 ? message : `${message} (${plural(count, 'point')})`,
	}));
};

const section = (id: string, title: string, content: Markup): readonly Section[] =>
	content === nothing ? [] : [{id, title, content}];

const describe = ({points: all}: Study): string => {
	const variants = listVariants(all).size;
	const models = [...new Set(all.flatMap(({model}) => model ?? []))];
	return [
		`${plural(all.length, 'point')}${models.length === 1 ? ` of ${formatText(models[0] ?? '')}` : ''}`,
		...(variants > 1 ? [plural(variants, 'variant')] : []),
		...(models.length > 1 ? [plural(models.length, 'model')] : []),
	].join(', ');
};

/** Where no model calls others, the table of points says it all. */
const writeModels = (study: Study): Markup =>
	study.points.some(({composing}) => composing.length > 0)
		? writeRows(
				listModelRows(study),
				['row: a model of a point', 'rows: each model of each point'],
				false,
			)
		: nothing;

export const writeStudyPage = (
	{study, files, split, intervals, notes}: StudyPage,
	{title, version}: {readonly title: string; readonly version: string},
): string => {
	const plots = drawStudyPlots(study, split);
	const steps = isTuningLog(study) ? listSteps(study) : [];
	return writePage({
		title,
		subtitle: describe(study),
		lead: nothing,
		sections: [
			...section('answers', 'Answers', writeAnswers(study)),
			...section(
				'steps',
				'Steps',
				steps.length === 0
					? nothing
					: writeRows(listStepRows(steps, [], intervals), ['step', 'steps'], false),
			),
			...section(
				'pictures',
				'Pictures',
				plots.length === 0
					? nothing
					: markup`${plots.map(({svg}) => writePicture({kind: 'drawn', svg}))}`,
			),
			...section('points', 'Points', study.points.length === 0 ? nothing : writePoints(study)),
			...section('models', 'Models', writeModels(study)),
			...section('notes', 'To know', writeNotes([...notes, ...listReasons(study)])),
			...section(
				'files',
				'Files',
				files.length === 0 ? nothing : writeFiles(files, 'What all of this is from.'),
			),
		],
		version,
	});
};
