/** One series inside its panel: its line with gaps, its band or bars, its markers. */

import {escapeXml, writeElement} from '../xml-text.ts';
import type {AxisScale} from './axis-scale.ts';
import type {PlotPoint, PlotSeries} from './figure.ts';
import {colourOf, seriesColours} from './style.ts';
import {round, writeLine} from './svg-parts.ts';
import {thinPoints, type Pixel} from './thin-points.ts';

export interface PlotScales {
	readonly x: AxisScale;
	readonly y: AxisScale;
}

export interface PlacedPoint extends Pixel {
	readonly point: PlotPoint;
}

/** A value that the axis can show. */
export const isShown = (value: number | null | undefined, {log}: AxisScale): value is number =>
	value !== null && value !== undefined && Number.isFinite(value) && (!log || value > 0);

/** undefined: it has no place. */
const placePoint = (point: PlotPoint, {x, y}: PlotScales): PlacedPoint | undefined =>
	isShown(point.x, x) && isShown(point.y, y)
		? {x: x.place(point.x), y: y.place(point.y), point}
		: undefined;

/** Stretches without a gap. */
export const splitAtGaps = (
	points: readonly PlotPoint[],
	scales: PlotScales,
): readonly (readonly PlacedPoint[])[] => {
	const stretches: PlacedPoint[][] = [];
	let open: PlacedPoint[] | undefined;
	for (const point of points) {
		const placed = placePoint(point, scales);
		if (placed === undefined) {
			open = undefined;
		} else if (open === undefined) {
			open = [placed];
			stretches.push(open);
		} else {
			open.push(placed);
		}
	}

	return stretches;
};

const joinPixels = (pixels: readonly Pixel[]): string =>
	pixels.map(({x, y}) => `${String(round(x))} ${String(round(y))}`).join('L');

export const dashOf = ({dash, style}: Pick<PlotSeries, 'dash' | 'style'>): string => {
	const repeated = style >= seriesColours.length ? 'dashed' : 'solid';
	const chosen = dash ?? repeated;
	return chosen === 'solid' ? '' : ` ${chosen}`;
};

const dotRadius = 1.6;

const writeStretch = (stretch: readonly PlacedPoint[], series: PlotSeries): string => {
	const [first] = stretch;
	const colour = colourOf(series.style);
	if (first === undefined || (stretch.length === 1 && series.markers)) {
		return '';
	}

	// A line of one point would not be seen.
	return stretch.length === 1
		? writeElement(
				'circle',
				{cx: round(first.x), cy: round(first.y), r: dotRadius, class: `f${colour}`},
				'',
			)
		: writeElement(
				'path',
				{class: `line s${colour}${dashOf(series)}`, d: `M${joinPixels(thinPoints(stretch))}`},
				'',
			);
};

const writeBand = (stretch: readonly PlacedPoint[], {y}: PlotScales, style: number): string => {
	const known = stretch.filter(({point}) => isShown(point.low, y) && isShown(point.high, y));
	const edge = (key: 'low' | 'high'): readonly Pixel[] =>
		thinPoints(known.map(({x, point}) => ({x, y: y.place(point[key] ?? 0)})));
	return known.length < 2
		? ''
		: writeElement(
				'path',
				{
					class: `band f${colourOf(style)}`,
					d: `M${joinPixels(edge('high'))}L${joinPixels(edge('low').toReversed())}Z`,
				},
				'',
			);
};

const capHalf = 3.5;

/** An end that a logarithmic axis cannot show lies at the panel's edge. */
const writeErrorBar = ({x, point}: PlacedPoint, {y}: PlotScales, style: number): string => {
	const {low, high} = point;
	if (low === undefined || high === undefined || !isShown(high, y) || !Number.isFinite(low)) {
		return '';
	}

	const look = `bar s${colourOf(style)}`;
	const [top, bottom] = [y.place(Math.min(high, y.high)), y.place(Math.max(low, y.low))];
	return bottom - top < 1
		? ''
		: [
				writeLine([x, top], [x, bottom], look),
				writeLine([x - capHalf, top], [x + capHalf, top], look),
				writeLine([x - capHalf, bottom], [x + capHalf, bottom], look),
			].join('');
};

