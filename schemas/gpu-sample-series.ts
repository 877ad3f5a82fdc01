/**
 * Samples of one GPU as a series over time: one rule for what is counted (results/) and what is drawn (report/), so that
 * both have the same moments and the same gaps.
 */

import type {GpuSample} from './gpu-sample.ts';

/**
 * In the order in which they came, one per moment. When the machine's clock is set back, the stretch that it tells twice is
 * left out the second time: sorted, it would mix the values of two moments.
 */
export const keepAscending = (samples: readonly GpuSample[]): readonly GpuSample[] => {
	const kept: GpuSample[] = [];
	for (const sample of samples) {
		const last = kept.at(-1);
		if (last === undefined || sample.unixNs > last.unixNs) {
			kept.push(sample);
		}
	}

	return kept;
};

const gapPeriods = 3;
/** Of fewer steps nobody can say whether they are a pace or a gap. */
const leastSteps = 3;
/** A machine full of GPUs may take this long for an answer; what took longer was silence. */
const slowestPaceNs = 2e9;

/**
 * Between two samples farther apart nothing is known. A slow driver takes longer for one answer than the interval: its own
 * pace is then the period.
 * @param timesNs ascending, from any origin
 * @param intervalNs what was asked for
 */
export const findLongestGap = (timesNs: readonly number[], intervalNs: number): number => {
	const steps = timesNs
		.slice(1)
		.map((time, index) => time - Number(timesNs[index]))
		.toSorted((a, b) => a - b);
	const pace = steps.length < leastSteps ? 0 : Number(steps[(steps.length - 1) >>> 1]);
	return gapPeriods * Math.max(intervalNs, Math.min(pace, slowestPaceNs));
};
