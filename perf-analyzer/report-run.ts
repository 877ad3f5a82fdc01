/**
 * One call of perf_analyzer as its output tells it: settings, a block for each point, a table of all points at the end.
 * Any of them can be missing: people paste what they find worth it.
 */

import type {Load} from '../schemas/study.ts';
import {noSettings, type KnownSettings} from './command-line.ts';
import type {Message} from './messages.ts';
import {emptyPoint, type ParsedPoint} from './parsed-file.ts';

export interface RunPoint {
	readonly point: ParsedPoint;
	/** Whether the client's numbers were printed. */
	measured: boolean;
	/** Whether the table at the end has it. */
	listed: boolean;
}

export interface ReportRun {
	/** The heading that it stands under, in Markdown. */
	readonly heading: string | undefined;
	/** Rank under MPI. */
	readonly rank: string | undefined;
	/** The call that stands before it. */
	readonly command: KnownSettings | undefined;
	settings: KnownSettings & {readonly serviceKind: string | null};
	/** Whether exactly so many requests were sent: perf_analyzer then has one window and judges nothing. */
	countsRequests: boolean;
	/** Whether the table at the end has begun. */
	summarized: boolean;
	/** Which latency that table has. */
	summaryPercentile: number | undefined;
	readonly points: RunPoint[];
}

export const startRun = ({
	heading,
	rank,
	command,
}: Pick<ReportRun, 'heading' | 'rank' | 'command'>): ReportRun => ({
	heading,
	rank,
	command,
	settings: {...(command ?? noSettings), serviceKind: null},
	countsRequests: false,
	summarized: false,
	summaryPercentile: undefined,
	points: [],
});

export const addPoint = (
	run: ReportRun,
	load: Load,
	source: ParsedPoint['sources'][number],
): RunPoint => {
	const added = {point: {...emptyPoint(source), load}, measured: false, listed: false};
	run.points.push(added);
	return added;
};

export const sameLoad = (a: Load, b: Load): boolean =>
	a.kind === b.kind && (a.kind === 'schedule' || (b.kind !== 'schedule' && a.value === b.value));

/** Once for each kind: "Failed to obtain stable measurement" is said twice of one point. */
export const addReason = (point: ParsedPoint, {code, message}: Message['warning']): void => {
	if (!point.reasons.some((reason) => reason.code === code)) {
		point.reasons.push({code, message});
	}
};

/**
 * A message goes to the point that it names, else to the one that is under way.
 * @returns whether there was such a point
 */
export const placeMessage = (
	run: ReportRun,
	{effect, warning, concurrency}: Message,
	source: ParsedPoint['sources'][number],
): boolean => {
	const named =
		concurrency === undefined ? undefined : ({kind: 'concurrency', value: concurrency} as const);
	// stderr has its own way into a log: what it says of a point can come after the next point's header.
	const waiting = run.points.findLast(
		({point, measured}) => !measured && (named === undefined || sameLoad(point.load, named)),
	);
	const last = run.points.at(-1);
	const ends = effect === 'unstable' || effect === 'over-limit' || effect === 'failed';
	const target =
		waiting ?? (named === undefined ? (ends ? undefined : last) : addPoint(run, named, source));
	if (target === undefined) {
		return false;
	}

	addReason(target.point, warning);
	// The first reason is the cause; what comes after follows from it.
	if (ends && !target.measured && target.point.status === 'unknown') {
		target.point.status = effect;
	}

	return true;
};