const markerRadius = 4;
const corners: readonly (readonly (readonly [number, number])[])[] = [
	[],
	[
		[-1, -1],
		[1, -1],
		[1, 1],
		[-1, 1],
	],
	[
		[0, -1.2],
		[1.15, 0.9],
		[-1.15, 0.9],
	],
	[
		[0, -1.3],
		[1.3, 0],
		[0, 1.3],
		[-1.3, 0],
	],
	[
		[0, 1.2],
		[1.15, -0.9],
		[-1.15, -0.9],
	],
	[
		[-1.25, -0.45],
		[-0.45, -0.45],
		[-0.45, -1.25],
		[0.45, -1.25],
		[0.45, -0.45],
		[1.25, -0.45],
		[1.25, 0.45],
		[0.45, 0.45],
		[0.45, 1.25],
		[-0.45, 1.25],
		[-0.45, 0.45],
		[-1.25, 0.45],
	],
];

const writeShape = ({x, y}: Pixel, style: number, look: string, title: string): string => {
	const shape = corners[style % corners.length] ?? [];
	const told = title === '' ? '' : writeElement('title', {}, escapeXml(title));
	const scale = markerRadius * 0.9;
	return shape.length === 0
		? writeElement('circle', {cx: round(x), cy: round(y), r: markerRadius, class: look}, told)
		: writeElement(
				'path',
				{
					d: `M${joinPixels(shape.map(([dx, dy]) => ({x: x + dx * scale, y: y + dy * scale})))}Z`,
					class: look,
				},
				told,
			);
};

export const writeCross = ({x, y}: Pixel, style: number): string =>
	writeElement(
		'path',
		{
			d: `M${joinPixels([
				{x: x - 4, y: y - 4},
				{x: x + 4, y: y + 4},
			])}M${joinPixels([
				{x: x - 4, y: y + 4},
				{x: x + 4, y: y - 4},
			])}`,
			class: `cross s${colourOf(style)}`,
		},
		'',
	);

/** @param title for a pointer that rests on it; "": none */
export const writeMarker = (
	place: Pixel,
	{style, mark = 'full', title = ''}: {style: number; mark?: PlotPoint['mark']; title?: string},
): string => {
	const colour = colourOf(style);
	return mark === 'cross'
		? writeCross(place, style)
		: writeShape(
				place,
				style,
				mark === 'hollow' ? `mark hollow s${colour}` : `mark f${colour} s${colour}`,
				title,
			);
};

/** Failed points without a value stand just above the axis. */
const listValueless = (series: PlotSeries, {x, y}: PlotScales): readonly Pixel[] =>
	series.points
		.filter((point) => point.mark === 'cross' && !isShown(point.y, y) && isShown(point.x, x))
		.map((point) => ({x: x.place(point.x), y: y.place(y.low) - 7}));

const describePoint = ({name}: PlotSeries, {x, y}: PlotPoint): string =>
	`${name}: ${String(x)}, ${String(Number((y ?? 0).toPrecision(6)))}`;

export const drawSeries = (series: PlotSeries, scales: PlotScales): string => {
	const stretches = splitAtGaps(series.points, scales);
	const placed = stretches.flat();
	const {style} = series;
	return [
		...(series.interval === 'band' ? stretches.map((one) => writeBand(one, scales, style)) : []),
		...stretches.map((stretch) => writeStretch(stretch, series)),
		...(series.interval === 'band' ? [] : placed.map((one) => writeErrorBar(one, scales, style))),
		...(series.markers
			? placed.map((one) =>
					writeMarker(one, {
						style,
						mark: one.point.mark,
						title: describePoint(series, one.point),
					}),
				)
			: []),
		...listValueless(series, scales).map((pixel) => writeCross(pixel, style)),
	].join('');
};
