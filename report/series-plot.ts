/** A plot of any quantity against another: a line per series, below it each series over one of them. */

import {drawFigure} from './charts/draw-figure.ts';
import type {AxisSpec, LinesPanel, PlotPoint, PlotSeries} from './charts/figure.ts';
import {ratioPanel} from './charts/ratio-panel.ts';

export interface SeriesAxis {
	/** "throughput" */
	readonly name: string;
	/** "events/s"; "" for a bare number. */
	readonly unit: string;
	/** auto: logarithmic where all values are positive and span more than a decade, else linear from zero. */
	readonly scale: 'linear' | 'log' | 'auto';
}

export interface SeriesPoint {
	readonly x: number;
	/** null: measured, but there is no value; the line has a gap. */
	readonly y: number | null;
	/** Ends of the error bar. */
	readonly low?: number;
	readonly high?: number;
}

export interface SeriesPlot {
	readonly title: string;
	readonly subtitle?: string;
	readonly x: SeriesAxis;
	readonly y: SeriesAxis;
	/** In the order of the legend. Points in any order. */
	readonly series: readonly {readonly name: string; readonly points: readonly SeriesPoint[]}[];
	/** The name of the series that the ratio panel divides by; absent or null: no such panel. */
	readonly ratioTo?: string | null;
	/** Lines below the plot: what its bars are, say. */
	readonly notes?: readonly string[];
}

const labelOf = ({name, unit}: SeriesAxis): string => (unit === '' ? name : `${name} (${unit})`);

const axisOf = (axis: SeriesAxis): AxisSpec => ({label: labelOf(axis), scale: axis.scale});

/** @returns SVG text; what it holds depends on the input alone */
export const drawSeriesPlot = ({
	title,
	subtitle,
	x,
	y,
	series,
	ratioTo,
	notes,
}: SeriesPlot): string => {
	const drawn = series.map(({name, points}, index): PlotSeries => ({
		name,
		style: index,
		markers: true,
		points: points.map((point): PlotPoint => ({...point})).toSorted((a, b) => a.x - b.x),
	}));
	const main: LinesPanel = {kind: 'lines', height: 300, y: axisOf(y), series: drawn};
	const base = drawn.find(({name}) => name === ratioTo);
	return drawFigure({
		title,
		subtitle: subtitle ?? '',
		description: `${labelOf(y)} against ${labelOf(x)}, ${String(series.length)} series: ${series.map(({name}) => name).join(', ')}`,
		x: {...axisOf(x), values: 'measured'},
		panels: base === undefined || drawn.length < 2 ? [main] : [main, ratioPanel(drawn, base)],
		notes: notes ?? [],
	});
};
