/** `benchmark triton instances`: a sweep for each number of instances, of one model or several, on CPU and GPU. */

import path from 'node:path';
import {ExitCode, UserError} from '../base/errors.ts';
import {plural} from '../base/plural.ts';
import {findPerfAnalyzer} from '../launcher/find-perf-analyzer.ts';
import {holdFolder} from '../launcher/folder-lock.ts';
import {ServerRoom} from '../launcher/server-process.ts';
import {StopSwitch} from '../launcher/stop-signal.ts';
import {listVariants, type InstanceVariant} from '../perf-analyzer/instance-variant.ts';
import {warnOfMixedSources} from '../perf-analyzer/mixed-sources.ts';
import {readModelFacts} from '../perf-analyzer/model-repository.ts';
import {ServerClient} from '../perf-analyzer/server-client.ts';
import {sweepFiles} from '../perf-analyzer/sweep-store.ts';
import {listStudyRows} from '../report/study-rows.ts';
import {writeJsonFile} from '../schemas/json-file.ts';
import {Study} from '../schemas/study.ts';
import type {Command, CommandEnd} from './command.ts';
import {refuseEnsemble, type InstanceHost} from './instance-host.ts';
import {
	readInstanceOptions,
	splitInstanceArguments,
	withInstanceOptions,
	type InstanceOptions,
	type ServerWay,
} from './instance-options.ts';
import {runSeries, type SeriesOptions, type VariantResult} from './instance-series.ts';
import {traceVariants} from './instance-trace.ts';
import {InterruptListener} from './interrupt.ts';
import {flagOption, helpText, logLevelOption, optionParser, textOption} from './options.ts';
import type {Parsed} from './options.ts';
import type {PlotKind} from './plot-files.ts';
import {printRows} from './print-rows.ts';
import {ReloadHost} from './reload-host.ts';
import {RestartHost} from './restart-host.ts';
import {requireNsys} from './server-trace.ts';
import {printAnswers, withAnswers} from './study-answers.ts';
import {writeStudyPlots} from './study-plots.ts';
import {sayStudyReasons} from './study-reasons.ts';
import type {Terminal} from './terminal.ts';
import {sortPoints} from './sweep-outcome.ts';
import {readSweepRequest, type SweepRequest} from './triton-sweep-options.ts';
import {sweepParser} from './triton-sweep-parser.ts';
import {sayWarnings} from './warning-lines.ts';

const usage = `benchmark triton instances -m MODEL[,MODEL] --instances 1:4 [options] [options of triton sweep]

Measures models with several numbers of instances, each with a sweep of its own: \`benchmark
triton sweep --help\` has the options of those, which work here too, but for -f and --label. A
server that runs must allow its models to be loaded (--model-control-mode explicit);
--server-command starts one for each number instead. No file of a model is changed.`;

const refuseSweepOptions = ({csvFile}: SweepRequest, parsed: Parsed): void => {
	const odd =
		csvFile !== null ? '-f' : textOption(parsed, 'label') === undefined ? undefined : '--label';
	if (odd !== undefined) {
		throw new UserError(
			`${odd} is of a single sweep: here every number of instances is a variant`,
			{
				next: 'Leave it out: study.json in the output folder has them all.',
			},
		);
	}
};

const openReload = async (
	{grid, timeoutMs}: InstanceOptions,
	client: ServerClient,
	stop: StopSwitch,
	folder: string,
): Promise<{host: InstanceHost; variants: readonly InstanceVariant[]}> => {
	const host = new ReloadHost({client, timeoutMs, stop, folder});
	await host.open(grid.models, grid.edited);
	return {host, variants: listVariants(grid, (model) => host.layoutOf(model))};
};

/** Everything that can be known to be wrong is said before the first server starts. */
const listRestarted = (
	{grid}: InstanceOptions,
	{repository}: Extract<ServerWay, {kind: 'restart'}>,
): readonly InstanceVariant[] => {
	for (const model of grid.models) {
		const {steps} = readModelFacts(repository, model);
		if (steps !== undefined && (grid.edited === null || grid.edited === model)) {
			refuseEnsemble(model, steps);
		}
	}

	return listVariants(grid, (model) => readModelFacts(repository, model).layout);
};

const openHost = async (
	options: InstanceOptions,
	scene: {client: ServerClient; stop: StopSwitch; room: ServerRoom; folder: string},
): Promise<{host: InstanceHost; variants: readonly InstanceVariant[]}> => {
	const {way, timeoutMs} = options;
	const {client, stop, room, folder} = scene;
	if (way.kind === 'reload') {
		return openReload(options, client, stop, folder);
	}

	const variants = listRestarted(options, way);
	const host = new RestartHost({...way, client, timeoutMs, stop, folder}, room);
	await host.open();
	return {host, variants};
};

