/** `benchmark [run]`: plan, launch, measure each worker as it ends, then the run's means. */

import {ExitCode} from '../base/errors.ts';
import {openRunFolder} from '../launcher/run-folder.ts';
import {StopSwitch} from '../launcher/stop-signal.ts';
import type {Command, Context} from './command.ts';
import {printClockCommands} from './dry-run.ts';
import {withClocks, type KeptClocks} from './held-clocks.ts';
import {listenForStop, type InterruptListener} from './interrupt.ts';
import {RunLauncher} from './launch-run.ts';
import {ManifestStore} from './manifest-store.ts';
import {writeMean} from './measured-run.ts';
import {writeGpuPlots} from './gpu-plots.ts';
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
import {parseRunRequest, runParser, type AutoRepeat, type RunRequest} from './run-options.ts';
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
	const {clocks} = request.options;
	if (clocks?.dryRun === true) {
		// Nothing is to be started, so no nsys needs to be found.
		const host = await prepareHost({...request.options, profiler: 'builtin', nsys: null}, context);
		const {plan} = prepareRun(request.options, host, context);
		const {env} = context;
		await printClockCommands({request: clocks, json: request.json}, [plan], {terminal, env});
		return {exitCode: ExitCode.done};
	}

	const host = await prepareHost({...request.options, nsys: request.nsys}, context);
	const prepared = prepareRun(request.options, host, context);
	const {finished, signalNumber} = await launch(request, prepared, context, terminal);
	return summarizeRun(finished, {signalNumber, json: request.json, all: request.all}, terminal);
};

interface Launched {
	readonly finished: FinishedRun;
	/** That came; undefined where none did. */
	readonly signalNumber: number | undefined;
}

/** What a launch needs besides its plan. */
interface Scene {
	readonly context: Context;
	readonly terminal: Terminal;
	readonly stop: StopSwitch;
	readonly interrupt: InterruptListener;
	/** What run.json keeps of them. */
	readonly clocks: KeptClocks;
}

const launch = async (
	{options, auto}: RunRequest,
	prepared: PreparedRun,
	context: Context,
	terminal: Terminal,
): Promise<Launched> => {
	const stop = new StopSwitch();
	using interrupt = listenForStop(stop, terminal);
	const request = options.clocks ?? null;
	const finished = await withClocks(
		{request, plans: [prepared.plan], stop, terminal, context},
		async (clocks) => {
			const scene: Scene = {context, terminal, stop, interrupt, clocks};
			return auto === null ? runAll(prepared, scene) : runRepeats(prepared, auto, scene);
		},
	);
	return {finished, signalNumber: interrupt.signalNumber};
};

/** As many repeats as were asked for. */
const runAll = async (prepared: PreparedRun, scene: Scene): Promise<FinishedRun> => {
	const {context, terminal, stop, interrupt, clocks} = scene;
	const {options, workers} = prepared.plan;
	const manifest = {...(await describeRun(prepared, context)), ...clocks};
	openRunFolder(options.outputFolder, prepared.plan);
	const store = new ManifestStore(options.outputFolder, manifest);
	announceRun(prepared, terminal);

	const launcher = new RunLauncher(prepared, store, {stop, terminal});
	await launcher.launch(workers);
	const {whole, unreadable, files} = launcher.launched;
	const mean = writeMean(options.outputFolder, whole, {
		processesPlanned: workers.length,
		repeats: options.repeats,
		warmupBatches: options.warmupBatches,
		gpuWatch: store.manifest.gpuWatch,
		clocks: store.manifest.clocks,
		gpus: store.manifest.gpus,
		syncStart: options.syncStartSeconds !== null,
	});
	store.finish(interrupt.received === undefined ? 'done' : 'interrupted');
	const folder = options.outputFolder;
	const plots = await writeGpuPlots(
		{folder, source: folder, manifest: store.manifest, workers: whole},
		terminal,
	);
	return {
		manifest: store.manifest,
		launched: true,
		folder,
		mean,
		unreadable,
		files: [...files, ...plots],
	};
};

/** By itself: the compiler leaves an import's ending as it is in a function that holds a `using`. */
const loadRepeating = async () => import('./repeat-auto.ts');

const runRepeats = async (
	prepared: PreparedRun,
	auto: AutoRepeat,
	{context, terminal, stop, interrupt, clocks}: Scene,
): Promise<FinishedRun> => {
	const {repeatUntilPrecise} = await loadRepeating();
	const manifest = {...(await describeRun(prepared, context)), ...clocks};
	const series = new RepeatSeries(prepared, manifest, {stop, terminal});
	announceRun(prepared, terminal);
	const end = await repeatUntilPrecise(series, auto, {stop, terminal});
	terminal.say(end.reason === 'precise' ? 'info' : 'warning', end.message);
	const mean = series.finish(interrupt.received === undefined ? 'done' : 'interrupted', end);
	await series.writePlots(terminal);
	return series.describe(mean);
};
