/** The end of a run or of reprocessing: the table, what to know of it, what failed, where the files are, the exit code. */

import path from 'node:path';
import {ExitCode} from '../base/errors.ts';
import {formatRangeTable} from '../report/range-table.ts';
import {plural} from '../base/plural.ts';
import {nameGpus} from '../results/gpu-names.ts';
import {warnOfXids} from '../results/xid-verdict.ts';
import type {MeanResult} from '../schemas/benchmark-result.ts';
import type {CommandReport, Failure} from '../schemas/command-report.ts';
import type {Manifest} from '../schemas/manifest.ts';
import {runFiles, workerFiles} from '../schemas/run-files.ts';
import type {Warning} from '../schemas/warning.ts';
import type {CommandEnd} from './command.ts';
import {describeFailure, formatFailure} from './failure.ts';
import type {Terminal} from './terminal.ts';
import {sayWarnings} from './warning-lines.ts';

export interface FinishedRun {
	/** null for bare reports. */
	readonly manifest: Manifest | null;
	/** Whether its workers ran just now: what failed when they ran long ago was told then. */
	readonly launched: boolean;
	/** Absolute; null where nothing was written. */
	readonly folder: string | null;
	readonly mean: MeanResult | null;
	/** By worker's folder or report: what was thrown when its evidence was read. */
	readonly unreadable: ReadonlyMap<string, unknown>;
	/** Written, relative to the folder. */
	readonly files: readonly string[];
}

export interface WorkerFailure {
	readonly worker: string;
	readonly failure: Failure;
}

export const listFailures = ({
	manifest,
	launched,
	unreadable,
}: FinishedRun): readonly WorkerFailure[] => [
	...(launched ? (manifest?.workers ?? []) : []).flatMap(({folder, outcome}) =>
		outcome?.kind === 'failed' || outcome?.kind === 'timed-out'
			? [{worker: folder, failure: {kind: 'tool' as const, ...pick(outcome)}}]
			: [],
	),
	...[...unreadable].map(([worker, thrown]) => ({
		worker,
		failure: describeFailure(thrown).failure,
	})),
];

const pick = ({message, next, tail}: Omit<Failure, 'kind'>): Omit<Failure, 'kind'> => ({
	message,
	next,
	tail,
});

/** Workers that failed alike are told of once: eight copies of one traceback hide the table. */
const groupFailures = (
	failures: readonly WorkerFailure[],
): readonly (readonly WorkerFailure[])[] => {
	const groups = new Map<string, WorkerFailure[]>();
	for (const entry of failures) {
		const {kind, message} = entry.failure;
		const key = `${kind} ${message.replaceAll(entry.worker, '')}`;
		groups.set(key, [...(groups.get(key) ?? []), entry]);
	}

	return [...groups.values()];
};

export const sayFailures = (failures: readonly WorkerFailure[], terminal: Terminal): void => {
	for (const [first, ...others] of groupFailures(failures)) {
		if (first !== undefined) {
			const who = others.length === 0 ? '' : ` and ${plural(others.length, 'other')}`;
			const message = `${first.worker}${who}: ${first.failure.message}`;
			terminal.say('error', formatFailure({...first.failure, message}, terminal.decorate));
		}
	}
};

const describeProfiler = (manifest: Manifest | null): readonly string[] => {
	if (manifest === null) {
		return [];
	}

	const {profiler} = manifest;
	return [profiler.kind === 'nsys' ? `nsys ${profiler.version}` : 'without nsys'];
};

/** "2 processes, 1 warm-up batch left out at each end, nsys 2023.4.4, medians". */
export const formatHeading = (manifest: Manifest | null, {meta}: MeanResult): string => {
	const {processes, processes_planned: planned, repeats, warmup_batches: warmup} = meta;
	const hasBatches = Object.keys(meta.total_batches).length > 0;
	return [
		processes === planned
			? plural(processes, 'process', 'processes')
			: `${processes} of ${plural(planned, 'process', 'processes')}`,
		...(repeats > 1 ? [`in ${plural(repeats, 'repeat')}`] : []),
		...(hasBatches
			? [`${plural(warmup, 'warm-up batch', 'warm-up batches')} left out at each end`]
			: []),
		...describeProfiler(manifest),
		...(meta.gpu_traced ? [] : ['no GPU work traced']),
		'medians',
	].join(', ');
};

