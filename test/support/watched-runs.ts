/** Run folders of demo.py (compared-runs.ts) whose GPU was watched, with a known clock for each repeat. */

import path from 'node:path';
import {ProcessResult} from '../../schemas/benchmark-result.ts';
import type {ProcessGpuMetrics} from '../../schemas/gpu-metrics.ts';
import {writeJsonFile} from '../../schemas/json-file.ts';
import {measureDemo, varyTimes, writeDemoRun, type DemoRun} from './compared-runs.ts';
import {watchedMetrics} from './watched-metrics.ts';

/** "power_cap" for 62 % of the time, and nothing else known. */
export const throttledBy = (shares: Readonly<Record<string, number>>) => ({
	throttled_share: Math.max(...Object.values(shares)),
	window: {
		levels: {},
		increases: {},
		energy_joules: null,
		energy_source: null,
		event_reasons: {...shares, idle: 0.01},
	},
});

export interface WatchedRun extends Omit<DemoRun, 'repeats' | 'processes' | 'jitter'> {
	/** By repeat; null: not watched. Both stages take 1410 / clock of their time. */
	readonly gpus: readonly (Partial<ProcessGpuMetrics> | null)[];
	/** Whether times follow the clock; yes unless given. */
	readonly bound?: 'compute' | 'memory';
}

/** @returns the folder */
export const writeWatchedRun = (folder: string, {gpus, bound, ...run}: WatchedRun): string => {
	writeDemoRun(folder, {...run, repeats: gpus.length});
	for (const [repeat, told] of gpus.entries()) {
		const metrics = told === null ? null : watchedMetrics(told);
		const clock = metrics?.sm_clock_mhz ?? 0;
		const slowdown = bound === 'memory' || clock === 0 ? 1 : 1410 / clock;
		const {jitter, extraNs} = varyTimes(repeat, run.extraNs);
		const {result} = measureDemo({gpu: 0.5, ...run, jitter: jitter * slowdown, extraNs});
		const file = path.join(folder, `repeat_${repeat}/proc_0_gpu_0/benchmark.json`);
		writeJsonFile(ProcessResult, file, {
			...result,
			...(metrics === null ? {} : {gpu_metrics: metrics}),
		});
	}

	return folder;
};

/** So many repeats at one clock. */
export const atClock = (clock: number | null, repeats = 5) =>
	Array.from({length: repeats}, () => ({sm_clock_mhz: clock}));
