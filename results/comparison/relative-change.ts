/**
 * Changes are computed as logarithms and shown as shares. Only logarithms are antisymmetric: twice as slow is +ln 2 and
 * twice as fast -ln 2, while +100 % and -50 % look different.
 */

import type {ComparedMetric, Verdict} from '../../schemas/comparison.ts';

/** Absurd samples (1e300 against 1e-300) stay finite: JSON knows no infinity. */
export const toShare = (logChange: number): number =>
	Math.min(Number.MAX_VALUE, Math.expm1(logChange));

export const toLogChange = (share: number): number => Math.log1p(share);

/** 1 where a higher value is worse, -1 where it is better: times, and rates. */
export const worseSign = (metric: ComparedMetric): 1 | -1 => (metric === 'throughput' ? -1 : 1);

/** What to call a change that is proven. */
export const nameDirection = (logChange: number, metric: ComparedMetric): Verdict =>
	logChange * worseSign(metric) > 0 ? 'slower' : 'faster';
