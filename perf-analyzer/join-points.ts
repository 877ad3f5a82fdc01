/**
 * One measurement told by several files: the report, the CSV and the request export of one call of perf_analyzer. Counted
 * twice it would pass for two repeats that agree wonderfully. Four percentiles equal to the microsecond give it away.
 */

import type {ClientStatistics, PointSource} from '../schemas/study.ts';
import type {ParsedPoint} from './parsed-file.ts';
import {addReason, sameLoad} from './report-run.ts';

const printed: readonly number[] = [50, 90, 95, 99];

/** Printed times are whole microseconds, cut. undefined where there is nothing to compare. */
const fingerprintOf = ({percentiles}: ClientStatistics): string | undefined => {
	const times = printed.map((wanted) => percentiles.find(({percentile}) => percentile === wanted));
	return times.includes(undefined)
		? undefined
		: times.map((found) => Math.floor(Math.round((found?.time ?? 0) * 1e6) / 1000)).join(' ');
};

const kindOf = ({sources}: ParsedPoint): PointSource['kind'] | undefined => sources[0]?.kind;

const isSameMeasurement = (a: ParsedPoint, b: ParsedPoint): boolean => {
	const fingerprint = fingerprintOf(a.client);
	return (
		fingerprint !== undefined &&
		!a.sources.some(({kind}) => kind === kindOf(b)) &&
		sameLoad(a.load, b.load) &&
		fingerprint === fingerprintOf(b.client)
	);
};

/** Batches of a request, from inferences and requests per second; null where they do not fit. */
const deduceBatchSize = (
	inferences: number | undefined,
	requests: number | undefined,
): number | null => {
	const ratio = (inferences ?? 0) / (requests ?? Number.NaN);
	const whole = Math.round(ratio);
	return whole >= 1 && Math.abs(ratio - whole) < 0.02 * whole ? whole : null;
};

/** An export has the nanoseconds and every request; what was printed has the batch size in its throughput. */
const joinExport = (point: ParsedPoint, exported: ParsedPoint): void => {
	const {throughput, ...latencies} = exported.client;
	const rate = (throughput ?? 0) / (exported.batchSize ?? 1);
	point.batchSize ??= deduceBatchSize(point.client.throughput, rate);
	const scale = (point.batchSize ?? 1) / (exported.batchSize ?? 1);
	const extra = point.client.percentiles.filter(
		({percentile}) => !latencies.percentiles.some((found) => found.percentile === percentile),
	);
	point.client = {
		...point.client,
		...latencies,
		// Without a batch size it would be that of requests.
		...(point.batchSize === null || throughput === undefined
			? {}
			: {throughput: throughput * scale}),
		percentiles: [...latencies.percentiles, ...extra].sort((a, b) => a.percentile - b.percentile),
	};
	if (exported.windows.length > 0 && point.batchSize !== null) {
		point.windows = exported.windows.map((window) => ({
			...window,
			throughput: window.throughput * scale,
		}));
	}
};

const joinPrinted = (point: ParsedPoint, other: ParsedPoint): void => {
	const {network, ...client} = other.client;
	// A CSV takes an ensemble's own queue, which is next to nothing, from its latency: its models' queues are called network.
	const isTold =
		kindOf(other) === 'csv' &&
		point.composing.length > 0 &&
		point.server?.requestTime !== undefined;
	point.client = {
		...client,
		...(network === undefined || isTold ? {} : {network}),
		...point.client,
	};
	point.server =
		point.server === null && other.server === null ? null : {...other.server, ...point.server};
	point.composing = point.composing.length > 0 ? point.composing : other.composing;
	// The CSV's have more digits.
	point.gpus = kindOf(other) === 'csv' && other.gpus.length > 0 ? other.gpus : point.gpus;
};

const join = (point: ParsedPoint, other: ParsedPoint): void => {
	if (kindOf(other) === 'export') {
		joinExport(point, other);
	} else {
		joinPrinted(point, other);
	}

	point.model ??= other.model;
	point.batchSize ??= other.batchSize;
	point.protocol ??= other.protocol;
	point.serviceKind ??= other.serviceKind;
	point.device ??= other.device;
	point.instances ??= other.instances;
	// perf_analyzer knew what it was asked for; an export is judged by the default, and a CSV tells no judgement.
	const judged = !point.reasons.some(({code}) => code === 'counted-requests');
	const isTaken = point.status === 'unknown' && judged;
	point.status = isTaken ? other.status : point.status;
	other.reasons
		.filter(({code}) => code !== 'unstable' || isTaken)
		.forEach((reason) => addReason(point, reason));
	point.sources = [...point.sources, ...other.sources];
};

const detail: readonly PointSource['kind'][] = ['report', 'summary', 'csv', 'export'];

/** Of files that are known to tell of one measurement. @returns undefined where there are none */
export const joinMeasurement = (points: readonly ParsedPoint[]): ParsedPoint | undefined => {
	const [first, ...others] = points.toSorted(
		(a, b) => detail.indexOf(kindOf(a) ?? 'report') - detail.indexOf(kindOf(b) ?? 'report'),
	);
	if (first === undefined) {
		return undefined;
	}

	const joined = {...first};
	others.forEach((other) => join(joined, other));
	return joined;
};

/** Joins what tells of one measurement; the others stay. What is told first keeps its place and its label. */
export const joinPoints = (points: readonly ParsedPoint[]): readonly ParsedPoint[] => {
	const joined: ParsedPoint[] = [];
	// Reports first, as they know most; places by the order of the files afterwards.
	const ranked = points
		.map((point, place) => ({point, place}))
		.sort(
			(a, b) =>
				detail.indexOf(kindOf(a.point) ?? 'report') - detail.indexOf(kindOf(b.point) ?? 'report'),
		);
	const places = new Map<ParsedPoint, number>();
	for (const {point, place} of ranked) {
		const same = joined.find((other) => isSameMeasurement(other, point));
		if (same === undefined) {
			joined.push({...point});
			places.set(joined.at(-1) ?? point, place);
		} else {
			join(same, point);
			places.set(same, Math.min(place, places.get(same) ?? place));
		}
	}

	return joined.sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
};
