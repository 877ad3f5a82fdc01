/** What GPUs did over a study's loads, and what more model instances bring. null: the study has nothing for it. */

import type {GpuMetrics} from '../schemas/study.ts';
import type {Figure, LinesPanel, Panel, PlotPoint, PlotSeries} from './charts/figure.ts';
import {buildFigure, hasLoads, hasValues, spreadBars, toSeries, withRatio} from './study-figure.ts';
import {placeLoad, placeMean, type ReadPoint, type StudyLine} from './study-plot-lines.ts';

const bytesPerGib = 2 ** 30;

type GpuKey = Exclude<keyof GpuMetrics, 'uuid'>;

/** Of all GPUs that told it; undefined where none did. */
const readGpus =
	(key: GpuKey, join: 'mean' | 'sum', factor: number): ReadPoint =>
	({gpus}) => {
		const values = gpus.map((gpu) => gpu[key]).filter((value) => value !== undefined);
		const sum = values.reduce((total, value) => total + value, 0) * factor;
		return values.length === 0 ? undefined : join === 'sum' ? sum : sum / values.length;
	};

const gpuQuantities: readonly {readonly label: string; readonly read: ReadPoint}[] = [
	{label: 'utilization (%)', read: readGpus('utilization', 'mean', 100)},
	{label: 'power (W)', read: readGpus('power', 'mean', 1)},
	{label: 'memory used (GiB)', read: readGpus('memoryUsed', 'sum', 1 / bytesPerGib)},
];

const severalGpus = (lines: readonly StudyLine[]): boolean =>
	lines.some(({loads}) => loads.some(({points}) => points.some(({gpus}) => gpus.length > 1)));

export const describeGpus = (lines: readonly StudyLine[]): Figure | null => {
	const panels = gpuQuantities.flatMap(({label, read}): readonly LinesPanel[] => {
		const series = toSeries(lines, (load) => placeLoad(load, read));
		return hasValues(series)
			? [{kind: 'lines', height: 170, y: {label, scale: 'linear', from: 'zero'}, series}]
			: [];
	});
	if (!hasLoads(lines) || panels.length === 0) {
		return null;
	}

	const figure = buildFigure(lines, 'GPU against load', panels, spreadBars);
	return severalGpus(lines)
		? {
				...figure,
				notes: [
					...figure.notes,
					'Several GPUs: the mean of their utilization and power, the sum of their memory.',
				],
			}
		: figure;
};

/** The highest throughput of a line that can be trusted; hollow where it has no such point. */
const placeBest = ({loads, instances}: StudyLine): PlotPoint => {
	const placed = loads
		.map((load) => placeMean(load, ({client}) => client.throughput))
		.filter(({y, mark}) => y !== null && mark !== 'cross');
	const trusted = placed.filter(({mark}) => mark !== 'hollow');
	const [best] = (trusted.length > 0 ? trusted : placed).toSorted(
		(a, b) => (b.y ?? 0) - (a.y ?? 0),
	);
	return best === undefined
		? {x: instances ?? NaN, y: null}
		: {...best, x: instances ?? NaN, text: `at ${String(best.x)}`};
};

/** What none of a variant's points is known to hold. */
const explainHollow = (series: readonly PlotSeries[]): readonly string[] =>
	series.some(({points}) => points.some(({mark}) => mark === 'hollow'))
		? ['Hollow: no load was stable and within the limit of latency.']
		: [];

/** A variant that has no place in the picture is not left out without a word. */
const explainMissing = (lines: readonly StudyLine[]): readonly string[] => {
	const missing = lines.filter((line) => placeBest(line).y === null);
	return missing.length === 0
		? []
		: [`Nothing was measured: ${missing.map(({name}) => name).join('; ')}.`];
};

/** The best of each instance count, CPU and GPU apart. */
export const describeInstances = (lines: readonly StudyLine[]): Figure | null => {
	const counted = lines.filter(({instances}) => instances !== null);
	const names = counted.map(({device, model}) => device?.toUpperCase() ?? model ?? 'throughput');
	const series = [...new Set(names)].map((name, style): PlotSeries => ({
		name,
		style,
		markers: true,
		points: counted
			.filter((_, place) => names[place] === name)
			.map(placeBest)
			.toSorted((a, b) => a.x - b.x),
	}));
	if (new Set(counted.map(({instances}) => instances)).size < 2 || !hasValues(series)) {
		return null;
	}

	const panels: readonly Panel[] = [
		{
			kind: 'lines',
			height: 300,
			y: {label: 'highest throughput (inferences/s)', scale: 'auto'},
			series,
		},
		...withRatio(series),
	];
	return {
		...buildFigure(counted, 'Throughput against model instances', panels, ''),
		x: {label: 'model instances', scale: 'auto', values: 'measured'},
		notes: [
			'Each point is the load with the highest throughput, told beside it.',
			...explainHollow(series),
			...explainMissing(counted),
		],
	};
};
