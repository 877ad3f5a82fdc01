/**
 * Stacked bars that lie: a row each, its label left of it, so that many rows and long labels have room. Several columns
 * show the same rows in different quantities.
 */

import {buildScale} from './axis-scale.ts';
import {drawHead, drawNotes, figureWidth, pageMargin} from './figure-text.ts';
import {drawLegend, patchEntry} from './legend.ts';
import {fontSizes, styleSheet} from './style.ts';
import {writeBox, writeDocument, writeLine, writeText, type Box} from './svg-parts.ts';
import {fitText, measureText} from './text-width.ts';

export interface BarPart {
	/** Its name in the legend. */
	readonly name: string;
	/** Class of its fill. */
	readonly look: string;
	/** What is negative, or no number, is left out. */
	readonly value: number;
}

export interface BarColumn {
	/** With its unit, below the column. */
	readonly label: string;
	/** The highest value of the axis; absent: what the bars reach. */
	readonly upTo?: number;
	/** Writes each bar's sum at its end. */
	readonly formatSum?: (sum: number) => string;
}

export interface BarRow {
	readonly label: string;
	/** One bar per column. */
	readonly bars: readonly (readonly BarPart[])[];
}

export interface BarGroup {
	/** "": its rows have no heading. */
	readonly label: string;
	readonly rows: readonly BarRow[];
}

export interface BarFigure {
	readonly title: string;
	readonly subtitle: string;
	readonly description: string;
	readonly columns: readonly BarColumn[];
	/** The legend, in its order; those that no bar has are left out. Empty: none. */
	readonly parts: readonly BarPart[];
	readonly groups: readonly BarGroup[];
	readonly notes: readonly string[];
}

const rowStep = 20;
const barHeight = 14;
const headingHeight = 22;
const longestLabel = 250;
const columnGap = 34;
const axisHeight = 38;
/** For the sums at the bars' ends. */
const sumRoom = 46;

const isDrawn = ({value}: BarPart): boolean => Number.isFinite(value) && value > 0;
const sumOf = (bar: readonly BarPart[]): number =>
	bar.filter(isDrawn).reduce((sum, {value}) => sum + value, 0);

interface PlacedRow {
	readonly row: BarRow;
	readonly y: number;
}

interface PlacedRows {
	readonly rows: readonly PlacedRow[];
	readonly headings: readonly {readonly text: string; readonly y: number}[];
	readonly bottom: number;
}

const placeRows = (groups: readonly BarGroup[], top: number): PlacedRows => {
	const rows: PlacedRow[] = [];
	const headings: {text: string; y: number}[] = [];
	let y = top;
	for (const group of groups) {
		if (group.label !== '') {
			headings.push({text: group.label, y: y + headingHeight - 6});
			y += headingHeight;
		}

		for (const row of group.rows) {
			rows.push({row, y});
			y += rowStep;
		}

		y += 4;
	}

	return {rows, headings, bottom: y};
};

const drawBar = (bar: readonly BarPart[], place: (value: number) => number, y: number): string => {
	let sum = 0;
	return bar
		.filter(isDrawn)
		.map(({name, look, value}) => {
			const from = place(sum);
			sum += value;
			const box = {x: from, y: y + 3, width: place(sum) - from, height: barHeight};
			return writeBox(box, look, `${name}: ${String(Number(value.toPrecision(4)))}`);
		})
		.join('');
};

const drawColumn = (
	{label, upTo, formatSum}: BarColumn,
	index: number,
	{rows, box}: {rows: readonly PlacedRow[]; box: Box},
): string => {
	const bars = rows.map(({row}) => row.bars[index] ?? []);
	const room = formatSum === undefined ? 0 : sumRoom;
	const scale = buildScale(
		{label, scale: 'linear', from: 'zero', include: [0, upTo ?? 0]},
		upTo === undefined ? bars.map(sumOf) : [upTo],
		{range: [box.x, box.x + box.width - room], direction: 'across'},
	);
	const bottom = box.y + box.height;
	return [
		...scale.ticks.map(({at}) => writeLine([at, box.y], [at, bottom], 'grid')),
		writeLine([box.x, box.y], [box.x, bottom], 'axis'),
		...rows.map(({y}, place) => drawBar(bars[place] ?? [], scale.place, y)),
		...rows.map(({y}, place) => {
			const sum = sumOf(bars[place] ?? []);
			return formatSum === undefined
				? ''
				: writeText(sum === 0 ? '-' : formatSum(sum), {
						x: scale.place(sum) + 5,
						y: y + rowStep / 2 + fontSizes.small * 0.36,
						look: 'small faint',
					});
		}),
		...scale.ticks.map(({at, text}) =>
			writeText(text, {
				x: at,
				y: bottom + fontSizes.tick + 4,
				anchor: 'middle',
				look: 'tick faint',
			}),
		),
		writeText(fitText(label, box.width, fontSizes.label), {
			x: box.x + (box.width - room) / 2,
			y: bottom + fontSizes.tick + fontSizes.label + 10,
			anchor: 'middle',
		}),
	].join('\n');
};

/** On paper of its own: the axis goes on behind it. */
const drawHeading = (text: string, y: number): string => {
	const shown = fitText(text, figureWidth - 2 * pageMargin, fontSizes.label);
	const width = measureText(shown, fontSizes.label) * 1.05 + 4;
	return (
		writeBox({x: pageMargin - 2, y: y - fontSizes.label - 1, width, height: 18}, 'paper') +
		writeText(shown, {x: pageMargin, y})
	);
};

const measureLabels = (groups: readonly BarGroup[]): number =>
	Math.min(
		longestLabel,
		groups
			.flatMap(({rows}) => rows)
			.reduce((most, {label}) => Math.max(most, measureText(label, fontSizes.tick) * 1.04), 40),
	);

/** Parts of a smaller share of every bar are not seen. */
const seenFrom = 0.003;

const isSeen = ({name}: BarPart, bars: readonly (readonly BarPart[])[]): boolean =>
	bars.some((bar) => {
		const own = bar.filter((part) => part.name === name && isDrawn(part));
		return sumOf(own) > seenFrom * sumOf(bar);
	});

export const drawBars = (figure: BarFigure): string => {
	const {title, subtitle, description, columns, groups} = figure;
	const head = drawHead(title, subtitle);
	const bars = groups.flatMap(({rows: own}) => own.flatMap((row) => row.bars));
	const parts = figure.parts.filter((part) => isSeen(part, bars));
	const legend = drawLegend(
		parts.map(({name, look}) => patchEntry(name, look)),
		{x: pageMargin, y: head.height, width: figureWidth - 2 * pageMargin},
	);
	const labels = measureLabels(groups);
	const left = pageMargin + labels + 10;
	const top = head.height + legend.height + 10;
	const {rows, headings, bottom} = placeRows(groups, top);
	const gaps = columnGap * (columns.length - 1);
	const width = (figureWidth - pageMargin - left - gaps) / columns.length;
	const notes = drawNotes(figure.notes, bottom + axisHeight);
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
			...columns.map((column, index) =>
				drawColumn(column, index, {
					rows,
					box: {x: left + index * (width + columnGap), y: top, width, height: bottom - top},
				}),
			),
			...headings.map(({text, y}) => drawHeading(text, y)),
			...rows.map(({row, y}) =>
				writeText(fitText(row.label, labels, fontSizes.tick), {
					x: left - 7,
					y: y + rowStep / 2 + fontSizes.tick * 0.36,
					anchor: 'end',
					look: 'tick',
				}),
			),
			notes.content,
		],
	);
};
