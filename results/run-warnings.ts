/** What a reader of the run's numbers must know: what its processes said, and what they are too few for. */

import {plural} from '../base/plural.ts';
import type {Throughput} from '../schemas/benchmark-result.ts';
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

/** "process 0 on GPU 1", in a run of several repeats with its own. */
export const nameProcess = (
	{repeat, gpu, process}: Omit<ProcessWarnings, 'warnings'>,
	repeats: number,
): string => `${repeats > 1 ? `repeat ${repeat}, ` : ''}process ${process} on GPU ${gpu}`;

/** What differs between processes that say the same: measured times. */
const forgetTimes = (message: string): string => message.replaceAll(/[\d.,]+ ms\b/g, 'ms');

/** Each thing once, and which processes said it; where they tell different times, the first one's. */
export const gatherWarnings = (
	processes: readonly ProcessWarnings[],
	repeats: number,
): readonly Warning[] => {
	const said = new Map<string, {warning: Warning; by: ProcessWarnings[]; alike: boolean}>();
	for (const process of processes) {
		for (const warning of process.warnings) {
			const key = JSON.stringify([warning.code, forgetTimes(warning.message)]);
			const known = said.get(key) ?? {warning, by: [], alike: true};
			said.set(key, known);
			known.by.push(process);
			known.alike &&= known.warning.message === warning.message;
		}
	}

	const describeWho = (by: readonly ProcessWarnings[], alike: boolean): string => {
		const [first] = by;
		const all = by.length === processes.length;
		if (first === undefined || (all && alike)) {
			return '';
		}

		const name = nameProcess(first, repeats);
		const count = `${by.length} of ${plural(processes.length, 'process', 'processes')}`;
		return by.length === 1 ? ` (${name})` : alike ? ` (${count})` : ` (${name}; alike in ${count})`;
	};

	return [...said.values()].map(({warning, by, alike}) => ({
		...warning,
		message: `${warning.message}${describeWho(by, alike)}`,
	}));
};

/** How many repeats would give enough processes, at the rate at which this run got them. */
const repeatsNeeded = (processes: number, {processesPlanned, repeats}: RunPlan): number =>
	Math.ceil((leastProcesses * repeats) / (processes === 0 ? processesPlanned : processes));

export const warnOfFewProcesses = (processes: number, plan: RunPlan): readonly Warning[] => {
	if (processes >= leastProcesses) {
		return [];
	}

	return [
		{
			code: 'few-processes',
			message: `${plural(processes, 'process', 'processes')}: no interval below ${leastProcesses}; add --repeat ${repeatsNeeded(processes, plan)}. Batches alone do not replicate a measurement.`,
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
					message: `${plural(paths, 'path is', 'paths are')} not in every process, such as "${example}": their means are over the processes that have them.`,
				},
			];

export const warnOfMissingIntervals = (paths: number): readonly Warning[] =>
	paths === 0
		? []
		: [
				{
					code: 'paths-without-interval',
					message: `${plural(paths, 'path is', 'paths are')} in fewer than ${leastProcesses} processes and ${paths === 1 ? 'gets' : 'get'} no interval.`,
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
					message: `Throughput leaves out ${incomplete} of ${plural(repeats, 'repeat')}, in which fewer processes ran side by side.`,
				},
			];

/** Below this it is worth a warning. */
const enoughOverlap = 0.9;

const explainOverlap = ({overlap, processes, common_time: common}: Throughput): string => {
	const all = plural(processes, 'process', 'processes');
	if (overlap === null) {
		return `The run's items/s adds up ${all}, but the traces do not tell how far they ran side by side: together they may do less.`;
	}

	const together =
		overlap === 0
			? 'never all ran side by side'
			: `ran side by side for only ${(overlap * 100).toFixed(1)} % of the time`;
	return common === null || common === undefined
		? `The run's items/s adds up ${all} that ${together}: together they may do less.`
		: `${all} ${together}. The run's items/s holds for those ${common.toFixed(1)} ms; the times of ranges are partly those of a machine with fewer at work.`;
};

const adviseStart = ({overlap}: Throughput, syncStart: boolean): string => {
	if (overlap === null) {
		return '';
	}

	return syncStart
		? ' They were to begin together (--sync-start): what is left is that some take longer than others, or have fewer batches.'
		: ' Add --sync-start, so that they begin together.';
};

/**
 * @param rates of all paths; the worst one is told
 * @param syncStart whether the processes were to begin together
 */
export const warnOfOverlap = (
	rates: readonly Throughput[],
	syncStart: boolean,
): readonly Warning[] => {
	const share = ({overlap}: Throughput): number => overlap ?? -1;
	const [worst] = rates
		.filter((rate) => rate.processes > 1 && share(rate) < enoughOverlap)
		.toSorted((a, b) => share(a) - share(b));
	return worst === undefined
		? []
		: [
				{
					code: 'low-overlap',
					message: `${explainOverlap(worst)}${adviseStart(worst, syncStart)}`,
				},
			];
};

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
