/** Which report `benchmark ranges` makes of its inputs, and what must be read for it. */

import {UserError} from '../base/errors.ts';
import {plural} from '../base/plural.ts';
import {chooseDetail, detailGroups, detailRanges} from '../nsys-parsers/range-detail-columns.ts';
import type {DetailChoice} from '../nsys-parsers/range-detail-columns.ts';
import {summarizeKernels} from '../nsys-parsers/range-kernels.ts';
import {listRanges} from '../nsys-parsers/range-listing.ts';
import {summarizeNames, summarizePaths} from '../nsys-parsers/range-reports.ts';
import type {ReportRows} from '../schemas/report-rows.ts';
import {choiceOption, flagOption} from './options.ts';
import type {Parsed} from './options.ts';
import type {RangeInput, RangeInputOptions} from './range-input.ts';
import type {Terminal} from './terminal.ts';
import {sayWarnings} from './warning-lines.ts';

export interface RangeReport {
	readonly rows: 'paths' | 'names' | 'ranges' | 'kernels';
	/** With the columns of --detail. */
	readonly detail: boolean;
	readonly nvidiaRules: boolean;
	readonly attributeThreads: boolean;
}

const excluding = [
	['kernels', 'summary'],
	['kernels', 'trace'],
	['kernels', 'detail'],
	['trace', 'summary'],
	['nvidia-rules', 'attribute-threads'],
] as const;

/** @throws UserError for options that exclude each other */
export const chooseReport = (parsed: Parsed): RangeReport => {
	const by = choiceOption(parsed, 'by', ['path', 'name']);
	const clash = excluding.find((pair) => pair.every((option) => flagOption(parsed, option)));
	if (clash !== undefined) {
		throw new UserError(`--${clash[0]} and --${clash[1]} exclude each other`);
	}

	const summary = by === 'path' ? 'paths' : 'names';
	const rows = flagOption(parsed, 'trace') ? 'ranges' : summary;
	return {
		rows: flagOption(parsed, 'kernels') ? 'kernels' : rows,
		detail: flagOption(parsed, 'detail'),
		nvidiaRules: flagOption(parsed, 'nvidia-rules'),
		attributeThreads: flagOption(parsed, 'attribute-threads'),
	};
};

/** What must be read of every input. */
export const inputNeeds = (report: RangeReport): Omit<RangeInputOptions, 'timeline'> => ({
	cudaGraphs: !report.nvidiaRules,
	attributeThreads: report.attributeThreads,
	details: report.rows !== 'paths' || report.detail,
	kernels: report.rows === 'kernels',
});

const makeReport = (
	{trace, details, kernels, paths}: RangeInput,
	{rows, nvidiaRules}: RangeReport,
	detail: DetailChoice | undefined,
): ReportRows => {
	if (details === undefined) {
		return summarizePaths({trace}, undefined, paths);
	}

	switch (rows) {
		case 'paths':
			return summarizePaths({trace}, detail && detailGroups(details, detail));
		case 'names':
			return summarizeNames(details, detail && detailGroups(details, detail), nvidiaRules);
		case 'ranges':
			return listRanges(details, detail && detailRanges(details, detail), nvidiaRules);
		case 'kernels':
			return summarizeKernels(details, kernels ?? {name: new Int32Array(), names: []}, {
				nvidiaRules,
			});
	}
};

/** Columns are the same for all inputs, so all must have been read. */
export const makeReports = (
	inputs: readonly RangeInput[],
	report: RangeReport,
): readonly ReportRows[] => {
	const detail = report.detail
		? chooseDetail(inputs.flatMap(({details}) => details ?? []))
		: undefined;
	return inputs.map((input) => makeReport(input, report, detail));
};

/**
 * Says what a reader of the table must know: warnings, and what a path cannot be told of.
 * @param about stands before each line: of several inputs, which one it speaks of
 */
export const sayOfInput = (
	{trace, startEndRanges}: RangeInput,
	about: string,
	{rows}: RangeReport,
	terminal: Terminal,
): void => {
	sayWarnings(
		trace.warnings.map((warning) => ({...warning, message: about + warning.message})),
		terminal,
	);
	if (startEndRanges > 0 && rows === 'paths') {
		const ranges = plural(startEndRanges, 'start/end range');
		const note = `${about}${ranges} left out, having no path: --trace and --by name show them.`;
		terminal.say('info', `${terminal.decorate('dim', 'note:')} ${note}`);
	}
};
