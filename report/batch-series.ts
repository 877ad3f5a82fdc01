/** The batches of a holder as lines of a picture: one per process, or where these are many, their median with a band. */

import type {HolderBatches} from './batch-rows.ts';
import type {PlotPoint, PlotSeries, Span} from './charts/figure.ts';

/** One process's batches of one holder. */
export interface ProcessBatches extends HolderBatches {
	/** All 0-based. */
	readonly repeat: number;
	readonly process: number;
	readonly gpu: number;
	/** Whether GPU work was traced. */
	readonly gpuTraced: boolean;
	/** Its worker did not complete: none of its batches is in the run's statistics. */
	readonly incomplete: boolean;
}

/** Between repeats, as a share of a repeat. */
const repeatGap = 0.04;

export type Time = 'cpuTime' | 'gpuTime';

export interface Repeats {
	/** Where each repeat begins on the axis. */
	readonly startOf: ReadonlyMap<number, number>;
	/** Batches of the longest process of each. */
	readonly spans: readonly Span[];
}

export const placeRepeats = (processes: readonly ProcessBatches[]): Repeats => {
	const lengths = new Map<number, number>();
	for (const {repeat, batches} of processes) {
		lengths.set(repeat, Math.max(lengths.get(repeat) ?? 0, batches.length));
	}

	const startOf = new Map<number, number>();
	const spans: Span[] = [];
	let start = 0;
	for (const [repeat, length] of [...lengths].toSorted(([a], [b]) => a - b)) {
		startOf.set(repeat, start);
		const end = start + length;
		spans.push({from: start - 0.5, to: end - 0.5, look: 'batch-other', text: `repeat ${repeat}`});
		start = end + Math.max(1, Math.ceil(length * repeatGap));
	}

	return {startOf, spans};
};

export const nameProcess = ({process, gpu}: ProcessBatches): string => `proc_${process}_gpu_${gpu}`;

export const groupBy = (
	processes: readonly ProcessBatches[],
	keyOf: (one: ProcessBatches) => string,
): ReadonlyMap<string, readonly ProcessBatches[]> => {
	const groups = new Map<string, ProcessBatches[]>();
	for (const one of processes) {
		const key = keyOf(one);
		const group = groups.get(key) ?? [];
		group.push(one);
		groups.set(key, group);
	}

	return groups;
};

const countsAsFull = (
	{role}: ProcessBatches['batches'][number],
	{incomplete}: ProcessBatches,
): boolean => !incomplete && (role === 'measured' || role === null);

const listPoints = (one: ProcessBatches, time: Time, {startOf}: Repeats): readonly PlotPoint[] => {
	const {batches, repeat} = one;
	const start = startOf.get(repeat) ?? 0;
	const points = batches.map((batch, place): PlotPoint => ({
		x: start + place,
		y: batch[time],
		mark: countsAsFull(batch, one) ? 'full' : 'hollow',
	}));
	// Repeats are no one line.
	return [...points, {x: start + batches.length - 1, y: null}];
};

export const drawEach = (
	processes: readonly ProcessBatches[],
	time: Time,
	repeats: Repeats,
	markers: boolean,
): readonly PlotSeries[] =>
	[...groupBy(processes, nameProcess)].map(([name, own], style) => ({
		name,
		style,
		markers,
		points: own
			.toSorted((a, b) => a.repeat - b.repeat)
			.flatMap((one) => listPoints(one, time, repeats)),
	}));

export const medianOf = (sorted: readonly number[]): number => {
	const middle = sorted.length / 2;
	const [low = 0, high = 0] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
	return (low + high) / 2;
};

export const drawTogether = (
	processes: readonly ProcessBatches[],
	time: Time,
	{startOf}: Repeats,
): readonly PlotSeries[] => {
	const points = [...groupBy(processes, ({repeat}) => String(repeat)).values()].flatMap((own) => {
		const start = startOf.get(own[0]?.repeat ?? 0) ?? 0;
		const length = own.reduce((most, {batches}) => Math.max(most, batches.length), 0);
		const places = Array.from({length}, (_, place): PlotPoint => {
			const values = own.flatMap(({batches}) => batches[place]?.[time] ?? []);
			const sorted = values.toSorted((a, b) => a - b);
			const [low = 0, high = 0] = [sorted[0], sorted.at(-1)];
			return {x: start + place, y: medianOf(sorted), low, high};
		});
		return [...places, {x: start + length - 1, y: null}];
	});
	const lines = groupBy(processes, nameProcess).size;
	return [
		{
			name: `median of ${lines} processes; least and most as a band`,
			style: 0,
			markers: false,
			interval: 'band',
			points: points.toSorted((a, b) => a.x - b.x),
		},
	];
};

/** Stretches of batches that do not count, of the longest process of each repeat: for where single ones are not seen. */
export const listUncounted = (
	processes: readonly ProcessBatches[],
	{startOf}: Repeats,
): readonly Span[] =>
	[...groupBy(processes, ({repeat}) => String(repeat)).values()].flatMap((own) => {
		const longest = own.toSorted((a, b) => b.batches.length - a.batches.length)[0];
		const start = startOf.get(longest?.repeat ?? 0) ?? 0;
		const spans: {from: number; to: number; look: 'warm-up'}[] = [];
		for (const [place, batch] of (longest?.batches ?? []).entries()) {
			const last = spans.at(-1);
			const from = start + place - 0.5;
			if (longest === undefined || countsAsFull(batch, longest)) {
				continue;
			}

			if (last?.to === from) {
				last.to = from + 1;
			} else {
				spans.push({from, to: from + 1, look: 'warm-up'});
			}
		}

		return spans;
	});
