/**
 * Where `--sync-start` held first batches back, and which ranges were open around it.
 *
 *     |---------------- pipeline ----------------|
 *        setup  |...wait...| |- batch -| |- batch
 *                         ^ {"sync":{"waitedNs":...}}
 *
 * The mark stands at the wait's end. Of a range's span on the GPU the wait takes what lies inside it, less the time in
 * which something ran there after all.
 */

import type {AnnotationMark, StartEnd} from '../schemas/annotation-mark.ts';
import type {RangeColumns, StartWait, TraceThread, WaitingRange} from '../schemas/trace.ts';
import type {GpuOperations} from './gpu-operations.ts';
import type {RangeGpuColumns} from './gpu-projection.ts';

/** A mark, as far as these need it. Times as the ranges have them. */
export interface TimedMark {
	readonly pid: number;
	readonly tid: number;
	readonly atNs: number;
	readonly mark: AnnotationMark;
}

interface Stretch {
	readonly startNs: number;
	readonly endNs: number;
}

/** What ran on the GPUs, and where each range's span lies. */
export interface GpuSide {
	readonly operations: Pick<GpuOperations, 'length' | 'startNs' | 'endNs'>;
	readonly projected: Pick<RangeGpuColumns, 'firstStartNs' | 'spanNs'>;
}

/** Marks that speak of a range. */
export const speaksOfRange = ({mark}: {readonly mark: AnnotationMark}): boolean =>
	!('meta' in mark || 'sync' in mark);

const listRunning = ({operations}: GpuSide, {startNs, endNs}: Stretch): readonly Stretch[] => {
	const running: Stretch[] = [];
	for (let row = 0; row < operations.length; row++) {
		const operation = {
			startNs: Number(operations.startNs[row]),
			endNs: Number(operations.endNs[row]),
		};
		if (operation.startNs < endNs && operation.endNs > startNs) {
			running.push(operation);
		}
	}

	return running.sort((a, b) => a.startNs - b.startNs);
};

/** @param running in order of their starts */
const measureIdle = (within: Stretch, running: readonly Stretch[]): number => {
	let [idle, seen] = [0, within.startNs];
	for (const {startNs, endNs} of [...running, {startNs: within.endNs, endNs: within.endNs}]) {
		idle += Math.max(0, Math.min(startNs, within.endNs) - seen);
		seen = Math.max(seen, endNs);
	}

	return idle;
};

type Columns = Pick<RangeColumns, 'length' | 'thread' | 'startNs' | 'endNs'>;

/** Ranges of a thread that were open at the wait's end, which alone is measured by the trace's own clock. */
const listAround = (columns: Columns, thread: number, atNs: number): readonly number[] => {
	const around: number[] = [];
	for (let range = 0; range < columns.length; range++) {
		if (
			columns.thread[range] === thread &&
			Number(columns.startNs[range]) <= atNs &&
			Number(columns.endNs[range]) >= atNs
		) {
			around.push(range);
		}
	}

	return around;
};

const describeRange = (
	wait: Stretch,
	range: number,
	columns: Columns,
	gpu: GpuSide | null,
	running: readonly Stretch[],
): WaitingRange => {
	const cpuNs = wait.endNs - Math.max(wait.startNs, Number(columns.startNs[range]));
	const firstNs = gpu?.projected.firstStartNs[range] ?? 0;
	const spanNs = gpu?.projected.spanNs[range] ?? 0;
	const within = {
		startNs: Math.max(wait.startNs, firstNs),
		endNs: Math.min(wait.endNs, firstNs + spanNs),
	};
	const gpuNs = spanNs > 0 && within.endNs > within.startNs ? measureIdle(within, running) : 0;
	return {range, cpuNs, gpuNs};
};

/** @param gpu null where the trace sees no GPU */
export const placeStartWaits = (
	marks: readonly TimedMark[],
	threads: readonly TraceThread[],
	columns: Columns,
	gpu: GpuSide | null,
): readonly StartWait[] =>
	marks.flatMap(({pid, tid, atNs, mark}) => {
		if (!('sync' in mark)) {
			return [];
		}

		const {waitedNs, end}: {waitedNs: number; end: StartEnd} = mark.sync;
		const wait = {startNs: atNs - waitedNs, endNs: atNs};
		const running = gpu === null ? [] : listRunning(gpu, wait);
		const thread = threads.findIndex((one) => one.pid === pid && one.tid === tid);
		const around = listAround(columns, thread, atNs).map((range) =>
			describeRange(wait, range, columns, gpu, running),
		);
		return [{pid, ...wait, end, around}];
	});
