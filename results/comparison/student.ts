/** Student's t, where the library's answers have edges: infinite statistics, and a center that is off by 5e-9. */

import jstat from 'jstat';

/** P(T >= statistic). */
export const upperTail = (statistic: number, degreesOfFreedom: number): number => {
	if (!Number.isFinite(statistic)) {
		return statistic > 0 ? 0 : 1;
	}

	const tail = jstat.studentt.cdf(-Math.abs(statistic), degreesOfFreedom);
	return statistic > 0 ? tail : 1 - tail;
};

/** P(|T| >= |statistic|). */
export const twoSidedP = (statistic: number, degreesOfFreedom: number): number =>
	statistic === 0 ? 1 : Math.min(1, 2 * upperTail(Math.abs(statistic), degreesOfFreedom));

/** The t that a two-sided test at this level must pass. */
export const criticalT = (alpha: number, degreesOfFreedom: number): number =>
	jstat.studentt.inv(1 - alpha / 2, degreesOfFreedom);

/** The standard normal quantile. */
export const normalQuantile = (probability: number): number => jstat.normal.inv(probability, 0, 1);
