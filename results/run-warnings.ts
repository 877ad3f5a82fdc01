/** What a reader of the run's numbers must know: what its processes said, and what they are too few for. */

import type {Warning} from '../schemas/warning.ts';
import {fullResamples, leastProcesses} from './bootstrap.ts';
import type {MeanRanges} from './mean-ranges.ts';
import type {RunPlan} from './result-meta.ts';

export interface ProcessWarnings {
	readonly repeat: number;
	readonly gpu: number;
	readonly process: number;
	readonly warnings: readonly Warning[];
}

const nameProcess = ({repeat, gpu, process}: ProcessWarnings, repeats: number): string =>
	`${repeats > 1 ? `repeat ${repeat}, ` : ''}process ${process} on GPU ${gpu}`;

/** Each thing once, and which processes said it. */
export const gatherWarnings = (
	processes: readonly ProcessWarnings[],
	repeats: number,
): readonly Warning[] => {
	const said = new Map<string, {warning: Warning; by: ProcessWarnings[]}>();
	for (const process of processes) {
		for (const warning of process.warnings) {
			const key = JSON.stringify([warning.code, warning.message]);
			const known = said.get(key) ?? {warning, by: []};
			said.set(key, known);
			known.by.push(process);
		}
	}

	return [...said.values()].map(({warning, by}) => {
		const [first] = by;
		const who =
			by.length === 1 && first !== undefined && processes.length > 1
				? ` (${nameProcess(first, repeats)})`
				: by.length < processes.length
					? ` (${by.length} of ${processes.length} processes)`
					: '';
		return {...warning, message: `${warning.message}${who}`};
	});
};

/** How many repeats would give enough processes, at the rate at which this run got them. */
const repeatsNeeded = (processes: number, {processesPlanned, repeats}: RunPlan): number =>
	Math.ceil((leastProcesses * repeats) / (processes === 0 ? processesPlanned : processes));

export const warnOfFewProcesses = (processes: number, plan: RunPlan): readonly Warning[] => {
	if (processes >= leastProcesses) {
		return [];
	}

	const count = `${processes} ${processes === 1 ? 'process' : 'processes'}`;
	return [
		{
			code: 'few-processes',
			message: `${count}: no interval below ${leastProcesses}; add --repeat ${repeatsNeeded(processes, plan)}. Batches alone do not replicate a measurement.`,
		},
	];
};

export const warnOfPartialPaths = ({
	partialPaths: paths,
	partialExample: example,
}: Omit<MeanRanges, 'mean'>): readonly Warning[] =>
	paths === 0
		? []
		: [
				{
					code: 'paths-not-everywhere',
					message: `${paths} ${paths === 1 ? 'path is' : 'paths are'} not in every process, such as "${example}": their means are over the processes that have them.`,
				},
			];

export const warnOfMissingIntervals = (paths: number): readonly Warning[] =>
	paths === 0
		? []
		: [
				{
					code: 'paths-without-interval',
					message: `${paths} ${paths === 1 ? 'path is' : 'paths are'} in fewer than ${leastProcesses} processes and ${paths === 1 ? 'gets' : 'get'} no interval.`,
				},
			];

export const warnOfCoarseIntervals = (resamples: number): readonly Warning[] =>
	resamples >= fullResamples
		? []
		: [
				{
					code: 'coarse-intervals',
					message: `Confidence intervals come from ${resamples} resamples instead of ${fullResamples}, since there are so many ranges: their ends are less certain.`,
				},
			];

export const warnOfRepeats = (incomplete: number, repeats: number): readonly Warning[] =>
	incomplete === 0
		? []
		: [
				{
					code: 'incomplete-repeats',
					message: `Throughput leaves out ${incomplete} of ${repeats} repeats, in which fewer processes ran side by side.`,
				},
			];

/** GPU times of 0 that were never measured pull a mean down. */
export const warnOfGpu = (traced: number, processes: number): readonly Warning[] =>
	traced === 0 || traced === processes
		? []
		: [
				{
					code: 'gpu-not-everywhere',
					message: `GPU work was seen in ${traced} of ${processes} processes: the GPU times of the others went into the means as 0.`,
				},
			];
