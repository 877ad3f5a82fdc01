/** Makes the SQLite export of a report, with nsys. */

import {
	accessSync,
	closeSync,
	constants,
	existsSync,
	fstatSync,
	openSync,
	readSync,
	renameSync,
	rmSync,
} from 'node:fs';
import path from 'node:path';
import {messageOf, systemCodeOf, ToolError, UserError} from '../base/errors.ts';
import {exportCommand} from './nsys-command.ts';
import {compareVersions, parseNsysVersion} from './nsys-version.ts';
import {runTool, type ToolEnd} from './run-tool.ts';
import type {StopSignal} from './stop-signal.ts';
import {defaultTimings} from './timings.ts';

export interface ExportOrder {
	/** Path of nsys. */
	readonly nsys: string;
	readonly report: string;
	/** Replaced when it exists. */
	readonly destination: string;
	/** Ends the export when the run is stopped at once; a gentle stop lets it go on. Absent: Ctrl-C ends nsys with us. */
	readonly stop?: StopSignal;
	/** For tests: without CPU time, until nsys counts as hung; in ms. */
	readonly hangMs?: number;
}

const tailLength = 2000;
const sqliteMagic = 'SQLite format 3\0';
/** The last bytes of every complete report, of all versions from 2020 on. */
const reportEnd = '[END]';

const readBytes = (file: string, length: number, from: 'start' | 'end'): string => {
	const fd = openSync(file, 'r');
	try {
		const {size} = fstatSync(fd);
		const buffer = Buffer.alloc(Math.min(length, size));
		readSync(fd, buffer, 0, buffer.length, from === 'start' ? 0 : size - buffer.length);
		return buffer.toString('latin1');
	} finally {
		closeSync(fd);
	}
};

const isSqlite = (file: string): boolean =>
	existsSync(file) && readBytes(file, sqliteMagic.length, 'start') === sqliteMagic;

const requireReport = (report: string): void => {
	try {
		accessSync(report, constants.R_OK);
	} catch (error) {
		throw new UserError(
			systemCodeOf(error) === 'ENOENT'
				? `there is no report ${report}`
				: `${report} cannot be read: ${messageOf(error)}`,
			{cause: error},
		);
	}
};

/** Reports since 2023 begin with the version that recorded them: "... Report 2023@4@4@54-...". null for older ones. */
const recordedBy = (report: string): string | null =>
	parseNsysVersion(
		/Report (20\d\d(?:@\d+)+)/.exec(readBytes(report, 100, 'start'))?.[1]?.replaceAll('@', '.') ??
			'',
	);

/** undefined when the report is not newer than this nsys. */
const explainNewer = async ({
	nsys,
	report,
	stop,
	hangMs,
}: ExportOrder): Promise<UserError | undefined> => {
	const recorded = recordedBy(report);
	const asked = await runTool({argv: [nsys, '--version'], stop, hangMs});
	const ours = asked.failed ? null : parseNsysVersion(asked.words);
	return recorded !== null && ours !== null && compareVersions(recorded, ours) > 0
		? new UserError(
				`${report} was recorded by nsys ${recorded}; ${nsys} is ${ours} and cannot read newer reports`,
				{
					next: `Name a nsys of ${recorded} or later with --nsys, or export the report where it was recorded and give the .sqlite file.`,
				},
			)
		: undefined;
};

const explainFailure = (
	{report}: ExportOrder,
	failure: {readonly words: string; readonly ending: string; readonly argv: readonly string[]},
): UserError | ToolError => {
	const isFull = /disk is full|no space left/i.test(failure.words);
	const isCut = readBytes(report, reportEnd.length, 'end') !== reportEnd;
	const told = new ToolError(`nsys could not export ${report}`, {
		argv: failure.argv,
		ending: failure.ending,
		tail: failure.words.slice(-tailLength),
		next: isFull
			? 'Make room on that disk.'
			: 'Run `benchmark doctor`, or try another nsys with --nsys.',
	});
	return isCut && !isFull
		? new UserError(`${report} is cut short or no report of nsys`, {
				next: 'It cannot be read; measure again.',
				cause: told,
			})
		: told;
};

const explainEnd = async (
	order: ExportOrder,
	{intervention, words, ending}: ToolEnd,
	argv: readonly string[],
): Promise<UserError | ToolError> => {
	const {report, hangMs = defaultTimings.hangMs} = order;
	switch (intervention) {
		case 'stopped':
			return new ToolError(`the export of ${report} was stopped`, {
				argv,
				next: 'The report is kept: `benchmark report` reads it again.',
			});
		case 'hung':
			return new ToolError(
				`nsys hung while it exported ${report}: it did nothing for ${hangMs / 1000} s and was ended`,
				{
					argv,
					tail: words.slice(-tailLength),
					next: 'The report is kept. Run `benchmark doctor`, or try another nsys with --nsys.',
				},
			);
		case null:
			return (await explainNewer(order)) ?? explainFailure(order, {words, ending, argv});
	}
};

/**
 * @throws UserError for a report that is missing, broken, or of a newer nsys; ToolError for a full disk, a stop, a nsys
 * that hangs
 */
export const exportReport = async (order: ExportOrder): Promise<void> => {
	const {nsys, report, destination, stop, hangMs} = order;
	requireReport(report);
	// nsys adds ".sqlite" to names that have no such ending.
	const temporary = path.join(
		path.dirname(destination),
		`.${path.basename(destination)}.${process.pid}.sqlite`,
	);
	const argv = exportCommand({nsys, report, destination: temporary});
	try {
		const end = await runTool({argv, stop, hangMs});
		if (end.failed || !isSqlite(temporary)) {
			throw await explainEnd(order, end, argv);
		}

		renameSync(temporary, destination);
	} finally {
		rmSync(temporary, {force: true});
		rmSync(`${temporary}-journal`, {force: true});
	}
};
