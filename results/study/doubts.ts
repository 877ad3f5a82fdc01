/** Points that a reader should not trust as they stand: measured cold, or limited by the client. */

import {plural} from '../../base/plural.ts';
import type {StudyPoint} from '../../schemas/study.ts';
import type {Warning} from '../../schemas/warning.ts';
import {isClientBound} from './bottleneck.ts';
import {isUsable, valueOf, type Line} from './line-points.ts';
import {toleratedSpread} from './operating-point.ts';
import {splitLatency} from './time-shares.ts';

const at = (point: StudyPoint): string =>
	point.load.kind === 'schedule'
		? 'the schedule'
		: `${point.load.kind === 'concurrency' ? 'concurrency' : 'rate'} ${point.load.value}`;

const percent = (share: number): string => `${Math.round(share * 100)} %`;

const warmUp =
	'A warm-up before each point (--warmup-requests of triton sweep, --warmup-request-count of perf_analyzer) would tell.';

/** Windows that get faster one after another, by more than perf_analyzer tolerates. */
const noteFallingWindows = (point: StudyPoint): readonly Warning[] => {
	const means = point.windows.flatMap(({mean}) => mean ?? []);
	const [first, last] = [means[0], means.at(-1)];
	const falls = means
		.slice(0, 3)
		.every((mean, place) => place === 0 || mean < (means[place - 1] ?? 0));
	if (first === undefined || last === undefined || means.length < 3 || !falls) {
		return [];
	}

	return first > last * (1 + toleratedSpread)
		? [
				{
					code: 'cold-windows',
					message: `at ${at(point)} the latency fell by ${percent(1 - last / first)} from the first window to the last: it was measured cold. ${warmUp}`,
				},
			]
		: [];
};

/** More deviation than the 99 % of requests that are not the slowest could give. */
const noteOutliers = (point: StudyPoint): readonly Warning[] => {
	const {std, percentiles} = point.client;
	const [p50, p99] = [50, 99].map(
		(wanted) => percentiles.find(({percentile}) => percentile === wanted)?.time,
	);
	return std !== undefined &&
		p50 !== undefined &&
		p99 !== undefined &&
		std > p99 - p50 &&
		std > p50 / 100
		? [
				{
					code: 'slow-outliers',
					message: `at ${at(point)} a few requests, fewer than 1 %, took far longer than p99, as the first ones of a cold server do. ${warmUp}`,
				},
			]
		: [];
};

/** The first repeat of a load, slower than each of the others. */
const noteFirstRepeat = ({loads}: Line): readonly Warning[] =>
	loads.flatMap(({points}) => {
		const [first, ...others] = points;
		const slowest = Math.min(...others.map(({client}) => client.throughput ?? 0));
		const own = first?.client.throughput ?? 0;
		return first !== undefined && others.length > 1 && own * (1 + toleratedSpread) < slowest
			? [
					{
						code: 'cold-repeat',
						message: `at ${at(first)} the first of ${plural(points.length, 'repeat')} was ${percent(1 - own / slowest)} slower than the slowest of the others: it was measured cold. ${warmUp}`,
					},
				]
			: [];
	});

const firstUsable = ({points}: Line): StudyPoint | undefined => points.find(isUsable);

/** A load more brings at most as much throughput as it adds: if it brings more, the first point was slow by itself. */
const noteSteepStart = (line: Line): readonly Warning[] => {
	const first = firstUsable(line);
	const [least, next] = line.loads;
	const from = least?.points[0];
	const to = next?.points[0];
	if (
		first === undefined ||
		first !== from ||
		to === undefined ||
		first.load.kind !== 'concurrency'
	) {
		return [];
	}

	const loads = (valueOf(to.load) ?? 0) / first.load.value;
	const gain = (to.client.throughput ?? 0) / (first.client.throughput ?? 1);
	return gain > loads * (1 + toleratedSpread)
		? [
				{
					code: 'cold-start',
					message: `from ${at(first)} to ${at(to)} the throughput grew more than the load did (${gain.toFixed(2)}-fold): the first point was measured cold, or the server batches. ${warmUp}`,
				},
			]
		: [];
};

const rateAt = (line: Line, load: number): number | undefined =>
	line.loads.find((entry) => entry.load === load)?.points[0]?.client.throughput;

const isSameModel = (a: Line, b: Line): boolean =>
	a !== b &&
	a.first.model === b.first.model &&
	a.first.batchSize === b.first.batchSize &&
	a.first.protocol === b.first.protocol &&
	a.first.device === b.first.device &&
	a.first.load.kind === b.first.load.kind;

/**
 * The first point of a line, slower than the same load of another variant, while all larger loads are faster there:
 * what makes many requests faster does not make one slower.
 */
const noteSlowFirst = (line: Line, lines: readonly Line[]): readonly Warning[] => {
	const first = firstUsable(line);
	const load = first === undefined ? null : valueOf(first.load);
	const own = first?.client.throughput;
	if (first === undefined || own === undefined || load === null || line.loads[0]?.load !== load) {
		return [];
	}

	const faster = lines.find((other) => {
		const before = rateAt(other, load) ?? 0;
		const larger = line.loads.filter((entry) => (entry.load ?? 0) > load);
		const shared = larger.filter((entry) => rateAt(other, entry.load ?? 0) !== undefined);
		return (
			isSameModel(line, other) &&
			own < before * 0.95 &&
			shared.length > 1 &&
			shared.every(
				(entry) => (rateAt(line, entry.load ?? 0) ?? 0) > (rateAt(other, entry.load ?? 0) ?? 0),
			)
		);
	});
	return faster === undefined
		? []
		: [
				{
					code: 'cold-start',
					message: `${at(first)}, measured first, is ${percent(1 - own / (rateAt(faster, load) ?? 1))} slower than in "${faster.first.label}", and every larger load is faster: probably a cold start. ${warmUp}`,
				},
			];
};

const noteClientBound = ({points}: Line): readonly Warning[] => {
	const bound = points.filter(
		(point) => isUsable(point) && isClientBound(point, splitLatency([point])),
	);
	const loads = [...new Set(bound.map(at))].join(', ');
	return bound.length === 0
		? []
		: [
				{
					code: 'client-bound',
					message: `at ${loads} the client did not keep up: these numbers are its own limit, not the server's.`,
				},
			];
};

const noteCacheHits = ({points}: Line): readonly Warning[] =>
	points.some(({server}) => (server?.cacheHitCount ?? 0) > 0)
		? [
				{
					code: 'cache-hits',
					message:
						'the response cache answered requests: perf_analyzer repeats its inputs, so real traffic will hit it less often.',
				},
			]
		: [];

/** Each kind once, where it says the same of several points. */
export const noteDoubts = (line: Line, lines: readonly Line[]): readonly Warning[] => {
	const usable = line.points.filter(isUsable);
	return [
		...usable.flatMap(noteFallingWindows),
		...usable.flatMap(noteOutliers),
		...noteFirstRepeat(line),
		...noteSteepStart(line),
		...noteSlowFirst(line, lines),
		...noteClientBound(line),
		...noteCacheHits(line),
	];
};
