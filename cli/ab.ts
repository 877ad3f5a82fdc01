/** `benchmark ab`: two programs measured in turn, then compared; or one against itself, to know the machine's noise. */

import {randomBytes} from 'node:crypto';
import {rmSync} from 'node:fs';
import path from 'node:path';
import {ExitCode, messageOf} from '../base/errors.ts';
import {StopSwitch} from '../launcher/stop-signal.ts';
import type {RoundSide} from '../results/comparison/round-order.ts';
import type {MeanResult} from '../schemas/benchmark-result.ts';
import type {Failure} from '../schemas/command-report.ts';
import type {InTurn, RepeatsEnd} from '../schemas/manifest.ts';
import {pageName, removeOwnPage} from '../schemas/page-file.ts';
import {abFiles} from '../schemas/run-files.ts';
import {concludeCalibration, concludeRounds, lookAtRounds} from './ab-comparison.ts';
import {abParser, parseAbRequest, type AbRequest} from './ab-options.ts';
import {runRounds} from './ab-rounds.ts';
import type {Command, CommandEnd, Context} from './command.ts';
import {printClockCommands} from './dry-run.ts';
import {withClocks, type KeptClocks} from './held-clocks.ts';
import {listenForStop, type InterruptListener} from './interrupt.ts';
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
import {exitCodeOf, listFailures, sayFailures} from './run-summary.ts';
import type {Terminal} from './terminal.ts';
import {sayWarnings} from './warning-lines.ts';

type Sides = Readonly<Record<RoundSide, RepeatSeries>>;

const roundSides = ['a', 'b'] as const satisfies readonly RoundSide[];

const describeTurn = ({rounds, calibrates}: AbRequest, id: string): Omit<InTurn, 'side'> => ({
	id,
	order: rounds.order,
	seed: rounds.order === 'random' ? rounds.seed : null,
	calibration: calibrates,
});

interface PreparedSide {
	readonly name: RoundSide;
	readonly prepared: PreparedRun;
}

const prepareSides = async (
	request: AbRequest,
	context: Context,
): Promise<readonly PreparedSide[]> => {
	const planned = roundSides.map((name) => {
		const side = request.sides[name];
		const options = request.optionsOf(side, path.join(request.outputFolder, abFiles[name]));
		checkProgram(options, context, side.environment);
		return {name, side, options};
	});
	// Where nothing is to be started, no nsys needs to be found.
	const dry = request.clocks?.dryRun === true ? {profiler: 'builtin' as const, nsys: null} : {};
	const host = await prepareHost({...request, ...dry}, context);
	return planned.map(({name, side, options}) => ({
		name,
		prepared: prepareRun(options, host, context, side.environment),
	}));
};

/** Both run folders, ready; nothing runs yet. */
const openSides = async (request: AbRequest, scene: Scene): Promise<Sides> => {
	const {prepared: sides, stop, terminal, context, clocks} = scene;
	const turn = describeTurn(request, randomBytes(8).toString('hex'));
	const described = sides.map(async ({name, prepared}) => {
		const {environment} = prepared;
		const inTurn = {...turn, side: name};
		// Also where there are none: what only the other side has is a difference.
		const manifest = {...(await describeRun(prepared, context)), environment, inTurn, ...clocks};
		return {prepared, manifest, prefix: `${name}/`};
	});
	const [a, b] = await Promise.all(described);
	if (a === undefined || b === undefined) {
		throw new Error('a side is missing');
	}

	announceRun(a.prepared, terminal);
	rmSync(path.join(request.outputFolder, abFiles.comparison), {force: true});
	removeOwnPage(path.join(request.outputFolder, pageName));
	const open = ({prepared, manifest, prefix}: typeof a): RepeatSeries =>
		new RepeatSeries(prepared, manifest, {stop, terminal, prefix});
	return {a: open(a), b: open(b)};
};

/** What a measurement needs besides its request. */
interface Scene {
	readonly prepared: readonly PreparedSide[];
	readonly terminal: Terminal;
	readonly context: Context;
	readonly stop: StopSwitch;
	readonly interrupt: InterruptListener;
	/** What run.json keeps of them: the same in both. */
	readonly clocks: KeptClocks;
}

interface Measured {
	readonly sides: Sides;
	readonly means: Readonly<Record<RoundSide, MeanResult | null>>;
	readonly end: RepeatsEnd;
	/** That came; undefined where none did. */
	readonly signalNumber: number | undefined;
	/** What a look at the first rounds threw: the sides cannot be compared as asked. */
	readonly thrown: Error | undefined;
}

