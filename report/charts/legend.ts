/** Names of the lines, above the plot, in as many rows as they need. */

import type {Figure, PlotSeries, Span} from './figure.ts';
import {dashOf, writeMarker} from './line-marks.ts';
import {colourOf, fontSizes} from './style.ts';
import {writeBox, writeLine, writeText} from './svg-parts.ts';
import {fitText, measureText} from './text-width.ts';

export interface LegendEntry {
	readonly name: string;
	/** Draws the sample, given its left end and its middle's height; `sampleWidth` wide. */
	readonly sample: (x: number, y: number) => string;
}

export const sampleWidth = 24;
const rowHeight = 18;
const between = 18;
const longestName = 340;
const size = fontSizes.label;

const lineEntry = (series: PlotSeries): LegendEntry => ({
	name: series.name,
	sample: (x, y) =>
		writeLine([x, y], [x + sampleWidth, y], `line s${colourOf(series.style)}${dashOf(series)}`) +
		(series.markers ? writeMarker({x: x + sampleWidth / 2, y}, {style: series.style}) : ''),
});

/** A filled patch. */
export const patchEntry = (name: string, look: string): LegendEntry => ({
	name,
	sample: (x, y) => writeBox({x: x + 4, y: y - 6, width: sampleWidth - 8, height: 12}, look),
});

const spanNames: Readonly<Partial<Record<Span['look'], string>>> = {
	batch: 'batch',
	'warm-up': 'warm-up batch',
	alarm: 'slowed',
	notice: 'at its power limit',
};

/** Each line once, whatever panels it is in. */
export const listEntries = ({panels}: Figure): readonly LegendEntry[] => {
	const lines = panels.flatMap((panel) => (panel.kind === 'lines' ? panel.series : []));
	const byName = new Map(lines.toReversed().map((series) => [series.name, series]));
	const looks = new Set(
		panels.flatMap((panel) =>
			panel.kind === 'lanes' ? panel.lanes.flatMap(({spans}) => spans.map(({look}) => look)) : [],
		),
	);
	const unique = lines.filter(
		(series, index) =>
			lines.findIndex(({name}) => name === series.name) === index && byName.has(series.name),
	);
	const named = Object.entries(spanNames).filter(([look]) => looks.has(look as Span['look']));
	return [
		...unique.map(lineEntry),
		...named.map(([look, name]) => patchEntry(name, `span-${look}`)),
	];
};

interface Row {
	readonly entries: readonly {
		readonly entry: LegendEntry;
		readonly x: number;
		readonly text: string;
	}[];
}

const arrange = (entries: readonly LegendEntry[], width: number): readonly Row[] => {
	const rows: {entry: LegendEntry; x: number; text: string}[][] = [];
	let x = Infinity;
	for (const entry of entries) {
		const text = fitText(entry.name, Math.min(longestName, width - sampleWidth - 6), size);
		const needed = sampleWidth + 6 + measureText(text, size) * 1.04;
		if (x + needed > width) {
			rows.push([]);
			x = 0;
		}

		rows.at(-1)?.push({entry, x, text});
		x += needed + between;
	}

	return rows.map((row) => ({entries: row}));
};

export interface DrawnLegend {
	readonly height: number;
	readonly content: string;
}

export const drawLegend = (
	entries: readonly LegendEntry[],
	{x: left, y: top, width}: {x: number; y: number; width: number},
): DrawnLegend => {
	const rows = arrange(entries, width);
	const content = rows.flatMap(({entries: row}, index) => {
		const middle = top + index * rowHeight + rowHeight / 2;
		return row.map(({entry, x, text}) =>
			[
				entry.sample(left + x, middle),
				writeText(text, {x: left + x + sampleWidth + 6, y: middle + size * 0.36}),
			].join(''),
		);
	});
	return {height: rows.length * rowHeight, content: content.join('')};
};
