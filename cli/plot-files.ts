/** Writes pictures into a folder, as SVG and as PNG. */

import {rmSync} from 'node:fs';
import path from 'node:path';
import {messageOf, UserError} from '../base/errors.ts';
import {writeWholeFile} from '../base/whole-file.ts';
import type {Terminal} from './terminal.ts';

export const plotKinds = ['svg', 'png'] as const;
export type PlotKind = (typeof plotKinds)[number];

export interface NamedPlot {
	/** Without its ending. */
	readonly name: string;
	readonly svg: string;
}

/** @param text of --plots: "svg,png" */
export const parsePlotKinds = (text: string): readonly PlotKind[] => {
	const words = text.split(',').map((word) => word.trim());
	const unknown = words.find((word) => !plotKinds.some((kind) => kind === word));
	if (unknown !== undefined) {
		throw new UserError(`--plots takes ${plotKinds.join(', ')} or both, not "${unknown}"`, {
			next: '--no-plots draws none.',
		});
	}

	return plotKinds.filter((kind) => words.includes(kind));
};

/** PNGs need a library with native code: where it cannot be had, the SVGs do. */
const writePngs = async (
	folder: string,
	plots: readonly NamedPlot[],
	terminal: Terminal,
): Promise<readonly string[]> => {
	const {renderPng} = await import('../report/charts/png.ts');
	const files: string[] = [];
	for (const {name, svg} of plots) {
		let picture: Uint8Array;
		try {
			picture = await renderPng(svg);
		} catch (error) {
			terminal.say('warning', `warning: ${name}: ${messageOf(error)}`);
			return files;
		}

		writeWholeFile(path.join(folder, `${name}.png`), picture);
		files.push(`${name}.png`);
	}

	return files;
};

export interface PlotsToWrite {
	/** Absolute. */
	readonly folder: string;
	readonly plots: readonly NamedPlot[];
	readonly kinds: readonly PlotKind[];
	/** Names that an earlier call may have left there: those that are not written now go. */
	readonly known: readonly string[];
}

/** @returns the files' names; @throws ToolError when the disk refuses */
export const writePlots = async (
	{folder, plots, kinds, known}: PlotsToWrite,
	terminal: Terminal,
): Promise<readonly string[]> => {
	for (const name of known) {
		plotKinds.forEach((kind) => rmSync(path.join(folder, `${name}.${kind}`), {force: true}));
	}

	if (plots.length === 0) {
		return [];
	}

	const svgs = kinds.includes('svg') ? plots : [];
	svgs.forEach(({name, svg}) => writeWholeFile(path.join(folder, `${name}.svg`), svg));
	const pngs = kinds.includes('png') ? await writePngs(folder, plots, terminal) : [];
	return [...svgs.map(({name}) => `${name}.svg`), ...pngs];
};
