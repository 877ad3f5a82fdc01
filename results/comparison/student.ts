/** Student's t, where the library's answers have edges: infinite statistics, and a center that is off by 5e-9. */

import {createRequire} from 'node:module';
import type jstat from 'jstat';

let library: typeof jstat | undefined;

/** When it is first asked: it takes 25 ms to load, and most runs compare nothing. */
const load = (): typeof jstat => {
	library ??= createRequire(import.meta.url)('jstat') as typeof jstat;
	return library;
};

/** P(T >= statistic). */
export const upperTail = (statistic: number, degreesOfFreedom: number): number => {
	if (!Number.isFinite(statistic)) {
		return statistic > 0 ? 0 : 1;
	}

	const tail = load().studentt.cdf(-Math.abs(statistic), degreesOfFreedom);
	return statistic > 0 ? tail : 1 - tail;
};

/** P(|T| >= |statistic|). */
export const twoSidedP = (statistic: number, degreesOfFreedom: number): number =>
	statistic === 0 ? 1 : Math.min(1, 2 * upperTail(Math.abs(statistic), degreesOfFreedom));

/** The t that a two-sided test at this level must pass. */
export const criticalT = (alpha: number, degreesOfFreedom: number): number =>
	load().studentt.inv(1 - alpha / 2, degreesOfFreedom);

/** The standard normal quantile. */
export const normalQuantile = (probability: number): number => load().normal.inv(probability, 0, 1);

/** P(Z >= statistic) of a standard normal Z. */
export const normalTail = (statistic: number): number => load().normal.cdf(-statistic, 0, 1);
