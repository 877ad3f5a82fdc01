/** How long the launcher waits for what. Tests inject shorter ones. All in milliseconds. */
export interface Timings {
	/** Between two looks at a worker that starts: the machine-wide lock is held meanwhile. */
	readonly startPollMs: number;
	/** Between two looks at a worker that runs. */
	readonly pollMs: number;
	/** Between two looks at all processes of a worker whose program has ended or should have. */
	readonly idlePollMs: number;
	/** Until a start that has produced no program counts as hung. nsys itself gives up on a lost agent after 10 s. */
	readonly startMs: number;
	/** For the start lock: other users' launchers may be many, but not for ever. */
	readonly lockMs: number;
	/** From asking a program to end until it is killed. */
	readonly graceMs: number;
	/** Without CPU time, until children that outlive the program are taken for forgotten. */
	readonly survivorMs: number;
	/** Without CPU time after the program's end, until the profiler counts as hung. */
	readonly hangMs: number;
	/** For helpers of nsys to end by themselves after it. */
	readonly patienceMs: number;
	/** Until a killed process that still lives is given up. */
	readonly deadlineMs: number;
}

export const defaultTimings: Timings = {
	startPollMs: 5,
	pollMs: 50,
	idlePollMs: 250,
	startMs: 30_000,
	lockMs: 600_000,
	graceMs: 10_000,
	survivorMs: 30_000,
	hangMs: 60_000,
	patienceMs: 500,
	deadlineMs: 5000,
};
