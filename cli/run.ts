/** `benchmark [run]`: plan, launch, measure each worker as it ends, then the run's means. */

import {ExitCode} from '../base/errors.ts';
import {listGpus} from '../launcher/list-gpus.ts';
import {planRun} from '../launcher/plan.ts';
import {describeProgram} from '../launcher/program.ts';
import {openRunFolder} from '../launcher/run-folder.ts';
import {StopSwitch} from '../launcher/stop-signal.ts';
import {chooseProfiler, howToGetNsys} from './choose-profiler.ts';
import type {Command, Context} from './command.ts';
import {InterruptListener} from './interrupt.ts';
import {launchRun} from './launch-run.ts';
import {ManifestStore} from './manifest-store.ts';
import {writeMean} from './measured-run.ts';
import {helpText} from './options.ts';
import {describeRun, type PreparedRun} from './prepared-run.ts';
import {parseRunRequest, runParser, type RunRequest} from './run-options.ts';
import {summarizeRun} from './run-summary.ts';
import type {Terminal} from './terminal.ts';
import {sayWarnings} from './warning-lines.ts';

const prepare = async (request: RunRequest, context: Context): Promise<PreparedRun> => {
	const {options} = request;
	// A mistyped program is the commonest mistake: say so before anything is searched for.
	describeProgram(options.programArgv, options, context.env);
	const [profiler, gpus] = await Promise.all([
		chooseProfiler({profiler: options.profiler, nsys: request.nsys}, context.env),
		listGpus(),
	]);
	const cudaVisibleDevices = context.env['CUDA_VISIBLE_DEVICES'];
	return {profiler, gpus, plan: planRun(options, {gpus, cudaVisibleDevices})};
};

const announce = ({plan, profiler}: PreparedRun, terminal: Terminal): void => {
	if (profiler.kind === 'nsys') {
		terminal.say('debug', `nsys ${profiler.version}: ${profiler.path}`);
		sayWarnings(plan.warnings, terminal);
	} else {
		const message = `Measured without nsys (${profiler.reason}): CPU times only, and only ranges of the annotation libraries. ${howToGetNsys}`;
		sayWarnings([{code: 'without-nsys', message}], terminal);
	}
};

export const runCommand: Command = async (argv, terminal, context) => {
	const request = parseRunRequest(argv, context.cwd);
	if (request === null) {
		terminal.print(await helpText(runParser()));
		return {exitCode: ExitCode.done};
	}

	terminal.setLevel(request.logLevel);
	const prepared = await prepare(request, context);
	const {options} = prepared.plan;
	openRunFolder(options.outputFolder, prepared.plan);
	const store = new ManifestStore(options.outputFolder, describeRun(prepared, context));
	announce(prepared, terminal);

	const stop = new StopSwitch();
	using interrupt = new InterruptListener((name) => {
		stop.raise(name);
		terminal.say('warning', stopMessages[stop.level === 'at-once' ? 'at-once' : 'gently']);
	});
	const {whole, unreadable, files} = await launchRun(prepared, store, stop, terminal);
	const mean = writeMean(options.outputFolder, whole, {
		processesPlanned: prepared.plan.workers.length,
		repeats: options.repeats,
		warmupBatches: options.warmupBatches,
	});
	store.finish(interrupt.received === undefined ? 'done' : 'interrupted');
	return summarizeRun(
		{
			manifest: store.manifest,
			launched: true,
			folder: options.outputFolder,
			mean,
			unreadable,
			files,
		},
		{signalNumber: interrupt.signalNumber, json: request.json, all: request.all},
		terminal,
	);
};

const stopMessages = {
	gently:
		'Stopping: the programs are asked to end and their reports are kept. Once more ends all at once.',
	'at-once': 'Ending everything at once.',
} as const;
