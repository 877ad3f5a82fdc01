/** `benchmark triton`: the serving side. Finds which of its commands is meant. */

import {ExitCode, UserError} from '../base/errors.ts';
import type {Command} from './command.ts';

const overview = `benchmark triton: an inference server, measured by perf_analyzer

  benchmark triton sweep -m MODEL [options]      a model on a server, over a grid of loads
  benchmark triton instances -m MODEL --instances 1:4    ... with several numbers of model instances
  benchmark triton import [options] <file>...    reports, CSVs and request exports of perf_analyzer as one study
  benchmark triton input [options] [<csv>...]    the file of perf_analyzer's --input-data
  benchmark triton logs [options] <log>...       a number from programs' logs, CPU against GPU

Each takes --help.`;

/** Loaded when called. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
	sweep: async () => (await import('./triton-sweep.ts')).tritonSweepCommand,
	instances: async () => (await import('./triton-instances.ts')).tritonInstancesCommand,
	import: async () => (await import('./triton-import.ts')).tritonImportCommand,
	input: async () => (await import('./triton-input.ts')).tritonInputCommand,
	logs: async () => (await import('./triton-logs.ts')).tritonLogsCommand,
};

export const tritonCommand: Command = async (argv, terminal, context) => {
	const [first, ...rest] = argv;
	if (first === undefined || first === '--help' || first === '-h') {
		terminal.print(overview);
		return {exitCode: first === undefined ? ExitCode.usage : ExitCode.done};
	}

	const load = Object.hasOwn(commands, first) ? commands[first] : undefined;
	if (load !== undefined) {
		return (await load())(rest, terminal, context);
	}

	throw new UserError(`there is no benchmark triton ${first}`, {
		next: `There is: ${Object.keys(commands).join(', ')}.`,
	});
};
