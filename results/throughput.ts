/** Items per second of all processes that ran side by side, and how far they really did. */

import {toMilliseconds} from '../base/units.ts';
import type {Throughput} from '../schemas/benchmark-result.ts';
import type {Work} from './samples.ts';
import {spanAll, type Span} from './spans.ts';
import {measureWithin} from './work-timeline.ts';

export interface ProcessWork {
	/** null where this process has no batch outside warm-up at that path. */
	readonly work: Work | null;
	/** The wall clock at the origin of its times, in ns since 1970; null where the trace does not tell. */
	readonly originUnixNs: bigint | null;
}

interface WorkingProcess extends ProcessWork {
	readonly work: Work;
}

const itemsPerSecond = ({items, cpuNs}: {items: number; cpuNs: number}): number =>
	(items / cpuNs) * 1e9;

const hasRate = (process: ProcessWork): process is WorkingProcess =>
	process.work !== null && process.work.cpuNs > 0;

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

const mean = (values: readonly number[]): number => sum(values) / values.length;

/** null as soon as one is. */
const meanOfKnown = (values: readonly (number | null)[]): number | null =>
	values.includes(null) ? null : mean(values.filter((value) => value !== null));

/** When a process's measured work lay, on a clock that the processes of a repeat share. */
interface PlacedWork {
	readonly work: Work;
	readonly span: Span;
	/** From that clock's zero to the process's own. */
	readonly offsetNs: number;
}

/** By the wall clock; one process needs none. null where a trace does not tell. */
const placeWork = (processes: readonly WorkingProcess[]): readonly PlacedWork[] | null => {
	const origins = processes.map(({originUnixNs}) => (processes.length === 1 ? 0n : originUnixNs));
	const [first] = origins.filter((origin) => origin !== null).toSorted((a, b) => (a < b ? -1 : 1));
	const placed = processes.flatMap(({work}, index) => {
		const [origin, own] = [origins[index] ?? null, spanAll(work.timeline.counted)];
		if (origin === null || own === null || first === undefined) {
			return [];
		}

		const offsetNs = Number(origin - first);
		const span = {startNs: own.startNs + offsetNs, endNs: own.endNs + offsetNs};
		return [{work, span, offsetNs}];
	});
	return placed.length === processes.length ? placed : null;
};

/** In which all were measuring; it ends before it starts where they never were. */
const shareWindow = (placed: readonly PlacedWork[]): Span => ({
	startNs: Math.max(...placed.map(({span}) => span.startNs)),
	endNs: Math.min(...placed.map(({span}) => span.endNs)),
});

const lengthOf = ({startNs, endNs}: Span): number => Math.max(0, endNs - startNs);

/** In which any was. */
const measureUnion = (placed: readonly PlacedWork[]): number => {
	let [covered, end] = [0, Number.NEGATIVE_INFINITY];
	for (const {span} of placed.toSorted((a, b) => a.span.startNs - b.span.startNs)) {
		covered += lengthOf({startNs: Math.max(span.startNs, end), endNs: span.endNs});
		end = Math.max(end, span.endNs);
	}

	return covered;
};

/** Each process must have done this much of a batch in a window: a smaller part of one says nothing of the rest. */
const leastBatches = 0.5;

/** What each did of its own in the window, by the time that it had there for it. null where there is too little. */
const rateWithin = (placed: readonly PlacedWork[], window: Span): number | null => {
	const shares = placed.map(({work, offsetNs}) =>
		measureWithin(work.timeline, {
			startNs: window.startNs - offsetNs,
			endNs: window.endNs - offsetNs,
		}),
	);
	const isEnough = shares.every(({batches, countedNs}) => batches >= leastBatches && countedNs > 0);
	return isEnough
		? sum(shares.map(({items, countedNs}) => itemsPerSecond({items, cpuNs: countedNs})))
		: null;
};

interface RepeatThroughput {
	readonly sumOfRates: number;
	/** null where the traces do not tell. */
	readonly overlap: number | null;
	/** Items per second within the common window, and its length; null where there is none to speak of. */
	readonly together: {readonly rate: number; readonly ns: number} | null;
}

const measureRepeat = (processes: readonly WorkingProcess[]): RepeatThroughput => {
	const sumOfRates = sum(processes.map(({work}) => itemsPerSecond(work)));
	const placed = placeWork(processes);
	if (placed === null) {
		return {sumOfRates, overlap: null, together: null};
	}

	const window = shareWindow(placed);
	const covered = measureUnion(placed);
	const rate = lengthOf(window) > 0 ? rateWithin(placed, window) : null;
	return {
		sumOfRates,
		overlap: covered === 0 ? null : lengthOf(window) / covered,
		together: rate === null ? null : {rate, ns: lengthOf(window)},
	};
};

/** Of one process by itself: what its own file tells. */
export const computeOwnThroughput = (work: Work | null): Throughput | undefined =>
	work === null || work.cpuNs <= 0
		? undefined
		: {items_per_second: itemsPerSecond(work), processes: 1, overlap: 1};

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
	const working = repeats.map((processes) => processes.filter(hasRate));
	const most = Math.max(0, ...working.map(({length}) => length));
	if (most === 0) {
		return null;
	}

	// A repeat that lost a process had the machine less loaded: its rate is another experiment's.
	const complete = working.filter(({length}) => length === most).map(measureRepeat);
	const rate = meanOfKnown(complete.map(({together}) => together?.rate ?? null));
	const commonNs = meanOfKnown(complete.map(({together}) => together?.ns ?? null));
	const sumOfRates = mean(complete.map((repeat) => repeat.sumOfRates));
	return {
		throughput: {
			items_per_second: rate ?? sumOfRates,
			processes: most,
			overlap: meanOfKnown(complete.map(({overlap}) => overlap)),
			common_time: commonNs === null ? null : toMilliseconds(Math.round(commonNs)),
			sum_of_rates: sumOfRates,
		},
		incompleteRepeats: repeats.length - complete.length,
	};
};
