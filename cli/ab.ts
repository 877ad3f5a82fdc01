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
import {abFiles} from '../schemas/run-files.ts';
import {concludeCalibration, concludeRounds, lookAtRounds} from './ab-comparison.ts';
import {abParser, parseAbRequest, type AbRequest} from './ab-options.ts';
import {runRounds} from './ab-rounds.ts';
import type {Command, CommandEnd, Context} from './command.ts';
import {listenForStop} from './interrupt.ts';
import {helpText} from './options.ts';
import {announceRun, checkProgram, describeRun, prepareHost, prepareRun} from './prepared-run.ts';
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

/** Both run folders, ready; nothing runs yet. */
const openSides = async (
	request: AbRequest,
	stop: StopSwitch,
	terminal: Terminal,
	context: Context,
): Promise<Sides> => {
	const planned = roundSides.map((name) => {
		const side = request.sides[name];
		const options = request.optionsOf(side, path.join(request.outputFolder, abFiles[name]));
		checkProgram(options, context, side.environment);
		return {name, side, options};
	});
	const host = await prepareHost(request, context);
	const turn = describeTurn(request, randomBytes(8).toString('hex'));
	const described = planned.map(async ({name, side, options}) => {
		const prepared = prepareRun(options, host, context, side.environment);
		const {environment} = side;
		const inTurn = {...turn, side: name};
		// Also where there are none: what only the other side has is a difference.
		const manifest = {...(await describeRun(prepared, context)), environment, inTurn};
		return {prepared, manifest, prefix: `${name}/`};
	});
	const [a, b] = await Promise.all(described);
	if (a === undefined || b === undefined) {
		throw new Error('a side is missing');
	}

	announceRun(a.prepared, terminal);
	rmSync(path.join(request.outputFolder, abFiles.comparison), {force: true});
	const open = ({prepared, manifest, prefix}: typeof a): RepeatSeries =>
		new RepeatSeries(prepared, manifest, {stop, terminal, prefix});
	return {a: open(a), b: open(b)};
};

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
	terminal: Terminal,
	context: Context,
): Promise<Measured> => {
	const stop = new StopSwitch();
	const sides = await openSides(request, stop, terminal, context);
	using interrupt = listenForStop(stop, terminal);
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
	return {sides, means, end, thrown, signalNumber: interrupt.signalNumber};
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
	const measured = await measure(request, terminal, context);
	return finishRounds(request, measured, terminal, context);
};
