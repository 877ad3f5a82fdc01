/** `benchmark triton`: the serving side. Finds which of its commands is meant. */

import {ExitCode, UserError} from '../base/errors.ts';
import type {Command} from './command.ts';

const overview = `benchmark triton: an inference server, measured by perf_analyzer

  benchmark triton import [options] <file>...    reports, CSVs and request exports of perf_analyzer as one study

Each takes --help.`;

/** Loaded when called. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
	import: async () => (await import('./triton-import.ts')).tritonImportCommand,
};

const laterCommands: readonly string[] = ['sweep', 'instances', 'input', 'logs'];

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

	if (laterCommands.includes(first)) {
		throw new UserError(`benchmark triton ${first} is not in this version`, {
			next: 'benchmark triton import reads what perf_analyzer wrote.',
		});
	}

	throw new UserError(`there is no benchmark triton ${first}`, {
		next: `There is: ${Object.keys(commands).join(', ')}.`,
	});
};
