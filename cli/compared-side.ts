/** What `compare` has of a side once it is read, and what it reads with. */

import type {Side} from '../results/comparison/side.ts';
import type {Manifest} from '../schemas/manifest.ts';

/** How a side is called, and what was given for it. */
export interface NamedPath {
	readonly label: string;
	/** Absolute. */
	readonly path: string;
}

/** A trace that is still there, and the rules by which its batches are found. */
export interface SideTrace {
	/** Report or export. */
	readonly file: string;
	readonly warmupBatches: number;
	readonly batchPattern: RegExp;
}

export interface ReadSide {
	readonly side: Side;
	/** null where none is there. */
	readonly manifest: Manifest | null;
	/** Of compared processes, as far as they are still there. */
	readonly traces: readonly SideTrace[];
}

/** How traces are to be read that have no results yet. */
export interface TraceOptions {
	/** Asked for only where there is a report to read. null where there is none. */
	readonly findNsys: () => Promise<string | null>;
	readonly warmupBatches: number;
	readonly batchPattern: RegExp;
}

/** How a comparison reads what is not in result files. */
export interface CompareTools {
	readonly findNsys: () => Promise<string | null>;
	/** --noise-floor. */
	readonly noiseFloor: string | undefined;
	readonly env: NodeJS.ProcessEnv;
}