const writeStudy = async (
	results: readonly VariantResult[],
	{outputFolder, slo}: SweepRequest,
	{parsed, plots, terminal}: {parsed: Parsed; plots: readonly PlotKind[]; terminal: Terminal},
): Promise<void> => {
	const failures = results.flatMap(({plan, failure}) =>
		failure === undefined
			? []
			: [{code: 'variant-failed', message: `${plan.label}: ${failure.message}`}],
	);
	const points = sortPoints(results.flatMap((result) => result.points));
	const mixed = warnOfMixedSources(points);
	const study = withAnswers({formatVersion: 1, points, warnings: [...failures, ...mixed]}, slo);
	const file = path.join(outputFolder, sweepFiles.study);
	writeJsonFile(Study, file, study);
	sayWarnings(mixed, terminal);
	sayStudyReasons(study, terminal);
	terminal.say('info', `study      ${file}`);
	await writeStudyPlots(outputFolder, study, {kinds: plots, terminal});
	await printRows(listStudyRows(study), parsed, terminal);
	printAnswers(study, textOption(parsed, 'format') ?? 'table', terminal);
};

const conclude = (
	results: readonly VariantResult[],
	variants: readonly InstanceVariant[],
	stop: StopSwitch,
	signal: number | undefined,
	terminal: Terminal,
): CommandEnd => {
	if (stop.level !== 'none') {
		terminal.say('warning', 'Stopped; the same command again goes on with what is not measured.');
		return {exitCode: ExitCode.signalled + (signal ?? 2)};
	}

	const failed = results.filter(({failure}) => failure !== undefined);
	if (failed.length > 0) {
		terminal.say(
			'error',
			`${failed.length} of ${plural(variants.length, 'variant')} failed: ${failed.map(({plan}) => plan.label).join('; ')}`,
		);
	}

	return {exitCode: failed.length > 0 ? ExitCode.toolFailed : ExitCode.done};
};

/** Whatever happens in between, the server is left as it was. */
const runWith = async (
	series: Omit<SeriesOptions, 'variants' | 'host'>,
	options: InstanceOptions,
	client: ServerClient,
): Promise<{results: readonly VariantResult[]; variants: readonly InstanceVariant[]}> => {
	const {room, stop, terminal, request} = series;
	const folder = path.join(request.outputFolder, 'server');
	const {host, variants} = await openHost(options, {client, stop, room, folder});
	try {
		return {results: await runSeries({...series, host, variants}), variants};
	} finally {
		(await host.close()).forEach((problem) => terminal.say('error', problem));
	}
};

const listenForInterrupt = (stop: StopSwitch, terminal: Terminal): InterruptListener =>
	new InterruptListener((name) => {
		stop.raise(name);
		terminal.say(
			'warning',
			'Stopping: the point under way is given up, finished points are kept, the server is left as it was.',
		);
	});

/** @throws UserError */
const readRequest = (
	ours: Parsed,
	given: SweepRequest,
	parsed: Parsed,
	cwd: string,
): {readonly request: SweepRequest; readonly options: InstanceOptions} => {
	refuseSweepOptions(given, parsed);
	const options = readInstanceOptions(ours, given.plan, cwd);
	const named = textOption(parsed, 'output_dir') !== undefined;
	const folder = `instances-${options.grid.models.join('-').replaceAll('/', '_')}`;
	const outputFolder = named ? given.outputFolder : path.resolve(cwd, folder);
	return {options, request: {...given, outputFolder}};
};

export const tritonInstancesCommand: Command = async (argv, terminal, context) => {
	const {own, sweep} = splitInstanceArguments(argv);
	const parser = withInstanceOptions(optionParser(usage));
	const ours = parser.parseSync([...own]);
	if (flagOption(ours, 'help')) {
		terminal.print(await helpText(parser));
		return {exitCode: ExitCode.done};
	}

	const {parsed, request: given} = readSweepRequest(
		sweep,
		(words) => sweepParser().parseSync([...words]),
		context.cwd,
	);
	if (given === undefined) {
		throw new UserError('no model was given');
	}

	terminal.setLevel(logLevelOption(parsed));
	const {request, options} = readRequest(ours, given, parsed, context.cwd);
	const analyzer = await findPerfAnalyzer({explicit: request.analyzer, env: context.env});
	if (options.traces) {
		await requireNsys(options.nsys, context.env);
	}

	using _lock = holdFolder(request.outputFolder);
	const stop = new StopSwitch();
	using interrupts = listenForInterrupt(stop, terminal);
	await using room = new ServerRoom();
	const client = new ServerClient(options.url);
	const series = {request, room, analyzer, stop, terminal, command: context.argv};
	const {results, variants} = await runWith(series, options, client);
	if (results.some(({points}) => points.length > 0)) {
		await writeStudy(results, request, {parsed, plots: options.plots, terminal});
	}

	if (options.traces) {
		await traceVariants({series, options, client, env: context.env, parsed}, results);
	}

	return conclude(results, variants, stop, interrupts.signalNumber, terminal);
};
