/** `benchmark [run]`: plan, launch, measure each worker as it ends, then the run's means. */

import {ExitCode} from '../base/errors.ts';
import {openRunFolder} from '../launcher/run-folder.ts';
import {StopSwitch} from '../launcher/stop-signal.ts';
import type {Command, Context} from './command.ts';
import {listenForStop} from './interrupt.ts';
import {RunLauncher} from './launch-run.ts';
import {ManifestStore} from './manifest-store.ts';
import {writeMean} from './measured-run.ts';
import {helpText} from './options.ts';
import {
	announceRun,
	checkProgram,
	describeRun,
	prepareHost,
	prepareRun,
	type PreparedRun,
} from './prepared-run.ts';
import {RepeatSeries} from './repeat-series.ts';
import {parseRunRequest, runParser, type AutoRepeat} from './run-options.ts';
import {summarizeRun, type FinishedRun} from './run-summary.ts';
import type {Terminal} from './terminal.ts';

export const runCommand: Command = async (argv, terminal, context) => {
	const request = parseRunRequest(argv, context.cwd);
	if (request === null) {
		terminal.print(await helpText(runParser()));
		return {exitCode: ExitCode.done};
	}

	terminal.setLevel(request.logLevel);
	checkProgram(request.options, context);
	const host = await prepareHost({profiler: request.options.profiler, nsys: request.nsys}, context);
	const prepared = prepareRun(request.options, host, context);
	const {finished, signalNumber} =
		request.auto === null
			? await runAll(prepared, context, terminal)
			: await runRepeats(prepared, request.auto, context, terminal);
	return summarizeRun(finished, {signalNumber, json: request.json, all: request.all}, terminal);
};

interface Launched {
	readonly finished: FinishedRun;
	/** That came; undefined where none did. */
	readonly signalNumber: number | undefined;
}

/** As many repeats as were asked for. */
const runAll = async (
	prepared: PreparedRun,
	context: Context,
	terminal: Terminal,
): Promise<Launched> => {
	const {options, workers} = prepared.plan;
	const manifest = await describeRun(prepared, context);
	openRunFolder(options.outputFolder, prepared.plan);
	const store = new ManifestStore(options.outputFolder, manifest);
	announceRun(prepared, terminal);

	const stop = new StopSwitch();
	using interrupt = listenForStop(stop, terminal);
	const launcher = new RunLauncher(prepared, store, {stop, terminal});
	await launcher.launch(workers);
	const {whole, unreadable, files} = launcher.launched;
	const mean = writeMean(options.outputFolder, whole, {
		processesPlanned: workers.length,
		repeats: options.repeats,
		warmupBatches: options.warmupBatches,
	});
	store.finish(interrupt.received === undefined ? 'done' : 'interrupted');
	const folder = options.outputFolder;
	return {
		finished: {manifest: store.manifest, launched: true, folder, mean, unreadable, files},
		signalNumber: interrupt.signalNumber,
	};
};

/** By itself: the compiler leaves an import's ending as it is in a function that holds a `using`. */
const loadRepeating = async () => import('./repeat-auto.ts');

const runRepeats = async (
	prepared: PreparedRun,
	auto: AutoRepeat,
	context: Context,
	terminal: Terminal,
): Promise<Launched> => {
	const {repeatUntilPrecise} = await loadRepeating();
	const stop = new StopSwitch();
	const series = new RepeatSeries(prepared, await describeRun(prepared, context), {stop, terminal});
	announceRun(prepared, terminal);
	using interrupt = listenForStop(stop, terminal);
	const end = await repeatUntilPrecise(series, auto, {stop, terminal});
	terminal.say(end.reason === 'precise' ? 'info' : 'warning', end.message);
	const mean = series.finish(interrupt.received === undefined ? 'done' : 'interrupted', end);
	return {finished: series.describe(mean), signalNumber: interrupt.signalNumber};
};
