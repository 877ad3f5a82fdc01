/** Pictures as documents: what is in them, read by a parser that shares nothing with the writer. */

import {describe, expect, it} from 'vitest';
import {drawFigure} from '../../../report/charts/draw-figure.ts';
import type {Figure, PlotPoint, PlotSeries} from '../../../report/charts/figure.ts';
import {renderPng} from '../../../report/charts/png.ts';
import {fitText, measureText} from '../../../report/charts/text-width.ts';
import {thinPoints} from '../../../report/charts/thin-points.ts';
import {
	dropCrowded,
	formatTick,
	listBinaryTicks,
	listDecimalTicks,
} from '../../../report/charts/ticks.ts';
import {drawSeriesPlot} from '../../../report/series-plot.ts';
import {findElements, parseXml, type XmlElement} from '../../support/xml.ts';

const series = (points: readonly PlotPoint[], more: Partial<PlotSeries> = {}): PlotSeries => ({
	name: 'gpu',
	style: 0,
	markers: true,
	points,
	...more,
});

const figure = (own: readonly PlotSeries[], more: Partial<Figure> = {}): Figure => ({
	title: 'A title',
	subtitle: '',
	description: 'what it shows',
	x: {label: 'x', scale: 'linear'},
	panels: [{kind: 'lines', height: 200, y: {label: 'y', scale: 'auto'}, series: own}],
	notes: [],
	...more,
});

const read = (svg: string): XmlElement => parseXml(svg);
const withClass = (root: XmlElement, name: string, look: string): readonly XmlElement[] =>
	findElements(root, name).filter(({attributes}) =>
		(attributes['class'] ?? '').split(' ').includes(look),
	);
const linesOf = (root: XmlElement): readonly string[] =>
	withClass(root, 'path', 'line').map(({attributes}) => attributes['d'] ?? '');
const textsOf = (root: XmlElement): readonly string[] =>
	findElements(root, 'text').map(({text}) => text);
const numbersIn = (svg: string): readonly string[] => svg.match(/NaN|Infinity|undefined/g) ?? [];

const straight = [1, 2, 3, 4].map((x): PlotPoint => ({x, y: x * 10}));

describe('a figure', () => {
	it('has a line and a marker for each point, and says what it is', () => {
		const root = read(
			drawFigure(figure([series(straight), series(straight, {name: 'cpu', style: 1})])),
		);
		expect(linesOf(root)).toHaveLength(2);
		// Those of the legend among them.
		expect(withClass(root, 'circle', 'mark')).toHaveLength(5);
		expect(textsOf(root)).toEqual(expect.arrayContaining(['A title', 'gpu', 'cpu', 'x', 'y']));
		expect(findElements(root, 'desc').map(({text}) => text)).toEqual(['what it shows']);
		expect(root.attributes['role']).toBe('img');
	});

	it('leaves gaps where there is no value', () => {
		const gap: readonly PlotPoint[] = [
			{x: 0, y: 1},
			{x: 1, y: 2},
			{x: 2, y: null},
			{x: 3, y: 3},
			{x: 4, y: NaN},
			{x: 5, y: 4},
		];
		const root = read(drawFigure(figure([series(gap, {markers: false})])));
		const lines = linesOf(root);
		expect(lines).toHaveLength(1);
		expect(lines[0]?.split('L')).toHaveLength(2);
		// 3 and 4 stand alone: dots.
		expect(findElements(root, 'circle')).toHaveLength(2);
	});

	it('has a logarithmic axis for values that span a decade, and not for the bars of close ones', () => {
		const bars = [40, 45, 60].map((y, x): PlotPoint => ({x, y, low: 0.5, high: 100}));
		const ticksOf = (points: readonly PlotPoint[]) =>
			textsOf(read(drawFigure(figure([series(points)]))));
		expect(ticksOf(bars)).toContain('0');
		expect(ticksOf(bars)).toContain('80');
		const wide = [4, 45, 60].map((y, x): PlotPoint => ({x, y}));
		expect(ticksOf(wide)).toContain('5');
		expect(ticksOf(wide)).not.toContain('0.5');
	});

	it('draws the same for the same', () => {
		expect(drawFigure(figure([series(straight)]))).toBe(drawFigure(figure([series(straight)])));
	});

	it('escapes what names have', () => {
		const name = 'a <b> & "c" \u0007 ]]>';
		const root = read(drawFigure(figure([series(straight, {name})], {title: name})));
		expect(textsOf(root).filter((text) => text.startsWith('a <b> & "c"'))).toHaveLength(2);
	});

	it.each([
		['nothing', []],
		['no points', [series([])]],
		['one point', [series([{x: 5, y: 5}])]],
		[
			'zeros',
			[
				series([
					{x: 0, y: 0},
					{x: 1, y: 0},
				]),
			],
		],
		[
			'no numbers',
			[
				series([
					{x: NaN, y: 1},
					{x: 1, y: Infinity},
					{x: 2, y: null},
				]),
			],
		],
		[
			'negative',
			[
				series([
					{x: -1, y: -5},
					{x: 1, y: 5, low: -1e9, high: 7},
				]),
			],
		],
		[
			'very large and very small',
			[
				series([
					{x: 1e-12, y: 1e-300},
					{x: 1e12, y: 1e300},
				]),
			],
		],
		[
			'bars without ends',
			[
				series([
					{x: 1, y: 1, low: NaN, high: Infinity},
					{x: 2, y: 200, low: 0, high: 300},
				]),
			],
		],
	] as const)('stands %s', (_, own) => {
		const svg = drawFigure(figure(own));
		expect(numbersIn(svg)).toEqual([]);
		expect(read(svg).name).toBe('svg');
	});

	it('stays inside of its frame', () => {
		const wide = [1, 10, 100, 1000].map((x): PlotPoint => ({
			x,
			y: x,
			low: x / 100,
			high: x * 100,
			text: 'far',
		}));
		const root = read(drawFigure(figure([series(wide)])));
		const height = Number(root.attributes['height']);
		const ys = findElements(root, 'line').flatMap(({attributes}) => [
			attributes['y1'],
			attributes['y2'],
		]);
		expect(ys.every((y) => Number(y) >= 0 && Number(y) <= height)).toBe(true);
	});

	it('marks what failed and what is doubtful', () => {
		const root = read(
			drawFigure(
				figure([
					series([
						{x: 1, y: 1},
						{x: 2, y: 2, mark: 'hollow'},
						{x: 3, y: null, mark: 'cross'},
					]),
				]),
			),
		);
		expect(withClass(root, 'circle', 'hollow')).toHaveLength(1);
		expect(withClass(root, 'path', 'cross')).toHaveLength(1);
	});
});

