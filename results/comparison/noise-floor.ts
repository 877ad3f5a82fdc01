/** What a machine makes of a program against itself. */

import type {RangeComparison} from '../../schemas/comparison.ts';
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
