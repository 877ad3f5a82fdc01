/**
 * One side of a comparison, whatever it was read from.
 *
 *     run folder, benchmark.json     own-values.ts      \
 *     CV-CUDA's launcher's files     foreign-values.ts   >  Side  >  samples, structure, differences, notes
 *     reports and exports            own-values.ts      /
 *
 * A process has one value per path and metric: the median of its batches, which is all that a comparison takes of them.
 */

import type {ComparedMetric} from '../../schemas/comparison.ts';
import type {ComparedInput} from '../../schemas/comparison-report.ts';
import type {InTurn, RepeatsEnd} from '../../schemas/manifest.ts';
import type {Warning} from '../../schemas/warning.ts';
import type {MeasurementIdentity} from './measurement-identity.ts';

/** Milliseconds; items per second for throughput. A number that is none (NaN) stays: it becomes a reason. */
export type MetricValues = Readonly<Partial<Record<ComparedMetric, number>>>;

/** How often a range occurs. */
export interface RangeCount {
	readonly instances: number;
	/** In what: the innermost batch around it, or the process. */
	readonly per: 'process' | 'batch';
}

export interface SideProcess {
	/** 0-based. */
	readonly repeat: number;
	/** By path, batches folded, a parent before its children. */
	readonly values: ReadonlyMap<string, MetricValues>;
	/** By the same paths; also of ranges that have no values, such as those in warm-up batches only. */
	readonly counts: ReadonlyMap<string, RangeCount>;
	/** Without it a GPU time of 0 says nothing. */
	readonly gpuTraced: boolean;
	/** Whether running numbers were left out of its paths. */
	readonly renamed: boolean;
	/** Numbers of its file that are none, such as null or a text: they are left out. Absent: none. */
	readonly noNumbers?: number;
	/** By what a copy of it is known; null or absent where nothing tells. */
	readonly identity?: MeasurementIdentity | null;
	/** The file it was read from, links resolved. */
	readonly file?: string;
	/** The SM clock of its GPU over the measured batches, MHz; null or absent where nobody knows. */
	readonly smClockMhz?: number | null;
}

/** How a run was made, as far as a comparison must know. */
export interface SideRounds {
	readonly inTurn: InTurn;
	readonly repeatsEnd: RepeatsEnd | undefined;
	/** That were begun, lost ones included. */
	readonly rounds: number;
}

export interface Side {
	readonly input: ComparedInput;
	/** Where only means are known: one stand-in, whose values are the means. */
	readonly processes: readonly SideProcess[];
	readonly meansOnly: boolean;
	/** Processes left out of all this, since they are copies of others. Absent: none. */
	readonly copies?: number;
	/** null where the side was measured on its own. */
	readonly rounds: SideRounds | null;
	readonly notes: readonly Warning[];
}
