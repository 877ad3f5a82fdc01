/** Texts beside points: each in the first place around its point where it covers nothing; where there is none, it is left out. */

import type {PlacedPoint} from './line-marks.ts';
import {fontSizes} from './style.ts';
import {overlaps, writeText, type Box} from './svg-parts.ts';
import {measureText} from './text-width.ts';

const distance = 7;
const markerHalf = 5;
const lineStep = 12;

const boxAround = (x: number, y: number): Box => ({
	x: x - markerHalf,
	y: y - markerHalf,
	width: 2 * markerHalf,
	height: 2 * markerHalf,
});

/** The lines between the points, as small boxes along them. */
const boxesAlong = (stretch: readonly PlacedPoint[]): readonly Box[] =>
	stretch.slice(1).flatMap((to, index) => {
		const from = stretch[index] ?? to;
		const steps = Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / lineStep);
		return Array.from({length: Math.min(steps, 200)}, (_, step) => {
			const share = (step + 0.5) / steps;
			return {
				x: from.x + (to.x - from.x) * share - 1.5,
				y: from.y + (to.y - from.y) * share - 1.5,
				width: 3,
				height: 3,
			};
		});
	});

const size = fontSizes.small;

const placesAround = ({x, y}: PlacedPoint, width: number): readonly Box[] => {
	const [left, right] = [x - distance - width, x + distance];
	const [above, below, level] = [y - distance - size, y + distance - 2, y - size / 2];
	return [
		{x: right - 3, y: above + 2},
		{x: left + 3, y: above + 2},
		{x: right, y: level},
		{x: left, y: level},
		{x: x - width / 2, y: above},
		{x: right - 3, y: below},
		{x: left + 3, y: below},
		{x: x - width / 2, y: below},
	].map((corner) => ({...corner, width, height: size}));
};

const lies = (inner: Box, outer: Box): boolean =>
	inner.x >= outer.x &&
	inner.y >= outer.y &&
	inner.x + inner.width <= outer.x + outer.width &&
	inner.y + inner.height <= outer.y + outer.height;

/** @param stretches of all series of the panel @param inside the panel */
export const drawPointLabels = (
	stretches: readonly (readonly PlacedPoint[])[],
	inside: Box,
): string => {
	const points = stretches.flat();
	const taken: Box[] = [
		...points.map(({x, y}) => boxAround(x, y)),
		...stretches.flatMap(boxesAlong),
	];
	const texts: string[] = [];
	for (const placed of points) {
		const {text} = placed.point;
		if (text === undefined) {
			continue;
		}

		const free = placesAround(placed, measureText(text, size)).find(
			(box) => lies(box, inside) && !taken.some((other) => overlaps(box, other)),
		);
		if (free !== undefined) {
			taken.push(free);
			texts.push(writeText(text, {x: free.x, y: free.y + size * 0.85, look: 'small faint'}));
		}
	}

	return texts.join('');
};
