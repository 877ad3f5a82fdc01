/** `benchmark triton sweep`: a model on a running server over a grid of loads, each point kept, whatever becomes of it. */

import {createHash} from 'node:crypto';
import {ExitCode} from '../base/errors.ts';
import {plural} from '../base/plural.ts';
import {formatElapsed} from '../report/format.ts';
import {findPerfAnalyzer, type PerfAnalyzer} from '../launcher/find-perf-analyzer.ts';
import {holdFolder} from '../launcher/folder-lock.ts';
import {runProgram} from '../launcher/run-program.ts';
import {ServerRoom} from '../launcher/server-process.ts';
import {StopSwitch} from '../launcher/stop-signal.ts';
import {formatCommand, pointCommand, warmupCommand} from '../perf-analyzer/sweep-plan.ts';
import {SweepStore} from '../perf-analyzer/sweep-store.ts';
import {runSweep, type SweepEnd} from '../perf-analyzer/sweep.ts';
import {checkServer} from './check-server.ts';
import type {Command, CommandEnd, Context} from './command.ts';
import {InterruptListener} from './interrupt.ts';
import {helpText, logLevelOption, type Parsed} from './options.ts';
import {plotKindsOption} from './study-plots.ts';
import {prepareInput} from './sweep-input.ts';
import {concludeSweep, writeSweepStudy} from './sweep-outcome.ts';
import {checkSweepServer, readSweepServer, SweepServer} from './sweep-server.ts';
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

interface SweepScene {
	readonly store: SweepStore;
	readonly analyzer: PerfAnalyzer;
	readonly room: ServerRoom;
	readonly stop: StopSwitch;
	readonly terminal: Terminal;
	/** Of --server-command. */
	readonly server: SweepServer | undefined;
	/** The model's, as the server tells it; null where it does not. */
	readonly config: string | null;
}

/** All perf_analyzers of one sweep. Should we be killed, the room's reaper ends the one that runs. */
const measureSweep = async (
	request: SweepRequest,
	{store, analyzer, room, stop, terminal, server, config}: SweepScene,
): Promise<SweepEnd> => {
	const input = prepareInput(request.plan, store, analyzer, {config, terminal});
	using progress = new SweepProgress(terminal, request.plan.points);
	return await runSweep(request.plan, {
		...request,
		...{store, analyzer, input},
		run: (order) => runProgram(order, {stop, token: room.programToken, graceMs}),
		isStopped: () => stop.level !== 'none' || server?.findDeath() !== undefined,
		onStart: (record, place) => progress.showStart(record, place),
		onEnd: (record, place, point) => progress.showEnd(record, place, point),
	});
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

/** perf_analyzer sleeps 1.2 times its window, three times. */
const secondsPerPoint = 3 * 1.2;

const sayStart = (
	{windowMs, plan}: SweepRequest,
	store: SweepStore,
	analyzer: PerfAnalyzer,
	terminal: Terminal,
): void => {
	const all = plural(store.points.length, 'point');
	terminal.say('debug', `perf_analyzer ${analyzer.version} (${analyzer.path})`);
	if (store.measured > 0) {
		terminal.say('info', `going on: ${store.measured} of ${all} are measured already`);
	}

	if (windowMs !== null && store.measured < store.points.length) {
		const seconds = ((store.points.length - store.measured) * secondsPerPoint * windowMs) / 1000;
		const more =
			plan.tries > 1 ? `; up to ${plan.tries} times that where points are not stable` : '';
		terminal.say(
			'info',
			`${all}, ${formatElapsed(seconds)} of measuring at least${more}; perf_analyzer's start and its files come on top`,
		);
	}

	if (!analyzer.export) {
		terminal.say(
			'warning',
			`perf_analyzer ${analyzer.version} writes no request export: the numbers are those that it prints`,
		);
	}
};

/** From the first point to the study. */
const sweepAndTell = async (
	request: SweepRequest,
	scene: Omit<SweepScene, 'store'>,
	{parsed, command}: {parsed: Parsed; command: readonly string[]},
): Promise<SweepEnd> => {
	const {analyzer, terminal, server, config} = scene;
	const store = SweepStore.open({
		folder: request.outputFolder,
		mode: request.mode,
		plan: request.plan,
		command,
		analyzer: {path: analyzer.path, version: analyzer.version},
		modelConfig: config === null ? null : createHash('sha256').update(config).digest('hex'),
	});
	sayStart(request, store, analyzer, terminal);
	const end = await measureSweep(request, {...scene, store});
	if (end.points.length > 0) {
		await writeSweepStudy(end, request, parsed, terminal);
	}

	const death = server?.findDeath();
	if (death !== undefined) {
		throw death;
	}

	return end;
};

const runSweepRequest = async (
	request: SweepRequest,
	analyzer: PerfAnalyzer,
	{parsed, terminal, context}: {parsed: Parsed; terminal: Terminal; context: Context},
): Promise<CommandEnd> => {
	const options = readSweepServer(parsed);
	await checkSweepServer(options, context.env);
	// Before there is a folder: nothing is left of a sweep that cannot work.
	const known = options === undefined ? await checkServer(request) : undefined;
	using _lock = holdFolder(request.outputFolder);
	const stop = new StopSwitch();
	using interrupts = listenForInterrupt(stop, terminal);
	await using room = new ServerRoom();
	const server = options && new SweepServer({request, options, room, stop});
	await server?.start();
	if (stop.level !== 'none') {
		return concludeSweep(
			{points: [], interrupted: true},
			request,
			interrupts.signalNumber,
			terminal,
		);
	}

	const end = await sweepAndTell(
		request,
		{
			...{analyzer, room, stop, terminal, server},
			config: known === undefined ? await checkServer(request) : known,
		},
		{parsed, command: context.argv},
	);
	await server?.end();
	if (options?.traces === true && !end.interrupted) {
		await server?.trace(analyzer, context.env, parsed, terminal);
	}

	return concludeSweep(end, request, interrupts.signalNumber, terminal);
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

	return runSweepRequest(request, analyzer, {parsed, terminal, context});
};
