import type {CommandReport} from '../schemas/command-report.ts';
import type {Terminal} from './terminal.ts';

/** What a command needs to know of its surroundings. */
export interface Context {
	readonly env: NodeJS.ProcessEnv;
	readonly cwd: string;
	/** The whole command line, without the interpreter and our own name. */
	readonly argv: readonly string[];
	/** Of this package. */
	readonly version: string;
}

export interface CommandEnd {
	readonly exitCode: number;
	/** Where --json was asked for: printed on stdout by main. */
	readonly report?: CommandReport;
}

/** @throws UserError, ToolError: main prints them */
export type Command = (
	argv: readonly string[],
	terminal: Terminal,
	context: Context,
) => Promise<CommandEnd>;
