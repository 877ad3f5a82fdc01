/** One worker, ready to be run: everything that was decided before. */

import type {Profiler} from '../schemas/manifest.ts';
import type {StopSignal} from './stop-signal.ts';
import type {Timings} from './timings.ts';
import type {WorkerScratch} from './worker-scratch.ts';

/** waiting (for its turn), starting (nsys), running (the program), held (its first batch), finishing (the report), ended. */
export type WorkerPhase = 'waiting' | 'starting' | 'running' | 'held' | 'finishing' | 'ended';

export interface WorkerTask {
	/** Absolute. */
	readonly folder: string;
	readonly scratch: WorkerScratch;
	readonly token: string;
	readonly env: Readonly<Record<string, string>>;
	/** nsys with the shim, or the shim alone. */
	readonly argv: readonly string[];
	readonly profiler: Profiler;
	/** Where nsys's executables lie, links followed. */
	readonly nsysFolders: readonly string[];
	/** Grows: the pids of all that ran for this worker, as far as they were seen. */
	readonly seenPids: Set<number>;
	/** null: no limit. */
	readonly timeoutSeconds: number | null;
	/** How much of its time the program has spent waiting for the other workers: that is not held against it. */
	readonly heldMs: () => number;
	readonly timings: Timings;
	readonly stop: StopSignal;
	/** @param batches that have ended; null where the program does not tell */
	readonly onPhase: (phase: WorkerPhase, batches: number | null) => void;
}
