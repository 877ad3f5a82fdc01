/** Samples of two sides for tests of comparisons. */

import type {Replicates} from '../../results/comparison/replicates.ts';
import type {ComparedSamples} from '../../results/comparison/measured-change.ts';
import {drawNormal, type Random} from '../../results/random.ts';

/** One repeat whose processes have one batch each. */
export const processesOf = (...times: readonly number[]): Replicates => [
	times.map((time) => [time]),
];

/** Repeats, or rounds, of one process with one batch each. */
export const repeatsOf = (...times: readonly number[]): Replicates => times.map((time) => [[time]]);

export const samplesOf = (
	baseline: Replicates,
	candidate: Replicates,
	more: Partial<ComparedSamples> = {},
): ComparedSamples => ({path: 'pipeline', metric: 'cpu_time', baseline, candidate, ...more});

/** Processes of 5 batches around 10 ms; processes differ by 1 %, batches by 2 %. */
export const drawProcesses = (random: Random, n: number, factor = 1): Replicates => [
	Array.from({length: n}, () => {
		const level = 10 * factor * Math.exp(0.01 * drawNormal(random));
		return Array.from({length: 5}, () => level * Math.exp(0.02 * drawNormal(random)));
	}),
];
