/** Elements of SVG text. Coordinates to a tenth of a pixel: what nobody sees, and half the bytes. */

import {escapeXml, writeElement} from '../xml-text.ts';

/** Never "-0". */
export const round = (pixels: number): number => Math.round(pixels * 10) / 10 + 0;

export interface TextPlace {
	readonly x: number;
	readonly y: number;
	/** Absent: start. */
	readonly anchor?: 'start' | 'middle' | 'end';
	readonly look?: string;
	/** Turned to be read from below. */
	readonly turned?: boolean;
}

export const writeText = (text: string, {x, y, anchor, look, turned}: TextPlace): string =>
	writeElement(
		'text',
		{
			x: round(x),
			y: round(y),
			'text-anchor': anchor === 'start' ? undefined : anchor,
			class: look,
			transform:
				turned === true ? `rotate(-90 ${String(round(x))} ${String(round(y))})` : undefined,
		},
		escapeXml(text),
	);

export const writeLine = (
	[x1, y1]: readonly [number, number],
	[x2, y2]: readonly [number, number],
	look: string,
): string =>
	writeElement(
		'line',
		{x1: round(x1), y1: round(y1), x2: round(x2), y2: round(y2), class: look},
		'',
	);

export interface Box {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

/** @param title what a pointer that rests on it is told; "": nothing */
export const writeBox = ({x, y, width, height}: Box, look: string, title = ''): string =>
	writeElement(
		'rect',
		{x: round(x), y: round(y), width: round(width), height: round(height), class: look},
		title === '' ? '' : writeElement('title', {}, escapeXml(title)),
	);

export const overlaps = (a: Box, b: Box): boolean =>
	a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

export interface Document {
	readonly width: number;
	readonly height: number;
	readonly title: string;
	readonly description: string;
	readonly style: string;
}

/** A whole file. No ids: pictures stand side by side in one page. */
export const writeDocument = (
	{width, height, title, description, style}: Document,
	content: readonly string[],
): string =>
	[
		'<?xml version="1.0" encoding="UTF-8"?>',
		`<svg xmlns="http://www.w3.org/2000/svg" class="nb" role="img" aria-label="${escapeXml(title)}" width="${String(round(width))}" height="${String(round(height))}" viewBox="0 0 ${String(round(width))} ${String(round(height))}">`,
		writeElement('title', {}, escapeXml(title)),
		writeElement('desc', {}, escapeXml(description)),
		`<style>${style}</style>`,
		writeBox({x: 0, y: 0, width, height}, 'paper'),
		...content,
		'</svg>',
		'',
	].join('\n');
