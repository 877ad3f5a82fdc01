/** One program, run to its end: what is asked for and what came of it. perf-analyzer asks, launcher runs, cli joins them. */

export interface ProgramOrder {
	readonly argv: readonly string[];
	readonly cwd: string;
	/** Files; what is there is kept. */
	readonly stdout: string;
	readonly stderr: string;
	/** Until it is ended, with all that it started. */
	readonly timeoutMs: number;
}

export interface ProgramEnd {
	/** 'stopped': not by itself, and not for its time: the user wants to end. */
	readonly kind: 'exited' | 'timed-out' | 'stopped' | 'not-started';
	/** null where a signal ended it, or where it never started. */
	readonly exitCode: number | null;
	readonly signal: string | null;
	/** Why it could not be started. */
	readonly startError: string | null;
	readonly wallSeconds: number;
}
