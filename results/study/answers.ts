/**
 * What a study answers. Pure; costs microseconds per point.
 *
 *     Study -> lines -> loads --> best load, knee
 *                             \-> where the time goes -> bottleneck
 */

import type {LineAnswer, LoadPoint, SloLimit, StudyAnswers} from '../../schemas/study-answers.ts';
import type {Study, StudyPoint} from '../../schemas/study.ts';
import type {Warning} from '../../schemas/warning.ts';
import {findBottleneck} from './bottleneck.ts';
import {noteDoubts} from './doubts.ts';
import {describeLoad} from './load-points.ts';
import {isUsable, listLines, valueOf, type Line, type MeasuredLoad} from './line-points.ts';
import {findOperatingPoint, toleratedSpread, type OperatingPoint} from './operating-point.ts';
import {measureOverlap, splitLatency} from './time-shares.ts';

/** Models that run side by side, rather than a few requests that are counted on one side only. */
const leastOverlap = 1.05;

const listValues = (points: readonly StudyPoint[]): string =>
	[...new Set(points.map(({load}) => valueOf(load) ?? 'the schedule'))].join(', ');

const noteLeftOut = ({points, unstableOnly}: Line): readonly Warning[] => {
	const out = points.filter((point) => !isUsable(point));
	if (unstableOnly) {
		return [
			{
				code: 'unstable-only',
				message: `no point is stable: all of this is of points that are not, and may come out otherwise. Longer windows (-p) or a quieter machine would help.`,
			},
		];
	}

	return out.length === 0
		? []
		: [
				{
					code: 'points-left-out',
					message: `points that are unstable or failed have no say in the best load and the knee: at ${listValues(out)}.`,
				},
			];
};

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** A step so wide, and so little gained by it, that the knee must lie inside. */
const isWideStep = (from: LoadPoint, to: LoadPoint): boolean =>
	to.load >= 2 * from.load + 1 &&
	to.throughput / from.throughput < 0.7 * (to.load / Math.max(from.load, 1e-9));

const noteGrowth = (
	loads: readonly LoadPoint[],
	{stillGrowing}: OperatingPoint,
): readonly Warning[] => {
	const [from, to] = loads.slice(-2);
	if (!stillGrowing || from === undefined || to === undefined) {
		return [];
	}

	const growth = (to.throughput / from.throughput).toFixed(2);
	return [
		isWideStep(from, to)
			? {
					code: 'knee-between',
					message: `from ${from.load} to ${to.load} the throughput grew ${growth}-fold: the knee may lie between them. Measure loads there.`,
				}
			: {
					code: 'still-growing',
					message: `the throughput still grows at ${to.load}, the largest load: the knee lies beyond. Measure larger ones.`,
				},
	];
};

const noteIntervals = (loads: readonly LoadPoint[], found: OperatingPoint): readonly Warning[] => {
	const sources = new Set(loads.map(({interval}) => interval?.from));
	if (loads.length < 2) {
		return [];
	}

	return [
		...(sources.has(undefined)
			? [
					{
						code: 'no-intervals',
						message: `some loads have neither repeats nor windows: throughputs within ${percent(toleratedSpread)} count as equal, perf_analyzer's own tolerance. --repeat would tell more.`,
					},
				]
			: sources.has('windows')
				? [
						{
							code: 'windows-only',
							message:
								'intervals are those of the windows of one measurement: what differs from one call to the next is not in them. --repeat would tell.',
						},
					]
				: []),
		...(found.kneeUnsure
			? [
					{
						code: 'knee-unsure',
						message:
							'the intervals are too wide to tell whether the throughput still grows beyond the knee. More repeats or longer windows would.',
					},
				]
			: []),
	];
};

const noteSlo = (loads: readonly LoadPoint[]): readonly Warning[] => {
	const unsure = loads.filter(({slo}) => slo === 'unsure').map(({load}) => load);
	const unknown = loads.filter(({slo}) => slo === 'unknown').map(({load}) => load);
	return [
		...(unsure.length > 0
			? [
					{
						code: 'slo-unsure',
						message: `at ${unsure.join(', ')} repeats or windows lie on both sides of the limit: these loads are not chosen.`,
					},
				]
			: []),
		...(unknown.length > 0
			? [
					{
						code: 'slo-unknown',
						message: `at ${unknown.join(', ')} the study does not have the latency that the limit is of (perf_analyzer prints p50, p90, p95, p99): these loads are not chosen.`,
					},
				]
			: []),
	];
};

const noteOverlap = ({points}: Line): readonly Warning[] => {
	const most = Math.max(0, ...points.filter(isUsable).map(measureOverlap));
	return most > leastOverlap
		? [
				{
					code: 'models-overlap',
					message: `the models that are called take ${percent(most)} of the request's time together: they run side by side, or other clients called them. Shares are scaled to fit.`,
				},
			]
		: [];
};

const splitAt = (entry: MeasuredLoad | null | undefined): LineAnswer['time'] => {
	const parts = entry === null || entry === undefined ? [] : [...splitLatency(entry.points)];
	return entry === null || entry === undefined || parts.length === 0
		? []
		: [{load: entry.load, parts}];
};

const answerLine = (line: Line, lines: readonly Line[], slo: readonly SloLimit[]): LineAnswer => {
	const {label, model, batchSize, protocol, sharedMemory, device, instances, load} = line.first;
	const loads = line.loads.map((entry) => describeLoad(entry, slo));
	const found = findOperatingPoint(loads);
	const {busiest} = line;
	const {best, leastEqual, knee} = found;
	return {
		label,
		model,
		batchSize,
		protocol,
		...(sharedMemory === undefined ? {} : {sharedMemory}),
		device,
		instances,
		loadKind: load.kind,
		loads,
		best,
		leastEqual,
		knee,
		time: [
			...(best === null || line.loads[best]?.load === busiest?.load
				? []
				: splitAt(line.loads[best])),
			...splitAt(busiest),
		],
		bottleneck: findBottleneck(line, lines, splitLatency(busiest?.points ?? [])),
		notes: [
			...noteDoubts(line, lines),
			...noteGrowth(loads, found),
			...noteIntervals(loads, found),
			...noteSlo(loads),
			...noteOverlap(line),
			...noteLeftOut(line),
		],
	};
};

/** @param slo limits of latency; empty where none was asked for */
export const answerStudy = (
	{points}: Pick<Study, 'points'>,
	slo: readonly SloLimit[],
): StudyAnswers => {
	const lines = listLines(points);
	return {slo: [...slo], lines: lines.map((line) => answerLine(line, lines, slo))};
};
