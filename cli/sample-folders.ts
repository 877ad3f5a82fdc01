/** Reads the samples of a folder of runs: one that cannot be read is told of, and the others still count. */

import path from 'node:path';
import {ExitCode, ToolError, UserError} from '../base/errors.ts';
import {plural} from '../base/plural.ts';
import type {CompareRequest} from './compare-options.ts';
import type {Root} from './compare-roots.ts';
import type {CompareTools, ReadSide} from './compared-side.ts';
import {readSide} from './compare-sides.ts';
import type {Terminal} from './terminal.ts';
import {sayWarnings} from './warning-lines.ts';

/** Notes of a side that tell of something that its numbers go without. */
const leavesOut: ReadonlySet<string> = new Set(['same-measurement', 'no-numbers']);

export interface Unreadable {
	/** "v2/classification". */
	readonly label: string;
	readonly error: UserError | ToolError;
}

export interface ReadSamples {
	/** By sample. */
	readonly sides: ReadonlyMap<string, ReadSide>;
	readonly unreadable: readonly Unreadable[];
}

/** One sample's trouble is not the others'. */
const readSample = async (
	root: Root,
	sample: string,
	request: CompareRequest,
	tools: CompareTools,
): Promise<ReadSide | UserError | ToolError> => {
	const named = {label: `${root.name}/${sample}`, path: path.join(root.folder, sample)};
	try {
		return await readSide(named, {...request, findNsys: tools.findNsys});
	} catch (error) {
		if (error instanceof UserError || error instanceof ToolError) {
			return error;
		}

		throw error;
	}
};

export const readSamples = async (
	root: Root,
	request: CompareRequest,
	tools: CompareTools,
	terminal: Terminal,
): Promise<ReadSamples> => {
	const sides = new Map<string, ReadSide>();
	const unreadable: Unreadable[] = [];
	for (const sample of root.samples) {
		const read = await readSample(root, sample, request, tools);
		if (read instanceof Error) {
			const label = `${root.name}/${sample}`;
			unreadable.push({label, error: read});
			sayWarnings([{code: 'unreadable', message: `${label}: ${read.message}`}], terminal);
		} else {
			sayWarnings(
				read.side.notes.filter(({code}) => leavesOut.has(code)),
				terminal,
			);
			sides.set(sample, read);
		}
	}

	return {sides, unreadable};
};

/** What the exit code 2 or 3 means, where the rest was compared. @returns that code, or 0 where all could be read */
export const sayUnreadable = (unreadable: readonly Unreadable[], terminal: Terminal): number => {
	if (unreadable.length === 0) {
		return ExitCode.done;
	}

	const what = `${plural(unreadable.length, 'sample')} could not be read: ${unreadable.map(({label}) => label).join(', ')}`;
	terminal.say(
		'error',
		`${terminal.decorate('red', 'error:')} ${what}\nMeasure them again, or move their folders away where they are no samples.`,
	);
	const isToolOnly = unreadable.every(({error}) => error instanceof ToolError);
	return isToolOnly ? ExitCode.toolFailed : ExitCode.usage;
};
