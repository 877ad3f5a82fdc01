/** What pictures of a study over its loads have in common. */

import type {AxisSpec, Figure, LinesPanel, Panel, PlotPoint, PlotSeries} from './charts/figure.ts';
import {ratioPanel} from './charts/ratio-panel.ts';
import {markOf, type LineLoad, type LoadKind, type StudyLine} from './study-plot-lines.ts';

const loadLabels: Readonly<Record<LoadKind, string>> = {
	concurrency: 'concurrency (requests in flight)',
	'request-rate': 'request rate (requests/s)',
};

const loadAxis = ([line]: readonly StudyLine[]): AxisSpec => ({
	label: loadLabels[line?.kind ?? 'concurrency'],
	scale: 'auto',
	values: 'measured',
});

/** Lines of which nothing is known are left out. */
export const toSeries = (
	lines: readonly StudyLine[],
	place: (load: LineLoad, line: StudyLine) => PlotPoint,
): readonly PlotSeries[] =>
	lines
		.map((line, style) => ({
			name: line.name,
			style,
			markers: true,
			points: line.loads.map((load) => place(load, line)),
		}))
		.filter(({points}) => points.some(({y, mark}) => y !== null || mark === 'cross'));

export const hasValues = (series: readonly PlotSeries[]): boolean =>
	series.some(({points}) => points.some(({y}) => y !== null));

/** A picture of loads needs more than one of them. */
export const hasLoads = (lines: readonly StudyLine[]): boolean =>
	lines.some(({loads}) => loads.length > 1);

const nameModels = (lines: readonly StudyLine[]): string => {
	const models = [...new Set(lines.flatMap(({model}) => model ?? []))];
	return models.length === 0 || models.length > 3 ? '' : models.join(', ');
};

/** Marks are explained where the picture has them. */
const explainMarks = (lines: readonly StudyLine[]): readonly string[] => {
	const marks = new Set(lines.flatMap(({loads}) => loads.map(({points}) => markOf(points))));
	const words = [
		...(marks.has('hollow') ? ['Hollow: not stable, or over the limit of latency.'] : []),
		...(marks.has('cross') ? ['Crossed: failed.'] : []),
	];
	return words.length === 0 ? [] : [words.join(' ')];
};

const hasBars = (panels: readonly Panel[]): boolean =>
	panels.some(
		(panel) =>
			panel.kind === 'lines' &&
			panel.series.some(({points}) => points.some(({low}) => low !== undefined)),
	);

export const buildFigure = (
	lines: readonly StudyLine[],
	title: string,
	panels: readonly Panel[],
	bars: string,
): Figure => ({
	title,
	subtitle: nameModels(lines),
	description: `${title}; ${lines.map(({name}) => name).join('; ')}`,
	x: loadAxis(lines),
	panels,
	notes: [...(hasBars(panels) ? [bars] : []), ...explainMarks(lines)],
});

export const spreadBars =
	'Bars: lowest to highest of the repeats, or of the windows of a single measurement.';

/** Below the main panel, each line over the first. */
export const withRatio = (series: readonly PlotSeries[]): readonly LinesPanel[] => {
	const [first] = series;
	return first === undefined || series.length < 2 ? [] : [ratioPanel(series, first)];
};
