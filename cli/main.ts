/** The whole command: finds which one is meant, runs it, and alone turns what was thrown into words and an exit code. */

import {readFileSync} from 'node:fs';
import path from 'node:path';
import {ExitCode} from '../base/errors.ts';
import type {CommandReport} from '../schemas/command-report.ts';
import type {Command, CommandEnd, Context} from './command.ts';
import {describeFailure, formatFailure} from './failure.ts';
import {Terminal, type Streams} from './terminal.ts';

/** Loaded when called: reading `--version` need not open SQLite. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
	run: async () => (await import('./run.ts')).runCommand,
	reprocess: async () => (await import('./reprocess.ts')).reprocessCommand,
	ranges: async () => (await import('./ranges.ts')).rangesCommand,
	compare: async () => (await import('./compare.ts')).compareCommand,
	ab: async () => (await import('./ab.ts')).abCommand,
	report: async () => (await import('./report.ts')).reportCommand,
	triton: async () => (await import('./triton.ts')).tritonCommand,
	doctor: async () => (await import('./doctor.ts')).doctorCommand,
	schema: async () => (await import('./schema.ts')).schemaCommand,
};

const overview = `benchmark: CPU and GPU time of every NVTX range, over processes, GPUs and batches

  benchmark [run] [options] <program> [program's arguments]    launch, profile, report
  benchmark reprocess [options] <run folder | report>...       the same numbers from saved reports
  benchmark ranges [options] <report | export>...              CPU and GPU time of every range, as tables or CSV
  benchmark compare [options] <baseline> <candidate>...        what became faster or slower, and what is proven
  benchmark ab [options] --a "<command>" --b "<command>"       both measured in turn, then compared
  benchmark report [options] <folder>                          a run, a comparison or a study as one HTML file
  benchmark triton import [options] <file>...                  what perf_analyzer measured, as one study
  benchmark doctor                                             what is installed, what is missing
  benchmark schema <name>                                      the JSON Schema of a file it writes

Each takes --help. Start: benchmark -np 2 -w 1 -o /tmp/out program.py`;

const readVersion = (): string => {
	// The sources stand one folder, the compiled files two below package.json.
	const near = path.resolve(import.meta.dirname, '..');
	const root = path.basename(near) === 'dist' ? path.dirname(near) : near;
	const {version} = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
		version: string;
	};
	return version;
};

const dispatch = async (context: Context, terminal: Terminal): Promise<CommandEnd> => {
	const [first, ...rest] = context.argv;
	if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
		terminal.print(overview);
		return {exitCode: first === undefined ? ExitCode.usage : ExitCode.done};
	}

	if (first === '--version') {
		terminal.print(context.version);
		return {exitCode: ExitCode.done};
	}

	const load = Object.hasOwn(commands, first) ? commands[first] : undefined;
	const command = await (load ?? commands['run'])?.();
	if (command === undefined) {
		throw new Error('the command table has no run');
	}

	return command(load === undefined ? context.argv : rest, terminal, context);
};

/** Asked of the words themselves: what was thrown may be the parser's own complaint. */
const wantsJson = async ({argv}: Context): Promise<boolean> => {
	const [first, ...rest] = argv;
	if (first === 'reprocess') {
		return rest.includes('--json');
	}

	if (first === 'compare') {
		return rest.includes('--json') || /--format[= ]json(?: |$)/.test(rest.join(' '));
	}

	if (first === 'ab') {
		return (await import('./ab-options.ts')).asksAbForJson(rest);
	}

	if (first === 'ranges' || first === 'triton' || first === 'report') {
		return false;
	}

	const {asksForJson} = await import('./run-options.ts');
	return asksForJson(first === 'run' ? rest : argv);
};

const reportFailure = async (
	thrown: unknown,
	context: Context,
	terminal: Terminal,
): Promise<CommandEnd> => {
	const {exitCode, failure} = describeFailure(thrown);
	terminal.say('error', formatFailure(failure, terminal.decorate));
	const report: CommandReport = {
		formatVersion: 1,
		exitCode,
		folder: null,
		files: [],
		run: null,
		mean: null,
		failure,
	};
	return (await wantsJson(context)) ? {exitCode, report} : {exitCode};
};

/** @returns the exit code; never throws */
export const main = async (
	argv: readonly string[],
	streams: Streams,
	{env = process.env, cwd = process.cwd()}: {env?: NodeJS.ProcessEnv; cwd?: string} = {},
): Promise<number> => {
	const terminal = new Terminal(streams, env);
	const context: Context = {env, cwd, argv, version: readVersion()};
	let end: CommandEnd;
	try {
		end = await dispatch(context, terminal);
	} catch (error) {
		end = await reportFailure(error, context, terminal);
	}

	if (end.report !== undefined) {
		const {CommandReport: schema} = await import('../schemas/command-report.ts');
		terminal.print(JSON.stringify(schema.parse(end.report), null, '\t'));
	}

	return end.exitCode;
};
