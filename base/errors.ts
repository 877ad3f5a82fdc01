/**
 * The ways a command can end, and the two errors that are nobody's bug.
 *
 * A worker that fails is no error but an outcome (schemas/manifest.ts): the rest of the run goes on. What is thrown
 * ends the command; cli/ alone catches it and turns it into an exit code.
 */

export const ExitCode = {
	done: 0,
	regression: 1,
	usage: 2,
	toolFailed: 3,
	inconclusive: 4,
	bug: 70,
	/** Stopped by signal n: 128 + n. */
	signalled: 128,
} as const;

/** The command line or an input file is wrong: the user can mend it. `next` says how, in one sentence. */
export class UserError extends Error {
	override readonly name = 'UserError';
	readonly next: string | undefined;

	constructor(message: string, options: {next?: string; cause?: unknown} = {}) {
		super(message, {cause: options.cause});
		this.next = options.next;
	}
}

/** What a failed tool left behind, for the message. */
export interface ToolFailure {
	/** The command as it was run. */
	readonly argv?: readonly string[];
	/** How it ended: "exit code 1", "signal SIGKILL", "no answer for 60 s". */
	readonly ending?: string;
	/** The last lines of the tool's own words. */
	readonly tail?: string;
	/** A file with all of them. */
	readonly log?: string;
	/** What to do now, in one sentence. */
	readonly next?: string;
	readonly cause?: unknown;
}

/** nsys, a worker, SQLite or the disk failed. */
export class ToolError extends Error {
	override readonly name = 'ToolError';
	readonly failure: ToolFailure;

	constructor(message: string, failure: ToolFailure = {}) {
		super(message, {cause: failure.cause});
		this.failure = failure;
	}
}

/** The text of anything that was thrown. */
export const messageOf = (thrown: unknown): string =>
	thrown instanceof Error ? thrown.message : String(thrown);

/** The system's code of an error ("ENOENT", "ENOSPC"), where it has one. */
export const systemCodeOf = (thrown: unknown): string | undefined =>
	thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
		? thrown.code
		: undefined;
