/** Rows of spans below the lines: batches of each worker, reasons that slowed a GPU. */

import type {AxisScale} from './axis-scale.ts';
import type {Lane, LanesPanel, Span} from './figure.ts';
import {fontSizes} from './style.ts';
import {writeBox, writeText, type Box} from './svg-parts.ts';
import {fitText, measureText} from './text-width.ts';

/** Lanes that are thinner have no label of their own. */
const labelledFrom = 10;
const laneGap = 2;
const narrowest = 0.6;
/** Spans of fewer pixels are drawn as one with their neighbours. */
const mergedBelow = 2.5;

export const hasOwnLabels = ({laneHeight}: LanesPanel): boolean => laneHeight >= labelledFrom;

export const lanesHeight = ({lanes, laneHeight}: LanesPanel): number =>
	lanes.length * (laneHeight + laneGap) - laneGap;

interface Placed {
	readonly from: number;
	readonly to: number;
	readonly span: Span;
}

/** Cut to the picture. */
const placeSpans = (
	{spans}: Lane,
	x: AxisScale,
	[left, right]: readonly [number, number],
): readonly Placed[] =>
	spans
		.filter(({from, to}) => Number.isFinite(from) && Number.isFinite(to) && to >= from)
		.map((span) => ({
			from: Math.max(left, x.place(span.from)),
			to: Math.min(right, x.place(span.to)),
			span,
		}))
		.filter(({from, to}) => to >= from)
		.toSorted((a, b) => a.from - b.from);

const medianWidth = (placed: readonly Placed[]): number => {
	const widths = placed.map(({from, to}) => to - from).toSorted((a, b) => a - b);
	return widths[Math.floor(widths.length / 2)] ?? 0;
};

const looksAlike = (a: Span, b: Span): boolean => {
	const plain = (look: Span['look']): string => (look === 'batch-other' ? 'batch' : look);
	return plain(a.look) === plain(b.look);
};

const nameMerged = (span: Span, count: number): Span => {
	const look = span.look === 'batch-other' ? 'batch' : span.look;
	const {from, to, text} = span;
	return count === 1 || text === undefined
		? span
		: {from, to, look, text: `${String(count)} batches`};
};

/** Where single ones could not be told apart: neighbours of one kind become one. */
const mergeNarrow = (placed: readonly Placed[]): readonly Placed[] => {
	if (medianWidth(placed) >= mergedBelow) {
		return placed;
	}

	const merged: {from: number; to: number; span: Span; count: number}[] = [];
	for (const next of placed) {
		const last = merged.at(-1);
		if (last !== undefined && looksAlike(last.span, next.span) && next.from - last.to < 1) {
			last.to = Math.max(last.to, next.to);
			last.count += 1;
		} else {
			merged.push({...next, count: 1});
		}
	}

	return merged.map(({count, span, ...ends}) => ({...ends, span: nameMerged(span, count)}));
};

const drawText = ({from, to, span}: Placed, y: number, height: number): string => {
	const size = fontSizes.small;
	const {text} = span;
	return text === undefined || height < labelledFrom || measureText(text, size) + 4 > to - from
		? ''
		: writeText(text, {
				x: (from + to) / 2,
				y: y + height / 2 + size * 0.36,
				anchor: 'middle',
				look: 'small',
			});
};

const drawLane = (
	placed: readonly Placed[],
	{lane, y, height}: {lane: Lane; y: number; height: number},
): string =>
	placed
		.map((one) => {
			const box = {x: one.from, y, width: Math.max(narrowest, one.to - one.from), height};
			const told = one.span.text === undefined ? '' : `${lane.label}: ${one.span.text}`;
			return writeBox(box, `span-${one.span.look}`, told) + drawText(one, y, height);
		})
		.join('');

/** Bands behind the lines of a panel. */
export const drawBackdrop = (
	spans: readonly Span[],
	x: AxisScale,
	{x: left, y, width, height}: Box,
): string =>
	mergeNarrow(placeSpans({label: '', spans}, x, [left, left + width]))
		.map(({from, to, span}) =>
			writeBox(
				{x: from, y, width: Math.max(narrowest, to - from), height},
				`span-${span.look} backdrop`,
			),
		)
		.join('');

export const drawLanes = (
	panel: LanesPanel,
	x: AxisScale,
	{x: left, y: top, width}: Box,
): string => {
	const size = fontSizes.small;
	const own = hasOwnLabels(panel);
	const room = left - 14;
	const label = (text: string, middle: number): string =>
		writeText(fitText(text, room, size), {
			x: left - 8,
			y: middle + size * 0.36,
			anchor: 'end',
			look: 'small faint',
		});
	const rows = panel.lanes.map((lane, index) => {
		const y = top + index * (panel.laneHeight + laneGap);
		const placed = mergeNarrow(placeSpans(lane, x, [left, left + width]));
		return [
			own ? label(lane.label, y + panel.laneHeight / 2) : '',
			drawLane(placed, {lane, y, height: panel.laneHeight}),
		].join('');
	});
	return [own ? '' : label(panel.label, top + lanesHeight(panel) / 2), ...rows].join('');
};