/** More than this is no answer at a glance. */
const tableRows = 40;

const printTable = (run: FinishedRun, mean: MeanResult, all: boolean, terminal: Terminal): void => {
	const {text, hidden} = formatRangeTable(mean, all ? Number.POSITIVE_INFINITY : tableRows);
	const [head, ...lines] = text.split('\n');
	terminal.print(
		[
			'',
			terminal.decorateOut('dim', formatHeading(run.manifest, mean)),
			terminal.decorateOut('bold', head ?? ''),
			...lines,
			...(hidden > 0
				? [`... and ${plural(hidden, 'range')} that took less: --all shows them`]
				: []),
			'',
		].join('\n'),
	);
};

const sayFiles = ({folder, mean, files}: FinishedRun, terminal: Terminal): void => {
	if (folder === null) {
		return;
	}

	if (mean === null && files.length > 0) {
		terminal.say(
			'info',
			`No worker completed: there are no means. To see what one measured: benchmark reprocess ${path.join(folder, '<worker>', workerFiles.report)}`,
		);
	}

	const results = files.filter((file) => path.basename(file) === workerFiles.result);
	const lines = [
		...(mean === null ? [] : [`means      ${path.join(folder, runFiles.mean)}`]),
		...results.slice(0, 2).map((file) => `process    ${path.join(folder, file)}`),
		...(results.length > 2 ? [`           ... and ${results.length - 2} more`] : []),
	];
	terminal.say('info', lines.join('\n'));
};

export const exitCodeOf = (
	failures: readonly WorkerFailure[],
	signalNumber: number | undefined,
): number => {
	if (signalNumber !== undefined) {
		return ExitCode.signalled + signalNumber;
	}

	if (failures.some(({failure}) => failure.kind === 'bug')) {
		return ExitCode.bug;
	}

	if (failures.some(({failure}) => failure.kind === 'tool')) {
		return ExitCode.toolFailed;
	}

	return failures.length > 0 ? ExitCode.usage : ExitCode.done;
};

const describeStop = (signalNumber: number | undefined): Failure | null =>
	signalNumber === undefined
		? null
		: {
				kind: 'tool',
				message: `stopped by signal ${signalNumber}`,
				next: 'What was measured until then is kept.',
				tail: '',
			};

/** A GPU that fell off the bus may be why nothing completed, and then there are no means to tell it. */
const listWarnings = ({manifest, mean}: FinishedRun): readonly Warning[] =>
	mean?.warnings ??
	(manifest?.gpuWatch === undefined ? [] : warnOfXids(manifest.gpuWatch, nameGpus(manifest)));

/** Prints what is to be seen, unless --json does, and returns how the command ends. */
export const summarizeRun = (
	run: FinishedRun,
	{signalNumber, json, all}: {signalNumber: number | undefined; json: boolean; all: boolean},
	terminal: Terminal,
): CommandEnd => {
	const failures = listFailures(run);
	const exitCode = exitCodeOf(failures, signalNumber);
	if (!json && run.mean !== null && Object.keys(run.mean.stats).length > 0) {
		printTable(run, run.mean, all, terminal);
	}

	sayWarnings(listWarnings(run), terminal);
	sayFailures(failures, terminal);
	sayFiles(run, terminal);
	const report: CommandReport = {
		formatVersion: 1,
		exitCode,
		folder: run.folder,
		files: [...(run.mean === null || run.folder === null ? [] : [runFiles.mean]), ...run.files],
		run: run.manifest,
		mean: run.mean,
		failure: failures[0]?.failure ?? describeStop(signalNumber),
	};
	return json ? {exitCode, report} : {exitCode};
};