const measure = async (
	request: AbRequest,
	scene: Scene,
): Promise<Omit<Measured, 'signalNumber'>> => {
	const {terminal, context, stop, interrupt} = scene;
	const sides = await openSides(request, scene);
	let thrown: Error | undefined;
	const look = async (): Promise<boolean> => {
		try {
			return await lookAtRounds(request, context);
		} catch (error) {
			thrown = error instanceof Error ? error : new Error(messageOf(error));
			return true;
		}
	};

	let end = await runRounds({sides, wish: request.rounds, look}, {stop, terminal});
	if (thrown !== undefined) {
		end = {reason: 'nothing', message: `Ended early: ${messageOf(thrown)}`};
	}

	terminal.say(end.reason === 'failed' ? 'warning' : 'info', end.message);
	const status = interrupt.received === undefined ? 'done' : 'interrupted';
	const means = {a: sides.a.finish(status, end), b: sides.b.finish(status, end)};
	await sides.a.writePlots(terminal);
	await sides.b.writePlots(terminal);
	return {sides, means, end, thrown};
};

/** Clocks are set once for both sides. */
const measureHeld = async (
	request: AbRequest,
	prepared: readonly PreparedSide[],
	terminal: Terminal,
	context: Context,
): Promise<Measured> => {
	const stop = new StopSwitch();
	using interrupt = listenForStop(stop, terminal);
	const plans = prepared.map((side) => side.prepared.plan);
	const measured = await withClocks(
		{request: request.clocks, plans, stop, terminal, context},
		async (clocks) => measure(request, {prepared, terminal, context, stop, interrupt, clocks}),
	);
	return {...measured, signalNumber: interrupt.signalNumber};
};

/** What `compare` says itself, or says better. */
const saidElsewhere: ReadonlySet<string> = new Set(['few-processes', 'no-gpu', 'low-overlap']);

/** What both sides say is said once. */
const sayOfSides = ({means}: Measured, terminal: Terminal): void => {
	const [a, b] = roundSides.map((name) =>
		(means[name]?.warnings ?? []).filter(({code}) => !saidElsewhere.has(code)),
	);
	const messages = new Set(b?.map(({message}) => message));
	const shared = (a ?? []).filter(({message}) => messages.has(message));
	const own = [a ?? [], b ?? []].map((warnings, side) =>
		warnings
			.filter(({message}) => !shared.some((one) => one.message === message))
			.map(({code, message}) => ({code, message: `${roundSides[side] ?? ''}: ${message}`})),
	);
	sayWarnings([...shared, ...own.flat()], terminal);
};

/** Nothing was compared: who waits for JSON gets the reason. */
const endWithout = (
	exitCode: number,
	failure: Failure | null,
	{compare: {format}}: AbRequest,
): CommandEnd => {
	const report = {folder: null, files: [], run: null, mean: null, failure};
	return format === 'json'
		? {exitCode, report: {formatVersion: 1, exitCode, ...report}}
		: {exitCode};
};

const finishRounds = async (
	request: AbRequest,
	measured: Measured,
	terminal: Terminal,
	context: Context,
): Promise<CommandEnd> => {
	const {sides, means, signalNumber} = measured;
	const failures = roundSides.flatMap((name) =>
		listFailures(sides[name].describe(means[name])).map((failure) => ({
			...failure,
			worker: `${name}/${failure.worker}`,
		})),
	);
	sayOfSides(measured, terminal);
	sayFailures(failures, terminal);
	const exitCode = exitCodeOf(failures, signalNumber);
	if (measured.thrown !== undefined && exitCode === ExitCode.done) {
		throw measured.thrown;
	}

	if (means.a === null || means.b === null) {
		terminal.say('info', 'One side has no results: there is nothing to compare.');
		return endWithout(exitCode, failures[0]?.failure ?? null, request);
	}

	const compared = request.calibrates
		? await concludeCalibration(request, terminal, context)
		: await concludeRounds(request, terminal, context);
	return {exitCode: exitCode === ExitCode.done ? compared : exitCode};
};

export const abCommand: Command = async (argv, terminal, context) => {
	const request = parseAbRequest(argv, context.cwd);
	if (request === null) {
		// yargs gives options of one letter one dash.
		terminal.print((await helpText(abParser())).replaceAll(/^  -([ab])  /gm, '  --$1 '));
		return {exitCode: ExitCode.done};
	}

	terminal.setLevel(request.logLevel);
	const prepared = await prepareSides(request, context);
	if (request.clocks?.dryRun === true) {
		const wish = {request: request.clocks, json: request.compare.format === 'json'};
		const plans = prepared.map((side) => side.prepared.plan);
		await printClockCommands(wish, plans, {terminal, env: context.env});
		return {exitCode: ExitCode.done};
	}

	const measured = await measureHeld(request, prepared, terminal, context);
	return finishRounds(request, measured, terminal, context);
};
