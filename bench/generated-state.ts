/** The program that a generated trace shows, while it runs: processes, their threads and streams, the ranges open. */

import type {TraceNames} from './generated-names.ts';
import type {TraceOptions} from './generated-options.ts';
import type {Random} from './generated-random.ts';
import type {RowWriter} from './generated-rows.ts';

export interface Process {
	/** Also the GPU it works on. */
	readonly index: number;
	readonly pid: number;
	readonly globalPid: bigint;
	/** Of its last call. */
	correlationId: number;
	/** Of its last kernel. */
	gridId: number;
	/** When each stream will have done all its work, ns. */
	readonly streamFree: Float64Array;
}

export interface OpenRange {
	readonly start: number;
	/** 59 push/pop, 60 start/end. */
	readonly eventType: 59 | 60;
	readonly rangeId: number | null;
	readonly text: string | null;
	readonly textId: number | null;
	readonly domainId: number;
	/** Where in the program's code it is pushed. */
	readonly site: number;
	/** It is written twice. */
	readonly twin: boolean;
	/** A thread other than its own on which it ends. */
	readonly endGlobalTid: bigint | null;
	/** The thread's tick at which it ends; ranges on the stack end when it is unwound. */
	readonly lastTick: number;
}

export interface Thread {
	readonly process: Process;
	readonly globalTid: bigint;
	/** Another thread of the process; null where it has only one. */
	readonly otherGlobalTid: bigint | null;
	/** Share of its ticks that start a range; 0: it only launches. */
	readonly rangeShare: number;
	/** ns. */
	clock: number;
	/** Its last event was a call, which ended at `clock`. */
	atEndOfCall: boolean;
	tick: number;
	/** The tick at which the outermost range is popped. */
	stepEnd: number;
	/** Ranges that nest, outermost first. */
	readonly stack: OpenRange[];
	/** Open ranges that end in their own time. */
	readonly loose: OpenRange[];
}

export interface Program {
	readonly options: TraceOptions;
	readonly random: Random;
	readonly names: TraceNames;
	readonly rows: RowWriter;
	readonly processes: readonly Process[];
	readonly threads: readonly Thread[];
	/** Rows still to be made. */
	rowsLeft: number;
	/** Start/end ranges so far. */
	startEndRanges: number;
}

/** False, and nothing taken, where fewer rows are left. */
export const takeRows = (program: Program, rows: number): boolean => {
	if (program.rowsLeft < rows) {
		return false;
	}

	program.rowsLeft -= rows;
	return true;
};

/** When a thread's next row can start at the earliest, ns. */
export const earliestRow = ({clock, stack, loose}: Thread): number =>
	Math.min(clock, stack[0]?.start ?? clock, ...loose.map(({start}) => start));
