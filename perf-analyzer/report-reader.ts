/** Reads one stream of lines into runs. Which line means what is in report-lines.ts, where it belongs is decided here. */

import type {Load} from '../schemas/study.ts';
import type {Warning} from '../schemas/warning.ts';
import {readCommandLine} from './command-line.ts';
import {classifyMessage, quoteLine} from './messages.ts';
import {readCount, readReal} from './printed-numbers.ts';
import {readPass} from './report-lines.ts';
import {addPoint, addReason, placeMessage, sameLoad, startRun} from './report-run.ts';
import type {ReportRun} from './report-run.ts';
import {openSection, readBlockLine} from './report-sections.ts';
import {closeBlock, runOf, sourceOf, type ReaderState} from './report-state.ts';
import {openSummary, readSummaryLine} from './report-summary.ts';
import {isFence, joinContinued, readHeading, type ReportLine} from './report-text.ts';

const readLoad = (text: string): Load | undefined => {
	const concurrency = readCount(/^Request concurrency: (\d+)$/.exec(text)?.[1] ?? '');
	if (concurrency !== undefined) {
		return {kind: 'concurrency', value: concurrency};
	}

	const rate = /^Request Rate: (\S+) inference requests per seconds?$/.exec(text)?.[1];
	const value = readReal(rate ?? '');
	return value === undefined ? undefined : {kind: 'request-rate', value};
};

/** With warm-up requests the header comes twice for one point. */
const openPoint = (state: ReaderState, line: ReportLine, load: Load): void => {
	const run = runOf(state);
	const last = run.points.at(-1);
	const again = last !== undefined && !last.measured && sameLoad(last.point.load, load);
	const fresh = again && last.point.status === 'unknown' && last.point.windows.length === 0;
	state.current = fresh ? last : addPoint(run, load, sourceOf(state, line));
	closeBlock(state);
};

const settingsTitle = '*** Measurement Settings ***';

const readSettings = (state: ReaderState, {text}: ReportLine): boolean => {
	const run = state.runs.at(-1);
	if (text === settingsTitle) {
		state.runs.push(startRun(state));
		state.current = undefined;
		closeBlock(state);
		return true;
	}

	if (run === undefined || run.points.length > 0) {
		return false;
	}

	const batch = readCount(/^Batch size: (\d+)$/.exec(text)?.[1] ?? '');
	const serviceKind = /^Service Kind: (\S.*)$/.exec(text)?.[1];
	run.countsRequests ||= /^Sending \d+ benchmark requests?$/.test(text);
	run.settings = {
		...run.settings,
		...(batch === undefined || batch === 0 ? {} : {batchSize: batch}),
		...(serviceKind === undefined
			? {}
			: {serviceKind: serviceKind.toLowerCase().replaceAll(/[\s_]+/g, '-')}),
	};
	return batch !== undefined || serviceKind !== undefined;
};

const readPassLine = (state: ReaderState, {text}: ReportLine): boolean => {
	const window = readPass(text);
	if (window !== undefined && state.current?.measured === false) {
		state.current.point.windows.push(window);
	}

	return window !== undefined;
};

const readMessage = (state: ReaderState, line: ReportLine): boolean => {
	const message = classifyMessage(line.text);
	if (message === undefined) {
		return false;
	}

	const run = state.runs.at(-1);
	const fits = message.concurrency !== undefined || run !== undefined;
	const placed = fits && placeMessage(run ?? runOf(state), message, sourceOf(state, line));
	if (!placed) {
		state.warnings.push({
			code: message.warning.code,
			message: `${state.file}:${line.number}: ${message.warning.message}`,
		});
	}

	return true;
};

/** A line of a block that has numbers and no known form is kept as a doubt: a newer perf_analyzer may print it. */
const noteUnknown = ({current, section}: ReaderState, {text, indent}: ReportLine): void => {
	if (
		current !== undefined &&
		section !== 'none' &&
		indent > 0 &&
		/\d (?:usec|infer\/sec)/.test(text)
	) {
		addReason(current.point, {
			code: 'unknown-line',
			message: `a line of this block was not understood ("${quoteLine(text)}")`,
		});
	}
};

const readMarkdown = (state: ReaderState, line: ReportLine): boolean => {
	if (isFence(line)) {
		state.fenced = !state.fenced;
		closeBlock(state);
		return true;
	}

	const heading = state.fenced || !state.markdown ? undefined : readHeading(line);
	state.heading = heading ?? state.heading;
	return heading !== undefined;
};

const readLine = (state: ReaderState, line: ReportLine): void => {
	const load = readLoad(line.text);
	if (load !== undefined) {
		openPoint(state, line, load);
		return;
	}

	// A client's warning is a number of its block too.
	const read = readBlockLine(state, line);
	if (read && state.current !== undefined && /\b\d{16,} usec/.test(line.text)) {
		addReason(state.current.point, {
			code: 'wrapped-number',
			message: `a time below 0 or without a meaning was printed, and is left out ("${quoteLine(line.text)}")`,
		});
	}

	if (!readMessage(state, line) && !read) {
		const known =
			openSection(state, line) ||
			readSettings(state, line) ||
			openSummary(state, line) ||
			readSummaryLine(state, line) ||
			readPassLine(state, line);
		if (!known) {
			noteUnknown(state, line);
		}
	}
};

export interface ReadReport {
	readonly runs: readonly ReportRun[];
	readonly warnings: readonly Warning[];
}

export const readReportLines = (
	lines: readonly ReportLine[],
	{file, rank, markdown}: Pick<ReaderState, 'file' | 'rank' | 'markdown'>,
): ReadReport => {
	const state: ReaderState = {
		file,
		rank,
		markdown,
		runs: [],
		warnings: [],
		heading: undefined,
		fenced: false,
		command: undefined,
		section: 'none',
		current: undefined,
		server: undefined,
		composingIndents: [],
		gpuKey: undefined,
	};
	lines.forEach((line, place) => {
		if (line.text.includes('perf_analyzer')) {
			state.command = readCommandLine(joinContinued(lines, place)) ?? state.command;
		}

		if (line.text !== '' && !readMarkdown(state, line)) {
			readLine(state, line);
		}
	});
	return {runs: state.runs, warnings: state.warnings};
};
