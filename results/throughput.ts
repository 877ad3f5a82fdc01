/** Items per second of all processes that ran side by side, and how far they really did. */

import type {Throughput} from '../schemas/benchmark-result.ts';
import type {Work} from './samples.ts';

/** The measured time of one process on the wall clock, in ns since 1970. */
export interface MeasuredWindow {
	/** Start of the first batch that is no warm-up. */
	readonly startUnixNs: bigint;
	/** End of the last. */
	readonly endUnixNs: bigint;
}

export interface ProcessWork {
	/** null where this process has no batch outside warm-up at that path. */
	readonly work: Work | null;
	/** null where the trace does not tell. */
	readonly window: MeasuredWindow | null;
}

const itemsPerSecond = ({items, cpuNs}: Work): number => (items / cpuNs) * 1e9;

const hasRate = (process: ProcessWork): process is ProcessWork & {work: Work} =>
	process.work !== null && process.work.cpuNs > 0;

const mean = (values: readonly number[]): number =>
	values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Time that all windows share, as a share of the time that any of them covers. One process is always all of them.
 * @returns null where a window is unknown
 */
export const measureOverlap = (windows: readonly (MeasuredWindow | null)[]): number | null => {
	if (windows.length <= 1) {
		return 1;
	}

	const known = windows
		.filter((window) => window !== null)
		.toSorted((a, b) => Number(a.startUnixNs - b.startUnixNs));
	if (known.length < windows.length) {
		return null;
	}

	const shared = Number(
		known.reduce(
			(end, {endUnixNs}) => (endUnixNs < end ? endUnixNs : end),
			known[0]?.endUnixNs ?? 0n,
		) - (known.at(-1)?.startUnixNs ?? 0n),
	);
	const covered = measureUnion(known);
	return covered === 0 ? null : Math.max(0, shared) / covered;
};

/** @param windows in order of their starts */
const measureUnion = (windows: readonly MeasuredWindow[]): number => {
	let covered = 0n;
	let end = windows[0]?.startUnixNs ?? 0n;
	for (const {startUnixNs, endUnixNs} of windows) {
		const from = startUnixNs > end ? startUnixNs : end;
		if (endUnixNs > from) {
			covered += endUnixNs - from;
			end = endUnixNs;
		}
	}

	return Number(covered);
};

export interface RunThroughput {
	readonly throughput: Throughput;
	/** Repeats left out, since fewer processes ran in them than in the others. */
	readonly incompleteRepeats: number;
}

/**
 * @param repeats the processes of each repeat
 * @returns null where no process got an item done outside warm-up
 */
export const computeThroughput = (
	repeats: readonly (readonly ProcessWork[])[],
): RunThroughput | null => {
	const rates = repeats.map((processes) => processes.filter(hasRate));
	const most = Math.max(0, ...rates.map(({length}) => length));
	if (most === 0) {
		return null;
	}

	// A repeat that lost a process had the machine less loaded: its sum is another experiment's.
	const complete = rates.filter(({length}) => length === most);
	const overlaps = complete.map((processes) => measureOverlap(processes.map(({window}) => window)));
	const sums = complete.map((processes) =>
		processes.reduce((sum, {work}) => sum + itemsPerSecond(work), 0),
	);
	return {
		throughput: {
			items_per_second: mean(sums),
			processes: most,
			overlap: overlaps.includes(null) ? null : mean(overlaps.filter((share) => share !== null)),
		},
		incompleteRepeats: repeats.length - complete.length,
	};
};
