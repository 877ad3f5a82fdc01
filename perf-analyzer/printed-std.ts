/**
 * perf_analyzer sums the squares of nanoseconds in 64 bits: the sum wraps without a word (at a deviation of 100 ms, from
 * 1,845 requests on), and a smaller deviation is printed. The percentiles beside it can prove that: requests above a
 * percentile and their distance from the mean bound the deviation from below.
 */

import type {ClientStatistics} from '../schemas/study.ts';

/** Printed times are cut to the microsecond. */
const cutMs = 0.001;

/** Least sample standard deviation (ms) that these percentiles allow; 0 where they tell nothing. */
export const leastStd = ({requestCount = 0, mean, percentiles}: ClientStatistics): number => {
	let least = 0;
	for (const {percentile, time} of mean === undefined || requestCount < 2 ? [] : percentiles) {
		// perf_analyzer's own rule of percentiles.
		const index = Math.floor((percentile / 100) * (requestCount - 1) + 0.5);
		const beyond = time > (mean ?? 0) ? requestCount - index : index + 1;
		const distance = Math.max(0, Math.abs(time - (mean ?? 0)) - cutMs);
		least = Math.max(least, distance * Math.sqrt(beyond / (requestCount - 1)));
	}

	return least;
};

export const isImpossibleStd = (client: ClientStatistics): boolean =>
	client.std !== undefined && client.std + cutMs < leastStd(client);
