/** Where the reader of a report is in its text. */

import type {GpuMetrics} from '../schemas/study.ts';
import type {Warning} from '../schemas/warning.ts';
import type {KnownSettings} from './command-line.ts';
import type {ParsedPoint} from './parsed-file.ts';
import type {ServerNumbers} from './report-lines.ts';
import {startRun, type ReportRun, type RunPoint} from './report-run.ts';
import type {ReportLine} from './report-text.ts';

type Section = 'none' | 'client' | 'server' | 'composing' | 'gpus';

/** Where the reader is in the text. */
export interface ReaderState {
	readonly file: string;
	readonly rank: string | undefined;
	/** Whether lines that begin with "#" are headings. */
	readonly markdown: boolean;
	readonly runs: ReportRun[];
	readonly warnings: Warning[];
	heading: string | undefined;
	/** Inside a fence of Markdown, where a "#" begins a comment. */
	fenced: boolean;
	command: KnownSettings | undefined;
	section: Section;
	current: RunPoint | undefined;
	/** What the next lines of a server section fill. */
	server: ServerNumbers | undefined;
	/** Blanks before each open "Composing models:", outermost first. */
	composingIndents: number[];
	gpuKey: Exclude<keyof GpuMetrics, 'uuid'> | undefined;
}

/** A call or a heading between two points: the second belongs to another run. */
export const isSamePlace = (run: ReportRun, {heading, command}: ReaderState): boolean =>
	run.heading === heading && run.command === command;

export const runOf = (state: ReaderState): ReportRun => {
	const open = state.runs.at(-1);
	if (open !== undefined && !open.summarized && isSamePlace(open, state)) {
		return open;
	}

	const run = startRun(state);
	state.runs.push(run);
	return run;
};

export const sourceOf = (state: ReaderState, line: ReportLine): ParsedPoint['sources'][number] => ({
	kind: 'report',
	file: state.file,
	line: line.number,
});

export const closeBlock = (state: ReaderState): void => {
	state.section = 'none';
	state.server = undefined;
	state.gpuKey = undefined;
};
