/** What a machine makes of a program against itself. */

import type {ComparedMetric, RangeComparison} from '../../schemas/comparison.ts';
import type {NoiseFloors} from '../../schemas/noise-floor.ts';
import type {ComparedSamples} from './measured-change.ts';
import {toLogChange, toShare} from './relative-change.ts';

/**
 * The largest difference between identical programs that a calibration leaves possible: the farther end of its interval.
 * A longer calibration lowers it.
 * @param calibration of A against A: rounds of `ab --calibrate`, judged as any other
 * @returns as a share, for `ComparedSamples.noiseFloor`; null where there were too few rounds
 */
export const findNoiseFloor = ({interval}: RangeComparison): number | null =>
	interval === null
		? null
		: toShare(Math.max(Math.abs(toLogChange(interval.low)), Math.abs(toLogChange(interval.high))));

/** By path and metric. Of several calibrations the highest floor: of each side's program, say. */
export const indexFloors = (
	calibrations: readonly NoiseFloors[],
): ((path: string, metric: ComparedMetric) => number | undefined) => {
	const floors = new Map<string, number>();
	const keyOf = (path: string, metric: ComparedMetric): string => `${metric} ${path}`;
	for (const {path, metric, floor} of calibrations.flatMap(({ranges}) => ranges)) {
		const key = keyOf(path, metric);
		floors.set(key, Math.max(floor, floors.get(key) ?? 0));
	}

	return (path, metric) => floors.get(keyOf(path, metric));
};

/** Samples with the floors that are known of them; the others as they are. */
export const addNoiseFloors = (
	samples: readonly ComparedSamples[],
	calibrations: readonly NoiseFloors[],
): readonly ComparedSamples[] => {
	const floorOf = indexFloors(calibrations);
	return samples.map((one) => {
		const noiseFloor = floorOf(one.path, one.metric);
		return noiseFloor === undefined ? one : {...one, noiseFloor};
	});
};

/** What a calibration is kept as; ranges with too few rounds are left out. */
export const listFloors = (comparisons: readonly RangeComparison[]): NoiseFloors['ranges'] =>
	comparisons.flatMap((comparison) => {
		const floor = findNoiseFloor(comparison);
		const {path, metric, detectable} = comparison;
		return floor === null ? [] : [{path, metric, floor, detectable}];
	});
