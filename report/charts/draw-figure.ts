/**
 * A figure as SVG text.
 *
 *     title, subtitle
 *     legend
 *     | panel
 *     | panel
 *     +---------- x axis
 *     notes
 */

import {buildScale, decade, type AxisScale} from './axis-scale.ts';
import type {AxisSpec, Figure, LanesPanel, LinesPanel, Panel, PlotPoint} from './figure.ts';
import {drawHead, drawNotes, figureWidth, pageMargin} from './figure-text.ts';
import {drawBackdrop, drawLanes, hasOwnLabels, lanesHeight} from './lanes.ts';
import {drawLegend, listEntries} from './legend.ts';
import {drawSeries, splitAtGaps} from './line-marks.ts';
import {drawPointLabels} from './point-labels.ts';
import {fontSizes, styleSheet} from './style.ts';
import {writeDocument, writeLine, writeText, type Box} from './svg-parts.ts';
import {fitText, measureText} from './text-width.ts';

const panelGap = 18;
const axisHeight = 40;
const tickLength = 4;

/** Between the frame and the outermost markers. */
const markerInset = 16;

const heightOf = (panel: Panel): number =>
	panel.kind === 'lines' ? panel.height : lanesHeight(panel);

const isKnown = (value: number | null | undefined): value is number =>
	value !== null && value !== undefined && Number.isFinite(value);

const listY = ({series}: LinesPanel): readonly number[] =>
	series
		.flatMap(({points}) =>
			points.flatMap(({y, low, high}: PlotPoint) => (isKnown(y) ? [y, low, high] : [])),
		)
		.filter(isKnown);

const listX = ({panels}: Figure): readonly number[] =>
	panels.flatMap((panel) =>
		panel.kind === 'lines'
			? panel.series.flatMap(({points}) => points.map(({x}) => x))
			: panel.lanes.flatMap(({spans}) => spans.flatMap(({from, to}) => [from, to])),
	);

/** Whether the axis is logarithmic its values say, and not the ends of wide bars; ends below zero need no room on one. */
const buildY = ({y, ...panel}: LinesPanel, box: Box): AxisScale => {
	const own = panel.series.flatMap(({points}) => points.map((point) => point.y)).filter(isKnown);
	const all = listY({y, ...panel});
	const positive = own.length > 0 && own.every((value) => value > 0);
	const isWide = positive && Math.max(...own) / Math.min(...own) > decade;
	const axis: AxisSpec = isWide || y.scale === 'log' ? y : {...y, scale: 'linear'};
	const values = positive && axis === y ? all.filter((value) => value > 0) : all;
	return buildScale(axis, values, {range: [box.y + box.height, box.y], direction: 'up'});
};

const measureTicks = (panel: LinesPanel): number => {
	const {ticks} = buildY(panel, {x: 0, y: 0, width: 0, height: panel.height});
	return ticks.reduce((most, {text}) => Math.max(most, measureText(text, fontSizes.tick)), 0);
};

const measureAllTicks = ({panels}: Figure): number =>
	panels.reduce(
		(most, panel) => (panel.kind === 'lines' ? Math.max(most, measureTicks(panel)) : most),
		0,
	);

const longestLaneLabel = 130;

const measureLanes = (panel: LanesPanel): number => {
	const labels = hasOwnLabels(panel) ? panel.lanes.map(({label}) => label) : [panel.label];
	const longest = Math.max(0, ...labels.map((label) => measureText(label, fontSizes.small)));
	return Math.min(longestLaneLabel, longest * 1.04);
};

/** Left of the panels. */
const measureLeft = ({panels}: Figure): number =>
	pageMargin +
	panels.reduce(
		(most, panel) =>
			Math.max(
				most,
				panel.kind === 'lines' ? measureTicks(panel) + tickLength + 26 : measureLanes(panel) + 10,
			),
		0,
	);

interface PanelPlace {
	readonly box: Box;
	/** Where the names of y axes stand, the same in all panels. */
	readonly labelX: number;
}

