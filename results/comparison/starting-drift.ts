/**
 * Whether a program is still warming up after the warm-up batches that were left out, and how many more to leave out.
 *
 *     batches of each process   | first tenth |  ...  |      second half      |
 *                                 its median   against   its median
 *
 * One log ratio per process, and Student's t over the processes: batches of one process follow each other and prove
 * nothing by themselves. Where to cut is MSER's answer (White 1997): the cut after which the mean is known best.
 */

import {estimateChange, measureSpread, testNoChange} from './estimate.ts';
import {toLogChange, toShare} from './relative-change.ts';
import {leastUnits, mean, median} from './replicates.ts';

export interface DriftOptions {
	/** Of a false alarm. A warning nobody asked for should be rarer than a verdict. */
	readonly alpha: number;
	/** A start that is off by less, as a share, does not matter. */
	readonly tolerance: number;
}

export const defaultDrift: DriftOptions = {alpha: 0.01, tolerance: 0.01};

export type StartingDrift =
	/** Fewer than three processes with four batches or more: nothing can be said. */
	| {readonly kind: 'unknown'; readonly processes: number}
	| {readonly kind: 'steady'; readonly processes: number; readonly change: number}
	/** The first batches differ from the later ones. */
	| {
			readonly kind: 'warming-up';
			readonly processes: number;
			/** Of the first tenth against the second half, as a share. */
			readonly change: number;
			readonly p: number;
			/** Batches to leave out at the start, beyond those left out already. */
			readonly batches: number;
	  }
	/** They do, and still do when as many are left out as MSER would: a longer warm-up does not help. */
	| {
			readonly kind: 'drifting';
			readonly processes: number;
			readonly change: number;
			readonly p: number;
	  };

const fewestBatches = 4;

interface StartTest {
	readonly change: number;
	readonly p: number;
	readonly isOff: boolean;
}

/** @param processes logarithms of batches, each at least four */
const testStart = (
	processes: readonly (readonly number[])[],
	{alpha, tolerance}: DriftOptions,
): StartTest => {
	const differences = processes.map((batches) => {
		const first = batches.slice(0, Math.max(1, Math.floor(batches.length / 10)));
		return median(first) - median(batches.slice(Math.floor(batches.length / 2)));
	});
	const spreads = [measureSpread(differences)];
	const estimate = estimateChange(mean(differences), spreads);
	const p = testNoChange(estimate, spreads);
	const isOff = p <= alpha && Math.abs(estimate.logChange) > toLogChange(tolerance);
	return {change: toShare(estimate.logChange), p, isOff};
};

/** Batches are taken by fives, as MSER-5 does, so that a single quiet one decides nothing; fewer than 50 one by one. */
const groupSize = (length: number): number => (length >= 50 ? 5 : 1);

/**
 * The cut that makes the standard error of what is left smallest; at most half of the series.
 * @returns leading batches to leave out
 */
export const findTruncation = (series: readonly number[]): number => {
	const size = groupSize(series.length);
	const groups = Array.from({length: Math.floor(series.length / size)}, (_, group) =>
		mean(series.slice(group * size, (group + 1) * size)),
	);
	let best = {cut: 0, score: Number.POSITIVE_INFINITY};
	let [sum, squares, count] = [0, 0, 0];
	const shift = mean(groups);
	for (const [cut, value] of [...groups.entries()].reverse()) {
		sum += value - shift;
		squares += (value - shift) ** 2;
		count++;
		const score = (squares - sum ** 2 / count) / count ** 2;
		if (cut <= groups.length / 2 && score <= best.score) {
			best = {cut, score};
		}
	}

	return best.cut * size;
};

/** Batch by batch, as far as all processes go. */
const averageProcesses = (processes: readonly (readonly number[])[]): readonly number[] =>
	Array.from({length: Math.min(...processes.map(({length}) => length))}, (_, batch) =>
		mean(processes.map((batches) => batches[batch] ?? 0)),
	);

/**
 * @param processes of all repeats: their batches in order, warm-up left out; other values than positive ones are
 *   passed over
 */
export const detectStartingDrift = (
	processes: readonly (readonly number[])[],
	options: Partial<DriftOptions> = {},
): StartingDrift => {
	const all = {...defaultDrift, ...options};
	const logs = processes
		.map((batches) => batches.map(Math.log).filter(Number.isFinite))
		.filter(({length}) => length >= fewestBatches);
	if (logs.length < leastUnits) {
		return {kind: 'unknown', processes: logs.length};
	}

	const {change, p, isOff} = testStart(logs, all);
	if (!isOff) {
		return {kind: 'steady', processes: logs.length, change};
	}

	const cut = findTruncation(averageProcesses(logs));
	const rest = logs.map((batches) => batches.slice(cut));
	const helps =
		cut > 0 && rest.every(({length}) => length >= fewestBatches) && !testStart(rest, all).isOff;
	return helps
		? {kind: 'warming-up', processes: logs.length, change, p, batches: cut}
		: {kind: 'drifting', processes: logs.length, change, p};
};
