/** The GPU of each compared process: which were throttled, and whose clock lies off from the others of their side. */

import type {ComparedGpu} from '../../schemas/compared-gpu.ts';
import {eventReasons} from '../../schemas/gpu-sample.ts';
import {throttledFrom, type ProcessGpuMetrics} from '../../schemas/gpu-metrics.ts';
import {median} from './replicates.ts';

/** Where a process ran, all 0-based; process and GPU are null where nothing tells. */
export interface GpuPlace {
	readonly repeat: number;
	readonly process: number | null;
	readonly gpu: number | null;
}

/** What a result file says of its GPU. */
export interface GpuFacts {
	readonly metrics: ProcessGpuMetrics;
	/** Whether the process was seen to use it: an idle GPU's clock is nobody's. */
	readonly usesGpu: boolean;
}

/** Boost clocks go in steps of 15 MHz, below 1 %: more than two of them are a shift. As in gpu-verdict.ts. */
export const clockShiftFrom = 0.02;

/** Of two clocks nobody can say which one is off. */
const leastClocks = 3;

const slowing: ReadonlySet<string> = new Set(
	Object.entries(eventReasons).flatMap(([name, {slows}]) => (slows ? [name] : [])),
);

const pickReasons = ({window}: ProcessGpuMetrics): Record<string, number> =>
	Object.fromEntries(
		Object.entries(window?.event_reasons ?? {}).filter(
			([name, share]) => slowing.has(name) && share > 0,
		),
	);

const clockOf = ({metrics, usesGpu}: GpuFacts): number | null =>
	usesGpu && (metrics.sm_clock_mhz ?? 0) > 0 ? metrics.sm_clock_mhz : null;

/** @returns the share by which it is above the middle one; null where that is no shift */
const findShift = (clock: number | null, clocks: readonly number[]): number | null => {
	if (clock === null || clocks.length < leastClocks) {
		return null;
	}

	const shift = clock / median(clocks) - 1;
	return Math.abs(shift) > clockShiftFrom ? shift : null;
};

/** @param processes of one side that were watched */
export const describeGpuSamples = (
	processes: readonly {readonly place: GpuPlace; readonly facts: GpuFacts}[],
): ComparedGpu[] => {
	const clocks = processes.map(({facts}) => clockOf(facts)).filter((clock) => clock !== null);
	return processes.map(({place, facts}) => {
		const {metrics} = facts;
		return {
			...place,
			uuid: metrics.gpu,
			smClockMhz: metrics.sm_clock_mhz,
			clockShift: findShift(clockOf(facts), clocks),
			throttledShare: metrics.throttled_share,
			throttled: (metrics.throttled_share ?? 0) > throttledFrom,
			throttleReasons: pickReasons(metrics),
		};
	});
};