const drawYAxis = (panel: LinesPanel, y: AxisScale, {box, labelX}: PanelPlace): string => {
	const right = box.x + box.width;
	const label = fitText(panel.y.label, box.height + panelGap, fontSizes.label);
	return [
		...y.ticks.map(({at}) => writeLine([box.x, at], [right, at], 'grid')),
		...y.ticks.map(({at, text}) =>
			writeText(text, {
				x: box.x - tickLength - 3,
				y: at + fontSizes.tick * 0.36,
				anchor: 'end',
				look: 'tick faint',
			}),
		),
		writeText(label, {
			x: labelX,
			y: box.y + box.height / 2,
			anchor: 'middle',
			turned: true,
		}),
	].join('');
};

const emptyText = 'no values';

const drawLines = (panel: LinesPanel, x: AxisScale, place: PanelPlace): string => {
	const {box} = place;
	const y = buildY(panel, box);
	const scales = {x, y};
	const bottom = box.y + box.height;
	const right = box.x + box.width;
	const {reference} = panel;
	const stretches = panel.series.flatMap(({points}) => splitAtGaps(points, scales));
	return [
		drawBackdrop(panel.bands ?? [], x, box),
		...x.ticks.map(({at}) => writeLine([at, box.y], [at, bottom], 'grid')),
		drawYAxis(panel, y, place),
		writeLine([box.x, bottom], [right, bottom], 'axis'),
		writeLine([box.x, box.y], [box.x, bottom], 'axis'),
		reference === undefined
			? ''
			: writeLine([box.x, y.place(reference)], [right, y.place(reference)], 'axis dashed'),
		...panel.series.map((series) => `<g>${drawSeries(series, scales)}</g>`),
		drawPointLabels(stretches, box),
		listY(panel).length > 0
			? ''
			: writeText(emptyText, {
					x: box.x + box.width / 2,
					y: box.y + box.height / 2,
					anchor: 'middle',
					look: 'faint',
				}),
	].join('\n');
};

const drawXAxis = ({label}: AxisSpec, x: AxisScale, {x: left, y, width}: Box): string =>
	[
		...x.ticks.map(({at}) => writeLine([at, y], [at, y + tickLength], 'axis')),
		...x.ticks.map(({at, text}) =>
			writeText(text, {
				x: at,
				y: y + tickLength + fontSizes.tick + 2,
				anchor: 'middle',
				look: 'tick faint',
			}),
		),
		writeText(fitText(label, width, fontSizes.label), {
			x: left + width / 2,
			y: y + tickLength + fontSizes.tick + 2 + fontSizes.label + 5,
			anchor: 'middle',
		}),
	].join('');

const placePanels = (panels: readonly Panel[], top: number, left: number): readonly Box[] => {
	const width = figureWidth - pageMargin - left;
	let y = top;
	return panels.map((panel) => {
		const box = {x: left, y, width, height: heightOf(panel)};
		y += box.height + panelGap;
		return box;
	});
};

const hasMarkers = ({panels}: Figure): boolean =>
	panels.some((panel) => panel.kind === 'lines' && panel.series.some(({markers}) => markers));

export const drawFigure = (figure: Figure): string => {
	const {title, subtitle, description, panels} = figure;
	const head = drawHead(title, subtitle);
	const left = measureLeft(figure);
	const labelX = left - measureAllTicks(figure) - 2 * tickLength - fontSizes.label;
	const width = figureWidth - pageMargin - left;
	const legend = drawLegend(listEntries(figure), {
		x: pageMargin,
		y: head.height,
		width: figureWidth - 2 * pageMargin,
	});
	const boxes = placePanels(panels, head.height + legend.height + 14, left);
	const inset = hasMarkers(figure) ? markerInset : 0;
	const x = buildScale(figure.x, listX(figure), {
		range: [left + inset, left + width - (inset === 0 ? 8 : inset)],
		direction: 'across',
	});
	const last = boxes.at(-1);
	const bottom = last === undefined ? head.height : last.y + last.height;
	const notes = drawNotes(figure.notes, bottom + axisHeight + 4);
	return writeDocument(
		{
			width: figureWidth,
			height: bottom + axisHeight + notes.height + 12,
			title,
			description,
			style: styleSheet,
		},
		[
			head.content,
			legend.content,
			drawXAxis(figure.x, x, {x: left, y: bottom, width, height: 0}),
			...panels.map((panel, index) => {
				const box = boxes[index] ?? {x: left, y: 0, width, height: 0};
				return panel.kind === 'lines'
					? drawLines(panel, x, {box, labelX})
					: drawLanes(panel, x, box);
			}),
			notes.content,
		],
	);
};
