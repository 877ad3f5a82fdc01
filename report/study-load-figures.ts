/** Throughput and latency of a study over its loads, and against each other. null: the study has nothing for it. */

import type {StudyPoint} from '../schemas/study.ts';
import type {AxisSpec, Figure, LinesPanel, Panel, PlotPoint, PlotSeries} from './charts/figure.ts';
import {buildFigure, hasLoads, hasValues, spreadBars, toSeries, withRatio} from './study-figure.ts';
import {
	placeLoad,
	placeMean,
	type LineLoad,
	type ReadPoint,
	type StudyLine,
} from './study-plot-lines.ts';

/** With the interval of the study's answers, where it has one. */
const placeThroughput = (load: LineLoad, {answer}: StudyLine): PlotPoint => {
	const point = placeMean(load, ({client}) => client.throughput);
	const interval = answer?.loads.find((answered) => answered.load === load.load)?.interval;
	return interval === undefined || interval === null || point.y === null
		? point
		: {...point, low: Math.max(0, interval.low), high: interval.high};
};

export const describeThroughput = (lines: readonly StudyLine[]): Figure | null => {
	const series = toSeries(lines, placeThroughput);
	if (!hasLoads(lines) || !hasValues(series)) {
		return null;
	}

	const y: AxisSpec = {label: 'throughput (inferences/s)', scale: 'auto'};
	const panels: readonly Panel[] = [{kind: 'lines', height: 300, y, series}, ...withRatio(series)];
	return buildFigure(
		lines,
		'Throughput against load',
		panels,
		'Bars: 95 % interval of the throughput, over repeats where there are several, else over windows.',
	);
};

const percentileOf =
	(percentile: number): ReadPoint =>
	({client}) =>
		client.percentiles.find((entry) => entry.percentile === percentile)?.time;

const listPercentiles = (lines: readonly StudyLine[]): readonly number[] =>
	[
		...new Set(
			lines.flatMap(({loads}) =>
				loads.flatMap(({points}) =>
					points.flatMap(({client}) => client.percentiles.map((entry) => entry.percentile)),
				),
			),
		),
	].toSorted((a, b) => a - b);

interface Latency {
	readonly name: string;
	readonly read: ReadPoint;
	readonly readWindow: (window: StudyPoint['windows'][number]) => number | undefined;
}

const latencyOf = (percentile: number): Latency => ({
	name: `p${String(percentile)}`,
	read: percentileOf(percentile),
	readWindow: ({percentiles}) => percentiles.find((entry) => entry.percentile === percentile)?.time,
});

const meanLatency: Latency = {
	name: 'mean',
	read: ({client}) => client.mean,
	readWindow: (window) => window.mean,
};

/** A single line: all that is known of its latency in one panel. */
const describeOneLatency = (line: StudyLine): readonly LinesPanel[] => {
	const latencies = [meanLatency, ...listPercentiles([line]).map(latencyOf)];
	const series = latencies
		.map(({name, read, readWindow}, style): PlotSeries => ({
			name,
			style,
			markers: true,
			points: line.loads.map((load) => placeLoad(load, read, readWindow)),
		}))
		.filter((one) => hasValues([one]));
	return series.length === 0
		? []
		: [{kind: 'lines', height: 320, y: {label: 'latency (ms)', scale: 'auto'}, series}];
};

/** Several lines: the middle and the tail, a panel each. */
const describeLatencies = (lines: readonly StudyLine[]): readonly LinesPanel[] => {
	const found = listPercentiles(lines);
	const middle = found.includes(50) ? latencyOf(50) : meanLatency;
	const tail = [99, 95, 90, 99.9].find((percentile) => found.includes(percentile));
	return [middle, ...(tail === undefined ? [] : [latencyOf(tail)])].flatMap(
		({name, read, readWindow}): readonly LinesPanel[] => {
			const series = toSeries(lines, (load) => placeLoad(load, read, readWindow));
			return hasValues(series)
				? [{kind: 'lines', height: 220, y: {label: `${name} latency (ms)`, scale: 'auto'}, series}]
				: [];
		},
	);
};

export const describeLatency = (lines: readonly StudyLine[]): Figure | null => {
	const [first] = lines;
	if (first === undefined || !hasLoads(lines)) {
		return null;
	}

	const panels = lines.length === 1 ? describeOneLatency(first) : describeLatencies(lines);
	const last = panels.at(-1);
	const all =
		lines.length === 1 || last === undefined ? panels : [...panels, ...withRatio(last.series)];
	return panels.length === 0 ? null : buildFigure(lines, 'Latency against load', all, spreadBars);
};

/** In the order of the loads, so that a line that turns back shows what overload costs. */
export const describeOperatingCurve = (lines: readonly StudyLine[]): Figure | null => {
	const found = listPercentiles(lines);
	const latency = found.includes(99) ? latencyOf(99) : meanLatency;
	const series = toSeries(lines, (load) => {
		const point = placeMean(load, latency.read);
		const throughput = placeMean(load, ({client}) => client.throughput).y;
		return {
			...point,
			x: throughput ?? NaN,
			y: throughput === null ? null : point.y,
			text: String(Number(load.load.toPrecision(4))),
		};
	});
	if (!hasLoads(lines) || !hasValues(series)) {
		return null;
	}

	const figure = buildFigure(
		lines,
		'Latency against throughput',
		[
			{
				kind: 'lines',
				height: 380,
				y: {label: `${latency.name} latency (ms)`, scale: 'auto'},
				series,
			},
		],
		spreadBars,
	);
	const load = lines[0]?.kind === 'request-rate' ? 'request rate' : 'concurrency';
	return {
		...figure,
		x: {label: 'throughput (inferences/s)', scale: 'auto'},
		notes: [`Numbers beside points: ${load}.`, ...figure.notes],
	};
};