describe('thinning', () => {
	it('keeps every spike of a hundred thousand points', () => {
		const points = Array.from({length: 100_000}, (_, index) => ({
			x: index / 150,
			y: index === 77_777 ? -500 : index === 33_333 ? 900 : Math.sin(index),
		}));
		const kept = thinPoints(points);
		expect(kept.length).toBeLessThan(4 * 668);
		expect(kept.some(({y}) => y === -500)).toBe(true);
		expect(kept.some(({y}) => y === 900)).toBe(true);
		expect(kept[0]).toBe(points[0]);
		expect(kept.at(-1)).toBe(points.at(-1));
		expect(kept.every(({x}, index) => index === 0 || x >= (kept[index - 1]?.x ?? 0))).toBe(true);
	});
});

describe('ticks', () => {
	it('are 1, 2, 5 of each decade, and exact', () => {
		expect(listDecimalTicks(0.004, 3, 20)).toEqual([0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2]);
		expect(listDecimalTicks(1e-9, 1e9, 6).length).toBeLessThanOrEqual(7);
	});

	it('are powers of two for loads', () => {
		expect(listBinaryTicks(1, 64)).toEqual([1, 2, 4, 8, 16, 32, 64]);
		expect(listBinaryTicks(3, 3.5)).toEqual([]);
	});

	it('read as numbers that people write', () => {
		expect([0, 0.05, 1500, 20_000, 1.5e6, 1e-7, -3].map(formatTick)).toEqual([
			'0',
			'0.05',
			'1500',
			'20k',
			'1.5M',
			'1e-7',
			'-3',
		]);
	});

	it('do not touch each other, and the last stays', () => {
		const ticks = [0, 5, 40, 97, 100].map((at) => ({value: at, at, text: String(at)}));
		expect(dropCrowded(ticks, 10).map(({at}) => at)).toEqual([0, 40, 100]);
	});
});

describe('text', () => {
	it('is cut in its middle where it is too long', () => {
		const cut = fitText('a_very_long_name_of_a_variant_2instances', 100, 12);
		expect(cut).toMatch(/^a_ve.*\.\.\..*ances$/);
		expect(measureText(cut, 12)).toBeLessThanOrEqual(100);
	});
});

const isInk = (png: Uint8Array): boolean => png.length > 0 && png[0] === 0x89;

describe('PNG', () => {
	it('has its text on a machine without fonts', async () => {
		const words = drawFigure(figure([series(straight)]));
		const mute = words.replaceAll(/<text[^>]*>[^<]*<\/text>/g, '');
		const [with_, without] = [await renderPng(words), await renderPng(mute)];
		expect(isInk(with_)).toBe(true);
		// Latin text never looks at the system's fonts: what differs was drawn with the font that comes along.
		expect(with_.length).toBeGreaterThan(without.length * 1.2);
	});
});

describe('drawSeriesPlot', () => {
	const plot = (ratioTo: string | null): XmlElement =>
		read(
			drawSeriesPlot({
				title: 'CPU against GPU',
				x: {name: 'pile-up', unit: '', scale: 'auto'},
				y: {name: 'throughput', unit: 'events/s', scale: 'auto'},
				series: [
					{name: 'gpu', points: [20, 100, 200].map((x) => ({x, y: 4000 / x}))},
					{name: 'cpu', points: [20, 200].map((x) => ({x, y: 400 / x}))},
				],
				ratioTo,
			}),
		);

	it('has a second panel with the ratio, at values that both have', () => {
		const root = plot('gpu');
		expect(linesOf(root)).toHaveLength(4);
		expect(textsOf(root)).toContain('ratio to gpu');
		expect(textsOf(root)).toContain('throughput (events/s)');
	});

	it('has one panel without it', () => {
		expect(linesOf(plot(null))).toHaveLength(2);
		expect(linesOf(plot('neither'))).toHaveLength(2);
	});
});
