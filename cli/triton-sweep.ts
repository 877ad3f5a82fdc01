/** `benchmark triton sweep`: a model on a running server over a grid of loads, each point kept, whatever becomes of it. */

import {randomBytes} from 'node:crypto';
import {mkdtempSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {ExitCode} from '../base/errors.ts';
import {plural} from '../base/plural.ts';
import {findPerfAnalyzer, type PerfAnalyzer} from '../launcher/find-perf-analyzer.ts';
import {startReaper} from '../launcher/reaper.ts';
import {runProgram} from '../launcher/run-program.ts';
import {StopSwitch} from '../launcher/stop-signal.ts';
import {
	formatCommand,
	pointCommand,
	pointFiles,
	warmupCommand,
} from '../perf-analyzer/sweep-plan.ts';
import {sweepFiles, SweepStore} from '../perf-analyzer/sweep-store.ts';
import {runSweep, type SweepEnd} from '../perf-analyzer/sweep.ts';
import {writeSweepCsv} from '../perf-analyzer/sweep-csv.ts';
import {listStudyRows} from '../report/study-rows.ts';
import {writeJsonFile} from '../schemas/json-file.ts';
import {Study, type StudyPoint} from '../schemas/study.ts';
import {checkServer} from './check-server.ts';
import type {Command, CommandEnd} from './command.ts';
import {InterruptListener} from './interrupt.ts';
import {helpText, logLevelOption, textOption, type Parsed} from './options.ts';
import {printRows} from './print-rows.ts';
import {printAnswers, withAnswers} from './study-answers.ts';
import {plotKindsOption, writeStudyPlots} from './study-plots.ts';
import {sayStudyReasons} from './study-reasons.ts';
import {SweepProgress} from './sweep-progress.ts';
import type {Terminal} from './terminal.ts';
import {readSweepRequest, type SweepRequest} from './triton-sweep-options.ts';
import {sweepParser} from './triton-sweep-parser.ts';

/** From asking perf_analyzer to end, which finishes the requests that are under way, until it is killed. */
const graceMs = 3000;

const printCommands = ({plan}: SweepRequest, analyzer: PerfAnalyzer, terminal: Terminal): void => {
	for (const point of plan.points) {
		const warmup = warmupCommand(plan, point, analyzer);
		[...(warmup === null ? [] : [warmup]), pointCommand(plan, point, analyzer)].forEach((command) =>
			terminal.print(formatCommand(command)),
		);
	}
};

/** All perf_analyzers of one sweep. Should we be killed, the reaper ends the one that runs. */
export const measureSweep = async (
	request: Pick<SweepRequest, 'plan' | 'pointTimeoutMs' | 'keepTensors' | 'slo'>,
	{store, analyzer, stop, terminal}: SweepScene,
): Promise<SweepEnd> => {
	const token = randomBytes(16).toString('hex');
	const scratch = mkdtempSync(path.join(os.tmpdir(), 'benchmark-sweep-'));
	const reaper = startReaper(token, scratch);
	try {
		using progress = new SweepProgress(terminal, request.plan.points);
		return await runSweep(request.plan, {
			...request,
			store,
			analyzer,
			run: (order) => runProgram(order, {stop, token, graceMs}),
			isStopped: () => stop.level !== 'none',
			onStart: (record, place) => progress.showStart(record, place),
			onEnd: (record, place, point) => progress.showEnd(record, place, point),
		});
	} finally {
		await reaper.dismiss();
		rmSync(scratch, {recursive: true, force: true});
	}
};

export interface SweepScene {
	readonly store: SweepStore;
	readonly analyzer: PerfAnalyzer;
	readonly stop: StopSwitch;
	readonly terminal: Terminal;
}

const orderOf = ({load}: StudyPoint): number => (load.kind === 'schedule' ? 0 : load.value);

const lineOf = ({label, protocol, batchSize}: StudyPoint): string =>
	JSON.stringify([label, protocol, batchSize]);

/** Line by line of a plot, and not as they were measured. */
export const sortPoints = (points: readonly StudyPoint[]): StudyPoint[] => {
	const lines = [...new Set(points.map(lineOf))];
	return points.toSorted(
		(a, b) =>
			lines.indexOf(lineOf(a)) - lines.indexOf(lineOf(b)) ||
			orderOf(a) - orderOf(b) ||
			a.repeat - b.repeat,
	);
};

const listenForInterrupt = (stop: StopSwitch, terminal: Terminal): InterruptListener =>
	new InterruptListener((name) => {
		stop.raise(name);
		terminal.say(
			'warning',
			stop.level === 'at-once'
				? 'Ending everything at once.'
				: 'Stopping: the point under way is given up, finished points are kept. Once more ends all at once.',
		);
	});

const writeStudy = async (
	{points}: SweepEnd,
	request: SweepRequest,
	parsed: Parsed,
	terminal: Terminal,
): Promise<void> => {
	const {outputFolder, slo, csvFile, plan} = request;
	const study = withAnswers({formatVersion: 1, points: sortPoints(points), warnings: []}, slo);
	const file = path.join(outputFolder, sweepFiles.study);
	writeJsonFile(Study, file, study);
	if (csvFile !== null) {
		const folders = plan.points.map(({folder}) =>
			path.join(outputFolder, sweepFiles.points, folder),
		);
		const rows = writeSweepCsv(
			csvFile,
			folders.map((folder) => path.join(folder, pointFiles.csv)),
		);
		terminal.say('info', `CSV        ${csvFile} (${plural(rows, 'row')})`);
	}

	sayStudyReasons(study, terminal);
	terminal.say('info', `study      ${file}`);
	await writeStudyPlots(outputFolder, study, {kinds: plotKindsOption(parsed), terminal});
	await printRows(listStudyRows(study), parsed, terminal);
	printAnswers(study, textOption(parsed, 'format') ?? 'table', terminal);
};

const sayStart = (store: SweepStore, analyzer: PerfAnalyzer, terminal: Terminal): void => {
	const all = plural(store.points.length, 'point');
	terminal.say('debug', `perf_analyzer ${analyzer.version} (${analyzer.path})`);
	if (store.measured > 0) {
		terminal.say('info', `going on: ${store.measured} of ${all} are measured already`);
	}

	if (!analyzer.export) {
		terminal.say(
			'warning',
			`perf_analyzer ${analyzer.version} writes no request export: the numbers are those that it prints`,
		);
	}
};

const concludeSweep = (
	{points, interrupted}: SweepEnd,
	request: SweepRequest,
	signal: number | undefined,
	terminal: Terminal,
): CommandEnd => {
	if (interrupted) {
		const {points: all} = request.plan;
		terminal.say(
			'warning',
			`${points.length} of ${plural(all.length, 'point')} measured; the same command again goes on with the others.`,
		);
		return {exitCode: ExitCode.signalled + (signal ?? 2)};
	}

	const failed = points.filter(({status}) => status === 'failed').length;
	if (failed > 0) {
		terminal.say(
			'error',
			`${plural(failed, 'point')} failed; what perf_analyzer said is in ${path.join(request.outputFolder, sweepFiles.points)}. --resume tries them again.`,
		);
	}

	return {exitCode: failed > 0 ? ExitCode.toolFailed : ExitCode.done};
};

export const tritonSweepCommand: Command = async (argv, terminal, context) => {
	const parser = sweepParser();
	const {parsed, request} = readSweepRequest(
		argv,
		(own) => parser.parseSync([...own]),
		context.cwd,
	);
	if (request === undefined) {
		terminal.print(await helpText(parser));
		return {exitCode: ExitCode.done};
	}

	terminal.setLevel(logLevelOption(parsed));
	// A wrong kind is said before anything is measured.
	plotKindsOption(parsed);
	const analyzer = await findPerfAnalyzer({explicit: request.analyzer, env: context.env});
	if (request.dryRun) {
		printCommands(request, analyzer, terminal);
		return {exitCode: ExitCode.done};
	}

	const store = SweepStore.open({
		folder: request.outputFolder,
		mode: request.mode,
		plan: request.plan,
		command: context.argv,
		analyzer: {path: analyzer.path, version: analyzer.version},
		modelConfig: await checkServer(request),
	});
	sayStart(store, analyzer, terminal);
	const stop = new StopSwitch();
	using interrupts = listenForInterrupt(stop, terminal);
	const end = await measureSweep(request, {store, analyzer, stop, terminal});
	if (end.points.length > 0) {
		await writeStudy(end, request, parsed, terminal);
	}

	return concludeSweep(end, request, interrupts.signalNumber, terminal);
};
