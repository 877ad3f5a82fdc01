/** Whether a point is stable and within its limit: perf_analyzer's rules, applied here, as it drops what fails them. */

import type {ClientStatistics, MeasuredWindow} from '../schemas/study.ts';
import type {SweepPlan} from '../schemas/sweep.ts';
import type {ParsedPoint} from './parsed-file.ts';
import {addReason} from './report-run.ts';

/** perf_analyzer's result is made of the last three windows. */
const windowsThatCount = 3;

/** perf_analyzer's default of -s. */
const usualStability = 0.1;

type Rules = Pick<SweepPlan, 'stability' | 'latencyLimit' | 'percentile'>;

const latencyOf = (
	{mean, percentiles}: Pick<ClientStatistics, 'mean' | 'percentiles'>,
	percentile: number | null,
): number | undefined =>
	percentile === null ? mean : percentiles.find((entry) => entry.percentile === percentile)?.time;

const ratioOf = (values: readonly number[]): number =>
	Math.min(...values) > 0 ? Math.max(...values) / Math.min(...values) : Number.POSITIVE_INFINITY;

/** undefined for fewer than three windows, as with --request-count. */
const findSpread = (
	windows: readonly MeasuredWindow[],
	percentile: number | null,
): {readonly throughput: number; readonly latency: number} | undefined => {
	const counted = windows.slice(-windowsThatCount);
	if (counted.length < windowsThatCount) {
		return undefined;
	}

	// A window does not have every percentile: then its mean has to do. With --percentile, a printed one has nothing else.
	const latencies = counted
		.map((window) => latencyOf(window, percentile) ?? window.mean ?? window.percentiles[0]?.time)
		.filter((latency) => latency !== undefined);
	return {
		throughput: ratioOf(counted.map(({throughput}) => throughput)),
		latency: latencies.length === 0 ? 1 : ratioOf(latencies),
	};
};

const asPercent = (ratio: number): string =>
	Number.isFinite(ratio) ? `${Math.round((ratio - 1) * 100)} %` : 'more than can be told';

const judgeStability = (point: ParsedPoint, {stability, percentile}: Rules): void => {
	const spread = findSpread(point.windows, percentile);
	if (spread === undefined) {
		point.status = 'unknown';
		return;
	}

	const stable = Math.max(spread.throughput, spread.latency) <= 1 + stability;
	point.status = stable ? 'stable' : 'unstable';
	if (!stable) {
		addReason(point, {
			code: 'unstable',
			message: `over the last three windows throughput differs by ${asPercent(spread.throughput)} and latency by ${asPercent(spread.latency)}, more than ${Math.round(stability * 100)} %; a longer window (-p) helps`,
		});
	}
};

const judgeLimit = (point: ParsedPoint, {latencyLimit, percentile}: Rules): void => {
	const latency = latencyOf(point.client, percentile);
	if (latencyLimit === null || latency === undefined || latency <= latencyLimit) {
		return;
	}

	addReason(point, {
		code: 'over-limit',
		message: `${percentile === null ? 'the mean' : `p${percentile}`} latency of ${latency.toFixed(3)} ms is above the limit of ${latencyLimit} ms (-l)`,
	});
	// As perf_analyzer has it, unstable comes first.
	if (point.status !== 'unstable') {
		point.status = 'over-limit';
	}
};

/** Sets the status and its reasons. What has no requests has failed, whatever its windows look like. */
export const judgePoint = (point: ParsedPoint, rules: Rules): void => {
	// Of perf_analyzer's own, made with a limit that nothing breaks.
	point.reasons = point.reasons.filter(({code}) => code !== 'unstable');
	if ((point.client.requestCount ?? 0) === 0 && point.client.throughput === undefined) {
		point.status = 'failed';
		return;
	}

	judgeStability(point, rules);
	judgeLimit(point, rules);
};

/**
 * What was imported, by its windows where they are there: which -s perf_analyzer was called with, its files do not tell, and
 * with a wide one it takes anything. What it dropped has no throughput, and stays as it said.
 */
export const judgeImported = (point: ParsedPoint): void => {
	const isOpen = point.status !== 'failed' && point.status !== 'over-limit';
	const rules = {stability: usualStability, percentile: null, latencyLimit: null};
	if (
		isOpen &&
		point.client.throughput !== undefined &&
		findSpread(point.windows, rules.percentile) !== undefined
	) {
		point.reasons = point.reasons.filter(({code}) => code !== 'unstable');
		judgeStability(point, rules);
	}
};
