/** From the processes' `gpu_metrics` to the run's. */

import {
	counterMetrics,
	levelMetrics,
	type CounterMetric,
	type GpuLevel,
	type GpuWindow,
	type LevelMetric,
} from '../schemas/gpu-window.ts';
import type {MeanGpuMetrics, ProcessGpuMetrics} from '../schemas/gpu-metrics.ts';
import {averageBatches} from './gpu-batches.ts';
import {energyPerItem, type ProcessEnergy} from './gpu-energy.ts';
import {shorten} from './gpu-windows.ts';

/** A process that was watched. */
export interface WatchedProcess {
	/** All 0-based. */
	readonly repeat: number;
	readonly gpu: number;
	readonly process: number;
	readonly metrics: ProcessGpuMetrics;
	readonly energy: ProcessEnergy;
}

const mean = (values: readonly number[]): number =>
	values.reduce((sum, value) => sum + value, 0) / values.length;

const isKnown = <Value>(value: Value | null | undefined): value is Value =>
	value !== null && value !== undefined;

const averageLevel = (levels: readonly GpuLevel[]): GpuLevel => ({
	mean: mean(levels.map((level) => level.mean)),
	min: Math.min(...levels.map(({min}) => min)),
	max: Math.max(...levels.map(({max}) => max)),
	covered: mean(levels.map(({covered}) => covered)),
});

/** By name, over the windows that know it. */
const averageNamed = <Name extends string, Value, Mean>(
	names: readonly Name[],
	known: readonly Readonly<Partial<Record<Name, Value | undefined>>>[],
	average: (values: readonly Value[]) => Mean,
): Partial<Record<Name, Mean>> =>
	Object.fromEntries(
		names.flatMap((name) => {
			const values = known.flatMap((one) => {
				const value = one[name];
				return value === undefined ? [] : [value];
			});
			return values.length === 0 ? [] : [[name, average(values)]];
		}),
	) as Partial<Record<Name, Mean>>;

/** null where there is none. */
const averageWindows = (windows: readonly GpuWindow[]): GpuWindow | null => {
	const energies = windows.map((window) => window.energy_joules).filter(isKnown);
	const reasons = windows.map((window) => window.event_reasons).filter(isKnown);
	const names = [...new Set(reasons.flatMap((shares) => Object.keys(shares)))];
	return windows.length === 0
		? null
		: {
				levels: averageNamed<LevelMetric, GpuLevel, GpuLevel>(
					levelMetrics,
					windows.map(({levels}) => levels),
					averageLevel,
				),
				increases: averageNamed<CounterMetric, number, number>(
					counterMetrics,
					windows.map(({increases}) => increases),
					mean,
				),
				energy_joules: energies.length === 0 ? null : mean(energies),
				energy_source: windows.map((window) => window.energy_source).find(isKnown) ?? null,
				event_reasons:
					reasons.length === 0
						? null
						: Object.fromEntries(
								names.map((name) => [name, mean(reasons.map((shares) => shares[name] ?? 0))]),
							),
			};
};

/** Those that shared a GPU at one time. */
const groupByGpu = (
	processes: readonly WatchedProcess[],
): readonly (readonly ProcessEnergy[])[] => {
	const groups = new Map<string, ProcessEnergy[]>();
	for (const {repeat, energy} of processes) {
		const key = `${repeat} ${energy.gpu}`;
		const group = groups.get(key) ?? [];
		groups.set(key, group);
		group.push(energy);
	}

	return [...groups.values()];
};

const averageEnergy = (
	groups: readonly (readonly ProcessEnergy[])[],
	path: string,
): number | null => {
	const known = groups.map((group) => energyPerItem(group, path)).filter(isKnown);
	return known.length === 0 ? null : shorten(mean(known));
};

const averageHolders = (processes: readonly WatchedProcess[]): MeanGpuMetrics['holders'] => {
	const groups = groupByGpu(processes);
	const paths = new Set(processes.flatMap(({metrics}) => Object.keys(metrics.holders)));
	return Object.fromEntries(
		[...paths].map((path) => {
			const holders = processes.map(({metrics}) => metrics.holders[path]).filter(isKnown);
			const window = averageWindows(holders.map((holder) => holder.window).filter(isKnown));
			return [
				path,
				{
					...(window === null ? {} : {window}),
					energy_per_item_joules: averageEnergy(groups, path),
					batches: averageBatches(holders.map(({batches}) => batches)),
				},
			];
		}),
	);
};

/** null where no process was watched. */
export const describeMeanGpu = (processes: readonly WatchedProcess[]): MeanGpuMetrics | null =>
	processes.length === 0
		? null
		: {
				processes: processes.map(({repeat, process, gpu, metrics}) => ({
					repeat,
					process,
					gpu_index: gpu,
					gpu: metrics.gpu,
					sm_clock_mhz: metrics.sm_clock_mhz,
					sm_clock_range_mhz: metrics.sm_clock_range_mhz,
					throttled_share: metrics.throttled_share,
					throttled_batches: metrics.throttled_batches,
					temperature_rise_celsius: metrics.temperature_rise_celsius,
					uncorrected_ecc_errors: metrics.uncorrected_ecc_errors,
				})),
				window: averageWindows(processes.map(({metrics}) => metrics.window).filter(isKnown)),
				holders: averageHolders(processes),
			};
