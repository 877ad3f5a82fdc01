/** Whether the batches that are left after warm-up still begin unlike they go on, and what to do about it. */

import type {Warning} from '../schemas/warning.ts';
import {detectStartingDrift, type StartingDrift} from './comparison/starting-drift.ts';
import {topPath} from './range-keys.ts';
import type {SampledMetric} from '../schemas/benchmark-result.ts';
import type {Samples} from './samples.ts';

/** One element of a path: "\" stands before a "/" that belongs to a name. */
const isElement = (text: string): boolean => /^(?:\\[^]|[^/\\])+$/.test(text);

const isDirectlyBelow = (path: string, holder: string): boolean =>
	holder === topPath
		? isElement(path)
		: path.startsWith(`${holder}/`) && isElement(path.slice(holder.length + 1));

/** Holders that stand inside no other: batches of an inner one are a new series in each outer batch. */
const listOutermostHolders = (samples: Samples): readonly string[] => {
	const holders: string[] = [];
	// A parent comes before its children.
	for (const [path, {work}] of samples) {
		const isInside = holders.some((holder) => holder === topPath || path.startsWith(`${holder}/`));
		if (work !== null && !isInside) {
			holders.push(path);
		}
	}

	return holders;
};

/** What all batches of a series have: only they, and what is inside them, have times per item. */
const listBatchPaths = (processes: readonly Samples[]): readonly string[] => [
	...new Set(
		processes.flatMap((samples) => {
			const holders = listOutermostHolders(samples);
			return [...samples].flatMap(([path, {values}]) =>
				values.cpu_time_per_item !== undefined &&
				holders.some((holder) => isDirectlyBelow(path, holder))
					? [path]
					: [],
			);
		}),
	),
];

const watched = [
	{metric: 'cpu_time_per_item', name: 'CPU'},
	{metric: 'gpu_time_per_item', name: 'GPU'},
] as const satisfies readonly {metric: SampledMetric; name: string}[];

const percent = (share: number): string => `${Math.abs(share * 100).toFixed(1)} %`;

const describeDrift = (
	path: string,
	name: string,
	drift: Extract<StartingDrift, {p: number}>,
	{warmupBatches, fewest}: {warmupBatches: number; fewest: number},
): Warning => {
	const left = warmupBatches === 0 ? 'The first' : 'After warm-up the first';
	const way = drift.change > 0 ? 'more' : 'less';
	const what = `${left} batches of "${path}" take ${percent(drift.change)} ${way} ${name} time per item than the later ones, in ${drift.processes} processes alike.`;
	if (drift.kind === 'drifting') {
		return {
			code: 'drifting-batches',
			message: `${what} No longer warm-up mends that: the times drift for as long as the batches go on, so they depend on how many there are.`,
		};
	}

	const wider = warmupBatches + drift.batches;
	return {
		code: 'short-warm-up',
		message: `${what} Leave out ${drift.batches} more: ${
			fewest > 2 * drift.batches
				? `-w ${wider}, which benchmark reprocess takes too`
				: `-w ${wider}, and run more batches: as many are left out at the end`
		}.`,
	};
};

const countFewest = (series: readonly (readonly number[])[]): number =>
	Math.min(...series.map(({length}) => length).filter((length) => length > 0));

const warnOfPath = (
	path: string,
	processes: readonly Samples[],
	warmupBatches: number,
): readonly Warning[] => {
	const warnings = watched.flatMap(({metric, name}) => {
		const series = processes.map((samples) => samples.get(path)?.values[metric] ?? []);
		const drift = detectStartingDrift(series);
		return drift.kind === 'unknown' || drift.kind === 'steady'
			? []
			: [describeDrift(path, name, drift, {warmupBatches, fewest: countFewest(series)})];
	});
	// Both would say the same of the same batches.
	return warnings.slice(0, 1);
};

/** @param processes of all repeats: three at least, with four batches each, or nothing can be said */
export const warnOfStart = (
	processes: readonly Samples[],
	warmupBatches: number,
): readonly Warning[] =>
	listBatchPaths(processes).flatMap((path) => warnOfPath(path, processes, warmupBatches));
